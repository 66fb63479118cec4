"""The benches of letters measure what they say: on a small scale, with every letter counted."""

from __future__ import annotations

import importlib.util

import pytest

from web.bench import accepting, dying, posting
from web.bench.dying import Ends, number_of
from web.rows import DueLetter
from web.rows.messages import LetterState

pytestmark = pytest.mark.slow


def test_what_is_lost_doubled_disordered_or_in_doubt_is_counted() -> None:
    told = (
        (1, LetterState.SENT),
        (1, LetterState.SENT),
        (2, LetterState.SENT),
        (3, LetterState.SENT),
        (4, LetterState.UNSURE),
        (5, LetterState.UNSURE),
        (6, LetterState.DUE),
    )
    letters = [DueLetter(key=f"k{k}", signup_id=owner, state=state) for k, (owner, state) in enumerate(told)]
    first, second, double, _lost, in_doubt = map(number_of, letters[:5])
    ends = Ends()
    ends.add(letters, [second, double, first, double, in_doubt])
    assert (ends.letters, ends.lost, ends.double, ends.disordered) == (7, 2, 1, 1)
    assert str(ends).endswith("2 in doubt and reported, 1 of them arrived")


def test_a_few_invitations_arrive_and_their_time_is_divided() -> None:
    speed, parts = posting.cases(posting.PostingSize(people=10, profiled=5))
    assert speed[1].endswith("; 0 lost, 0 double")
    assert float(speed[1].split()[0]) > 0
    shares = [int(part.split()[-1].removesuffix("%")) for part in parts[1].split(", ")]
    assert len(shares) == 4 and 97 <= sum(shares) <= 103


def test_a_worker_that_is_killed_a_few_times_loses_and_doubles_nothing() -> None:
    ((case, measured, _),) = dying.cases(dying.KillingSize(kills=5, people=3))
    assert int(case.split()[0]) % 6 == 0
    assert measured.startswith("0 lost, 0 double, 0 out of order; ")


def test_of_a_few_who_press_at_once_only_as_many_come_as_there_are_chairs() -> None:
    ((_, measured, target),) = accepting.cases(accepting.AcceptingSize(people=6, places=2))
    assert measured == (
        "2 heard yes, 4 heard that it has gone, 0 heard something else; 2 offers taken, 2 chairs more taken"
    )
    assert target == "exactly 2"


def test_without_a_mail_server_they_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (posting, dying):
        monkeypatch.setattr(module, "find_spec", lambda name: None)
        assert {measured for _, measured, _ in module.cases()} == {posting.MISSING}
    assert importlib.util.find_spec("aiosmtpd") is not None
