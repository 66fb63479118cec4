"""What stands in the audit log and when, in words for the screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import format_date
from flask_babel import gettext as _

from web.formatting import clock
from web.world import local


def happened(what: str) -> str:
    """What was done. A kind that has no words here is shown as it is stored: nothing stays out of sight."""
    known = {
        "account_added": _("Account gemaakt"),
        "account_changed": _("Account veranderd"),
        "account_codes": _("App met codes gewist"),
        "account_off": _("Account uitgezet"),
        "account_on": _("Account weer aangezet"),
        "account_password": _("Nieuw wachtwoord gegeven"),
        "door_entered": _("Gespreksleider kwam binnen"),
        "door_shut": _("Link gesloten na foute pincodes"),
        "forget": _("Gegevens gewist na de bewaartijd"),
        "list_seen": _("Groepslijst bekeken"),
        "lock": _("Iemand vastgezet"),
        "log_exported": _("Logboek opgeslagen als bestand"),
        "move": _("Iemand verplaatst"),
        "publish": _("Indeling gepubliceerd"),
        "redo": _("Stap opnieuw gedaan"),
        "undo": _("Stap teruggedraaid"),
        "unlock": _("Iemand losgemaakt"),
    }
    return known.get(what, what)


def somebody(who: str, names: Mapping[str, str]) -> str:
    """Who did it: the name of an account, or what kind of visitor; facilitators by number, their names stay sealed."""
    kind, _colon, number = who.partition(":")
    others = {
        "resident": _("Inwoner"),
        "nightly": _("Nachtwerk"),
        "operator": _("Beheerder van de server"),
        "facilitator": _("Gespreksleider %(number)s", number=number),
        "staff": _("Account %(number)s", number=number),
    }
    return names.get(who) or others.get(kind, who)


def date(moment: datetime) -> str:
    """12 januari 2027: what lies further away needs its year."""
    return format_date(local(moment), "d MMMM y", rebase=False)


def date_and_time(moment: datetime) -> str:
    """12 jan 2027, 18.00"""
    return f"{format_date(local(moment), 'd MMM y', rebase=False)}, {clock(moment)}"
