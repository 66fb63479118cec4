"""A message: what it is made of, that it can be kept and taken back, and who it is told to."""

import json
import pickle

import pytest

from matcher.messages import (
    BubbleName,
    DimensionName,
    LanguageCode,
    Message,
    Named,
    PersonId,
    RuleName,
    SessionId,
    each,
)
from matcher.words import words

YOUNG = BubbleName("26-40", "age")
INNER = Message.of("change.rule_on", rule=RuleName("never_alone"), dimension=DimensionName("age"))
MESSAGES = [
    Message.of("reason.no_session"),
    Message.of("relaxation.more", change=INNER, n=3),
    Message.of("breach.level", mean=0.1234, floor=0.5),
    Message.of("reason.session_language", languages=each(LanguageCode, {"nl", "ar"})),
    Message.private("breach.count", c=1, n=7, label=YOUNG),
    Message.of("breach.count", c=1, n=7, label="Dorpsstraat 1"),
]


@pytest.mark.parametrize("message", MESSAGES)
def test_a_message_comes_back_from_where_it_was_kept(message: Message) -> None:
    assert Message.read(json.loads(json.dumps(message.stored()))) == message
    assert pickle.loads(pickle.dumps(message)) == message
    assert len({message, Message.read(message.stored())}) == 1


def test_what_is_no_message_is_not_read() -> None:
    with pytest.raises(KeyError):
        Message.read({"why": "Asked for no meeting."})


def test_two_kinds_with_one_code_are_two_things() -> None:
    assert SessionId("3") != PersonId("3")
    assert BubbleName("other", "age") != BubbleName("other", "home")


def test_a_message_around_a_personal_one_is_personal() -> None:
    personal = Message.private("warning.clash")
    assert Message.of("help.change", change=personal).personal
    assert not Message.of("help.change", change=INNER).personal


def test_everything_that_is_named_is_found_at_any_depth() -> None:
    nested = Message.of("fate.lot", why=INNER, others=(SessionId("s"), each(LanguageCode, ["nl"])))
    assert set(nested.named()) == {RuleName("never_alone"), DimensionName("age"), SessionId("s"), LanguageCode("nl")}


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "Never the only one: How old? as a wish instead of firm would place 3 more."),
        ("nl", "Maak van de regel ‘nooit de enige’ (How old?) een wens. Extra mensen met een plek: 3."),
    ],
)
def test_a_message_calls_things_as_its_reader_does(lang: str, said: str) -> None:
    names: dict[Named, str] = {RuleName("never_alone"): "Never the only one", DimensionName("age"): "How old?"}
    assert words(lang).say(MESSAGES[1], lambda named: names[named]) == said


def test_without_names_a_message_has_the_codes_of_the_files() -> None:
    assert words("en").say(INNER) == "never_alone: age as a wish instead of firm"
    assert words("en").say(MESSAGES[2]) == "mean 0.123, floor 0.500"
    assert words("en").say(MESSAGES[3]) == "No session at a possible time is in a language of theirs: ar, nl."
    assert words("nl").say(MESSAGES[4]) == "1 van de 7: 26-40"


def test_a_message_without_words_is_a_mistake() -> None:
    with pytest.raises(KeyError, match=r"reason\.nonsense"):
        words("en").say(Message.of("reason.nonsense"))
