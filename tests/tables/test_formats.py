"""Formats as they should be: from TOML to the domain."""

from pathlib import Path

from matcher.domain import Format, Size
from matcher.rules import KNOWN
from matcher.rules.met_before import MetBefore
from matcher.rules.never_alone import NeverAlone
from matcher.rules.share_cap import ShareCap
from tests.tables.folder import Folder

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "anes96" / "format.toml"


def format_of(folder: Folder, text: str) -> Format:
    return folder.write({"format.toml": text}).read().problem.format


def test_an_empty_format_is_the_default(folder: Folder) -> None:
    assert format_of(folder, "") == Format()


def test_every_key_arrives(folder: Folder) -> None:
    text = """
    name = "café"
    goal = "bonding"
    facilitator = "optional"
    skills = ["dialogue", "arabic"]
    size = { min = 2, target = 3, max = 4 }
    bridging.age = 2
    [series]
    kind = "rounds"
    count = 1
    [[rule]]
    name = "share_cap"
    dimension = "age"
    share = 0.5
    weight = 0
    [[rule]]
    name = "never_alone"
    dimension = "colour"
    below = 1
    firm = true
    """
    assert format_of(folder, text) == Format(
        name="café",
        goal="bonding",
        facilitator="optional",
        skills=frozenset({"dialogue", "arabic"}),
        size=Size(2, 3, 4),
        series="rounds",
        rounds=1,
        bridging={"age": 2.0},
        rules=(
            ShareCap(dimension="age", share=0.5, weight=0.0),
            NeverAlone(dimension="colour", below=1.0, firm=True),
        ),
    )


def test_a_star_stands_for_every_dimension(folder: Folder) -> None:
    rules = format_of(folder, "[[rule]]\nname = 'never_alone'\ndimension = '*'\nweight = 2").rules
    assert rules == tuple(NeverAlone(dimension=d, weight=2.0) for d in ("age", "colour"))


def test_a_rule_with_a_price_of_its_own_needs_none(folder: Folder) -> None:
    assert format_of(folder, "[[rule]]\nname = 'met_before'").rules == (MetBefore(weight=1.0),)
    assert format_of(folder, "[[rule]]\nname = 'met_before'\nfirm = true").rules == (MetBefore(firm=True),)


def test_weights_of_zero_everywhere_are_a_choice(folder: Folder) -> None:
    text = "[size]\nmin = 2\ntarget = 2\nmax = 2\n[bridging]\nage = 0\ncolour = 0.0\n"
    assert format_of(folder, text).bridging == {"age": 0.0, "colour": 0.0}


def test_a_byte_order_mark_and_other_line_ends_do_not_matter(folder: Folder) -> None:
    marked = EXAMPLE.read_text("utf-8").replace("\n", "\r\n").encode("utf-8-sig")
    dimensions = "id,age_band,education,household_income,place_size,tv_news\na,,,,,\n"
    folder.write({"people.csv": dimensions, "facilitators.csv": "id\nlea\n"})
    plain = folder.write({"format.toml": EXAMPLE.read_bytes()}).read()
    assert folder.write({"format.toml": marked}).read().format_sha256 == plain.format_sha256
    assert [rule.title for rule in plain.problem.format.rules] == [
        "never_alone: education",
        "share_cap: age_band",
        "at_least_different: age_band",
    ]


def test_every_rule_can_be_written_down(folder: Folder) -> None:
    """A new rule must be readable without a change here: its fields are its keys."""
    for name, rule in KNOWN.items():
        mode = "firm = true" if "firm" in rule.modes else "weight = 1"
        needed = [
            key
            for key in ("dimension", "bubble")
            if getattr(rule, key, None) is None and key in rule.__dataclass_fields__
        ]
        keys = "".join(f"{key} = 'age'\n" for key in needed)
        (read,) = format_of(folder, f"[[rule]]\nname = '{name}'\n{keys}{mode}\n").rules
        assert type(read) is rule
