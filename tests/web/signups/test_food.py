"""A meeting with a meal asks what somebody eats, with a consent of its own; any other meeting does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

import config
from tests.web import cast as casting
from tests.web import evening as evenings
from tests.web.cast import NOW, Cast, Clock
from tests.web.evening import come_in
from tests.web.import_table import Table
from tests.web.signups.test_building_blocks import asks, only
from tests.web.signups.test_organiser_desk import save
from tests.web.signups.test_resident_joining import SCREEN, tell
from web.organiser import papers
from web.rows import Consent, Series, Signup, db
from web.services.facilitators.print_list import paper
from web.services.plans import table_list
from web.services.plans.problem import problem_of
from web.services.signups import CONSENT_VERSION, food
from web.services.signups.importing.columns import columns_of

pytestmark = pytest.mark.slow

EATS = {"diet": ["halal", "no_fish"], "allergies": "noten"}
ASKED = ("diet", "allergies", "consent_food")
TOLD = {"diet": ("halal",), "allergies": "noten", "consents": frozenset({"bubbles", "food"})}


@pytest.fixture
def talking(app: Flask, cast: Cast) -> Callable[[], None]:
    """Make it a meeting where nobody eats."""

    def switch() -> None:
        with app.app_context():
            db.session.get_one(Series, cast.series).format = "dialoog"
            db.session.commit()

    return switch


def consents(app: Flask) -> dict[str, tuple[bool, str]]:
    with app.app_context():
        return {one.kind: (one.given, one.version) for one in db.session.query(Consent)}


def test_only_a_format_with_a_meal_asks(settings: config.Settings) -> None:
    assert [key for key in settings.formats if settings.serves_meal(key)] == ["koken"]
    assert not settings.serves_meal("gone")


def test_what_somebody_eats_is_kept_with_its_own_yes_and_shown_to_themselves(
    client: FlaskClient, app: Flask, cast: Cast, clock: Clock
) -> None:
    tell(client, cast)
    page = client.get(SCREEN + "4").text
    assert all(asks(page, field) for field in ASKED)
    assert "geloof of je gezondheid" in page
    assert page.count("Heb je iets nodig?") == 1, "one part of the screen, not two around this one"
    clock.forward(seconds=30)
    mine = client.post(SCREEN + "4", data={**EATS, "consent_food": "y"}).location.replace("aangemeld", "gegevens")
    assert (only(app).diet, only(app).allergies) == (["halal", "no_fish"], "noten")
    assert consents(app)["food"] == (True, CONSENT_VERSION)
    assert consents(app)["needs"][0] is False
    seen = client.get(mine).text
    assert all(said in seen for said in ("Ik eet halal; Ik eet geen vis", "noten"))
    taken = client.get(f"{mine}.json").json
    assert (taken["diet"], taken["allergies"]) == (["halal", "no_fish"], "noten")


def test_without_the_yes_nothing_is_kept_also_not_with_the_yes_for_other_needs(
    client: FlaskClient, app: Flask, cast: Cast, clock: Clock
) -> None:
    tell(client, cast)
    clock.forward(seconds=30)
    said = {**EATS, "needs": ["quiet"], "consent_needs": "y"}
    once = client.post(SCREEN + "4", data=said)
    assert once.status_code == 422
    assert "er staat geen vinkje bij" in once.text
    clock.forward(seconds=30)
    done = client.post(SCREEN + "4", data={**said, "sure_consent_food": "1"}, follow_redirects=True)
    assert "Niet bewaard, want daar is geen ja op gezegd: Wat eet je, en wat niet?" in done.text
    assert (only(app).diet, only(app).allergies, only(app).needs) == ([], None, ["quiet"])
    assert "food" not in consents(app)


def test_who_takes_the_yes_back_takes_the_answers_back(client: FlaskClient, app: Flask, cast: Cast) -> None:
    with app.app_context():
        mine = f"/mijn/{casting.sign_up(app, cast, **TOLD).secret}/wijzigen"
    assert asks(client.get(mine).text, "diet")
    said = {"name": "Bart", "reach": "email", "email": "b@voorbeeld.example", "sessions": cast.sessions[:1]}
    client.post(mine, data={**said, "language": "nl", **EATS})
    assert (only(app).diet, only(app).allergies) == ([], None)


def test_a_meeting_without_a_meal_asks_nowhere(
    client: FlaskClient,
    app: Flask,
    cast: Cast,
    amina: FlaskClient,
    settings: config.Settings,
    talking: Callable[[], None],
) -> None:
    talking()
    tell(client, cast)
    with app.app_context():
        signed = casting.sign_up(app, cast)
        mine, id = f"/mijn/{signed.secret}/", signed.signup.id
    pages = [client.get(path).text for path in (SCREEN + "4", mine + "wijzigen", mine + "gegevens")]
    work = f"/werk/{cast.series}/"
    pages += [amina.get(work + path).text for path in ("balie", f"aanmeldingen/{id}", "aanmeldingen")]
    for page in pages:
        assert not any(asks(page, field) for field in ASKED)
        assert not [word for word in ("llergi", "wat ik niet eet", "keuken", "<dt>Eten</dt>") if word in page]
    with app.test_request_context():
        series = db.session.get_one(Series, cast.series)
        assert not set(ASKED) & {column.key for column in columns_of(settings, series)}
        form = papers.form_of(series, settings, NOW)
        assert (form.meal, len(form.consents)) == (False, 3)
        row = ["Jo", "email", "jo@x.example", "halal"]
        shown = Table(app, cast, settings).preview(row, header=["voornaam", "bereik", "e-mail", "dieet"])
        assert [(one.name, one.off) for one in shown.unused] == [("dieet", True)]


def test_answers_of_before_stay_where_a_meeting_loses_its_meal(
    client: FlaskClient, app: Flask, cast: Cast, talking: Callable[[], None]
) -> None:
    with app.app_context():
        mine = f"/mijn/{casting.sign_up(app, cast, **TOLD).secret}/"
    talking()
    said = {"name": "Bartje", "reach": "email", "email": "b@voorbeeld.example", "sessions": cast.sessions[:1]}
    client.post(mine + "wijzigen", data={**said, "language": "nl", "diet": ["vegan"]})
    assert (only(app).name, only(app).diet, only(app).allergies) == ("Bartje", ["halal"], "noten")
    assert "Ik eet halal" in client.get(mine + "gegevens").text


def test_the_desk_the_page_of_a_person_and_the_kitchen(app: Flask, cast: Cast, amina: FlaskClient) -> None:
    assert save(amina, cast, **EATS, consent_food="y").status_code == 302
    assert only(app).diet == ["halal", "no_fish"]
    with app.app_context():
        casting.sign_up(app, cast, "Els", diet=("halal",), consents=frozenset({"food"}))
        casting.sign_up(app, cast, "Gijs")
        id = db.session.query(Signup).first().id
    page = amina.get(f"/werk/{cast.series}/aanmeldingen/{id}").text
    assert "<dt>Eten</dt><dd>Ik eet halal, Ik eet geen vis</dd><dt>Allergie</dt><dd>noten</dd>" in page
    kitchen = " ".join(amina.get(f"/werk/{cast.series}/aanmeldingen").text.split())
    for said in ("Er doen 3 mensen mee.", "Ik eet halal: 2<", "Ik eet geen vis: 1<", "Allergie: noten: 1<"):
        assert said in kitchen
    assert "Eten" in amina.get(f"/werk/{cast.series}/aanmeldingen.csv").text


def test_who_left_eats_nothing(app: Flask, cast: Cast, settings: config.Settings) -> None:
    with app.app_context():
        casting.sign_up(app, cast, **TOLD).signup.state = "left"
        db.session.commit()
        meal = food.food_of(db.session, db.session.get_one(Series, cast.series), settings)
        assert meal == food.Food(0, (), ())


def test_the_facilitator_reads_it_as_practical_lines(app: Flask, client: FlaskClient, cast: Cast) -> None:
    evening = evenings.perform(app, cast)
    with app.test_request_context():
        bart = db.session.get_one(Signup, evening.seated["Bart"])
        bart.diet, bart.allergies = ["halal"], "noten"
        db.session.commit()
        link = db.session.query(table_list.FacilitatorLink).first()
        printed = str(paper(table_list.groups_of(db.session, link, app.extensions["settings"], "nl"), NOW))
    page = come_in(client, evening.chantal_door).get(f"/tafel/{evening.chantal_door[0]}/").text
    for text in (page, printed):
        assert "Ik eet halal" in text
        assert "noten" in text
    assert "Allergie: noten" in printed


def test_food_mixes_nobody_and_silence_costs_nothing(app: Flask, cast: Cast, settings: config.Settings) -> None:
    """Religion is never a dimension (P30): the matcher is given the same, whatever somebody eats."""
    for key in settings.dimensions:
        assert not {one.key for one in settings.diets} & {key.key, *(bubble.key for bubble in key.bubbles)}
    with app.app_context():
        signed, vault = casting.sign_up(app, cast, **TOLD).signup, app.extensions["vault"]
        series = db.session.get_one(Series, cast.series)
        with_food = problem_of(db.session, series, settings, vault)
        signed.diet, signed.allergies = None, None
        db.session.commit()
        assert problem_of(db.session, series, settings, vault) == with_food
        assert "halal" not in str(with_food)


HEADER = ["voornaam", "bereik", "e-mail", "Dieet", "Allergieën", "toestemming eten"]


@pytest.mark.parametrize(
    ("diet", "allergies", "kept"),
    [
        ("halal", "Noten", (["halal"], "Noten")),
        ("Vega; geen vis", "geen", (["vegetarian", "no_fish"], None)),
        ("alles", "-", ([], None)),
        ("Geen", "n.v.t.", ([], None)),
        ("I eat kosher", "", (["kosher"], None)),
    ],
)
def test_a_spreadsheet_has_columns_for_it(
    app: Flask, cast: Cast, settings: config.Settings, diet: str, allergies: str, kept: tuple[list[str], str | None]
) -> None:
    with app.test_request_context():
        desk = Table(app, cast, settings)
        row = ["Jo", "email", "jo@x.example", diet, allergies, "ja"]
        assert desk.add(desk.keep(row, header=HEADER)).added == 1
        signup = db.session.query(Signup).one()
        assert (signup.diet, signup.allergies) == kept


def test_a_spreadsheet_without_the_yes_says_that_it_is_not_kept(
    app: Flask, cast: Cast, settings: config.Settings
) -> None:
    with app.test_request_context():
        desk = Table(app, cast, settings)
        row = ["Jo", "email", "jo@x.example", "halal", "noten", ""]
        assert [entry.whole for entry in desk.preview(row, header=HEADER).entries] == [False]
        assert desk.add(desk.keep(row, header=HEADER)).added == 1
        assert (db.session.query(Signup).one().diet, db.session.query(Signup).one().allergies) == ([], None)
