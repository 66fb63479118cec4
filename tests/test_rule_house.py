"""One rule a file: its name, its words, what it may know, and when it holds though nobody names it."""

import ast
import re
from dataclasses import MISSING, FrozenInstanceError, fields
from importlib import import_module
from pathlib import Path

import pytest

from matcher import rules
from matcher.domain import Format, Problem, Session
from matcher.rules import KNOWN, access, frame_of, mode, rules_of, terms_of
from matcher.terms import Bond, Fit, Headcount, Pair, Rule, View
from tests.builders import people
from tests.oracle import FIRM, WISHES, statement

FILES = sorted(p for p in Path(rules.__file__).parent.glob("*.py") if p.stem != "__init__")
NAMES = [f.stem for f in FILES]
CROWD = """
id  | age   | buddies | apart | household | outspoken | needs | interests
ann | young | bo      |       | one       | yes       | lift  | music
bo  | young |         | cy    | one       | yes       | here  | music
cy  | old   |         |       |           |           |       |
"""


def view(*named: Rule) -> View:
    rooms = (Session("s", 2, seats=5), Session("t", 3, mode="online"))
    population = {"age": {"young": 1.0, "old": 2.0}}
    return View(Problem(people(CROWD), rooms, Format(rules=named), population=population))


def made(rule: type[Rule], **given: object) -> Rule:
    needed = {f.name for f in fields(rule) if f.default is MISSING}
    some = {key: value for key, value in {"dimension": "age", "bubble": "young"}.items() if key in needed}
    return rule(**some, **given)  # type: ignore[arg-type]


def test_every_file_is_a_rule_that_is_known() -> None:
    assert sorted(KNOWN) == NAMES


def test_every_rule_is_stated_a_second_time_by_the_oracle_and_tested() -> None:
    tested = {p.stem.removeprefix("test_") for p in (Path(__file__).parent / "rules").glob("test_*.py")}
    assert set(NAMES) == tested
    assert all(callable(statement(name)) for name in NAMES)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_a_file_is_one_rule_that_says_what_it_means(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    assert [c.name for c in classes] == ["".join(word.title() for word in file.stem.split("_"))]
    sentence = ast.get_docstring(tree) or ""
    assert re.fullmatch(r"[A-Z].*[^.]\.", sentence) and ". " not in sentence
    assert "breach" in (ast.get_docstring(classes[0]) or "")


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_a_rule_knows_terms_and_what_messages_name_and_nothing_else_of_the_matcher(file: Path) -> None:
    nodes = ast.walk(ast.parse(file.read_text("utf-8")))
    imported = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    assert {m for m in imported if m and m.startswith("matcher")} <= {"matcher.terms", "matcher.messages"}


@pytest.mark.parametrize("rule", KNOWN.values(), ids=KNOWN.keys())
def test_a_rule_is_a_frozen_value_of_settings(rule: type[Rule]) -> None:
    assert made(rule) == made(rule)
    with pytest.raises(FrozenInstanceError):
        made(rule).firm = True  # type: ignore[misc]
    assert all(f.kw_only for f in fields(rule))
    assert rule.modes and set(rule.modes) <= {"firm", "weight"}
    assert not rule.implied or rule.implied in rule.modes


@pytest.mark.parametrize("rule", KNOWN.values(), ids=KNOWN.keys())
def test_a_rule_says_the_same_every_time(rule: type[Rule]) -> None:
    named = made(rule, firm="firm" in rule.modes, weight=0.5)
    first, second = list(named.terms(view(named))), list(named.terms(view(named)))
    assert repr(first) == repr(second)


@pytest.mark.parametrize("rule", KNOWN.values(), ids=KNOWN.keys())
def test_a_rule_without_weight_says_nothing(rule: type[Rule]) -> None:
    off = made(rule, firm=False, weight=0.0)
    assert not [r for r, _ in terms_of(view(off)) if r.name == off.name]
    others = frame_of(view(*(made(KNOWN[n]) for n in FIRM)))
    frame = frame_of(view(off, *(made(KNOWN[n]) for n in FIRM if n != off.name)))
    assert repr(frame) == repr(others)


@pytest.mark.parametrize("rule", KNOWN.values(), ids=KNOWN.keys())
def test_a_rule_costs_nothing_among_people_who_told_nothing(rule: type[Rule]) -> None:
    silent = people("id\nann\nbo\ncy")
    named = made(rule, firm="firm" in rule.modes, weight=0.5)
    seen = View(Problem(silent, (Session("s", 2),), Format(rules=(named,)), population={"age": {"old": 1.0}}))
    for term in named.terms(seen):
        match term:
            case Fit():
                assert not term.amount.any()
            case Pair():
                assert not len(term.a)
            case Bond():
                assert not term.amount.any()
            case Headcount():
                assert named.name in ("at_least_different", "outspoken_cap") and not len(term.people) % 3


def own_defaults() -> dict[str, dict[str, object]]:
    """What each rule says when it is only named, if that is more than that it weighs nothing."""
    own = {name: {f.name: f.default for f in fields(KNOWN[name]) if f.default is not MISSING} for name in NAMES}
    return {name: d for name, d in own.items() if d != {"firm": False, "weight": 0.0}}


def test_what_a_rule_says_when_it_is_only_named() -> None:
    stated = {
        "at_least_different": {"firm": False, "weight": 0.0, "bubbles": 2},
        "balance": {"firm": False, "weight": 0.0, "share": 0.9},
        "common_ground": {"firm": False, "weight": 0.0, "on": ("interests",)},
        "met_before": {"firm": False, "weight": 1.0},
        "mode": {"firm": False, "weight": 0.0, "online_max": 6},
        "never_alone": {"firm": False, "weight": 0.0, "below": None},
        "orientation": {"firm": False, "weight": 0.0, "groups": 2, "people": 16},
        "preferred_session": {"firm": False, "weight": 0.05},
        "share_cap": {"firm": False, "weight": 0.0, "share": 2 / 3},
    }
    # A rule that is not listed here states it beside its own tests.
    for name in NAMES:
        own = getattr(import_module(f"tests.rules.test_{name}"), "DEFAULTS", None)
        stated |= {name: {"firm": False, "weight": 0.0} | own} if own else {}
    assert own_defaults() == stated


def test_which_rules_can_only_be_firm_or_only_a_wish() -> None:
    only = {name: rule.modes for name, rule in KNOWN.items() if len(rule.modes) == 1}
    wishes = {"balance", "common_ground", "few_tables"}
    both = {"apart", "availability", "buddies"}
    assert only == dict.fromkeys(wishes, ("weight",)) | dict.fromkeys(FIRM - both | {"orientation"}, ("firm",))


def test_implied_rules_hold_without_being_named() -> None:
    implied = {r.name: r.firm for r in rules_of(Format())}
    assert implied == dict.fromkeys(FIRM, True) | dict.fromkeys(WISHES, False)
    assert all(r.firm or r.weight > 0 for r in rules_of(Format()))


@pytest.mark.parametrize("name", sorted(FIRM | WISHES))
def test_naming_an_implied_rule_replaces_it(name: str) -> None:
    mine = KNOWN[name](weight=0.125)
    assert [r for r in rules_of(Format(rules=(mine,))) if r.name == name] == [mine]


def test_named_rules_come_first_and_may_come_twice() -> None:
    twice = (made(KNOWN["share_cap"], share=0.5, weight=1.0), made(KNOWN["share_cap"], firm=True))
    assert rules_of(Format(rules=twice))[:2] == twice
    assert [r.title for r in twice] == ["share_cap: age"] * 2


def test_two_rules_mean_the_same_by_a_mode() -> None:
    assert mode.MODES == access.MODES


def test_frames_only_narrow_and_keep_the_target_within_reach() -> None:
    frame = frame_of(view(KNOWN["orientation"](firm=True, groups=1, people=6)))  # type: ignore[call-arg]
    assert frame.groups.tolist() == [1, 1]
    assert frame.seats.tolist() == [5, 6]
    assert frame.high.tolist() == [5, 6]
    assert frame.target.tolist() == [5, 6]
