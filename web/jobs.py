"""What the worker does, one job each, and what a letter needs to know of the running application."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask

from web import channels, terms, world
from web.channels import Outbox
from web.replies.mailboxes import Mailbox
from web.replies.opening import mailbox_of
from web.rows import db
from web.services import known_time
from web.services.groups import offers
from web.services.messages import by_hand, receive
from web.services.messages.scheduled import clock_watch, digesting, reminding, thanking
from web.services.outbox import delivery, outages
from web.services.outbox.context import Worldly
from web.services.outbox.event_facts import Links, domain_of
from web.services.privacy import erasures, met_before, rehashing, traces
from web.services.statistics import night
from web.transaction import transaction

VAIN = "in vain"
WORKER = "worker"
"""The pulse of the worker: it says so when it does something, so that a queue that stands still is noticed too."""


def beat(app: Flask) -> None:
    """Say that the worker works. Needs an application context."""
    with transaction(db.session):
        outages.beat(db.session, WORKER, world.now())


log = logging.getLogger(__name__)


def offer_places(app: Flask) -> int:
    """Offer the places that came free to who waits. Needs an application context."""
    if not _sure():
        return 0
    vain: dict[int, str] = app.extensions.setdefault(VAIN, {})
    return offers.run(db.session, world.now(), settings=world.settings(), vault=world.vault(), vain=vain)


def read_answers(app: Flask) -> int:
    """Read what came back by mail; how many mails. Needs an application context."""
    if not _sure():
        return 0
    mailbox = inbox_of(app)
    try:
        return receive.receive(db.session, mailbox, world.now(), world.settings())
    finally:
        mailbox.close()


def remind(app: Flask) -> int:
    """Write the reminders that are due. Needs an application context."""
    if not _sure():
        return 0
    with transaction(db.session):
        return reminding.run(db.session, world.now(), world.settings())


def thank(app: Flask) -> int:
    """Write to who was there yesterday. Needs an application context."""
    if not _sure():
        return 0
    with transaction(db.session):
        return thanking.run(db.session, world.now(), world.settings(), world.vault())


def digest(app: Flask) -> int:
    """Write the morning's letters to staff. Needs an application context."""
    with transaction(db.session):
        return digesting.run(db.session, world.now(), world.settings())


def send_due(app: Flask) -> int:
    """Send the letters that are due, and clear up behind them and people. Needs an application context."""
    ways = channels.channels_of(world.settings(), app.extensions[world.SECRETS], folder_of(app))
    try:
        sent = delivery.send_due(db.session, ways, world.now, worldly(app))
    finally:
        for channel in ways.values():
            channel.close()
    if _sure():
        with transaction(db.session):
            by_hand.tidy(db.session, world.now(), worldly(app))
    traces.sweep(db.session, outbox_of(app))
    erasures.mirror(db.session, Path(app.instance_path))
    return sent


def worldly(app: Flask) -> Worldly:
    """What letters need to know of this application."""
    return Worldly(app.extensions[world.SETTINGS], links_of(app), app.extensions[world.VAULT])


def watch_clock(app: Flask) -> bool:
    """Whether it is sure what time it is; administrators hear when it is not. Needs an application context."""
    with transaction(db.session):
        return clock_watch.run(db.session, world.now())


def empty_journal(app: Flask) -> bool:
    """Let go of what was erased or changed in this minute; False while somebody reads. Needs an application context."""
    db.session.rollback()
    return traces.empty_journal(db.session)


def wipe(app: Flask, signup_id: int) -> None:
    """Erase what is left of somebody outside the rows, at once. Needs an application context."""
    traces.wipe(db.session, outbox_of(app), signup_id)


def tidy_up(app: Flask) -> None:
    """The work of a night: figures, who met yesterday, forgetting what is old. Needs an application context.

    Nothing of it is done by a clock that jumped: that waits for a night when it is sure what time it is.
    """
    rehashing.run(db.session, world.vault())
    if not watch_clock(app):
        return
    now = world.now()
    night.run(db.session, now, world.settings(), world.vault())
    met_before.run(db.session, now, world.vault())
    rules = world.settings().retention
    terms.carry_out(terms.Night(db.session, now, rules, outbox_of(app), Path(app.instance_path)))
    empty_journal(app)
    with transaction(db.session):
        known_time.believe(db.session, now)
    _clear_inbox(app, now - timedelta(weeks=rules.contact_weeks))


def _clear_inbox(app: Flask, before: datetime) -> None:
    """What is not read any more; a mailbox that does not open now is cleared another night."""
    mailbox = inbox_of(app)
    try:
        mailbox.clear(before)
    except channels.Later as fault:
        log.warning("the mailbox is not cleared tonight: %s", fault)
    finally:
        mailbox.close()


def _sure() -> bool:
    """Whether what happens by the clock may happen now."""
    return known_time.is_sure(db.session, world.now())


def outbox_of(app: Flask) -> Outbox:
    """What lies in the outbox in the instance folder."""
    return Outbox(folder_of(app))


def folder_of(app: Flask) -> Path:
    """Where letters lie that go by no server."""
    return Path(app.instance_path) / "outbox"


def inbox_of(app: Flask) -> Mailbox:
    """Where answers come in."""
    settings, secrets = app.extensions[world.SETTINGS], app.extensions[world.SECRETS]
    folder = Path(app.instance_path) / "inbox"
    return mailbox_of(settings.inbox, secrets.inbox_password, folder, domain_of(settings))


def links_of(app: Flask) -> Links:
    """Where letters lead: at BASE_URL, the address of the site."""
    site = urlsplit(app.config.get("BASE_URL") or "http://localhost")
    routes = app.url_map.bind(site.netloc, script_name=site.path or "/", url_scheme=site.scheme)

    def to(page: str, **values: object) -> str:
        address: str = routes.build(page, values, force_external=True)
        return address

    return Links(
        resident=lambda secret: to("resident.own", secret=secret),
        facilitator=lambda secret: to("facilitator.own", secret=secret),
        invitation=lambda token: to("resident.invitation", token=token),
        file=lambda token: to("resident.invitation_file", token=token),
        files=lambda token: to("resident.all_dates_file", token=token),
        quiet=lambda token: to("resident.no_reminders", token=token),
        offer=lambda token: to("resident.offer", offered=token),
        how=lambda secret: to("resident.how_was_it", key=secret),
        page=to,
        lost=to("resident.lost"),
        staff=to("organiser.home"),
    )
