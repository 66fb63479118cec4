"""People in thousands: respondents of the example drawn again and again, sessions and facilitators in proportion.

Source: examples/anes96 (944 people who answered a survey in 1996). Who wants to sit with whom, and who would rather not
(4% and 2% of the people), is drawn anew.
"""

from __future__ import annotations

import csv
import math
import random
from pathlib import Path

from matcher.bench.problems import EXAMPLES

Row = dict[str, str]
VENUES, FILL, GROUP, EVENINGS = 3, 0.95, 8, 3
"""Venues an evening, how many of the seats are wanted, people in a group, evenings of a facilitator."""
MORE = 1.15
"""Facilitators of an evening, for one group."""


def grow(people: int, folder: Path, seed: int = 1) -> None:
    """Write people.csv, sessions.csv, facilitators.csv and format.toml into a folder; the same ones for a seed."""
    folder.mkdir(parents=True, exist_ok=True)
    random_ = random.Random(seed)
    rooms = _read("sessions")
    evening = {room["id"]: room["start"] for room in rooms}
    times = sorted(set(evening.values()))
    drawn = [dict(random_.choice(_PEOPLE)) for _ in range(people)]
    when = [{evening[s] for s in row["sessions"].split("|") if s} or set(times) for row in drawn]
    _pair(drawn, when, random_)
    made = _sessions(people, {t: sum(t in mine for mine in when) for t in times}, rooms)
    at = {t: [room["id"] for room in made if room["start"] == t] for t in times}
    for row, mine in zip(drawn, when, strict=True):
        row["sessions"] = "|".join(s for t in times if t in mine for s in at[t])
    _write(folder, "people", drawn)
    _write(folder, "sessions", made)
    _write(folder, "facilitators", _facilitators(made, at))
    (folder / "format.toml").write_bytes((EXAMPLES / "anes96" / "format.toml").read_bytes())


def _read(name: str) -> list[Row]:
    with (EXAMPLES / "anes96" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


_PEOPLE = _read("people")


def _write(folder: Path, name: str, rows: list[Row]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _pair(drawn: list[Row], when: list[set[str]], random_: random.Random) -> None:
    """New ids, and pairs of people who want each other or do not."""
    for number, row in enumerate(drawn):
        row |= {"id": f"p{number:06d}", "buddies": "", "apart": ""}
    for column, share in (("buddies", 0.02), ("apart", 0.01)):
        for _ in range(int(len(drawn) * share)):
            a, b = random_.sample(range(len(drawn)), 2)
            drawn[a][column] = drawn[b]["id"]
            if column == "buddies":
                drawn[b] |= {"buddies": drawn[a]["id"], "languages": drawn[a]["languages"]}
                when[b] = when[a]


def _sessions(people: int, wanted: dict[str, int], rooms: list[Row]) -> list[Row]:
    """Every evening in some venues, with groups as it is wanted; the last venue has steps."""
    total, made = math.ceil(people / (GROUP * FILL)), []
    for time, many in wanted.items():
        groups = max(VENUES, round(total * many / sum(wanted.values())))
        for v in range(VENUES):
            room = dict(next(r for r in rooms if r["start"] == time))
            mine = groups // VENUES + (v < groups % VENUES)
            room |= {"id": f"{time[5:10]}-{v}", "groups": str(mine), "seats": str(GROUP * mine), "venue": f"venue{v}"}
            made.append(room | {"access": "wheelchair" if v < VENUES - 1 else ""})
    return made


def _facilitators(made: list[Row], at: dict[str, list[str]]) -> list[Row]:
    """As many as it takes, each on the evenings that want them most."""
    leaders, team = _read("facilitators"), list[Row]()
    need = {t: math.ceil(MORE * sum(int(r["groups"]) for r in made if r["start"] == t)) for t in at}
    have = dict.fromkeys(at, 0)
    while any(have[t] < need[t] for t in at):
        mine = sorted(at, key=lambda t: (have[t] - need[t], t))[:EVENINGS]
        for t in mine:
            have[t] += 1
        sessions = "|".join(s for t in mine for s in at[t])
        told = {"id": f"f{len(team):05d}", "sessions": sessions, "max_groups": str(EVENINGS)}
        team.append(leaders[len(team) % len(leaders)] | told)
    return team
