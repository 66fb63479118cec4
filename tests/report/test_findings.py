"""What the report says of a plan: counted as the plan counts, and telling nothing it should not."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from matcher.domain import Breach
from matcher.messages import BubbleName, Message
from tests.report import plans
from tests.report.reading import texts, tree

MET_BEFORE = Message.private("breach.met_before")


def test_a_picture_counts_as_the_group_does(tmp_path: Path) -> None:
    problem, result = plans.several_answers()
    held = {p.id: p.bubbles.get("dag", ()) for p in problem.people}
    group = result.plan.groups[1]
    counts = Counter(b for p in group.people for b in held[p] or ["niet verteld"])
    root = tree(tmp_path, (problem, result))
    card = next(c for c in root.all("article") if len(c.all("li", of="person")) == 7)
    legend = [re.fullmatch(r"\S+ (.+): (\d+)", t) for t in texts(card.all("ul", of="legend")[0].all("li"))]
    assert {m[1]: int(m[2]) for m in legend if m} == counts
    widths = [float(n.attributes["width"].rstrip("%")) for n in card.all("svg")[0].all("rect")]
    assert sum(widths) == pytest.approx(100, abs=0.1)


def test_the_table_of_all_groups_counts_as_the_plan_does(tmp_path: Path) -> None:
    root = tree(tmp_path, plans.ordinary())
    rows = [texts(row.all("th", "td")) for row in root.one("mix").all("table")[0].all("tr")]
    assert rows[1:] == [
        ["A under 25", "7 (33%)", "2", "2–3", "0"],
        ["B 25-64", "7 (33%)", "2", "2–3", "0"],
        ["C 65+", "7 (33%)", "2", "2–2", "0"],
    ]


def test_the_headline_and_the_figures_with_their_bounds(tmp_path: Path) -> None:
    root = tree(tmp_path, plans.ordinary())
    assert texts(root.all("h1")) == ["21 mensen, 14 geplaatst in 2 groepen"]
    assert "Alle vaste regels zijn gehouden." in texts(root.all("li"))
    rows = [texts(row.all("th", "td")) for row in root.one("figures").all("tr")]
    (placed,) = (row for row in rows if row[0].startswith("Mensen met een plek"))
    assert placed[1:3] == ["14", "hooguit 21"] and placed[3].endswith("33,3%")


def test_a_broken_firm_rule_stops_the_reader_and_points_at_the_group(tmp_path: Path) -> None:
    problem, result = plans.ordinary()
    alone = Message.private("breach.count", c=1, n=7, label=BubbleName("65+", "age_band"))
    breach = Breach("never_alone: age_band", alone, 1.0, True, 0.0, "mon", 2, ("p008",))
    root = tree(tmp_path, (problem, replace(result, breaches=(breach,))))
    assert root.all("div", of="verdict")[0].classes == {"verdict", "stop"}
    spot = root.one("rules").all("details")[0].all("li")[0]
    assert texts([spot]) == ["mon, groep 2: 1 van de 7: 65+"]
    card = root.one(spot.all("a")[0].attributes["href"][1:])
    assert texts(card.all("li", of="stop")) == [
        "✗ Vaste regel niet gehouden. Nooit de enige: age band: 1 van de 7: 65+"
    ]


@pytest.mark.parametrize("name", ["met_before", "apart", "never_alone: age_band", "a_rule_of_tomorrow"])
def test_a_breach_names_nobody_when_that_would_tell_something(name: str, tmp_path: Path) -> None:
    problem, result = plans.rounds()
    broken = (Breach(name, MET_BEFORE, 1.0, False, 1.0, people=("p000", "p001")),)
    root = tree(tmp_path, (problem, replace(result, breaches=broken)))
    said = texts(root.one("rules").all("details")) + texts(root.all("ul", of="notes"))
    assert said and not re.search(r"\bp\d{3}\b", " ".join(said))


def test_buddies_who_were_split_are_named(tmp_path: Path) -> None:
    problem, result = plans.ordinary()
    broken = (Breach("buddies", Message.of("breach.apart"), 1.0, False, 1.0, people=("p000", "p009")),)
    rules = tree(tmp_path, (problem, replace(result, breaches=broken))).one("rules")
    assert "p000 en p009: zitten niet bij elkaar" in texts(rules.all("li"))


def test_rounds_come_in_order_under_their_own_headings(tmp_path: Path) -> None:
    root = tree(tmp_path, plans.rounds())
    heads = texts(root.one("groups").all("h3", "h4"))
    assert heads[::2] == ["Ronde 1", "Ronde 2", "Ronde 3"]
    assert heads[1] == "Maandag 18 januari 2027, 19.00–21.30 uur · De Brink"


def test_a_series_lists_its_dates_also_when_an_end_is_missing(tmp_path: Path) -> None:
    root = tree(tmp_path, plans.several_answers())
    assert texts(root.all("ul", of="dates")[0].all("li")) == [
        "maandag 11 januari 2027, 19.00–20.00 uur",
        "maandag 18 januari 2027, vanaf 19.00 uur",
    ]


def test_how_it_was_made_can_be_checked(tmp_path: Path) -> None:
    made = " ".join(texts([tree(tmp_path, plans.ordinary()).one("made")]))
    for part in (
        "zaterdag 2 januari 2027, 09.05 uur",
        "1.234.567",
        "9,9 seconden",
        "ab" * 32,
        "cd" * 32,
        "3.11.7",
    ):
        assert part in made
    assert "Een mens bekijkt het voorstel, past het aan en beslist." in made


def test_pairs_who_meet_again_are_counted_per_group(tmp_path: Path) -> None:
    problem, result = plans.rounds()
    pairs = [("p000", "p002"), ("p000", "p004")]
    broken = tuple(Breach("met_before", MET_BEFORE, 1.0, False, 1.0, people=pair) for pair in pairs)
    root = tree(tmp_path, (problem, replace(result, breaches=broken)))
    (row,) = (r for r in root.one("rules").all("tr") if "Nieuwe mensen" in r.text)
    assert "wens, telt 1" in row.text and "2 keer niet gehouden" in row.text
    notes = texts(root.all("li", of="look"))
    assert any(note.endswith("twee mensen ontmoetten elkaar al (2 keer)") for note in notes)
    assert len(notes) == len(root.all("ul", of="notes"))
