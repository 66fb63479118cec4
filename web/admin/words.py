"""What stands in the audit log and when, in words for the screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from web.formatting import clock
from web.world import local

KINDS = {
    "account_added": _l("Account gemaakt"),
    "account_changed": _l("Account veranderd"),
    "account_codes": _l("App met codes gewist"),
    "account_off": _l("Account uitgezet"),
    "account_on": _l("Account weer aangezet"),
    "account_password": _l("Nieuw wachtwoord gegeven"),
    "add contact": _l("Sleutelfiguur toegevoegd"),
    "add signup": _l("Iemand aangemeld"),
    "add session": _l("Tijd toegevoegd"),
    "answer for somebody": _l("Antwoord ingevuld voor iemand"),
    "answer reply": _l("Mail met een antwoord afgehandeld"),
    "arrived": _l("Genoteerd dat een bericht aankwam"),
    "bubbles closed": _l("Kringen niet meer zichtbaar gemaakt"),
    "bubbles opened": _l("Kringen zichtbaar gemaakt"),
    "called leader": _l("Gespreksleider gebeld die dat vroeg"),
    "call off session": _l("Ontmoeting afgelast"),
    "change series": _l("Ontmoeting veranderd"),
    "change session": _l("Tijd veranderd"),
    "change signup": _l("Aanmelding veranderd voor iemand"),
    "clock confirmed": _l("Gezegd dat de klok klopt"),
    "closed series": _l("Aanmelding gesloten"),
    "consent given": _l("Toestemming gegeven"),
    "consent withdrawn": _l("Toestemming ingetrokken"),
    "copy series": _l("Ontmoeting gekopieerd"),
    "create series": _l("Ontmoeting gemaakt"),
    "door_closed": _l("Link van gespreksleider gesloten"),
    "door_entered": _l("Gespreksleider kwam binnen"),
    "door_refused": _l("Foute pincode van gespreksleider"),
    "door_renewed": _l("Nieuwe link voor gespreksleider"),
    "door_shut": _l("Link gesloten na foute pincodes"),
    "drop session": _l("Tijd weggehaald"),
    "erase signup": _l("Aanmelding gewist"),
    "erase stray": _l("Mail van een onbekende gewist"),
    "export_plan": _l("Indeling opgeslagen als bestand"),
    "export_signups": _l("Aanmeldingen opgeslagen als bestand"),
    "feed_made": _l("Agenda-adres van gespreksleider gemaakt"),
    "feed_stopped": _l("Agenda-adres van gespreksleider gestopt"),
    "finished series": _l("Ontmoeting afgerond"),
    "forget": _l("Gegevens gewist na de bewaartijd"),
    "keep last signup": _l("Dubbele aanmelding samengevoegd"),
    "import": _l("Aanmeldingen uit een bestand toegevoegd"),
    "import_preview": _l("Bestand met aanmeldingen bekeken"),
    "import_undo": _l("Aanmeldingen uit een bestand weer weggehaald"),
    "lead": _l("Gespreksleider bij een groep gezet"),
    "leave signup": _l("Iemand afgemeld"),
    "letters sent": _l("Brieven verstuurd"),
    "list_csv": _l("Groepslijst opgeslagen (CSV)"),
    "list_pdf": _l("Groepslijst opgeslagen (PDF)"),
    "list_seen": _l("Groepslijst bekeken"),
    "list_xlsx": _l("Groepslijst opgeslagen (Excel)"),
    "lock": _l("Iemand vastgezet"),
    "log_forgotten": _l("Oude regels van het logboek gewist"),
    "log_exported": _l("Logboek opgeslagen als bestand"),
    "login_ended": _l("Apparaat uitgelogd"),
    "move": _l("Iemand verplaatst"),
    "not reached": _l("Iemand niet bereikt"),
    "offer_no": _l("Voor iemand nee gezegd tegen een plek"),
    "offer_yes": _l("Voor iemand ja gezegd tegen een plek"),
    "logged in": _l("Ingelogd"),
    "logged out": _l("Uitgelogd"),
    "login failed": _l("Inloggen mislukt"),
    "move session": _l("Ontmoeting verplaatst"),
    "open series": _l("Aanmelding geopend"),
    "organisation_added": _l("Organisatie gemaakt"),
    "own app": _l("Eigen app met codes ingesteld"),
    "own codes": _l("Eigen herstelcodes gemaakt"),
    "own passkey": _l("Eigen passkeys veranderd"),
    "own password": _l("Eigen wachtwoord veranderd"),
    "print letters": _l("Brieven geprint"),
    "project_added": _l("Project gemaakt"),
    "privacy_changed": _l("Privacypagina veranderd"),
    "project_changed": _l("Project veranderd"),
    "propose": _l("Groepen laten voorstellen"),
    "publish": _l("Indeling gepubliceerd"),
    "style_changed": _l("Huisstijl veranderd"),
    "reached": _l("Iemand bereikt"),
    "read attendance": _l("Bekeken wie er was"),
    "read calls": _l("Bellijst bekeken"),
    "read contacts": _l("Sleutelfiguren bekeken"),
    "read facilitator": _l("Gespreksleider bekeken"),
    "read facilitators": _l("Gespreksleiders bekeken"),
    "read letters": _l("Brieven bekeken"),
    "read messages": _l("Berichten bekeken"),
    "read replies": _l("Antwoorden bekeken"),
    "read signup": _l("Aanmelding bekeken"),
    "read signups": _l("Aanmeldingen bekeken"),
    "read strays": _l("Mails van onbekenden bekeken"),
    "read turnout": _l("Bekeken wie er komt"),
    "redo": _l("Stap opnieuw gedaan"),
    "remember": _l("Onthouden wie elkaar ontmoette"),
    "release seat": _l("Plek van iemand vrijgegeven"),
    "replace leader": _l("Gespreksleider van een tafel vervangen"),
    "reopen plan": _l("Indeling geopend om te veranderen"),
    "restored": _l("Reservekopie teruggezet"),
    "return signup": _l("Iemand weer aangemeld"),
    "seat stays": _l("Vraag om een andere tafel afgehandeld"),
    "review series": _l("Kopie nagekeken"),
    "save facilitator": _l("Gespreksleider opgeslagen"),
    "save venue": _l("Locatie opgeslagen"),
    "send again": _l("Bericht opnieuw verstuurd"),
    "speak": _l("Taal van een groep gekozen"),
    "wrote attendance": _l("Opgeschreven wie er was"),
    "tell story": _l("Verteld wat we ermee deden"),
    "test inbox": _l("Brievenbus getest"),
    "test mail": _l("Proefbericht gestuurd"),
    "to call list": _l("Bericht op de bellijst gezet"),
    "undo": _l("Stap teruggedraaid"),
    "unlock": _l("Iemand losgemaakt"),
    "view_board": _l("Groepen met namen bekeken"),
}
"""What the audit log calls it -> in words; every kind that the code writes is here."""


def happened(what: str) -> str:
    """What was done. A kind that has no words here is shown as it is stored: nothing stays out of sight."""
    return str(KINDS.get(what, what))


def somebody(who: str, names: Mapping[str, str]) -> str:
    """Who did it: the name of an account, or what kind of visitor; facilitators by number, their names stay sealed."""
    kind, _colon, number = who.partition(":")
    others = {
        "resident": _("Inwoner"),
        "somebody": _("Iemand zonder in te loggen"),
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
