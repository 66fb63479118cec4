"""The words for mail that does or does not go out and come in, for who looks after the server."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from web.channels import DeliveryFault
from web.rows import Outage
from web.services.messages.scheduled.clock_watch import CLOCK
from web.services.outbox.refusals import REFUSED

SECURITIES = {
    "starttls": _l("beveiligd (STARTTLS)"),
    "tls": _l("beveiligd (TLS)"),
    "none": _l("niet beveiligd"),
}
GOING_OUT = {
    "connection": _l("De server geeft geen antwoord. Kijk of de naam en de poort kloppen en of de server aanstaat."),
    "name": _l("De naam van de server is niet bekend. Kijk bij host onder [mail] in settings.toml."),
    "secure": _l("De verbinding is niet veilig. Kijk bij security en port onder [mail], en naar het certificaat."),
    "login": _l("De server accepteert onze naam of ons wachtwoord niet. Kijk bij REBUBBELEN_MAIL_PASSWORD."),
    "busy": _l("De server heeft het druk of laat ons even wachten. Probeer het over een kwartier nog eens."),
    "full": _l("De server nam het bericht niet aan: jouw postbus is vol."),
    "unknown": _l("De server zegt dat jouw e-mailadres niet bestaat. Kijk bij Accounts."),
    "refused": _l("De server weigert het bericht. Mag hij sturen namens het adres onder [sender] in settings.toml?"),
    "address": _l("Een van de e-mailadressen kan niet bestaan. Kijk bij Accounts en onder [sender] in settings.toml."),
    "large": _l("De server vindt het bericht te groot. Dat hoort niet: meld het aan wie de server beheert."),
    "disk": _l("Het bericht kon niet worden opgeslagen. Kijk of de schijf vol is."),
    "expired": _l("De server gaf het op. Kijk of hij andere servers kan bereiken."),
    "returned": _l("Het bericht kwam terug, en er staat niet bij waarom."),
}
"""Why a letter did not go out: one for each of web.channels.faults.KINDS."""
COMING_IN = {
    "connection": _l(
        "De brievenbus geeft geen antwoord. Kijk of de naam en de poort kloppen en of de server aanstaat."
    ),
    "name": _l("De naam van de server is niet bekend. Kijk bij host onder [inbox] in settings.toml."),
    "secure": _l("De verbinding is niet veilig. Kijk bij security en port onder [inbox], en naar het certificaat."),
    "login": _l("De brievenbus accepteert onze naam of ons wachtwoord niet. Kijk bij REBUBBELEN_INBOX_PASSWORD."),
    "busy": _l("De brievenbus heeft het druk. Probeer het over een kwartier nog eens."),
    "full": _l("De brievenbus is vol. Maak plaats, anders komen er geen antwoorden meer bij."),
    "refused": _l("De brievenbus weigert ons verzoek. Bestaat de map? Kijk bij folder onder [inbox]."),
    "disk": _l("De map met antwoorden kan niet worden gelezen. Kijk of de schijf vol is, en wie er in de map mag."),
}
"""Why the mailbox does not open."""
WAYS = {
    "email": _l("E-mail versturen"),
    "text": _l("Sms versturen"),
    "inbox": _l("Antwoorden lezen"),
    REFUSED: _l("E-mail bezorgen bij anderen"),
    CLOCK: _l("De klok"),
}
_REFUSED = {
    "connection": _l(
        "Mailservers van anderen weigeren onze e-mail. De adressen kloppen: het ligt aan ons. Kijk naar SPF, DKIM en "
        "DMARC van ons domein, en of onze server op een zwarte lijst staat."
    ),
}


def not_sent(fault: DeliveryFault | str) -> str:
    """Why a letter did not go out, with what the server said in digits."""
    return _sentence(GOING_OUT, fault)


def not_read(fault: DeliveryFault | str) -> str:
    """Why the mailbox does not open."""
    return _sentence(COMING_IN, fault)


def reason(outage: Outage) -> str:
    """Why a way in or out does not work."""
    if outage.what == REFUSED:
        return _sentence(_REFUSED, outage.fault)
    return not_read(outage.fault) if outage.what == "inbox" else not_sent(outage.fault)


def _sentence(words: Mapping[str, object], fault: DeliveryFault | str) -> str:
    kind, _space, code = str(fault).partition(" ")
    return f"{words.get(kind, words['connection'])}{f' ({code})' if code else ''}"
