"""Lists of people as community workers keep them: a realistic workbook of sixty, and small ones."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from random import Random
from typing import Any

from openpyxl import Workbook

HEADER = ["Voornaam", "Bereik", "E-mail", "Telefoon", "Via", "Tijden"]
BART = ["Bart", "email", "bart@voorbeeld.example", "", "", "1|2"]

NAMES = re.findall(
    r"\S+",
    "Aïsha Ahmed Anja Ans Bilal Bram Carla Cees Chaima Corrie Daan Dina Eef Elif Emre Fenna Fouad Gerda Hassan Hilde "
    "Ibrahim Ingrid Jaap Jamila Jan Janneke Johan Karim Kees Khadija Lars Leyla Lidia Loes Maria Mehmet Mieke Mo Nadia "
    "Nico Noor Olga Omar Paula Piet Rachid Ria Rob Salma Sanne Selma Sjoerd Tatjana Theo Truus Wim Yara Yusuf Zeynep "
    "Zoë",
)
LONG_HEADER = [
    *HEADER,
    "Liever",
    "Talen",
    "Behoeften",
    "Opmerking",
    "Interesses",
    "Hoe oud ben je?",
    "Met wie woon je?",
    "Wat doe je op een gewone dag?",
    "Maatje",
    "Toestemming kringen",
    "Toestemming volgende keer",
    "Kanaal",
]
AGES = ["15 tot en met 25 jaar", "26 tot en met 40 jaar", "41 tot en met 60 jaar", "61 tot en met 75 jaar", "76-plus"]
HOMES = ["Ik woon alleen", "Met mijn partner", "Met kinderen", "Anders, bijvoorbeeld met huisgenoten", ""]
DAYS = ["Ik heb betaald werk", "work | volunteer", "Ik ben met pensioen", "home", "study"]


def table(*rows: Sequence[str], header: Sequence[str] = HEADER, separator: str = ";") -> str:
    """A CSV as text."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows([header, *rows])
    return text.getvalue()


def workbook(rows: Sequence[Sequence[Any]], merges: Sequence[str] = ()) -> bytes:
    """An .xlsx with one sheet; text that begins with `=` is a formula."""
    book, data = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))
    for merge in merges:
        book.active.merge_cells(merge)
    book.save(data)
    return data.getvalue()


def sixty(count: int = 60) -> bytes:
    """Sixty neighbours with skewed answers; numbers as Excel mangles them, blank rows, and capitals as they come."""
    chance = Random(60)
    rows: list[list[Any]] = [LONG_HEADER]
    for number in range(count):
        if number % 25 == 20:
            rows.append([None] * len(LONG_HEADER))
        rows.append(_neighbour(NAMES[number % len(NAMES)], number, chance))
    return workbook(rows)


def _neighbour(name: str, number: int, chance: Random) -> list[Any]:
    reach = chance.choice(["email", "E-mail", "sms", "Bellen", "via", "brief"])
    way = {"sms": ["", 612345000 + number, ""], "Bellen": ["", 31612345000 + number, ""]}.get(reach)
    if way is None:
        by_mail = reach.lower() in ("email", "e-mail")
        way = [f"buur{number}@voorbeeld.example", "", ""] if by_mail else ["", "", "balie De Brink"]
    told = [chance.choice(AGES), chance.choice(HOMES), chance.choice(DAYS)]
    return [
        name,
        reach,
        *way,
        chance.choice(["", "1", "1|2", "2; 3", "1|2|3"]),
        "",
        chance.choice(["", "nl", "Nederlands | English", "ar;nl", "tr"]),
        chance.choice(["", "", "", "Ik gebruik een rolstoel of rollator", "childcare | transport"]),
        chance.choice(["", "", "komt met de buurvrouw"]),
        chance.choice(["", "Koken", "koken, muziek", "Wandelen | Sport"]),
        *told,
        "",
        chance.choice(["ja", "Ja", "x", "nee", ""]),
        chance.choice(["ja", "nee", ""]),
        chance.choice(["papier", "telefoon", ""]),
    ]
