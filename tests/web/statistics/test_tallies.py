"""Counts that only grow, in whole batches: what can be learned from comparing them, by whoever chooses who comes."""

from __future__ import annotations

from random import Random

from web.services.statistics.tallies import Arrival, Tally, renewed

SMALL = 10


def people(first: int, count: int, told: str = "a", *, by_staff: bool = False) -> list[Arrival]:
    return [Arrival(first + i, by_staff, frozenset({told} if told else ())) for i in range(count)]


def test_nine_are_not_counted_and_ten_are_at_once() -> None:
    nine = renewed(Tally(), people(1, 9), SMALL)
    assert nine == Tally()
    ten = renewed(nine, people(1, 10), SMALL)
    assert (ten.people, dict(ten.counts)) == (10, {"a": 10})
    assert renewed(ten, people(1, 10), SMALL) == ten, "who was counted is not counted again"


def test_who_is_gone_stays_counted() -> None:
    ten = renewed(Tally(), people(1, 10), SMALL)
    assert renewed(ten, [], SMALL) == ten
    assert renewed(ten, people(11, 10, "b"), SMALL).counts == {"a": 10, "b": 10}


def test_invented_people_bring_no_real_one_in() -> None:
    ten = renewed(Tally(), people(1, 10), SMALL)
    with_one = [*people(11, 1, "b"), *people(12, 400, "a", by_staff=True)]
    after = renewed(ten, with_one, SMALL)
    assert after.counts == {"a": 410}
    assert after.own == ten.own


def test_one_who_told_is_not_counted_among_nine_who_did_not() -> None:
    ten = renewed(Tally(), people(1, 10), SMALL)
    assert renewed(ten, [*people(11, 30, ""), *people(41, 9, "b")], SMALL) == ten
    assert renewed(ten, [*people(11, 30, ""), *people(41, 10, "b")], SMALL).counts == {"a": 10, "": 30, "b": 10}


def test_a_batch_is_half_of_all_before_so_a_whole_series_has_few() -> None:
    tally, batches = Tally(), 0
    for last in range(1, 1001):
        after = renewed(tally, people(1, last), SMALL)
        batches += after != tally
        tally = after
    assert batches == 11


def test_stored_and_read_it_is_the_same() -> None:
    tally = renewed(Tally(), [*people(1, 12), *people(20, 11, "b", by_staff=True)], SMALL)
    assert Tally.read(tally.stored()) == tally
    assert Tally.read(None) == Tally()


def test_whatever_staff_adds_and_takes_away_a_batch_of_residents_is_told_of_as_a_whole() -> None:
    """Any order of nights, inventions and erasures: the exact counts always belong to whole batches of residents."""
    for seed in range(60):
        dice = Random(seed)
        answers = [dice.choice("ab") for _ in range(40)]
        tally, here, id, signed = Tally(), dict[int, Arrival](), 0, 0
        for _ in range(80):
            id += 1
            match dice.randrange(4):
                case 0 if signed < len(answers):
                    here[id], signed = Arrival(id, False, frozenset(answers[signed])), signed + 1
                case 1:
                    here |= {one.id: one for one in people(id, dice.choice([1, 9, 30]), "c", by_staff=True)}
                    id = max(here)
                case 2 if here:
                    del here[dice.choice(sorted(here))]
            before, tally = tally, renewed(tally, here.values(), SMALL)
            more = sum(tally.counts.get(key, 0) - before.counts.get(key, 0) for key in "ab")
            assert more == 0 or more >= SMALL
            assert all(tally.counts.get(key, 0) >= before.counts.get(key, 0) for key in "abc")
