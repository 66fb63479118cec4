"""What can go wrong, one small class per mishap, each with its HTTP status."""

from __future__ import annotations


def N_(sentence: str) -> str:
    """Mark a sentence for `make messages` that is translated where it is shown (gettext's own name for this)."""
    return sentence


class Mishap(Exception):
    """Something a visitor should be told in a sentence. `sentence` is a msgid, `values` fill its places."""

    status = 400
    sentence = N_("Er ging iets mis. Probeer het nog een keer.")

    def __init__(self, **values: object) -> None:
        super().__init__(self.sentence)
        self.values = values


class Missing(Mishap):
    """There is no such thing, or it belongs to somebody else: the same answer for both (promise 20)."""

    status = 404
    sentence = N_("Deze pagina bestaat niet, of is niet voor jou.")


class Refused(Mishap):
    """Known, but may not do this."""

    status = 403
    sentence = N_("Je mag dit niet doen. Vraag een beheerder van je organisatie.")


class Overtaken(Mishap):
    """Somebody else changed it in the meantime; nothing was overwritten."""

    status = 409
    sentence = N_(
        "Iemand anders heeft dit net veranderd. Jouw wijziging is niet opgeslagen. Bekijk eerst wat er nu staat."
    )


class NewerDatabase(Exception):
    """The database was made by a newer version of this program."""


class UnusableDatabase(Exception):
    """The database is gone, damaged, half upgraded by others, or cannot be written; its sentence says what to do."""
