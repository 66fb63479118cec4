"""Offers as the worker makes them every minute: old ones end, those without a place go, and free places are offered."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Mapping, MutableMapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config import Settings
from web import letters
from web.crypto import Vault, hashed
from web.rows import Gathering, Offer, Plan, Round, Series, Signup, TimeSlot
from web.rows.invitations import OfferState
from web.rows.meetings import SeriesState
from web.rows.people import SignupState
from web.services import outbox
from web.services.groups.offers.choosing import Chooser, Need
from web.services.groups.offers.hours import dates, may_ask, until
from web.services.groups.offers.situation import Place, Situation, situation_of
from web.services.locks import lock_series
from web.services.plans import capacity, current
from web.services.plans.queue import WaitingParty
from web.services.text.tokens import new_token
from web.services.waiting import settle
from web.services.waiting.withdraw_offers import say_withdrawn, withdraw_offers

log = logging.getLogger(__name__)


def run(
    session: Session,
    now: datetime,
    *,
    settings: Settings,
    vault: Vault,
    vain: MutableMapping[int, str] | None = None,
) -> int:
    """Bring the offers of every series up to date; how many were made. Every offer is committed by itself.

    `vain` remembers from one run to the next for which series nobody could be asked, until something changes there.
    """
    _expire(session, now)
    for series in _without_plan(session):
        _settle(session, series, now)
    made = 0
    for id in [series.id for series in _running(session, now)]:
        try:
            made += _one(session, id, now, settings, vault, {} if vain is None else vain)
        except Exception as error:  # one series that cannot be looked at may not hold up the others
            session.rollback()
            log.warning("places of series %s are not offered: %s", id, type(error).__name__)
    session.commit()
    return made


def _one(
    session: Session, id: int, now: datetime, settings: Settings, vault: Vault, vain: MutableMapping[int, str]
) -> int:
    series, made = session.get_one(Series, id), 0
    _settle(session, series, now)
    _withdraw(session, series, settings, now)
    while may_ask(now) and (more := _ask(session, series, now, settings, vault, vain)):
        made += more
    return made


def _expire(session: Session, now: datetime) -> None:
    """Silence ends an offer. Who said nothing stays on the list."""
    over = Offer.state == OfferState.OPEN, Offer.until < now
    session.execute(update(Offer).where(*over).values(state=OfferState.EXPIRED, ended_at=now))
    session.commit()


def _running(session: Session, now: datetime) -> Sequence[Series]:
    """Series with a plan and dates to come."""
    coming = (
        select(Round.series_id)
        .join(TimeSlot, TimeSlot.round_id == Round.id)
        .join(Gathering, Gathering.session_id == TimeSlot.id)
        .where(Gathering.starts > now, Gathering.called_off_at.is_(None))
    )
    planned = select(Plan.series_id).where(Plan.current)
    return session.scalars(
        select(Series).where(Series.id.in_(planned), Series.id.in_(coming)).order_by(Series.id)
    ).all()


def _without_plan(session: Session) -> Sequence[Series]:
    """Series in which somebody waits before there are groups."""
    waits = select(Signup.series_id).where(Signup.state == SignupState.WAITING)
    planned = select(Plan.series_id).where(Plan.current)
    asking = Series.state.in_((SeriesState.OPEN, SeriesState.CLOSED))
    return session.scalars(
        select(Series).where(asking, Series.id.in_(waits), Series.id.not_in(planned)).order_by(Series.id)
    ).all()


def _settle(session: Session, series: Series, now: datetime) -> None:
    """Also what no service changed, as in a database of an older version, or by hand, ends right within a minute.

    It nearly always is right already, and then no writer waits for us.
    """
    if settle(session, series, now):
        session.rollback()
        lock_series(session, series.id)
        settle(session, series, now)
    session.commit()


def _withdraw(session: Session, series: Series, settings: Settings, now: datetime) -> None:
    """Take back what was offered last where there is no room for it any more; buddies together."""
    if not _too_many(session, series, settings):
        return
    lock_series(session, series.id)
    for party in _too_many(session, series, settings):
        gone = withdraw_offers(session, now, Offer.series_id == series.id, Offer.party == party)
        say_withdrawn(session, gone, now)
    session.commit()


def _too_many(session: Session, series: Series, settings: Settings) -> list[str]:
    still = Offer.series_id == series.id, Offer.state == OfferState.OPEN
    parties: dict[str, Counter[current.Table]] = {}
    new: Counter[str] = Counter()
    for offer in session.scalars(select(Offer).where(*still).order_by(Offer.id)):
        parties.setdefault(offer.party, Counter())[offer.session_id, offer.number] += 1
        new[offer.party] += not capacity.holds(session, offer.signup)
    if not parties:
        return []
    room, kept, gone = current.room(session, series, settings), Counter[current.Table](), []
    spare = _spare(session, series)
    for party, tables in parties.items():
        newcomers = new[party]
        fits = spare is None or newcomers <= spare
        if fits and all(room.left(table, kept) >= count for table, count in tables.items()):
            kept += tables
            spare = None if spare is None else spare - newcomers
        else:
            gone.append(party)
    return gone


def _spare(session: Session, series: Series) -> int | None:
    """How many more may take part if nobody was offered anything."""
    return None if series.capacity is None else series.capacity - capacity.taking(session, series)


def _ask(
    session: Session,
    series: Series,
    now: datetime,
    settings: Settings,
    vault: Vault,
    vain: MutableMapping[int, str],
) -> int:
    """Ask whoever is next, if anybody is; how many people that are."""
    seen = situation_of(session, series, settings, vault)
    if seen is None or vain.get(series.id) == seen.mark:
        return 0
    found = _next(seen, _ends(series, now, settings), settings.formats[series.format].format.size.min)
    if found is None:
        vain[series.id] = seen.mark
        return 0
    # Nobody waited while we thought. If anything changed meanwhile, the next run thinks again.
    session.rollback()
    lock_series(session, series.id)
    again = situation_of(session, series, settings, vault)
    if again is None or again.mark != seen.mark:
        session.rollback()
        return 0
    _offer(session, series, *found, now)
    session.commit()
    return len(found[1].people)


def _ends(series: Series, now: datetime, settings: Settings) -> dict[str, datetime]:
    """By session until when a place there would be offered; without those for which it is too late."""
    found = {}
    for evening in series.sessions:
        coming = dates(evening, now)
        end = until(now, coming[0].starts, settings.offers) if coming else None
        if end is not None:
            found[str(evening.id)] = end
    return found


def _next(seen: Situation, ends: Mapping[str, datetime], least: int) -> tuple[Place, WaitingParty, datetime] | None:
    """Who is asked for which table: tables with too few people first, then those that are soonest."""
    coming = {(g.session, g.number): len(g.people) for g in seen.plan.groups}
    for place, asked in seen.asked.items():
        coming[place] = coming.get(place, 0) + sum(map(len, asked))
    chooser = Chooser(seen)
    rounds: dict[int, dict[Place, Need]] = defaultdict(dict)
    for place in seen.free:
        if place[0] in ends and place in coming:
            rounds[chooser.round[place[0]]][place] = coming[place] >= least, ends[place[0]]
    for round_, places in sorted(rounds.items(), key=lambda one: min(one[1].values())):
        if found := chooser.choose(round_, places):
            place, party = found
            return place, party, ends[place[0]]
    return None


def _offer(session: Session, series: Series, place: Place, party: WaitingParty, end: datetime, now: datetime) -> None:
    """The question to each of them, with an offer of their own."""
    together = new_token()
    for person in party.people:
        token, signup = new_token(), session.get_one(Signup, int(person))
        offer = Offer(
            organisation_id=series.organisation_id,
            project_id=series.project_id,
            series_id=series.id,
            session_id=int(place[0]),
            number=place[1],
            signup_id=signup.id,
            party=together,
            token=token,
            token_hash=hashed(token),
            made_at=now,
            until=end,
        )
        # Not its number: that may be given again after an erasure, and a key says that something was sent.
        outbox.put(session, letters.places.offer, signup, offer, key=f"offer:{offer.token_hash}", now=now)
