"""What a facilitator may know of the own groups: first names, languages, practical needs, buddies (promise 9)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass

from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from config import Settings
from web import rows
from web.rows import FacilitatorLink, Plan, PlanGroup, Signup
from web.rows.people import SignupState
from web.services.plans import company, current
from web.services.text.called import called


@dataclass(frozen=True, slots=True)
class SeatedPerson:
    """Somebody at the table. `needs` are sentences of the settings, among them those about food.

    `allergies` and `note` are in the person's own words.
    """

    name: str
    languages: tuple[str, ...]
    needs: tuple[str, ...]
    allergies: str
    note: str
    buddies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedTable:
    """One table; `language` is what is spoken there, `left` how many will not come after all.

    They are not on the list any more: the facilitator needs to know that a chair stays empty, not whose.
    """

    number: int
    language: str
    people: tuple[SeatedPerson, ...]
    left: int


@dataclass(frozen=True, slots=True)
class Listing:
    """The groups of one facilitator in one session, with the session for its place and dates."""

    title: str
    facilitator: str
    session: rows.TimeSlot
    groups: tuple[ListedTable, ...]


def groups_of(session: Session, link: FacilitatorLink, settings: Settings, lang: str) -> Listing:
    """The groups behind a door, in the plan as it is published now; `lang` is that of the sentences.

    Of an evening that does not take place nobody needs to know who would have come.
    """
    evening = link.session
    groups = [] if evening.called_off else _led(session, link)
    signups = seated(session, groups)
    up = current.given_up(session, evening.round.series_id)
    names, together = called(signups.values()), company.bound(session, evening.round.series_id)
    told = tuple(group_of(group, signups, up, settings, lang, names, together) for group in groups)
    return Listing(evening.round.series.title, link.facilitator.name, evening, told)


def _led(session: Session, link: FacilitatorLink) -> Sequence[PlanGroup]:
    evening = link.session
    return session.scalars(
        select(PlanGroup)
        .join(Plan, Plan.id == PlanGroup.plan_id)
        .where(
            Plan.current,
            Plan.series_id == evening.round.series_id,
            PlanGroup.session_id == evening.id,
            PlanGroup.facilitator_id == link.facilitator_id,
        )
        .options(selectinload(PlanGroup.seats))
        .order_by(PlanGroup.number)
    ).all()


def seated(session: Session, groups: Sequence[PlanGroup]) -> Mapping[int, Signup]:
    """Everybody at these tables, by id."""
    ids = [seat.signup_id for group in groups for seat in group.seats]
    return {signup.id: signup for signup in session.scalars(select(Signup).where(Signup.id.in_(ids)))}


def group_of(
    group: PlanGroup,
    signups: Mapping[int, Signup],
    up: Set[tuple[int, int]],
    settings: Settings,
    lang: str,
    names: Mapping[int, str],
    together: Mapping[int, Set[int]],
) -> ListedTable:
    """One table with its people; `signups` holds at least them, `up` who gave a chair up at which session.

    `names` says what they are called on the whole list, `together` who comes with whom.
    """
    placed = [signups[seat.signup_id] for seat in group.seats]
    gone = {one.id for one in placed if one.state == SignupState.LEFT or (one.id, group.session_id) in up}
    here = (one for one in placed if one.state == SignupState.IN and one.id not in gone)
    coming = sorted(here, key=lambda one: (one.name.casefold(), one.id))
    return ListedTable(
        number=group.number,
        language=_language(group.language, settings, lang),
        people=tuple(_person(one, coming, settings, lang, names, together.get(one.id, ())) for one in coming),
        left=len(gone),
    )


def _person(
    signup: Signup,
    table: Sequence[Signup],
    settings: Settings,
    lang: str,
    names: Mapping[int, str],
    together: Collection[int],
) -> SeatedPerson:
    buddies = [other for other in table if other.id in together]
    return SeatedPerson(
        name=names[signup.id],
        languages=tuple(_language(code, settings, lang) for code in signup.languages or ()),
        needs=tuple(_need(key, settings, lang) for key in (*(signup.needs or ()), *(signup.diet or ()))),
        allergies=signup.allergies or "",
        note=signup.note or "",
        buddies=tuple(names[buddy.id] for buddy in buddies),
    )


def _language(code: str, settings: Settings, lang: str) -> str:
    """Its name in the language of the list: who cannot read العربية still has to know that it is Arabic."""
    known = {spoken.code: spoken.name for spoken in settings.conversation}
    return Locale.parse(lang).languages.get(code) or known.get(code, code)


def _need(key: str, settings: Settings, lang: str) -> str:
    """Its sentence; of a need that left the settings its key: leaving it out could hurt somebody."""
    diets = {diet.key: diet.texts[lang] for diet in settings.diets}
    return {**diets, **{need.key: need.texts[lang] for need in settings.needs}}.get(key, key)
