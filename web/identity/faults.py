"""Why a number or an address is no use, each with the sentence that helps."""

from __future__ import annotations

from web.errors import N_, Mishap


class NoContact(Mishap):
    """What was typed cannot be used to reach somebody."""

    status = 422


class NoPhone(NoContact):
    """No number can be read in it."""

    sentence = N_("Vul een heel telefoonnummer in. Bijvoorbeeld: 06 12345678")


class TooShort(NoPhone):
    """Digits are missing."""

    sentence = N_(
        "Dit nummer is te kort. Een Nederlands nummer heeft 10 cijfers, bijvoorbeeld 06 12345678. "
        "Zet voor een nummer uit een ander land een +."
    )


class TooLong(NoPhone):
    """There are more digits than a number has."""

    sentence = N_(
        "Dit nummer is te lang. Een Nederlands nummer heeft 10 cijfers, bijvoorbeeld 06 12345678. "
        "Zet voor een nummer uit een ander land een +."
    )


class NotInUse(NoPhone):
    """As long as a number, but nobody can have it."""

    sentence = N_("Dit nummer bestaat niet. Kijk de cijfers na. Zet voor een nummer uit een ander land een +.")


class ServiceNumber(NoPhone):
    """0800, 0900 and the like, which are nobody's own."""

    sentence = N_("Dit is een servicenummer. Vul het nummer in van een eigen telefoon, bijvoorbeeld 06 12345678.")


class TwoPhones(NoPhone):
    """More than one number."""

    sentence = N_("Hier staan twee telefoonnummers. Kies er één.")


class CutOff(NoPhone):
    """A spreadsheet wrote it with an exponent, and the last digits are gone."""

    sentence = N_(
        "Excel heeft dit nummer afgekort, en de laatste cijfers zijn weg. Maak van de kolom tekst en typ het nummer "
        "opnieuw. Bijvoorbeeld: 06 12345678"
    )


class NoText(NoPhone):
    """A line that takes no text messages."""

    sentence = N_("Naar dit nummer kunnen we geen sms sturen. Vul een mobiel nummer in, of kies voor bellen.")


class NoAddress(NoContact):
    """No address can be read in it."""

    sentence = N_("Vul een heel e-mailadres in. Bijvoorbeeld: naam@voorbeeld.nl")


class CannotMail(NoAddress):
    """An address that may exist, but not every mail server on the way can write to it."""

    sentence = N_(
        "Naar een adres met een letter als é of ö voor de @ kunnen we niet mailen. Kijk het adres na. "
        "Of vul een telefoonnummer in."
    )
