"""Why dates that people know of stay as they are."""

from __future__ import annotations

from web.errors import Mishap


class NotPublished(Mishap):
    """Nobody knows of this time yet."""

    status = 409
    sentence = "Voor deze tijd zijn geen groepen gepubliceerd. Je kunt hem gewoon wijzigen."


class Over(Mishap):
    """The date has begun."""

    status = 409
    sentence = "Deze keer is al begonnen of voorbij. Daar kun je niets meer aan veranderen."


class TooFew(Mishap):
    """A date that people know of was left out."""

    status = 409
    sentence = "Er ontbreekt een datum. Gaat een keer niet door? Gelast die dan af."


class Unchanged(Mishap):
    """Moved to where it was."""

    status = 409
    sentence = "Er verandert niets. Kies een andere tijd of plek, of ga terug."
