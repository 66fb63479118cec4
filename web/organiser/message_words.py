"""The words for letters on the way: what kind, by which way, where they stand, and what went wrong."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from web.errors import Mishap
from web.formatting import clock, moment, short_day
from web.letters import LETTERS
from web.rows import DueLetter, Outage
from web.rows.messages import LetterState
from web.services.messages.queue import BY_HAND, TO_SEND
from web.world import local

WAYS = {
    "email": later("e-mail"),
    "text": later("sms"),
    "call": later("bellen"),
    "letter": later("brief"),
    "via": later("via iemand"),
}
STANDINGS = {
    TO_SEND: (later("Te versturen"), "info"),
    LetterState.SENT: (later("Verstuurd"), "ok"),
    LetterState.FAILED: (later("Mislukt"), "error"),
    LetterState.UNSURE: (later("Niet zeker"), "warning"),
    BY_HAND: (later("Wacht op een mens"), "warning"),
}
FAULTS = {
    "connection": later("De server gaf geen antwoord, of de lijn viel weg."),
    "name": later("De server was niet te vinden."),
    "secure": later("Er kwam geen veilige verbinding met de server."),
    "login": later("De server nam onze naam of ons wachtwoord niet aan."),
    "busy": later("De server had het te druk of vroeg ons later terug te komen."),
    "full": later("De postbus van deze persoon is vol."),
    "unknown": later("Dit adres bestaat niet."),
    "refused": later("De server wilde dit bericht niet aannemen."),
    "address": later("Dit kan geen adres zijn. Er staat misschien een typefout in."),
    "large": later("Het bericht is te groot voor de server."),
    "disk": later("Onze eigen server kon niets meer opslaan."),
}
"""One for each of web.channels.faults.KINDS."""
_BROKEN = later("De verbinding viel weg terwijl we verstuurden. Misschien is het bericht aangekomen, misschien niet.")
DOUBTS = {
    "connection": _BROKEN,
    "stopped": later("Onze server stopte tijdens het versturen. Misschien is het bericht aangekomen, misschien niet."),
}
OUTAGES = {
    "connection": later("%(server)s geeft geen antwoord sinds %(since)s."),
    "name": later("%(server)s is niet te vinden sinds %(since)s."),
    "secure": later("%(server)s geeft geen veilige verbinding sinds %(since)s."),
    "login": later("%(server)s neemt ons wachtwoord niet aan sinds %(since)s."),
    "busy": later("%(server)s heeft het te druk sinds %(since)s."),
    "disk": later("%(server)s kan niets meer opslaan sinds %(since)s."),
}
SERVERS = {
    "email": later("De mailserver"),
    "text": later("De dienst voor sms"),
    "inbox": later("De postbus voor antwoorden"),
}


def kind(letter: DueLetter) -> str:
    """What kind of letter it is."""
    known = LETTERS.get(letter.kind)
    said = str(known.words) if known else letter.kind
    return f"{said[:1].upper()}{said[1:]}"


def about(letter: DueLetter, starts: datetime | None) -> str:
    """What a letter is about; of an invitation also the date, for somebody may have several."""
    return f"{kind(letter)}, {short_day(starts)}" if starts else kind(letter)


def reason(letter: DueLetter) -> str:
    """Why a letter is not there yet, in a sentence; empty when nothing is wrong."""
    word = letter.fault.partition(" ")[0]
    if letter.state == LetterState.UNSURE:
        return str(DOUBTS.get(word, _BROKEN))
    if not word or letter.state == LetterState.SENT:
        return ""
    return str(FAULTS.get(word, _("Dit bericht kon niet worden gemaakt. Zeg het tegen wie de server beheert.")))


def too_late(mishap: Mishap) -> str:
    """What to tell somebody whose answer comes too late."""
    return _("Dit kan niet meer. Zeg tegen deze persoon: %(sentence)s", sentence=_(mishap.sentence))


def outage(found: Outage, now: datetime) -> str:
    """What does not work, and since when."""
    sentence = OUTAGES.get(found.fault.partition(" ")[0], OUTAGES["connection"])
    return str(sentence) % {"server": SERVERS.get(found.what, found.what), "since": since(found.since, now)}


def since(at: datetime, now: datetime) -> str:
    """10.30 uur; of another day with the day."""
    same = local(at).date() == local(now).date()
    return _("%(time)s uur", time=clock(at) if same else moment(at))
