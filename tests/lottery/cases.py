"""Tiny pools, in the notation of a table on paper, and pools that hypothesis invents."""

from hypothesis import strategies as st

from matcher.lottery import Quota

People = dict[str, dict[str, str | None]]
OVERLAPPING = dict.fromkeys("abcde", ("1",))
BUBBLES = {"age": ("young", "old"), "language": ("nl", "tr", "pl"), "side": ("north", "south")}


def people(table: str) -> People:
    """A header and one line per person, `|` between cells; the first is the id, an empty one was not told."""
    header, *lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return {line[0]: dict(zip(header[1:], [cell or None for cell in line[1:]], strict=True)) for line in lines}


def quotas(text: str) -> list[Quota]:
    """One line each: dimension bubble min-max."""
    lines = [line.split() for line in text.strip().splitlines()]
    return [Quota(dimension, bubble, *map(int, span.split("-"))) for dimension, bubble, span in lines]


# Any two of the first three share a bubble: with one place per bubble three halves would fit, but one person.
TRIANGLE = people("""
    id     | a | b | c
    Amina  | 1 | 1 |
    Bart   | 1 |   | 1
    Chantal|   | 1 | 1
    Dirk   |   |   |
""")
ONE_OF_EACH = quotas("""
    a 1 0-1
    b 1 0-1
    c 1 0-1
""")


@st.composite
def pools(
    draw: st.DrawFn, most: int = 8, asked: dict[str, tuple[str, ...]] = BUBBLES
) -> tuple[People, list[Quota], int]:
    """People, quotas and places; the quotas lie around what some panel has, so most can be met."""
    size = draw(st.integers(4, most))
    told = st.fixed_dictionaries({d: st.sampled_from([*bubbles, None]) for d, bubbles in asked.items()})
    folk = {f"p{i}": draw(told) for i in range(size)}
    places = draw(st.integers(1, size))
    panel = draw(st.permutations(sorted(folk)))[:places]
    lines = sorted({(d, b) for person in folk.values() for d, b in person.items() if b is not None})
    free = draw(st.lists(st.sampled_from(lines), unique=True, max_size=3)) if lines else []
    chosen = [line for line in lines if line not in free]
    return folk, [draw(around(sum(folk[p][d] == b for p in panel), d, b)) for d, b in chosen], places


def around(held: int, dimension: str, bubble: str) -> st.SearchStrategy[Quota]:
    """A quota line near a count; now and then one the count does not meet."""
    slack = st.sampled_from([0, 0, 0, 0, 1, 1, -1])
    return st.builds(
        lambda under, over: Quota(dimension, bubble, *sorted((max(0, held - under), max(0, held + over)))),
        slack,
        slack,
    )
