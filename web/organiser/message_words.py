"""The words for letters on the way: what kind, by which way, where they stand, and what went wrong."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext

from web.errors import Mishap
from web.formatting import clock, moment, short_day
from web.letters import LETTERS
from web.replies.verdict import Bounced
from web.rows import DueLetter, Outage, Reply, Signup
from web.rows.messages import LetterState
from web.services.messages.queue import BY_HAND, CAME_BACK, TO_SEND
from web.services.messages.scheduled.clock_watch import CLOCK
from web.services.outbox import retries
from web.services.outbox.refusals import REFUSED
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
    CAME_BACK: (later("Teruggekomen: lees de mail"), "warning"),
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
    "refused": later("Een mailserver weigerde dit bericht. Het adres kan gewoon kloppen."),
    "address": later("Dit kan geen adres zijn. Er staat misschien een typefout in."),
    "large": later("Het bericht is te groot voor de server."),
    "disk": later("Onze eigen server kon niets meer opslaan."),
    "expired": later("Een mailserver probeerde het dagenlang en gaf het op. Het adres kan gewoon kloppen."),
    "returned": later("Het bericht kwam terug, en er staat niet bij waarom. Het adres kan gewoon kloppen."),
}
"""One for each of web.channels.faults.KINDS."""
_BROKEN = later("De verbinding viel weg terwijl we verstuurden. Misschien is het bericht aangekomen, misschien niet.")
DOUBTS = {
    "connection": _BROKEN,
    "stopped": later("Onze server stopte tijdens het versturen. Misschien is het bericht aangekomen, misschien niet."),
    "restored": later("Er is een reservekopie teruggezet. Misschien was het bericht al verstuurd, misschien niet."),
}
OUTAGES = {
    "connection": later("%(server)s geeft geen antwoord sinds %(since)s."),
    "name": later("%(server)s is niet te vinden sinds %(since)s."),
    "secure": later("%(server)s geeft geen veilige verbinding sinds %(since)s."),
    "login": later("%(server)s neemt ons wachtwoord niet aan sinds %(since)s."),
    "busy": later("%(server)s heeft het te druk sinds %(since)s."),
    "refused": later("%(server)s neemt onze berichten niet aan sinds %(since)s."),
    "disk": later("%(server)s kan niets meer opslaan sinds %(since)s."),
}
REFUSALS = later("Mailservers van anderen weigeren onze e-mail sinds %(since)s.")
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


def about(letter: DueLetter, starts: datetime | None, beside: int = 0) -> str:
    """What a letter is about; of an invitation also the date, for somebody may have several, and how many more."""
    if not starts:
        return kind(letter)
    more = ngettext("en nog %(num)d datum", "en nog %(num)d data", beside) if beside else ""
    return " ".join(filter(None, (f"{kind(letter)}, {short_day(starts)}", more)))


def reason(letter: DueLetter) -> str:
    """Why a letter is not there yet, in a sentence; empty when nothing is wrong."""
    word = letter.fault.partition(" ")[0]
    if letter.state == LetterState.UNSURE:
        return str(DOUBTS.get(word, _BROKEN))
    if letter.state == LetterState.SENT:
        return _("Eerst kwam dit niet aan. %(reason)s", reason=why(letter.returned)) if letter.returned else ""
    if word and letter.state == LetterState.FAILED and (letter.tries or 0) >= retries.MOST:
        return _("We probeerden het drie dagen lang. %(reason)s", reason=why(letter.fault))
    return why(letter.fault) if word else ""


def why(fault: str) -> str:
    """What went wrong, in a sentence."""
    known = FAULTS.get(fault.partition(" ")[0])
    return str(known or _("Dit bericht kon niet worden gemaakt. Zeg het tegen wie de server beheert."))


def returned(reply: Reply, signup: Signup | None) -> str:
    """What it means that a mail came back, and what happened then."""
    match reply.reason.partition(" ")[0]:
        case Bounced.SOFT:
            return _("De mail kwam nog niet aan. Wij doen niets.")
        case Bounced.HARD if signup is not None and signup.bounced_at is None:
            return _("Het adres bestond niet. Intussen is er een ander adres.")
        case Bounced.HARD:
            return _("Het adres bestaat niet. Deze persoon staat nu op de bellijst.")
        case Bounced.FULL:
            return _("De postbus van deze persoon was vol. Dit bericht ging naar de bellijst.")
        case kind:
            return _("%(reason)s Kijk bij Berichten of je nog iets moet doen.", reason=why(kind))


def too_late(mishap: Mishap) -> str:
    """What to tell somebody whose answer comes too late."""
    return _("Dit kan niet meer. Zeg tegen deze persoon: %(sentence)s", sentence=_(mishap.sentence))


def outage(found: Outage, now: datetime) -> str:
    """What does not work, and since when."""
    sentence = OUTAGES.get(found.fault.partition(" ")[0], OUTAGES["connection"])
    if found.what == CLOCK:
        return _("De klok van de server versprong. Herinneringen en antwoorden wachten.")
    if found.what == REFUSED:
        return str(REFUSALS) % {"since": since(found.since, now)}
    return str(sentence) % {"server": SERVERS.get(found.what, found.what), "since": since(found.since, now)}


def since(at: datetime, now: datetime) -> str:
    """10.30 uur; of another day with the day."""
    same = local(at).date() == local(now).date()
    return _("%(time)s uur", time=clock(at) if same else moment(at))
