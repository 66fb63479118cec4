"""The figures of the night: taken once, kept, and shown until the next night; no page counts people by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, load_only, selectinload

from config import Settings
from config.dimensions import Dimension
from web.crypto import Vault
from web.pictures import Cell
from web.rows import (
    Availability,
    Figures,
    Gathering,
    Impression,
    KeyContact,
    Project,
    Round,
    Series,
    Signup,
    TimeSlot,
)
from web.rows.invitations import MOODS
from web.rows.people import SignupState
from web.services.statistics.protected import alone, protected
from web.services.statistics.tallies import SILENT, Arrival, Tally, enough, renewed

CONTACTS, FACES, TIMES = "contacts", "faces", "times"
OWN = "web"
"""The channel of who signed up themselves; by every other staff typed them over."""


def of_dimension(key: str) -> str:
    """The subject of a dimension."""
    return f"dimension:{key}"


@dataclass(frozen=True, slots=True)
class _Night:
    """Whose figures are taken, when, by which rules, and with which key the offsets are drawn."""

    session: Session
    project: Project
    series: Series | None
    now: datetime
    settings: Settings
    vault: Vault

    def row(self, subject: str) -> Figures:
        """What was taken before, or a new row."""
        here = Figures.project_id == self.project.id, Figures.subject == subject
        series = Figures.series_id.is_(None) if self.series is None else Figures.series_id == self.series.id
        found = self.session.scalars(select(Figures).where(*here, series)).one_or_none()
        return found or Figures(
            organisation_id=self.project.organisation_id,
            project_id=self.project.id,
            series_id=self.series.id if self.series else None,
            subject=subject,
            people=0,
            batch=0,
            small=0,
            step=0,
            shown=[],
            state=None,
        )

    def offset(self, row: Figures, key: str) -> int:
        """What is added to a number before it is rounded: the same for one batch, and nobody can work it out."""
        where = f"{self.project.id}:{row.series_id or ''}:{row.subject}:{key}:{row.batch}"
        return int(self.vault.fingerprint("figures", where)[:12], 16) % self.settings.round_to

    def keep(
        self, row: Figures, state: object, keys: Sequence[str], numbers: Sequence[int], people: int, **how: bool
    ) -> None:
        """Take the figures of a subject anew, if anything that may be told of came, or the rules changed."""
        settings = self.settings
        rules = settings.small_cell, settings.round_to
        if state != row.state or (row.small, row.step) != rules or [one[0] for one in row.shown] != list(keys):
            row.batch += state != row.state
            row.small, row.step, row.state, row.people = *rules, state, people
            row.shown = self._shown(row, keys, numbers, people, **how)
        row.taken_at = self.now
        self.session.add(row)

    def _shown(
        self,
        row: Figures,
        keys: Sequence[str],
        numbers: Sequence[int],
        people: int,
        *,
        whole: bool = True,
        overlapping: bool = False,
    ) -> list[list[str | int | None]]:
        offsets = [self.offset(row, key) for key in keys]
        rules = {"small": row.small, "step": row.step}
        cells: Iterable[Cell] = (
            protected(numbers, offsets, people, overlapping=overlapping, **rules)
            if whole
            else (alone(*pair, **rules) for pair in zip(numbers, offsets, strict=True))
        )
        return [[key, cell.text, cell.value] for key, cell in zip(keys, cells, strict=True)]


def run(session: Session, now: datetime, settings: Settings, vault: Vault) -> None:
    """Take the figures of every series that still has people, and of every project, each committed by itself."""
    for series in session.scalars(select(Series).where(Series.id.in_(select(Signup.series_id)))).all():
        night = _Night(session, series.project, series, now, settings, vault)
        _dimensions(night, series)
        _times(night, series)
        session.commit()
    for series in session.scalars(select(Series).where(Series.id.in_(_impressed()))).all():
        _faces(_Night(session, series.project, series, now, settings, vault), series)
        session.commit()
    for project in session.scalars(select(Project).where(Project.id.in_(select(KeyContact.project_id)))).all():
        _contacts(_Night(session, project, None, now, settings, vault))
        session.commit()


def _dimensions(night: _Night, series: Series) -> None:
    asked = [dimension for dimension in night.settings.dimensions if not dimension.special]
    rows = {dimension.key: night.row(of_dimension(dimension.key)) for dimension in asked}
    tallies = {key: Tally.read(row.state) for key, row in rows.items()}
    first = min((min(tally.own.upto, tally.staff.upto) for tally in tallies.values()), default=0)
    people = list(_people(night.session, series, first))
    for dimension in asked:
        before, arrivals = tallies[dimension.key], (_arrival(*one, dimension) for one in people)
        after = renewed(before, arrivals, night.settings.small_cell)
        keys = [*(bubble.key for bubble in dimension.bubbles), SILENT]
        numbers = [after.counts.get(key, 0) for key in keys]
        night.keep(rows[dimension.key], after.stored(), keys, numbers, after.people, overlapping=dimension.several)


def _people(session: Session, series: Series, first: int) -> Iterator[tuple[Signup, Mapping[str, Sequence[str]]]]:
    """Everybody after row `first`, also who waits or left: what somebody takes part in must not sway a figure."""
    found = session.scalars(
        select(Signup)
        .where(Signup.series_id == series.id, Signup.id > first)
        .options(load_only(Signup.channel, Signup.bubbles), selectinload(Signup.consents))
        .execution_options(yield_per=500)
    )
    for signup in found:
        yield signup, signup.usable_bubbles


def _arrival(signup: Signup, told: Mapping[str, Sequence[str]], dimension: Dimension) -> Arrival:
    known = {bubble.key for bubble in dimension.bubbles}
    return Arrival(signup.id, signup.channel != OWN, frozenset(told.get(dimension.key, ())) & known)


def _times(night: _Night, series: Series) -> None:
    """Who can come when: staff sees that of everybody by name, so these numbers follow whoever takes part."""
    able = dict(
        night.session.execute(
            select(Availability.session_id, func.count())
            .join(Signup)
            .where(Signup.series_id == series.id, Signup.state != SignupState.LEFT)
            .group_by(Availability.session_id)
        ).all()
    )
    keys = [str(row.id) for row in series.sessions if not row.called_off]
    numbers = [able.get(int(key), 0) for key in keys]
    night.keep(night.row(TIMES), dict(zip(keys, numbers, strict=True)), keys, numbers, 0, whole=False)


def _impressed() -> Select[int]:
    return (
        select(Round.series_id)
        .join(TimeSlot, TimeSlot.round_id == Round.id)
        .join(Gathering, Gathering.session_id == TimeSlot.id)
        .join(Impression, Impression.gathering_id == Gathering.id)
    )


def _faces(night: _Night, series: Series) -> None:
    """How it was, over the whole series: per date whoever knows who was there could take two figures from each other.

    Nothing says in which order the answers came, so all of them are counted anew as soon as enough came.
    """
    found = night.session.execute(
        select(Impression.mood, func.sum(Impression.count))
        .join(Gathering, Gathering.id == Impression.gathering_id)
        .join(TimeSlot, TimeSlot.id == Gathering.session_id)
        .join(Round, Round.id == TimeSlot.round_id)
        .where(Round.series_id == series.id)
        .group_by(Impression.mood)
    ).all()
    row, counts = night.row(FACES), {mood: int(count) for mood, count in found}
    known = row.state or {}
    before, people = sum(known.values()), sum(counts.values())
    if not enough(people - before, before, night.settings.small_cell):
        counts, people = known, before
    night.keep(row, counts, MOODS, [counts.get(mood, 0) for mood in MOODS], people)


def _contacts(night: _Night) -> None:
    row = night.row(CONTACTS)
    tally = Tally.read(row.state)
    first = min(tally.own.upto, tally.staff.upto)
    found = night.session.execute(
        select(Signup.id, Signup.channel, Signup.key_contact_id).where(
            Signup.project_id == night.project.id, Signup.id > first
        )
    ).all()
    arrivals = (
        Arrival(id, channel != OWN, frozenset() if contact is None else frozenset({str(contact)}))
        for id, channel, contact in found
    )
    after = renewed(tally, arrivals, night.settings.small_cell)
    contacts = night.session.scalars(
        select(KeyContact.id).where(KeyContact.project_id == night.project.id).order_by(KeyContact.id)
    ).all()
    keys = [*map(str, contacts), SILENT]
    gone = sum(count for key, count in after.counts.items() if key not in keys)
    numbers = [after.counts.get(key, 0) for key in keys]
    # Whoever came by somebody who is no key contact any more is in no other cell.
    numbers[-1] += gone
    night.keep(row, after.stored(), keys, numbers, after.people)
