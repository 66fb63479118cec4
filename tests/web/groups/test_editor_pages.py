"""The groups editor: who may see and change it, moves with and without JavaScript, and what nobody may read there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from matcher import Group
from tests.web import cast as casting
from tests.web.cast import Cast, Clock
from web.rows import AuditLine, DueLetter, Plan, Project, Proposal, Role, Series, Signup, Staff, Step, TimeSlot, db
from web.rows.groups import ProposalState
from web.rows.staff import RoleName
from web.services.groups import proposals
from web.services.groups.editor import edits
from web.services.plans.board import Board
from web.transaction import transaction

pytestmark = pytest.mark.slow

FRAGMENT = {"X-Fragment": "1"}


@pytest.fixture
def board(app: Flask, cast: Cast) -> Iterator[str]:
    """The address of a proposal for 18 people."""
    # Both organisers ask in one context here; each request of a real one has its own.
    app.teardown_request(lambda _: [g.pop(name, None) for name in ("_login_user", "logged_out", "logged_in")])
    with app.app_context():
        casting.neighbourhood(app, cast, 18)
        yield address(cast, casting.propose(app, cast).id)


@pytest.fixture
def coordinator(app: Flask, cast: Cast) -> FlaskClient:
    """Somebody who looks after the facilitators, signed in."""
    with app.app_context():
        role = db.session.scalars(select(Role).where(Role.name == RoleName.COORDINATOR)).one()
        row = Staff(
            organisation_id=cast.organisation,
            email="cor@zuid.example",
            name="Cor",
            password="",
            fs_uniquifier="cor",
            roles=[role],
            projects=[db.session.get_one(Project, cast.project)],
        )
        db.session.add(row)
        db.session.commit()
        return casting.log_in(app.test_client(), row.id)


def address(cast: Cast, proposal: int) -> str:
    return f"/werk/{cast.series}/groepen/{proposal}"


def latest() -> Proposal:
    db.session.expire_all()
    return db.session.scalars(select(Proposal).order_by(Proposal.id.desc()).limit(1)).one()


def stored() -> Board:
    return edits.current(db.session, latest())


def somebody() -> tuple[str, str, str]:
    """A seat as forms name it, the table it is at, and another table with people."""
    one, two = [group for group in stored().groups if group.people][:2]
    here, there = f"{one.session}.{one.number}", f"{two.session}.{two.number}"
    return f"{one.people[0]}:{here}", here, there


def place_of(seat: str) -> set[str]:
    person = seat.partition(":")[0]
    return {f"{g.session}.{g.number}" for g in stored().seats_of(person)}


def act(client: FlaskClient, where: str, version: int | None = None, **form: str) -> TestResponse:
    """A form as a page without JavaScript sends it."""
    seen = latest().version if version is None else version
    return client.post(where, data={"version": str(seen), **form})


def allow_bubbles(cast: Cast) -> None:
    db.session.get_one(Project, cast.project).sees_bubbles = True
    db.session.commit()


# Who comes in


def pages(board: str) -> list[str]:
    series = board.rpartition("/groepen")[0]
    looks = [f"{series}/groepen", board, f"{board}/voortgang", f"{board}/publiceer", f"{board}/beeld"]
    return [*looks, f"{board}/kies?kies={somebody()[0]}", f"{series}/indeling", f"{series}/indeling.pdf"]


ACTS = ["verplaats", "vast", "tafel", "terug", "vooruit", "los-op", "stop", "publiceer"]


def test_another_municipality_finds_nothing(dirk: FlaskClient, cast: Cast, board: str) -> None:
    allow_bubbles(cast)
    assert {dirk.get(page).status_code for page in pages(board)} == {404}
    assert {act(dirk, f"{board}/{name}", wie=somebody()[0]).status_code for name in ACTS} == {404}
    assert dirk.post(f"/werk/{cast.series}/groepen").status_code == 404
    assert latest().version == 0


def test_a_visitor_is_sent_to_the_door(client: FlaskClient, board: str) -> None:
    for page in pages(board):
        answer = client.get(page)
        assert (answer.status_code, "/inloggen" in answer.location) == (302, True)
    answer = act(client, f"{board}/terug")
    # What somebody was about to do comes back on a page that leads to the door, and is done by nobody.
    assert (answer.status_code, "/inloggen" in answer.text) == (401, True)
    assert latest().version == 0


def test_a_coordinator_of_facilitators_sees_nobodys_table(coordinator: FlaskClient, cast: Cast, board: str) -> None:
    seat, _, there = somebody()
    assert {coordinator.get(page).status_code for page in pages(board)} == {403}
    assert {act(coordinator, f"{board}/{name}", wie=seat, naar=there).status_code for name in ACTS} == {403}
    assert coordinator.post(f"/werk/{cast.series}/groepen").status_code == 403
    assert (latest().version, db.session.query(Plan).count()) == (0, 0)


def test_a_proposal_of_another_series_is_not_found_here(amina: FlaskClient, app: Flask, cast: Cast, board: str) -> None:
    mine = db.session.get_one(Series, cast.series)
    other, _ = casting.series_of(mine.project, mine.rounds[0].sessions[0].venue, slug="elders")
    db.session.commit()
    assert amina.get(board.replace(f"/{cast.series}/", f"/{other.id}/")).status_code == 404


@pytest.mark.parametrize("seat", ["", "0:1.1", "x:1.1", "999:1.1", "1:1.x", "1:99.1", "٣:1.1", "1" * 30])
def test_a_person_or_table_that_is_not_there_is_refused(amina: FlaskClient, board: str, seat: str) -> None:
    assert act(amina, f"{board}/verplaats", wie=seat, naar="").status_code == 404
    assert act(amina, f"{board}/vast", vast=seat).status_code == 404
    assert amina.get(f"{board}/kies?kies={seat}").status_code == 404
    assert latest().version == 0


@pytest.mark.parametrize("target", ["1.99", "1.0", "99.1", "x", "1", "-1.1"])
def test_nobody_goes_to_a_table_that_is_not_there(amina: FlaskClient, board: str, target: str) -> None:
    assert act(amina, f"{board}/verplaats", wie=somebody()[0], naar=target).status_code == 404
    assert latest().version == 0


def test_who_left_cannot_be_moved(amina: FlaskClient, board: str) -> None:
    seat, _, there = somebody()
    db.session.get_one(Signup, int(seat.partition(":")[0])).state = "left"
    db.session.commit()
    assert act(amina, f"{board}/verplaats", wie=seat, naar=there).status_code == 404


def test_a_leader_or_language_from_elsewhere_is_refused(amina: FlaskClient, board: str) -> None:
    _, here, _ = somebody()
    assert act(amina, f"{board}/tafel", tafel=here, leider="999").status_code == 404
    assert act(amina, f"{board}/tafel", tafel=here, taal="klingon").status_code == 404
    assert act(amina, f"{board}/tafel", tafel="", taal="nl").status_code == 404
    assert latest().version == 0


# Without JavaScript


def test_a_move_goes_back_to_the_person_and_can_be_undone_and_done_again(amina: FlaskClient, board: str) -> None:
    seat, here, there = somebody()
    answer = act(amina, f"{board}/verplaats", wie=seat, naar=there)
    person = seat.partition(":")[0]
    assert answer.location == f"{board}#p{person}-{there.replace('.', '-')}"
    assert place_of(seat) == {there}
    assert "Verplaatst." in amina.get(board).text
    act(amina, f"{board}/terug")
    assert place_of(seat) == {here}
    act(amina, f"{board}/vooruit")
    assert place_of(seat) == {there}


def test_a_move_to_the_same_table_changes_nothing(amina: FlaskClient, board: str) -> None:
    seat, here, _ = somebody()
    assert act(amina, f"{board}/verplaats", wie=seat, naar=here).status_code == 302
    assert (place_of(seat), latest().version) == ({here}, 0)


def test_the_form_of_a_person_is_in_the_page(amina: FlaskClient, board: str) -> None:
    seat, _, there = somebody()
    page = amina.get(f"{board}?kies={seat}").text
    assert f'value="{there}"' in page
    assert "Uit de groep halen" in page
    assert "Uit de groep halen" not in amina.get(board).text


def test_times_that_do_not_suit_come_last_and_say_so(amina: FlaskClient, cast: Cast, board: str) -> None:
    seat = next(f"{p}:{g.session}.{g.number}" for g in stored().groups for p in g.people if _busy(p, cast))
    labels = re.findall(r'<optgroup label="([^"]*)"', amina.get(f"{board}/kies?kies={seat}").text)
    cannot = ["kan dan niet" in label for label in labels]
    assert cannot == sorted(cannot)
    assert any(cannot)


def _busy(person: str, cast: Cast) -> bool:
    return len(db.session.get_one(Signup, int(person)).availability) < len(cast.sessions)


def test_somebody_out_of_a_group_is_listed_without_a_place(amina: FlaskClient, board: str) -> None:
    seat, _, _ = somebody()
    act(amina, f"{board}/verplaats", wie=seat, naar="")
    assert place_of(seat) == set()
    assert f'data-seat="{seat.partition(":")[0]}:"' in amina.get(board).text


def test_who_is_locked_stays_when_the_rest_is_solved_again(
    app: Flask, amina: FlaskClient, cast: Cast, board: str
) -> None:
    seat, _, there = somebody()
    act(amina, f"{board}/verplaats", wie=seat, naar=there)
    act(amina, f"{board}/vast", vast=f"{seat.partition(':')[0]}:{there}")
    assert 'aria-pressed="true"' in amina.get(board).text
    asked = amina.post(f"{board}/los-op")
    again = latest()
    assert asked.location == address(cast, again.id)
    assert again.base_id == int(board.rpartition("/")[2])
    act(amina, f"{board}/vast", los=f"{seat.partition(':')[0]}:{there}", version=2)
    assert 'aria-pressed="true"' not in amina.get(board).text


def test_another_leader_and_language_for_a_table(amina: FlaskClient, cast: Cast, board: str) -> None:
    _, here, _ = somebody()
    assert amina.get(f"{board}?tafel={here}").text.count("Gespreksleider opslaan") == 1
    act(amina, f"{board}/tafel", tafel=here, leider=str(cast.chantal))
    act(amina, f"{board}/tafel", tafel=here, taal="en")
    gathering, _, number = here.partition(".")
    group = stored().group(gathering, int(number))
    assert (group.facilitator, group.language) == (str(cast.chantal), "en")


def test_who_leads_another_table_then_is_named_with_it_and_goes_from_there(
    amina: FlaskClient, cast: Cast, board: str
) -> None:
    _, here, there = somebody()
    (gathering, _, one), (other, _, two) = here.partition("."), there.partition(".")
    assert gathering == other
    act(amina, f"{board}/tafel", tafel=here, leider=str(cast.chantal))
    assert f"(nu bij tafel {one})" in amina.get(f"{board}?tafel={there}").text
    assert "(nu bij" not in amina.get(f"{board}?tafel={here}").text
    act(amina, f"{board}/tafel", tafel=there, leider=str(cast.chantal))
    leaders = [stored().group(gathering, int(number)).facilitator for number in (one, two)]
    assert leaders == ["", str(cast.chantal)]


# Two organisers


def test_the_second_of_two_is_told_what_changed_and_overwrites_nothing(
    amina: FlaskClient, beatrix: FlaskClient, board: str
) -> None:
    seat, _, there = somebody()
    act(beatrix, f"{board}/verplaats", wie=seat, naar=there)
    name = db.session.get_one(Signup, int(seat.partition(":")[0])).name
    for headers in ({}, FRAGMENT):
        late = amina.post(f"{board}/verplaats", data={"version": "0", "wie": seat, "naar": ""}, headers=headers)
        assert late.status_code == 409
        assert "Iemand was je voor" in late.text
        assert re.search(rf"<li>{name}: tafel \d.* → tafel \d", late.text)
    assert (place_of(seat), latest().version) == ({there}, 1)


def test_a_version_that_is_no_number_changes_nothing(amina: FlaskClient, board: str) -> None:
    seat, here, there = somebody()
    assert amina.post(f"{board}/verplaats", data={"version": "x", "wie": seat, "naar": there}).status_code == 409
    assert amina.post(f"{board}/verplaats", data={"wie": seat, "naar": there}).status_code == 409
    assert place_of(seat) == {here}


# With JavaScript


def test_a_move_answers_with_the_board_alone_and_says_what_it_did(amina: FlaskClient, cast: Cast, board: str) -> None:
    allow_bubbles(cast)
    seat, _, there = somebody()
    person = seat.partition(":")[0]
    answer = amina.post(f"{board}/verplaats", data={"version": "0", "wie": seat, "naar": there}, headers=FRAGMENT)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert f'data-focus="p{person}-{there.replace(".", "-")}"' in answer.text
    name = db.session.get_one(Signup, int(person)).name
    heard = re.search(r'data-said="([^"]*)"', answer.text)
    assert heard is not None
    assert re.match(rf"Verplaatst\. {name}: tafel \d.* → tafel \d", heard[1])
    assert "Gemengd:" in heard[1]
    back = amina.post(f"{board}/terug", data={"version": "1"}, headers=FRAGMENT)
    assert re.search(rf'data-said="Ongedaan gemaakt\. {name}: tafel', back.text)


# What nobody may read


def test_without_permission_no_bubble_of_anybody_is_in_any_page(
    app: Flask, amina: FlaskClient, cast: Cast, board: str
) -> None:
    seat, here, there = somebody()
    act(amina, f"{board}/verplaats", wie=seat, naar=there)
    act(amina, f"{board}/verplaats", wie=f"{seat.partition(':')[0]}:{there}", naar="")
    shown = [board, f"{board}?kies={seat.partition(':')[0]}:", f"{board}?tafel={here}", f"{board}/publiceer"]
    texts = [amina.get(page).text for page in shown]
    bubbles = [b.texts["nl"] for d in app.extensions["settings"].dimensions for b in d.bubbles]
    keys = ["26-40", "41-60", "61-75"]
    assert [word for word in (*bubbles, *keys) for text in texts if word in text] == []
    assert amina.get(f"{board}/beeld").status_code == 404


def test_with_permission_the_mix_is_drawn_with_a_table_beside_it(amina: FlaskClient, cast: Cast, board: str) -> None:
    allow_bubbles(cast)
    seat, here, _ = somebody()
    whole = amina.get(f"{board}/beeld").text
    assert "61 tot en met 75 jaar" in whole
    assert whole.count('<svg class="picture ') == whole.count("Dezelfde cijfers als tabel")
    one = amina.get(f"{board}/beeld?tafel={here}", headers=FRAGMENT).text
    assert one.count('<svg class="picture ') == 1
    assert amina.get(f"{board}/beeld?tafel=99.9").status_code == 404
    assert "Hoe oud ben je?" in amina.get(f"{board}/kies?kies={seat}").text


def test_no_contact_data_is_on_the_board(amina: FlaskClient, cast: Cast, board: str) -> None:
    allow_bubbles(cast)
    assert "@voorbeeld.example" not in amina.get(board).text


def test_a_name_is_text_whatever_it_holds(app: Flask, amina: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        for name in ("<script>x</script>", "\"'><b>", "=1+1", "عمر", "N" * 60, "👩‍🍳 Jo"):
            casting.sign_up(app, cast, name, email="een@voorbeeld.example")
        page = amina.get(address(cast, casting.propose(app, cast).id)).text
    assert "<script>x" not in page
    assert "><b>" not in page
    assert "عمر" in page


def test_every_look_at_people_is_in_the_log(amina: FlaskClient, cast: Cast, board: str) -> None:
    for page in (board, f"{board}/publiceer"):
        amina.get(page)
    lines = db.session.scalars(select(AuditLine).where(AuditLine.what == "view_board")).all()
    assert [(line.who, line.about) for line in lines] == [(f"staff:{cast.amina}", f"series:{cast.series}")] * 2


def test_the_pages_hold_no_inline_style_or_script(amina: FlaskClient, cast: Cast, board: str) -> None:
    allow_bubbles(cast)
    for page in (f"{board}?kies={somebody()[0]}", f"{board}/beeld", f"{board}/publiceer"):
        assert not re.search(r"style=|<style|<script>|\son\w+=", amina.get(page).text)


def test_the_board_reads_in_english_too(amina: FlaskClient, board: str) -> None:
    page = amina.get(f"{board}?taal=en&kies={somebody()[0]}").text
    assert "Take out of the group" in page
    assert not {"Uit de groep", "Tafel", "mensen", "Gemengd", "vaste regel"} & set(re.findall(r"[\w ]+", page))


# Asking, waiting, comparing


def test_asking_twice_asks_once(amina: FlaskClient, cast: Cast) -> None:
    first = amina.post(f"/werk/{cast.series}/groepen", data={"seconds": "30"})
    second = amina.post(f"/werk/{cast.series}/groepen", data={"seconds": "30"})
    assert first.location == second.location
    with amina.application.app_context():
        assert (latest().seconds, latest().status) == (30.0, ProposalState.ASKED)


@pytest.mark.parametrize("seconds", ["", "x", "100000", "-1", "10.5"])
def test_only_the_offered_times_can_be_asked(amina: FlaskClient, cast: Cast, seconds: str) -> None:
    amina.post(f"/werk/{cast.series}/groepen", data={"seconds": seconds})
    with amina.application.app_context():
        assert latest().seconds == 10.0


def waiting(app: Flask, cast: Cast, **values: object) -> Proposal:
    with transaction(db.session):
        proposal = proposals.ask(
            db.session,
            db.session.get_one(Series, cast.series),
            by=db.session.get_one(Staff, cast.amina),
            now=app.extensions["clock"](),
            seed=1,
            seconds=10.0,
            config_hash="",
        )
    for name, value in values.items():
        setattr(proposal, name, value)
    db.session.commit()
    return proposal


def test_the_page_says_how_far_it_is(app: Flask, amina: FlaskClient, cast: Cast, clock: Clock) -> None:
    far = {"phase": "improve", "placed": 7, "placed_bound": 9, "bridging": 8.0, "bridging_bound": 10.0, "seconds": 4.0}
    with app.app_context():
        proposal = waiting(app, cast, status=ProposalState.WORKING, beat=clock.now, progress=far)
        page = amina.get(address(cast, proposal.id)).text
        assert "7, meer dan 9 kan niet" in page
        # How mixed it is follows from what people told.
        assert "van wat hooguit kan" not in page
        allow_bubbles(cast)
        assert "80% van wat hooguit kan" in amina.get(address(cast, proposal.id)).text
        assert "Verbeteren" in page
        assert amina.post(f"{address(cast, proposal.id)}/stop").status_code == 302
        assert latest().stop


def test_a_question_that_nobody_takes_up_says_whom_to_ask(
    app: Flask, amina: FlaskClient, cast: Cast, clock: Clock
) -> None:
    with app.app_context():
        where = address(cast, waiting(app, cast).id)
        assert "De werker draait niet" not in amina.get(where).text
        clock.now += timedelta(seconds=31)
        assert "De werker draait niet" in amina.get(where).text


def test_behind_another_proposal_it_waits_and_says_so(app: Flask, amina: FlaskClient, cast: Cast, clock: Clock) -> None:
    with app.app_context():
        waiting(app, cast, status=ProposalState.WORKING, beat=clock.now)
        where = address(cast, waiting(app, cast, asked_at=clock.now - timedelta(minutes=5)).id)
        assert "eerst een ander voorstel" in amina.get(where).text


@pytest.mark.parametrize(
    ("status", "sentence"), [(ProposalState.WORKING, "onderbroken"), (ProposalState.FAILED, "niet gelukt om groepen")]
)
def test_a_worker_that_is_gone_or_gave_up_is_explained(
    app: Flask, amina: FlaskClient, cast: Cast, clock: Clock, status: str, sentence: str
) -> None:
    with app.app_context():
        proposal = waiting(app, cast, status=status, beat=clock.now - timedelta(minutes=2))
        assert sentence in amina.get(address(cast, proposal.id)).text
        assert act(amina, f"{address(cast, proposal.id)}/terug").status_code == 409


def test_progress_leads_to_the_board_once_it_is_there(amina: FlaskClient, board: str) -> None:
    assert amina.get(f"{board}/voortgang").headers["HX-Redirect"] == board


def test_two_proposals_side_by_side(app: Flask, amina: FlaskClient, cast: Cast, board: str) -> None:
    second = casting.propose(app, cast)
    with transaction(db.session):
        edits.move(
            db.session, second, edits.Editing(db.session.get_one(Staff, cast.amina), 0, second.asked_at), *moved()
        )
    listed = amina.get(f"/werk/{cast.series}/groepen").text
    assert listed.count('name="naast"') == 2
    beside = amina.get(f"/werk/{cast.series}/groepen/vergelijk?naast=1&naast={second.id}")
    assert "ergens anders: 1" in beside.text
    for query in ("naast=1", "naast=1&naast=1", "naast=x&naast=2", ""):
        assert amina.get(f"/werk/{cast.series}/groepen/vergelijk?{query}").status_code == 302
    assert amina.get(f"/werk/{cast.series}/groepen/vergelijk?naast=1&naast=99").status_code == 404


def moved() -> tuple[str, tuple[str, int], None]:
    seat, here, _ = somebody()
    gathering, _, number = here.partition(".")
    return seat.partition(":")[0], (gathering, int(number)), None


# Publishing


def test_publishing_sends_once_and_shows_the_plan(amina: FlaskClient, cast: Cast, board: str) -> None:
    series = f"/werk/{cast.series}"
    assert amina.get(f"{series}/indeling").status_code == 404
    before = amina.get(f"{board}/publiceer").text
    assert "e-mail" in before
    assert "Je hebt een plek: " in before and "Buurthuis De Brink" in before, "what they will read"
    assert before.index("Publiceer en verstuur") < before.index("Nieuwe plek ("), "before the list of names"
    done = act(amina, f"{board}/publiceer")
    assert done.location == f"{series}/indeling"
    again = act(amina, f"{board}/publiceer", version=0)
    assert again.status_code == 409
    letters = db.session.query(DueLetter).filter_by(kind="placed")
    assert letters.count() == 18
    page = amina.get(f"{series}/indeling").text
    assert "Mens000" in page
    assert amina.get(f"{series}/indeling.pdf").data.startswith(b"%PDF")
    assert amina.get(f"{series}/indeling.xlsx").data.startswith(b"PK")
    assert amina.get(f"{series}/indeling.exe").status_code == 404


def test_a_leaders_letter_holds_a_link_that_is_stored_nowhere_else(amina: FlaskClient, cast: Cast, board: str) -> None:
    _, here, _ = somebody()
    act(amina, f"{board}/tafel", tafel=here, leider=str(cast.chantal))
    assert "1 gespreksleider krijgt bericht: <bdi>Chantal</bdi>." in amina.get(f"{board}/publiceer").text
    act(amina, f"{board}/publiceer", reden="zo is het goed")
    letter = db.session.scalars(select(DueLetter).where(DueLetter.facilitator_id == cast.chantal)).first()
    assert letter is not None
    assert set(letter.content) == {"session_id", "secret", "pin"}
    page = amina.get(f"/werk/{cast.series}/indeling").text
    assert "link gaat later open" in page
    assert letter.content["secret"] not in page


def test_a_firm_breach_asks_for_a_reason_and_keeps_what_was_typed(
    app: Flask, amina: FlaskClient, cast: Cast, board: str
) -> None:
    _, here, _ = somebody()
    gathering, _, number = here.partition(".")
    for person in stored().group(gathering, int(number)).people[1:]:
        act(amina, f"{board}/verplaats", wie=f"{person}:{here}", naar="")
    page = amina.get(f"{board}/publiceer").text
    assert 'name="reden"' in page
    assert page.index("Grootte van een groep") < page.index("los het op</a>") < page.index("Berichten</h2>")
    refused = act(amina, f"{board}/publiceer", reden="   ")
    assert refused.status_code == 409
    assert db.session.query(Plan).count() == 0
    assert act(amina, f"{board}/publiceer", reden="Zij koken samen.").status_code == 302
    assert "Zij koken samen." in amina.get(f"/werk/{cast.series}/indeling").text


def test_no_reason_is_enough_where_the_format_allows_none(
    app: Flask, amina: FlaskClient, cast: Cast, board: str
) -> None:
    settings = app.extensions["settings"]
    strict = replace(settings.formats["koken"], may_override=False)
    app.extensions["settings"] = replace(settings, formats={**settings.formats, "koken": strict})
    _, here, _ = somebody()
    gathering, _, number = here.partition(".")
    for person in stored().group(gathering, int(number)).people[1:]:
        act(amina, f"{board}/verplaats", wie=f"{person}:{here}", naar="")
    page = amina.get(f"{board}/publiceer").text
    assert "Publiceer en verstuur" not in page
    assert act(amina, f"{board}/publiceer", reden="Toch").status_code == 409
    assert db.session.query(Plan).count() == 0


def test_what_changed_since_the_look_is_not_published(amina: FlaskClient, beatrix: FlaskClient, board: str) -> None:
    seat, _, there = somebody()
    act(beatrix, f"{board}/verplaats", wie=seat, naar=there)
    late = act(amina, f"{board}/publiceer", version=0)
    assert late.status_code == 409
    assert "Nog niet gepubliceerd" in late.text
    assert db.session.query(Plan).count() == 0


# Twelve and three hundred


def test_twelve_people(app: Flask, amina: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        casting.neighbourhood(app, cast, 12)
        page = amina.get(address(cast, casting.propose(app, cast).id)).text
    assert page.count('class="editor-person"') == 12


def test_three_hundred_people_are_all_on_the_board(app: Flask, amina: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        casting.neighbourhood(app, cast, 300)
        for id in cast.sessions:
            db.session.get_one(TimeSlot, id).groups = 15
        proposal = waiting(app, cast, status=ProposalState.DONE)
        people = [str(id) for id in db.session.scalars(select(Signup.id).order_by(Signup.id))]
        db.session.add(step_of(proposal, people, cast))
        db.session.commit()
        page = amina.get(address(cast, proposal.id)).text
    assert page.count('class="editor-person"') == 300
    assert page.count("<article") == 45


def step_of(proposal: Proposal, people: list[str], cast: Cast) -> Step:
    """A board of tables of seven, evening by evening in turn."""
    sevens = [tuple(people[k : k + 7]) for k in range(0, len(people), 7)]
    groups = [Group(str(cast.sessions[k % 3]), k // 3 + 1, seven) for k, seven in enumerate(sevens)]
    board = Board(tuple(groups)).stored()
    return Step(proposal_id=proposal.id, position=0, kind="found", board=board, at=proposal.asked_at)
