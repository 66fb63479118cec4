"""The configuration that ships: whole, lawful, in every language, and good for plans."""

from __future__ import annotations

import dataclasses
import random
import subprocess
import sys
from pathlib import Path

import pytest

import config
from config.folder import SHIPPED
from matcher import Facilitator, Participant, Problem, Session, match
from tests.config.folder import Folder

pytestmark = pytest.mark.slow

SETTINGS = config.load()


def test_it_is_what_the_product_promises() -> None:
    assert (SETTINGS.product, SETTINGS.languages[:2]) == ("Re-bubbelen", ("nl", "en"))
    assert (SETTINGS.retention.contact_weeks, SETTINGS.retention.questionnaire_months) == (8, 12)
    assert (SETTINGS.small_cell, SETTINGS.round_to) == (10, 5)
    assert (SETTINGS.orientation.groups, SETTINGS.orientation.people) == (2, 16)
    assert set(SETTINGS.formats) == {"dialoog", "koken", "rondes", "kennismaken"}
    assert SETTINGS.formats["dialoog"].format.facilitator == "required"
    assert not any(dimension.special for dimension in SETTINGS.dimensions)


def test_every_text_is_dutch_and_english_and_welcome() -> None:
    texts = list(SETTINGS.texts())
    assert len(texts) > 50
    assert {text.languages for text in texts} == {("nl", "en")}
    assert [said for text in texts for _, said in text.said if config.unwelcome(said)] == []


def test_a_missing_translation_falls_back_on_dutch() -> None:
    age = SETTINGS.dimension("age").question
    assert (age["en"], age["en-GB"], age["ar"]) == ("How old are you?", "How old are you?", "Hoe oud ben je?")


def test_things_are_found_by_key_or_not_at_all() -> None:
    assert SETTINGS.dimension("age").bubble("76-plus").texts["nl"] == "76 jaar of ouder"
    assert [SETTINGS.need("step_free").matching, SETTINGS.need("childcare").matching] == [True, False]
    assert (SETTINGS.interest("koken").texts["en"], SETTINGS.language("tr").name) == ("Cooking", "Türkçe")
    for find in (SETTINGS.dimension, SETTINGS.need, SETTINGS.interest, SETTINGS.language):
        with pytest.raises(KeyError, match="religion"):
            find("religion")


def test_settings_are_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        SETTINGS.limits.name_length = 1  # type: ignore[misc]
    with pytest.raises(TypeError):
        SETTINGS.formats["x"] = SETTINGS.formats["koken"]  # type: ignore[index]


def test_a_format_protects_what_the_dimensions_say_unless_it_says_otherwise() -> None:
    protected = {key: meeting.protected for key, meeting in SETTINGS.formats.items()}
    usual = tuple(dimension.key for dimension in SETTINGS.dimensions if dimension.protected)
    assert protected == {"dialoog": usual, "koken": usual, "rondes": ("age",), "kennismaken": ()}
    alone = [rule for rule in SETTINGS.formats["dialoog"].format.rules if rule.name == "never_alone"]
    assert [(rule.title, rule.firm) for rule in alone] == [(f"never_alone: {key}", True) for key in usual]


def test_another_folder_takes_the_place_file_by_file(folder: Folder) -> None:
    (folder.path / "dimensions.toml").unlink()
    folder.change("settings.toml", '"Re-bubbelen"', '"Buurttafels Zuidwest"')
    folder.change("formats/dialoog.toml", '"Buurttafel"', '"Praattafel"')
    own = config.load(folder.path)
    assert (own.product, own.dimensions) == ("Buurttafels Zuidwest", SETTINGS.dimensions)
    assert own.formats["dialoog"].title["nl"] == "Praattafel"
    assert own.formats["koken"] == SETTINGS.formats["koken"]


def test_an_organisation_chooses_its_formats_and_their_order(folder: Folder) -> None:
    folder.change("settings.toml", '# formats = ["dialoog"]', 'formats = ["rondes", "dialoog"]')
    assert list(config.load(folder.path).formats) == ["rondes", "dialoog"]


def test_the_hash_tells_one_configuration_from_another(folder: Folder) -> None:
    assert config.load(folder.path).sha256 == SETTINGS.sha256 == config.load(SHIPPED).sha256
    folder.change("formats/dialoog.toml", "weight = 2.0", "weight = 2.5")
    assert config.load(folder.path).sha256 != SETTINGS.sha256


def test_reading_it_needs_no_web_and_no_solver() -> None:
    code = "import config, sys; config.load(); print(*{name.partition('.')[0] for name in sys.modules})"
    root = Path(__file__).parents[2]
    answer = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert "config" in answer.stdout.split()
    assert {"flask", "ortools", "numba", "pandas", "highspy"}.isdisjoint(answer.stdout.split())


def neighbours(count: int) -> tuple[Participant, ...]:
    """People who answer most questions, with the first bubbles of a question rarer than the last."""
    luck = random.Random(7)
    return tuple(
        Participant(
            id=f"p{i:02}",
            bubbles={
                d.key: frozenset(
                    luck.choices([b.key for b in d.bubbles], range(2, 2 + len(d.bubbles)), k=1 + d.several)
                )
                for d in SETTINGS.dimensions
                if luck.random() < 0.85
            },
            interests=frozenset(luck.sample([interest.key for interest in SETTINGS.interests], 2)),
        )
        for i in range(count)
    )


@pytest.mark.parametrize("key", sorted(SETTINGS.formats))
def test_a_format_seats_a_neighbourhood(key: str) -> None:
    meeting = SETTINGS.formats[key].format
    rounds = meeting.rounds if meeting.series == "rounds" else 1
    sessions = tuple(Session(f"s{k}", 13, round=k) for k in range(1, rounds + 1))
    leaders = tuple(Facilitator(f"f{k}", skills=meeting.skills, max_groups=rounds) for k in range(13))
    result = match(Problem(neighbours(60), sessions, meeting, leaders), iterations=300_000)
    assert result.figures.placed >= 58
    assert not any(breach.firm for breach in result.breaches)
    assert all(meeting.size.min <= len(group.people) <= meeting.size.max for group in result.plan.groups)
