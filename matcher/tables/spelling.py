"""Spellings that are one word: capitals, spaces, dashes and marks that nobody sees make no other bubble."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from unicodedata import category, normalize

_ALIKE = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | dict.fromkeys("\u2018\u2019\u02bc\u00b4`", "'")
    | {"ς": "σ"}
)
_SPACES = re.compile(r"\s+")
_AROUND = re.compile(r" ?([-/]) ?")
_NEAR = 4
"""Letters of a word from which one slip makes no other word; and how many times rarer a slip is."""
_COMPARED = 300
"""Of so many spellings the near ones are looked for: of more, every pair takes long and says little."""


def folded(text: str) -> str:
    """The form in which spellings are compared, never shown: `Lange  Laan` and `lange laan` have the same.

    Letters with and without an accent stay different letters, and so do ß and ss.
    """
    seen = "".join(sign for sign in text if sign.isascii() or (category(sign) != "Cf" and sign not in "\ufe0e\ufe0f"))
    plain = _SPACES.sub(" ", normalize("NFC", seen).translate(_ALIKE)).strip()
    return normalize("NFC", _AROUND.sub(r"\1", plain).lower())


def kept(counts: Mapping[str, int]) -> dict[str, str]:
    """Folded form -> the commonest of its spellings; of equally common ones the first by its letters."""
    best: dict[str, tuple[int, str]] = {}
    for spelling, count in counts.items():
        key = folded(spelling)
        best[key] = min(best.get(key, (1, "")), (-count, spelling)) if key in best else (-count, spelling)
    return {key: spelling for key, (_, spelling) in best.items()}


def near(counts: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Rare spellings with a common one that differs by one slip, an accent or a space: (rare, common)."""
    ordered = sorted(counts, key=lambda word: (-counts[word], word))
    forms = {word: folded(word) for word in ordered}
    for at, rare in enumerate(ordered if len(ordered) <= _COMPARED else ()):
        common = (word for word in ordered[:at] if counts[word] >= _NEAR * counts[rare])
        if found := next((word for word in common if _is_near(forms[rare], forms[word])), None):
            yield rare, found


def _is_near(one: str, other: str) -> bool:
    if bare(one).replace(" ", "") == bare(other).replace(" ", ""):
        return True
    if min(len(one), len(other)) < _NEAR or _digits(one) != _digits(other):
        return False
    words, others = one.split(), other.split()
    apart = [pair for pair in zip(words, others, strict=False) if pair[0] != pair[1]]
    # `street a` and `street b` differ on purpose.
    return (
        len(words) == len(others) and len(apart) == 1 and min(map(len, apart[0])) >= _NEAR - 1 and _one_slip(*apart[0])
    )


def bare(text: str) -> str:
    """Without accents: `cafe` for `café`."""
    return "".join(sign for sign in normalize("NFD", text) if category(sign) != "Mn")


def _digits(text: str) -> list[str]:
    return re.findall(r"\d+", text)


def _one_slip(one: str, other: str) -> bool:
    """A letter too many, too few, another one, or two that changed places."""
    shorter, longer = sorted((one, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    rest, more = shorter[at:], longer[at:]
    if len(longer) == len(shorter) + 1:
        return rest == more[1:]
    swapped = len(rest) > 1 and rest[1] + rest[0] + rest[2:] == more
    return len(longer) == len(shorter) and (rest[1:] == more[1:] or swapped)


def changed(counts: Mapping[str, int], spellings: Mapping[str, str]) -> dict[str, Counter[str]]:
    """What is kept -> the other spellings of it with how often each stands there."""
    found: dict[str, Counter[str]] = {}
    for spelling, count in counts.items():
        if (better := spellings[folded(spelling)]) != spelling:
            found.setdefault(better, Counter())[spelling] += count
    return found


def pieces(cell: str) -> list[str]:
    """The values between `|` of a cell; none of them is empty."""
    return [piece.strip() for piece in cell.split("|") if piece.strip()]


def parts(text: str, separators: Collection[str]) -> list[str]:
    """A text that holds several values without `|`, apart; brackets keep together what stands in them."""
    found, depth = [""], 0
    for sign in text:
        depth += (sign in "([") - (sign in ")]")
        if sign in separators and depth <= 0:
            found.append("")
        else:
            found[-1] += sign
    return [part.strip() for part in found if part.strip()]


def totals(cells: Iterable[tuple[str, int]]) -> Counter[str]:
    """How many people have each value, from cells that may hold several."""
    counts: Counter[str] = Counter()
    for cell, count in cells:
        for piece in set(pieces(cell)):
            counts[piece] += count
    return counts
