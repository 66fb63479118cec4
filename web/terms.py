"""How long each thing is kept and what erases it: one list, which the night carries out and the pages show.

Whatever holds something about a person stands in `TERMS`, as a table or as a folder; `NOBODYS` says of every other
table why it needs no term. A table or folder that is in neither fails a test, and so does one that is not empty when
its term is long over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask_babel import LazyString, ngettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete
from sqlalchemy.orm import Session

from config import Retention, Settings
from web.channels import Outbox
from web.rows import DueLetter, upgrading
from web.services import audit, logins
from web.services.continuity import restoring
from web.services.outbox import allowance
from web.services.privacy import colleagues, erasures, retention, traces
from web.services.privacy.retention_overview import UNDATED
from web.services.signups import importing

LETTER_DAYS = 30
"""Of letters to staff, which hold numbers and links only."""
LOG_MONTHS = 12 * audit.YEARS


@dataclass(frozen=True, slots=True)
class Night:
    """What an eraser may use. Whatever it leaves uncommitted is committed after it."""

    session: Session
    now: datetime
    retention: Retention
    outbox: Outbox
    instance: Path


@dataclass(frozen=True, slots=True)
class Term:
    """One kind of data: what it is and until when in words, where it lies, and what erases it.

    `tables` are names of tables, `folders` of what lies in the instance folder. What hangs below the rows of a table is
    named too. `until` may hold the names of `_lengths`.
    """

    what: LazyString
    until: LazyString
    erase: Callable[[Night], object]
    tables: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()

    def words(self, settings: Settings) -> tuple[str, str]:
        """What it is, and until when it is kept."""
        return str(self.what), str(self.until) % _lengths(settings)


def _lengths(settings: Settings) -> Mapping[str, object]:
    """What an organisation chooses stands in words, for it may be one."""
    weeks, hours = settings.retention.contact_weeks, settings.facilitator_link.hours_after
    return {
        "weeks": ngettext("%(num)s week", "%(num)s weken", weeks),
        "undated": UNDATED.days // 7,
        "hours": ngettext("%(num)s uur", "%(num)s uur", hours),
        "months": colleagues.MONTHS,
        "days": LETTER_DAYS,
        "log": LOG_MONTHS,
        "copies": upgrading.KEPT.days,
        "marks": erasures.KEPT.days,
        "login": logins.LENGTH // timedelta(hours=1),
    }


TERMS = (
    Term(
        _l("Je aanmelding: wie je bent, je antwoorden, je tafel, of je er was, en onze berichten"),
        _l(
            "tot %(weeks)s na de laatste keer. Komt er nooit een datum? Dan tot %(undated)s weken na de laatste "
            "aanmelding"
        ),
        lambda night: retention.run(night.session, night.now, night.retention, night.outbox),
        tables=(
            *("signup", "availability", "consent", "invitation", "offer", "feed", "reply", "due_letter"),
            *("proposal", "step", "seat", "met", "pair_wish", "attendance", "table_end"),
        ),
    ),
    Term(
        _l("Berichten die als bestand op onze computer staan"),
        _l("even lang als de aanmelding, en hoogstens %(weeks)s"),
        lambda night: (
            traces.sweep(night.session, night.outbox),
            night.outbox.forget_older(night.now - timedelta(weeks=night.retention.contact_weeks)),
        ),
        folders=("outbox",),
    ),
    Term(
        _l("Mails die je ons stuurt"),
        _l(
            "tot we ze gelezen hebben. Wat een buurtwerker moet beantwoorden, bewaren we tot dat klaar is. Dat is "
            "hoogstens %(weeks)s na de laatste keer"
        ),
        lambda night: retention.forget_strays(night.session, night.now, night.retention),
        tables=("reply",),
        folders=("inbox",),
    ),
    Term(
        _l("Een lijst met aanmeldingen die een buurtwerker inleest"),
        _l("tot die is bevestigd, en hoogstens 24 uur"),
        lambda night: importing.forget_old(night.instance, night.now),
        folders=(importing.FOLDER,),
    ),
    Term(
        _l("De link en pincode waarmee een gespreksleider de lijst opent"),
        _l("tot %(hours)s na de ontmoeting"),
        lambda night: (
            retention.forget_links(night.session, night.now),
            traces.forget_lists(night.session, night.outbox),
        ),
        tables=("facilitator_link",),
        folders=("outbox",),
    ),
    Term(
        _l("In welke browser iemand van ons of een gespreksleider is ingelogd"),
        _l("tot het uitloggen, en hoogstens %(login)s uur"),
        lambda night: logins.erase_expired(night.session, night.now),
        tables=("staff_login", "facilitator_login", "spent_token"),
    ),
    Term(
        _l("Hoeveel berichten er vandaag naar een adres gingen. Het adres zelf staat er niet bij"),
        _l("tot de volgende dag"),
        lambda night: allowance.forget(night.session, night.now),
        tables=("letter_count",),
    ),
    Term(
        _l("Naam en contactgegevens van een gespreksleider"),
        _l("tot %(months)s maanden na de laatste ontmoeting"),
        lambda night: colleagues.forget_facilitators(night.session, night.now),
        tables=("facilitator", "facilitator_session", "feed", "due_letter"),
    ),
    Term(
        _l("De naam van een sleutelfiguur"),
        _l("tot %(months)s maanden nadat iemand zich via die persoon aanmeldde"),
        lambda night: colleagues.forget_contacts(night.session, night.now),
        tables=("key_contact",),
    ),
    Term(
        _l("Kopieën van alles, van voor een nieuwe versie of een teruggezette backup"),
        _l("%(copies)s dagen. Wie zich intussen laat wissen, komt niet terug als zo’n kopie wordt gebruikt"),
        lambda night: restoring.forget_replaced(night.instance, night.now),
        folders=(upgrading.COPIES,),
    ),
    Term(
        _l("Dat iemand zich liet wissen. Wie dat was, staat er niet bij"),
        _l("%(marks)s dagen, zodat geen backup iemand terugbrengt"),
        lambda night: erasures.forget_old(night.session, night.instance, night.now),
        tables=("erasure",),
    ),
    Term(
        _l("Het account van iemand die hier werkt"),
        _l("tot %(months)s maanden na het vertrek; daarna alleen nog een nummer"),
        lambda night: colleagues.forget_staff(night.session, night.now),
        tables=("staff", "staff_role", "project_staff", "web_authn"),
    ),
    Term(
        _l("Berichten aan mensen die hier werken"),
        _l("%(days)s dagen"),
        lambda night: _forget_letters_to_staff(night.session, night.now),
        tables=("due_letter",),
    ),
    Term(
        _l("Het logboek: welk account of welk nummer iets bekeek of deed. Er staan geen namen in"),
        _l("%(log)s maanden"),
        lambda night: audit.forget(night.session, night.now),
        tables=("audit_line",),
    ),
)

NOBODYS: Mapping[str, str] = {
    "audit_chain": "both ends of the log, as hashes",
    "organisation": "an organisation, in words that it publishes itself",
    "house_style": "its colour, and a logo and a picture that it publishes; an administrator changes them",
    "project": "its work, with the contact that it publishes; an administrator changes it",
    "venue": "a place",
    "series": "what an organisation does, in words that it publishes",
    "round": "a part of a series",
    "session": "a place at a time",
    "gathering": "a date",
    "plan": "figures and hashes to account for (promise 15); what names people in it goes with the people",
    "plan_group": "a table without its people",
    "figures": "counts in which nobody can be found back; the exact ones go with the people",
    "impression": "counts of which nobody knows whose they are",
    "role": "words of the program",
    "outage": "a server that does not answer",
    "pulse": "when something was last done",
    "key_in_use": "by which keys something is sealed, and never a key itself",
    "known_time": "what time it was",
}
"""Tables that hold nothing about a person -> what they hold."""
FILES: Mapping[str, str] = {
    "rebubbelen.db": "the database, whose rows have their terms",
    "rebubbelen.db-wal": "its journal, which is emptied every minute",
    "rebubbelen.db-shm": "an index of the journal",
    "limits.db": "keyed hashes of addresses that knock too often, for an hour",
    erasures.FILE: "the marks of the table erasure once more, for when that is lost",
    upgrading.MARK: "that there is a database here",
    upgrading.LOCK: "who upgrades it",
    "running.lock": "who runs on it",
    "queue.db": "numbers of what the worker has to look at",
    "queue.db-wal": "its journal",
    "queue.db-shm": "an index of that",
}
"""What else lies in the instance folder -> what that is."""


def carry_out(night: Night) -> None:
    """Erase everything of which the term is over, each kind committed by itself."""
    for term in TERMS:
        term.erase(night)
        night.session.commit()


def _forget_letters_to_staff(session: Session, now: datetime) -> None:
    old = DueLetter.staff_id.is_not(None), DueLetter.due_at < now - timedelta(days=LETTER_DAYS)
    session.execute(delete(DueLetter).where(*old))
