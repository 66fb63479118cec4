"""The organiser's meetings: what needs doing, new and copied ones, opening and closing, times that people chose."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web import cast as casting
from tests.web.cast import NOW, Cast
from web.rows import (
    AuditLine,
    Availability,
    Facilitator,
    Gathering,
    Plan,
    PlanGroup,
    Project,
    Proposal,
    Series,
    TimeSlot,
    db,
)
from web.rows.groups import ProposalState
from web.rows.meetings import SeriesState
from web.services.messages import tasks as tasks_service
from web.services.text.local_time import Skipped, Twice, moment_of
from web.world import ZONE

pytestmark = pytest.mark.slow

TIMES = {"day_1": "2027-02-02", "start": "19:00", "end": "21:00", "mode": "here", "venue": "0", "groups": "2"}
SERIES = {"title": "Wandelen", "format": "kennismaken", "intro": "", "capacity": "", "closes": ""}


def page(client: FlaskClient, url: str, **more: object) -> str:
    answer = client.get(url, **more)
    assert answer.status_code == 200, url
    return answer.text


def copied(client: FlaskClient, cast: Cast, **more: str):
    said = {"title": "Samen koken in maart", "first_day": "2027-03-09", "venue": "0", "format": "koken", "groups": "3"}
    return client.post(f"/werk/{cast.series}/kopie", data={**said, **more})


def latest(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Series).order_by(Series.id.desc()).first().id


def test_the_pages_of_a_series_are_few_and_those_about_signing_up_stand_together(
    app: Flask, cast: Cast, amina: FlaskClient
) -> None:
    def tabs(path: str) -> tuple[list[str], list[str]]:
        nav = amina.get(f"/werk/{cast.series}{path}").text.split('aria-label="Deze ontmoeting"')[1].split("</nav>")[0]
        return re.findall(r">([^<]+)</a>", nav), re.findall(r'aria-current="(\w+)">([^<]+)<', nav)

    first = ["Overzicht", "Aanmeldingen", "Groepen", "Wie komt er", "Berichten"]
    assert tabs("") == (first, [("page", "Overzicht")])
    under = [*first, "Lijst", "Balie", "Importeren", "Cijfers"]
    assert tabs("/aanmeldingen") == (under, [("page", "Aanmeldingen"), ("page", "Lijst")])
    assert tabs("/cijfers") == (under, [("true", "Aanmeldingen"), ("page", "Cijfers")])


def test_the_list_says_how_many_more_a_session_needs(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        least = app.extensions["settings"].formats["koken"].format.size.min
        for i in range(3):
            casting.sign_up(app, cast, f"Buur{i}")
    html = page(amina, "/werk/")
    assert f"Dinsdag 12 januari heeft er nog {2 * least - 3} nodig." in html
    assert f"Zaterdag 16 januari heeft er nog {2 * least} nodig." in html


def tasks(app: Flask, cast: Cast, now: datetime = NOW) -> list[str]:
    series = db.session.get_one(Series, cast.series)
    return [task.kind for task in tasks_service.standing(db.session, series, app.extensions["settings"], now).tasks]


def test_what_needs_doing_follows_the_series(app: Flask, cast: Cast) -> None:
    with app.app_context():
        signup = casting.sign_up(app, cast).signup
        series = signup.series
        assert tasks(app, cast) == ["more", "more", "more"]
        series.state = SeriesState.CLOSED
        assert tasks(app, cast) == ["propose"]
        proposal = Proposal(
            organisation_id=cast.organisation, project_id=cast.project, series_id=cast.series,
            asked_at=NOW, seed=1, seconds=1.0, config_hash="x",
        )  # fmt: skip
        db.session.add(proposal)
        assert tasks(app, cast) == ["busy"]
        proposal.status = ProposalState.DONE
        signup.other_wish = True
        assert tasks(app, cast) == ["wishes", "publish"]
        signup.availability = []
        assert tasks(app, cast) == ["wishes", "stranded", "publish"]
        assert tasks(app, cast, NOW + timedelta(days=90)) == ["finish"]
        series.state = SeriesState.FINISHED
        assert tasks(app, cast) == []


def test_a_format_that_needs_a_facilitator_says_which_day_has_none(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        db.session.get_one(Series, cast.series).format = "dialoog"
        db.session.get_one(Facilitator, cast.chantal).active = False
        db.session.commit()
    assert "Dinsdag 12 januari heeft nog geen gespreksleider." in page(amina, "/werk/")


def test_a_copy_moves_every_day_and_asks_for_a_review_before_it_opens(
    app: Flask, cast: Cast, amina: FlaskClient
) -> None:
    assert copied(amina, cast).status_code == 302
    made = latest(app)
    assert "Bekijk de kopie eerst." in page(amina, "/werk/")
    with app.app_context():
        series = db.session.get_one(Series, made)
        assert (series.state, series.reviewed, series.slug) == (SeriesState.DRAFT, False, "samen-koken-in-maart")
        assert [s.starts for s in series.sessions] == [
            datetime(2027, 3, 9, 17, tzinfo=UTC), datetime(2027, 3, 11, 17, tzinfo=UTC),
            datetime(2027, 3, 13, 17, tzinfo=UTC),
        ]  # fmt: skip
        assert [(s.groups, s.venue_id, len(s.facilitators)) for s in series.sessions] == [(3, cast.venue, 1)] * 3
    refused = amina.post(f"/werk/{made}/stand", data={"state": SeriesState.OPEN}, follow_redirects=True)
    assert "Dit is een kopie. Bekijk eerst alles" in refused.text
    amina.post(f"/werk/{made}/nagekeken")
    amina.post(f"/werk/{made}/stand", data={"state": SeriesState.OPEN})
    with app.app_context():
        assert db.session.get_one(Series, made).state == SeriesState.OPEN


def test_a_copy_keeps_the_hour_on_the_wall_when_summer_time_begins(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    copied(amina, cast, first_day="2027-03-26")
    with app.app_context():
        starts = [s.starts for s in db.session.get_one(Series, latest(app)).sessions]
        assert [moment.astimezone(ZONE).time() for moment in starts] == [time(18)] * 3
        assert [moment.hour for moment in starts] == [17, 16, 16]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "", "Vul een naam in."),
        ("title", "x" * 10_000, "Dit is te lang."),
        ("title", "Samen tegen polarisatie", "Schrijf een ander woord dan"),
        ("first_day", "", "Vul een datum in."),
        ("first_day", "morgen", "Vul een datum in."),
        ("first_day", "2026-01-01", "Deze dag is voorbij."),
        ("closes", "2027-03-20", "Kies een dag voor de eerste ontmoeting."),
        ("closes", "2026-01-01", "Deze dag is voorbij."),
        ("groups", "0", "Vul een getal in van 1 tot en met 60."),
        ("groups", "twee", "Vul een getal in van 1 tot en met 60."),
        ("format", "rondes", "Kies een werkvorm."),
        ("venue", "999", "Deze plek bestaat niet meer."),
    ],
)
def test_what_is_wrong_in_a_copy_is_said_and_what_was_typed_is_kept(
    app: Flask, cast: Cast, amina: FlaskClient, field: str, value: str, sentence: str
) -> None:
    answer = copied(amina, cast, **{"title": "Mijn eigen titel", field: value})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="3"' in answer.text or field == "groups"
    assert latest(app) == cast.series


def test_from_nothing_to_open_in_three_steps(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    assert "Wandelen" not in page(amina, "/werk/nieuw")
    amina.post("/werk/nieuw", data=SERIES)
    made = latest(app)
    early = amina.post(f"/werk/{made}/stand", data={"state": SeriesState.OPEN}, follow_redirects=True)
    assert "Er zijn nog geen tijden in de toekomst." in early.text
    saved = amina.post(
        f"/werk/{made}/tijd/nieuw", data={**TIMES, "facilitators": [str(cast.chantal)], "venue": cast.venue}
    )
    assert saved.status_code == 302
    amina.post(f"/werk/{made}/stand", data={"state": SeriesState.OPEN})
    with app.app_context():
        series = db.session.get_one(Series, made)
        assert series.state == SeriesState.OPEN
        assert series.sessions[0].starts == datetime(2027, 2, 2, 18, tzinfo=UTC)
        assert [one.id for one in series.sessions[0].facilitators] == [cast.chantal]
        assert series.sessions[0].venue_id == cast.venue


@pytest.mark.parametrize(
    ("format", "rounds", "dates"), [("koken", [1], [2]), ("kennismaken", [1, 1], [1, 1]), ("rondes", [1, 2], [1, 1])]
)
def test_a_new_meeting_is_one_form_and_says_what_several_dates_are(
    app: Flask, cast: Cast, amina: FlaskClient, format: str, rounds: list[int], dates: list[int]
) -> None:
    empty = page(amina, "/werk/nieuw")
    before, folded = empty.split("<form method", 2)[-1].split("<details", 1)
    asked = {
        *re.findall(r'name="([a-z_0-9]+)"', re.sub(r"(?s)<details.*?</details>", "", before + "<details" + folded))
    }
    assert asked - {"csrf_token"} == {"title", "format", "day_1", "start", "end", "venue", "groups"}
    assert "Dezelfde mensen komen elke keer." in empty and "Je kookt en eet met buurtgenoten" in empty
    said = {**SERIES, **TIMES, "format": format, "day_2": "2027-02-09", "facilitators": [str(cast.chantal)]}
    assert amina.post("/werk/nieuw", data=said).location.endswith(f"/werk/{latest(app)}")
    with app.app_context():
        made = db.session.get_one(Series, latest(app))
        assert [one.round.number for one in made.sessions] == rounds
        assert [len(one.gatherings) for one in made.sessions] == dates
        assert made.sessions[0].starts == datetime(2027, 2, 2, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("start", "", "Vul een tijd in."),
        ("day_2", "2027-02-02", "twee keer"),
        ("seats", "x", "getal"),
        ("title", "", "naam"),
    ],
)
def test_a_new_meeting_that_is_wrong_is_not_made(
    app: Flask, cast: Cast, amina: FlaskClient, field: str, value: str, sentence: str
) -> None:
    answer = amina.post("/werk/nieuw", data={**SERIES, **TIMES, field: value})
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert answer.text.count("<details") == 2 and ('<details class="site-details" open' in answer.text) == (
        field in ("day_2", "seats")
    )
    assert latest(app) == cast.series


def test_two_series_with_one_title_have_two_addresses(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    for _ in range(2):
        amina.post("/werk/nieuw", data={**SERIES, "title": "Café ☕ & Zó!"})
    amina.post("/werk/nieuw", data={**SERIES, "title": "ልደት"})
    with app.app_context():
        slugs = [series.slug for series in db.session.query(Series).order_by(Series.id)]
    assert slugs == ["samen-koken", "cafe-zo", "cafe-zo-2", "ontmoeting"]


def test_only_states_that_follow_each_other(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    def go(state: str) -> str:
        return amina.post(f"/werk/{cast.series}/stand", data={"state": state}, follow_redirects=True).text

    assert "Dit kan nu niet." in go("draft")
    assert "Er komt nog een ontmoeting." in go(SeriesState.FINISHED)
    assert "De aanmelding is dicht." in go(SeriesState.CLOSED)
    assert "Er komt nog een ontmoeting." in go(SeriesState.FINISHED)
    assert "De aanmelding is open." in go(SeriesState.OPEN)
    go(SeriesState.CLOSED)
    with app.app_context():
        for gathering in db.session.query(Gathering):
            gathering.starts, gathering.ends = NOW - timedelta(hours=3), NOW
        db.session.commit()
    assert "Er zijn nog geen tijden in de toekomst." in go(SeriesState.OPEN)
    assert "Wat deden jullie ermee?" in go(SeriesState.FINISHED), "to finish is more than a button"


def test_a_series_whose_last_day_is_over_asks_for_another_day_first(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        series = db.session.get_one(Series, cast.series)
        series.state, series.closes_at = SeriesState.CLOSED, NOW - timedelta(days=1)
        db.session.commit()
    text = amina.post(f"/werk/{cast.series}/stand", data={"state": SeriesState.OPEN}, follow_redirects=True).text
    assert "Kies eerst een andere dag." in text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("day_1", "", "Vul een datum in."),
        ("day_1", "32-13-2027", "Vul een datum in."),
        ("day_1", "2026-02-02", "Deze dag is voorbij."),
        ("day_1", "2027-03-28", "gaat de klok een uur vooruit: 02.30 uur bestaat dan niet"),
        ("day_1", "2027-10-31", "gaat de klok een uur terug: 02.30 uur is er dan twee keer"),
        ("end", "01:00", "Het eind moet na het begin zijn."),
        ("start", "half drie", "Vul een tijd in."),
        ("groups", "-1", "Vul een getal in van 1 tot en met 60."),
        ("seats", "veel", "Vul een getal in van 1 tot en met 1000."),
        ("mode", "thuis", "Kies: op een plek, of online."),
        ("facilitators", "999", "Een van je antwoorden bestaat niet meer."),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_a_sentence(
    app: Flask, cast: Cast, amina: FlaskClient, field: str, value: str, sentence: str
) -> None:
    said = {**TIMES, "start": "02:30", "end": "04:00", "link": "https://kamer.example", field: value}
    answer = amina.post(f"/werk/{cast.series}/tijd/nieuw", data=said)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "https://kamer.example" in answer.text
    with app.app_context():
        assert db.session.query(TimeSlot).count() == 3


def test_the_night_of_25_october_is_named(app: Flask) -> None:
    day = datetime(2026, 10, 25).date()
    with pytest.raises(Twice):
        moment_of(day, time(2, 30), ZONE)
    with pytest.raises(Skipped):
        moment_of(datetime(2027, 3, 28).date(), time(2, 30), ZONE)
    assert moment_of(day, time(1, 59), ZONE) == datetime(2026, 10, 24, 23, 59, tzinfo=UTC)
    assert moment_of(day, time(3), ZONE) == datetime(2026, 10, 25, 2, tzinfo=UTC)


def test_the_same_group_meets_on_several_dates(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    amina.post("/werk/nieuw", data={**SERIES, "format": "dialoog"})
    made = latest(app)
    twice = amina.post(f"/werk/{made}/tijd/nieuw", data={**TIMES, "day_2": "2027-02-02"})
    assert "Deze datum staat er twee keer." in twice.text
    amina.post(f"/werk/{made}/tijd/nieuw", data={**TIMES, "day_2": "2027-02-16", "day_3": "2027-02-09"})
    with app.app_context():
        (session,) = db.session.get_one(Series, made).sessions
        assert [g.starts.day for g in session.gatherings] == [2, 9, 16]
    html = page(amina, f"/werk/{made}/tijd/{session.id}")
    assert "2027-02-16" in html


def test_rounds_have_their_own_sessions_and_an_empty_round_is_gone(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    amina.post("/werk/nieuw", data={**SERIES, "format": "rondes"})
    made = latest(app)
    for round_, day in (("1", "2027-02-02"), ("2", "2027-02-09")):
        amina.post(f"/werk/{made}/tijd/nieuw", data={**TIMES, "round": round_, "day_1": day})
    with app.app_context():
        series = db.session.get_one(Series, made)
        assert [(r.number, len(r.sessions)) for r in series.rounds] == [(1, 1), (2, 1)]
        first = series.sessions[0].id
    amina.post(f"/werk/{made}/tijd/{first}/weg")
    with app.app_context():
        series = db.session.get_one(Series, made)
        assert [(r.number, len(r.sessions)) for r in series.rounds] == [(1, 1)]
        assert series.sessions[0].starts.day == 9


def test_a_project_that_begins_starts_small(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    with app.app_context():
        db.session.get_one(Project, cast.project).state = "orientation"
        db.session.commit()
    assert "Klein beginnen" in page(amina, f"/werk/{cast.series}")
    answer = amina.post(f"/werk/{cast.series}/tijd/nieuw", data={**TIMES, "groups": "3"})
    assert "Vul een getal in van 1 tot en met 2." in answer.text


def chosen(cast: Cast, **more: str) -> dict[str, str]:
    return {**TIMES, "day_1": "2027-01-12", "start": "18:00", "end": "20:30", "venue": str(cast.venue), **more}


def test_no_time_goes_away_without_showing_who_chose_it(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    first = cast.sessions[0]
    with app.app_context():
        casting.sign_up(app, cast, "Bart", sessions=frozenset({first}))
        casting.sign_up(app, cast, "Els")
    shown = page(amina, f"/werk/{cast.series}/tijd/{first}/weg")
    assert "2 mensen hebben deze tijd gekozen" in shown
    assert shown.index("Bart") < shown.index("kan alleen dan") < shown.index("Els")
    unsure = amina.post(f"/werk/{cast.series}/tijd/{first}/weg")
    assert unsure.status_code == 409 and "Zet eerst een vinkje" in unsure.text and "Bart" in unsure.text
    with app.app_context():
        assert db.session.get(TimeSlot, first) is not None
        assert "read signups" in [line.what for line in db.session.query(AuditLine)]
    amina.post(f"/werk/{cast.series}/tijd/{first}/weg", data={"sure": "1"})
    with app.app_context():
        assert db.session.get(TimeSlot, first) is None
        assert db.session.query(Availability).count() == 1
        assert tasks(app, cast)[0] == "stranded"


def test_a_changed_time_shows_who_chose_it_and_a_changed_size_bothers_nobody(
    app: Flask, cast: Cast, amina: FlaskClient
) -> None:
    url = f"/werk/{cast.series}/tijd/{cast.sessions[0]}"
    with app.app_context():
        casting.sign_up(app, cast)
    assert amina.post(url, data=chosen(cast, groups="4")).status_code == 302
    asked = amina.post(url, data=chosen(cast, start="19:00"))
    assert asked.status_code == 200
    assert "Bart" in asked.text
    assert "Ja, laat het deze mensen weten." in asked.text
    amina.post(url, data=chosen(cast, start="19:00", sure="1"))
    with app.app_context():
        row = db.session.get_one(TimeSlot, cast.sessions[0])
        assert (row.groups, row.starts.hour) == (2, 18)


def test_a_time_with_published_groups_and_a_closed_series_stay_as_they_are(
    app: Flask, cast: Cast, amina: FlaskClient
) -> None:
    url = f"/werk/{cast.series}/tijd/{cast.sessions[0]}"
    owner = {"organisation_id": cast.organisation, "project_id": cast.project, "series_id": cast.series}
    with app.app_context():
        plan = Plan(**owner, published_at=NOW, seed=1, input_hash="x", config_hash="x", breaches=[])
        plan.groups.append(PlanGroup(session_id=cast.sessions[0], number=1))
        db.session.add(plan)
        db.session.commit()
    refused = amina.post(f"{url}/weg", data={"sure": "1"})
    assert (refused.status_code, "al groepen gepubliceerd" in refused.text) == (409, True)
    assert "Dit kan nu niet" in refused.text and "Die van de ander wel" not in refused.text, "nobody else was first"
    amina.post(f"/werk/{cast.series}/stand", data={"state": SeriesState.CLOSED})
    assert "Open eerst de aanmelding weer." in amina.post(url, data=chosen(cast, groups="5")).text


def test_editing_keeps_the_address_and_what_was_there(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    url = f"/werk/{cast.series}/wijzigen"
    assert "Samen koken in de buurt" in page(amina, url)
    amina.post(url, data={**SERIES, "title": "Samen eten", "format": "koken", "capacity": "30", "closes": "2027-01-10"})
    with app.app_context():
        series = db.session.get_one(Series, cast.series)
        assert (series.title, series.slug, series.capacity) == ("Samen eten", "samen-koken", 30)
        assert series.closes_at == datetime(2027, 1, 10, 22, 59, tzinfo=UTC)
        assert [line.what for line in db.session.query(AuditLine)] == ["change series"]


def test_poster_and_paper_form_are_pdfs_in_both_languages(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    for name in ("poster", "formulier"):
        for code in ("nl", "en"):
            answer = amina.get(f"/werk/{cast.series}/{name}.pdf?in={code}")
            assert answer.data.startswith(b"%PDF"), name
    assert amina.get(f"/werk/{cast.series}/poster.pdf?in=xx").status_code == 404


def test_english_pages_have_no_dutch_sentences(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    assert "What to do today" in page(amina, "/werk/?taal=en")
    assert "Tuesday 12 January needs" in page(amina, "/werk/?taal=en")
