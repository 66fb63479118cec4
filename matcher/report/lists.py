"""What stands on each sheet: all groups, those of a session ready to print, people without a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matcher.domain import Group, Participant, Problem, Session
from matcher.outcome import Reason
from matcher.report import dates
from matcher.report.groups import needs
from matcher.report.rulebook import rule_title
from matcher.report.sheets import Sheet
from matcher.words import Words

PAGE = 29
"""Rows that fit on a sheet of paper below its header."""
MOST_DATES = 8


@dataclass(frozen=True, slots=True)
class Source:
    """What every sheet is made from."""

    words: Words
    problem: Problem
    people: Mapping[str, Participant]
    names: Mapping[str, str]

    def called(self, id: str) -> str:
        """The name of somebody with the id, for two may have the same name; without a name the id."""
        name = self.names.get(id, "")
        return f"{name} ({id})" if name and name != id else id

    def columns(self, widths: Mapping[str, float]) -> list[tuple[str, float]]:
        """Columns by the key of their name."""
        return [(self.words(f"sheets.{key}"), width) for key, width in widths.items()]

    def person(self, id: str) -> Participant:
        """Somebody of the problem; of somebody unknown only the id."""
        return self.people.get(id) or Participant(id, languages=frozenset())

    def spoken(self, id: str) -> str:
        """The languages of somebody."""
        return ", ".join(self.words.name("languages", code) for code in sorted(self.person(id).languages))

    def needed(self, id: str) -> str:
        """The needs of somebody."""
        return ", ".join(sorted(self.person(id).needs))

    def buddies(self, id: str, group: Group) -> str:
        """Who in the group named them as a buddy, or was named by them."""
        named = self.person(id).buddies
        together = (b for b in group.people if b in named or (b != id and id in self.person(b).buddies))
        return ", ".join(map(self.called, together))


def overview(
    source: Source, sheet: Sheet, sessions: list[tuple[Session, list[Group]]], links: Mapping[str, str]
) -> None:
    """Every group on a row, with a link to the sheet of its session."""
    words = source.words
    rounds = {"round": 8} if source.problem.format.series == "rounds" else {}
    widths = {"session": 18, "when": 48, "where": 18, "group": 8, "people": 9, **rounds}
    columns = source.columns({**widths, "leader": 18, "language": 16, "needs": 34})
    hint = f"{source.problem.format.name}. {words('page.decide')} {words('page.decide_about')}"
    sheet.head(words, words("sheets.title"), hint, columns)
    rows = [(session, group) for session, groups in sessions for group in groups]
    for row, (session, group) in enumerate(rows, start=3):
        sheet.row(row, _overview_row(source, session, group))
        sheet.link(row, 0, links[session.id], session.id)
    people = sum(len(group.people) for _, group in rows)
    empty = [""] * (3 + len(rounds))
    sheet.row(3 + len(rows), [words("sheets.total"), "", "", len(rows), people, *empty], "total")


def _overview_row(source: Source, session: Session, group: Group) -> list[str | int]:
    words = source.words
    when, where = dates.title(words, session), dates.place(words, session)
    language = words.name("languages", group.language)
    needed = "; ".join(needs(group, source.people, source.called))
    rounds = [session.round] if source.problem.format.series == "rounds" else []
    return [
        "",
        when,
        where,
        group.number,
        len(group.people),
        *rounds,
        source.called(group.facilitator),
        language,
        needed,
    ]


def session(source: Source, sheet: Sheet, session: Session, groups: list[Group]) -> None:
    """The groups of one session as blocks, with a box to tick for every date."""
    words = source.words
    ticks = [words("sheets.present")]
    if len(session.starts) > 1:
        ticks = [dates.short_day(words, start) for start in session.starts[:MOST_DATES]]
    widths = {"group": 9, "number": 6, "person": 20, "languages": 28, "needs": 28, "buddy": 22}
    columns = source.columns(widths) + [(tick, 11.0) for tick in ticks]
    sheet.head(words, _title(words, session), _subtitle(source, session, groups), columns)
    row, page, breaks = 3, 3, []
    for group in groups:
        if row > page and row + len(group.people) >= page + PAGE:
            breaks.append(row)
            page = row
        _block(source, sheet, row, group, len(ticks))
        row += len(group.people) + 2
    sheet.leaf.set_h_pagebreaks(breaks)


def _title(words: Words, session: Session) -> str:
    return " – ".join(filter(None, [dates.title(words, session), dates.place(words, session)]))


def _subtitle(source: Source, session: Session, groups: list[Group]) -> str:
    words, rounds = source.words, source.problem.format.series == "rounds"
    number = [words("groups.round", number=session.round)] if rounds else []
    people = sum(len(g.people) for g in groups)
    counts = [words("groups.summary", len(groups)), words("groups.persons", people)]
    return " · ".join([*number, *counts, words("groups.session", id=session.id)])


def _block(source: Source, sheet: Sheet, row: int, group: Group, ticks: int) -> None:
    """One group: a line about it, and a line per member."""
    words = source.words
    language = words.name("languages", group.language)
    head = [words("sheets.block", group=group.number)]
    head += [words("sheets.led", leader=source.called(group.facilitator))] if group.facilitator else []
    head += [words("sheets.spoken", language=language)] if group.language else []
    head += [words("groups.persons", len(group.people))]
    sheet.row(row, [" · ".join(head)] + [""] * (5 + ticks), "block")
    for i, id in enumerate(group.people, start=1):
        told = [source.called(id), source.spoken(id), source.needed(id), source.buddies(id, group)]
        sheet.row(row + i, [group.number, i, *told])
        for tick in range(ticks):
            sheet.leaf.write_blank(row + i, 6 + tick, None, sheet.style["box"])


def waiting(source: Source, sheet: Sheet, found: list[Reason]) -> None:
    """Everybody without a place, with the reason as far as a list on paper may tell it."""
    words = source.words
    columns = source.columns({"person": 16, "languages": 20, "needs": 20, "why": 48, "help": 48})
    hint = words("waiting.intro", len(found)) if found else words("sheets.nobody")
    sheet.head(words, words("sheets.waiting_title"), hint, columns)
    bubbles = {b.casefold() for p in source.problem.people for held in p.bubbles.values() for b in held}
    for row, reason in enumerate(found, start=3):
        id = reason.person
        said = _discreet(words, reason, bubbles)
        sheet.row(row, [source.called(id), source.spoken(id), source.needed(id), *said])


def _discreet(words: Words, reason: Reason, bubbles: set[str]) -> tuple[str, str]:
    """Why and what helps, or only the rule where that would tell something personal: this list may lie on a table.

    A need, a session or a language may go by the same word as somebody's bubble.
    """
    messages = reason.why, reason.help
    if not any(m.personal or any(name.code.casefold() in bubbles for name in m.named()) for m in messages):
        return words.say(reason.why), words.say(reason.help)
    rule = rule_title(words, reason.rule.partition(":")[0]) if reason.rule else words("waiting.other")
    return words("sheets.secret_reason", rule=rule), ""
