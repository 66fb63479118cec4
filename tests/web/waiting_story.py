"""A story of a waiting list, told by dice: what may happen in it, and what has to hold after every step."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy.orm import defer

from tests.web import cast as casting
from tests.web.cast import Cast
from web import world
from web.rows import DueLetter, Invitation, Offer, Proposal, Series, Signup, Staff, Step, TimeSlot, db
from web.rows.groups import ProposalState
from web.rows.invitations import InvitationState, OfferState, Partstat
from web.rows.meetings import SeriesState
from web.rows.messages import LetterState
from web.rows.people import SignupState, sealed_except
from web.services import signups
from web.services.groups import offers, publishing
from web.services.invitations.rsvp import answer
from web.services.plans import capacity, current, queue
from web.services.privacy import erase
from web.services.schedule import manage
from web.services.schedule.manage import CapacityBelow, Outline
from web.services.signups import buddies
from web.transaction import transaction

Party = frozenset[int]


@dataclass
class Story:
    """One series on one evening, everybody can come, and nothing about anybody speaks against any table.

    Needs an application context.
    """

    app: Flask
    cast: Cast
    dice: random.Random
    names: int = 0
    agreed: set[tuple[int, int]] = field(default_factory=set)
    """Who named whom, and heard yes."""

    def __post_init__(self) -> None:
        self.evening = self.cast.sessions[0]
        self.series.capacity = self.dice.choice([None, 2, 3, 5])
        db.session.get_one(TimeSlot, self.evening).seats = self.dice.choice([None, 3, 5])
        db.session.commit()

    @property
    def series(self) -> Series:
        return db.session.get_one(Series, self.cast.series)

    def everybody(self, *states: str) -> list[Signup]:
        # What is sealed has no part in this, and takes long to open.
        sealed = (defer(column) for column in sealed_except("name"))
        found = db.session.query(Signup).filter_by(series_id=self.cast.series).options(*sealed).order_by(Signup.id)
        return [one for one in found if not states or one.state in states]

    def somebody(self, *states: str) -> Signup | None:
        found = self.everybody(*states)
        return self.dice.choice(found) if found else None

    # What happens

    def signs_up(self) -> None:
        self.names += 1
        friend = self.somebody(SignupState.WAITING, SignupState.IN) if self.dice.random() < 0.3 else None
        told = {"bubbles": {}, "sessions": frozenset({self.evening}), "buddy": friend.code if friend else ""}
        waited = queue.waiting(db.session, self.series)
        open_ = self.series.state == SeriesState.OPEN
        try:
            new = casting.sign_up(self.app, self.cast, f"W{self.names}", **told).signup
        except signups.NotOpen:
            assert not open_
            return
        overtook = any(len(party.people) == 1 for party in waited)
        assert new.state == SignupState.WAITING or not overtook, "a newcomer went before who waited"

    def answers_who_named_them(self) -> None:
        """Yes or no to one of those who would like to sit with somebody; the last word counts."""
        asked = [(one, friend) for one in self.everybody() for friend in self.everybody() if friend.buddy_id == one.id]
        if asked:
            one, friend = self.dice.choice(asked)
            yes = self.dice.random() < 0.7
            with transaction(db.session):
                buddies.answer(db.session, one, friend.code, yes, now=world.now())
            self.agreed.discard((friend.id, one.id))
            self.agreed |= {(friend.id, one.id)} if yes else set()

    def leaves(self) -> None:
        if one := self.somebody(SignupState.IN, SignupState.WAITING):
            with transaction(db.session):
                signups.leave(db.session, one, now=world.now())

    def returns(self) -> None:
        back = capacity.gave_back(db.session, self.cast.series)
        found = [one for one in self.everybody() if one.state == SignupState.LEFT or one.id in back]
        if found:
            one = self.dice.choice(found)
            try:
                with transaction(db.session):
                    signups.come_back(db.session, one, now=world.now(), settings=world.settings())
            except signups.NotOpen:
                assert self.series.state != SeriesState.OPEN

    def is_erased(self) -> None:
        if one := self.somebody():
            # The number may be given again.
            self.agreed = {two for two in self.agreed if one.id not in two}
            with transaction(db.session):
                erase.erase(db.session, one, world.vault(), now=world.now())

    def has_other_capacity(self) -> None:
        series, wanted = self.series, self.dice.choice([None, 1, 2, 3, 4, 6, 8])
        outline = Outline(series.title, series.intro, series.format, wanted, None)
        taking = capacity.taking(db.session, series)
        try:
            with transaction(db.session):
                manage.update(db.session, series, outline, by=self._amina(), now=world.now())
        except CapacityBelow:
            assert wanted is not None and wanted < taking
        except manage.NotFromHere:
            assert series.state != SeriesState.OPEN

    def is_published(self) -> None:
        """New groups of some of those who may be in them, by hand."""
        able = [str(id) for id in queue.candidates(db.session, self.series)]
        self.dice.shuffle(able)
        evening = db.session.get_one(TimeSlot, self.evening)
        most = min(8, evening.seats or 8, len(able))
        seats = sorted(able[: self.dice.randint(min(1, most), most)])
        if not seats:
            return
        publish_by_hand(self.app, self.cast, self.evening, list(map(int, seats)))
        self._everybody_heard()

    def worker_runs(self) -> None:
        before = {offer.id for offer in self.open_offers()}
        could = self._could_be_asked()
        offers.run(db.session, world.now(), settings=world.settings(), vault=world.vault())
        new = [offer for offer in self.open_offers() if offer.id not in before]
        asked = {offer.signup_id for offer in new}
        for party in could:
            if asked & party:
                break
            assert not asked, f"{sorted(party)} were first, and {sorted(asked)} were asked"
        assert not self._could_be_asked(), "a place is free, and somebody who could take it is not asked"

    def post_goes_out(self) -> None:
        db.session.query(DueLetter).update({DueLetter.state: LetterState.SENT})
        db.session.commit()

    def says_yes_to_an_offer(self) -> None:
        self._decides(offers.accept)

    def says_no_to_an_offer(self) -> None:
        self._decides(offers.decline)

    def is_silent(self) -> None:
        self.app.extensions["clock"].forward(days=1, seconds=1)

    def says_no_to_an_invitation(self) -> None:
        self._answers(Partstat.DECLINED)

    def says_yes_to_an_invitation(self) -> None:
        self._answers(Partstat.ACCEPTED)

    def closes(self) -> None:
        state = SeriesState.CLOSED if self.series.state == SeriesState.OPEN else SeriesState.OPEN
        with transaction(db.session):
            manage.to_state(db.session, self.series, state, by=self._amina(), now=world.now())

    # What has to hold

    def holds(self) -> None:
        series = self.series
        holding = {one.id for one in self.everybody(SignupState.IN)} - capacity.gave_back(db.session, series.id)
        waiting = {one.id for one in self.everybody(SignupState.WAITING)}
        asked = {offer.signup_id for offer in self.open_offers()}
        assert asked <= waiting, "who is asked waits"
        if series.capacity is not None:
            assert len(holding) <= series.capacity
        seats = {seat.signup_id for group in current.groups_of(db.session, series.id) for seat in group.seats}
        if current.plan_of(db.session, series) is None:
            self._nobody_waits_in_vain(series, holding)
            self._who_moved_up_hears(holding)
        else:
            assert holding <= seats, "who takes part has a seat"
            assert not waiting & seats, "who has a seat does not wait"
            self._chairs_suffice()
        assert sorted(queue.in_order(db.session, series)) == sorted(waiting)

    def open_offers(self) -> list[Offer]:
        return db.session.query(Offer).filter_by(series_id=self.cast.series, state=OfferState.OPEN).all()

    def parties(self) -> list[Party]:
        """Who waits, as parties in order: an oracle of its own, by joining sets until nothing changes."""
        rows = {one.id: one for one in self.everybody(SignupState.WAITING)}
        sets: list[set[int]] = [{id} for id in rows]
        for id, friend in self.agreed:
            if id in rows and friend in rows and rows[id].buddy_id == friend:
                one = next(s for s in sets if id in s)
                other = next(s for s in sets if friend in s)
                if one is not other:
                    one |= other
                    sets.remove(other)
        rank = {id: (-row.priority, row.number) for id, row in rows.items()}
        return [frozenset(party) for party in sorted(sets, key=lambda party: min(rank[id] for id in party))]

    def _nobody_waits_in_vain(self, series: Series, holding: set[int]) -> None:
        left = 10**6 if series.capacity is None else series.capacity - len(holding)
        assert all(len(party) > left for party in self.parties()), "a place is free, and somebody waits"

    def _who_moved_up_hears(self, holding: set[int]) -> None:
        """Whoever heard that they wait, and takes part now, hears that too."""
        for letter in db.session.query(DueLetter).filter_by(kind="moved_up"):
            assert letter.signup_id in holding or db.session.get_one(Signup, letter.signup_id).state != SignupState.IN

    def _everybody_heard(self) -> None:
        """After publishing: no place, and it was said; to who waited already as to who waits since now."""
        kinds = ("waiting", "cancelled")
        for one in self.everybody(SignupState.WAITING):
            found = db.session.query(DueLetter).filter(DueLetter.signup_id == one.id, DueLetter.kind.in_(kinds)).count()
            assert found, f"{one.name} has no place and heard nothing"

    def _chairs_suffice(self) -> None:
        taken, asked = current.taken(db.session, self.cast.series), current.offered(db.session, self.cast.series)
        assert all(count + asked[table] <= 8 for table, count in taken.items())

    def _could_be_asked(self) -> list[Party]:
        """Who could be asked now for some table, in order, counted anew from the rows."""
        series = self.series
        if current.plan_of(db.session, series) is None:
            return []
        thinking = {offer.signup_id for offer in self.open_offers()}
        free, left = current.free(db.session, series, world.settings()), capacity.left(db.session, series)
        no = {
            (offer.signup_id, offer.session_id, offer.number)
            for offer in db.session.query(Offer).filter(Offer.state.in_((OfferState.DECLINED, OfferState.EXPIRED)))
        }
        groups, up = current.groups_of(db.session, series.id), current.given_up(db.session, series.id)
        here = {one.id for one in self.everybody(SignupState.IN)}
        seated = {(group.session_id, group.number): {seat.signup_id for seat in group.seats} for group in groups}

        def fits(party: Party, table: tuple[int, int]) -> bool:
            # A table that everybody left is none any more.
            comes = any(id in here and (id, table[0]) not in up for id in seated[table])
            return comes and len(party) <= free[table] and not any((id, *table) in no for id in party)

        found = []
        for party in self.parties():
            if party & thinking or (left is not None and len(party) > left):
                continue
            if any(fits(party, table) and self._with_friends(party, table, seated) for table in free):
                found.append(party)
        return found

    def _with_friends(self, party: Party, table: tuple[int, int], seated: dict[tuple[int, int], set[int]]) -> bool:
        """Nobody is asked for a table away from a buddy who sits elsewhere."""
        rows = {one.id: one for one in self.everybody()}
        pairs = {(a, b) for a, b in self.agreed if a in rows and rows[a].buddy_id == b}
        friends = {b for a, b in pairs if a in party} | {a for a, b in pairs if b in party}
        return not any(friends & people for other, people in seated.items() if other != table)

    # How

    def _amina(self) -> Staff:
        return db.session.get_one(Staff, self.cast.amina)

    def _decides(self, decide: object) -> None:
        if found := self.open_offers():
            try:
                with transaction(db.session):
                    decide(db.session, self.dice.choice(found), now=world.now(), settings=world.settings())  # type: ignore[operator]
            except offers.OfferOver:
                pass

    def _answers(self, partstat: Partstat) -> None:
        found = db.session.query(Invitation).filter_by(state=InvitationState.ON).order_by(Invitation.id).all()
        if found:
            try:
                with transaction(db.session):
                    told = {"by": "page", "now": world.now(), "settings": world.settings()}
                    answer.answer(db.session, self.dice.choice(found), partstat, **told)
            except answer.PlaceGone:
                pass


def publish_by_hand(app: Flask, cast: Cast, evening: int, people: list[int]) -> None:
    """New groups: these people at one table, whatever rules say about that. Needs an application context."""
    publish_tables(app, cast, {(evening, 1): people})


def publish_tables(app: Flask, cast: Cast, tables: dict[tuple[int, int], list[int]]) -> None:
    """New groups: session and number of each table, with who sits there. Needs an application context."""
    groups = [
        {"session": str(evening), "number": number, "people": [str(id) for id in sorted(people)], "language": "nl"}
        for (evening, number), people in tables.items()
    ]
    board = {"groups": groups, "locks": []}
    proposal = Proposal(
        organisation_id=cast.organisation,
        project_id=cast.project,
        series_id=cast.series,
        status=ProposalState.DONE,
        asked_at=world.now(),
        asked_by=cast.amina,
        seed=1,
        seconds=1.0,
        config_hash="",
        steps=[Step(position=0, kind="found", board=board, at=world.now())],
    )
    db.session.add(proposal)
    db.session.commit()
    with transaction(db.session):
        publishing.publish(
            db.session,
            proposal,
            by=db.session.get_one(Staff, cast.amina),
            now=world.now(),
            version=0,
            reason="zo is het goed",
            settings=world.settings(),
            vault=world.vault(),
        )


STEPS = (
    *[Story.signs_up] * 6,
    *[Story.answers_who_named_them] * 3,
    *[Story.leaves] * 3,
    *[Story.returns] * 2,
    Story.is_erased,
    *[Story.has_other_capacity] * 2,
    *[Story.is_published] * 2,
    *[Story.worker_runs] * 4,
    Story.post_goes_out,
    *[Story.says_yes_to_an_offer] * 2,
    Story.says_no_to_an_offer,
    Story.is_silent,
    *[Story.says_no_to_an_invitation] * 2,
    Story.says_yes_to_an_invitation,
    Story.closes,
)
"""What may happen, as often as dice should choose it."""
