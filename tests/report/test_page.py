"""The report as a page: whole, readable for everybody, and silent to the outside."""

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from matcher.report import write_html
from tests.report import plans
from tests.report.plans import FACTS, Case
from tests.report.reading import Node, page, read, tree

Made = Callable[[], Case]
each_case = pytest.mark.parametrize("made", plans.CASES)


@each_case
def test_every_group_and_everybody_in_it_stands_on_the_page_once(made: Made, tmp_path: Path) -> None:
    problem, result = made()
    root = tree(tmp_path, (problem, result))
    cards = root.all("article", of="card")
    shown = [sorted(n.text for n in card.all("li", of="person")) for card in cards]
    assert sorted(shown) == sorted(sorted(g.people) for g in result.plan.groups)


@each_case
def test_everybody_without_a_place_stands_under_a_reason_once(made: Made, tmp_path: Path) -> None:
    problem, result = made()
    left = {p.id for p in problem.people} - result.plan.placed() | {r.person for r in result.reasons}
    shown = [n.text for n in tree(tmp_path, (problem, result)).one("waiting").all("li", of="person")]
    assert Counter(shown) == Counter(left)


@each_case
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_page_asks_for_nothing_and_runs_nothing(made: Made, lang: str, tmp_path: Path) -> None:
    text = page(tmp_path, made(), lang)
    root = read(text)
    assert root.all("html")[0].attributes["lang"] == lang
    assert not root.all("script", "link", "img", "iframe", "object", "form", "u", "s", "base")
    for node in root.nodes():
        assert not {"src", "srcset", "action", "xlink:href"} & node.attributes.keys()
        assert not [name for name in node.attributes if name.startswith("on")]
        assert node.attributes.get("href", "#").startswith("#")
    styles = "".join(n.text for n in root.all("style")) + "".join(n.attributes.get("style", "") for n in root.nodes())
    assert not re.search(r"url\(|@import|https?:|//", styles)


@each_case
def test_every_link_finds_its_place_and_every_id_is_unique(made: Made, tmp_path: Path) -> None:
    root = tree(tmp_path, made())
    ids = Counter(n.attributes["id"] for n in root.nodes() if "id" in n.attributes)
    assert set(ids.values()) == {1}
    links = {n.attributes["href"][1:] for n in root.all("a")}
    labels = {n.attributes["aria-labelledby"] for n in root.nodes() if "aria-labelledby" in n.attributes}
    assert links | labels <= ids.keys()


@each_case
def test_headings_descend_one_step_at_a_time(made: Made, tmp_path: Path) -> None:
    levels = [int(n.tag[1]) for n in tree(tmp_path, made()).all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@each_case
def test_tables_have_a_caption_and_say_what_their_headers_head(made: Made, tmp_path: Path) -> None:
    for table in tree(tmp_path, made()).all("table"):
        assert next(n.tag for n in table.inside if isinstance(n, Node)) == "caption"
        assert table.all("caption")[0].text.strip()
        heads = table.all("th")
        assert heads and {n.attributes.get("scope") for n in heads} <= {"col", "row"}
        widths = {len(row.all("th", "td")) for row in table.all("tr")}
        assert len(widths) == 1


@each_case
def test_every_picture_has_a_name_and_a_table_beside_it(made: Made, tmp_path: Path) -> None:
    root = tree(tmp_path, made())
    told = {id(svg) for box in root.all("table") for svg in box.all("svg")}
    told |= {id(svg) for box in root.all("div", of="dimension") if box.all("table") for svg in box.all("svg")}
    for svg in root.all("svg"):
        assert svg.attributes["role"] == "img"
        assert svg.all("title")[0].text.strip()
        assert id(svg) in told


def test_facts_may_be_missing(tmp_path: Path) -> None:
    write_html(tmp_path / "report.html", *plans.ordinary(), {})
    assert "Startgetal" in (tmp_path / "report.html").read_text("utf-8")


def test_a_language_without_texts_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="known: en, nl"):
        write_html(tmp_path / "report.html", *plans.ordinary(), FACTS, lang="xx")


def test_what_people_typed_stays_text(tmp_path: Path) -> None:
    text = page(tmp_path, plans.hostile())
    assert "<script>" not in text and "<img" not in text and "&lt;script&gt;" in text
    assert "{{ 7*7 }}" in text
    assert "<u>" not in text and "<rule>" not in text and "<nl>" not in text


def test_the_page_of_a_thousand_people_is_small(tmp_path: Path) -> None:
    case = plans.large()
    text = page(tmp_path, case)
    assert len(text.encode()) < 3_000_000
    assert len(read(text).all("article")) == len(case[1].plan.groups) > 110
