"""Why dates that people know of stay as they are."""

from __future__ import annotations

from web.errors import N_, Mishap


class NotPublished(Mishap):
    """Nobody knows of this time yet."""

    status = 409
    sentence = N_("Voor deze tijd zijn geen groepen gepubliceerd. Je kunt hem gewoon wijzigen.")


class DateBegun(Mishap):
    """The date has begun."""

    status = 409
    sentence = N_("Deze keer is al begonnen of voorbij. Daar kun je niets meer aan veranderen.")


class TooFew(Mishap):
    """A date that people know of was left out."""

    status = 409
    sentence = N_("Er ontbreekt een datum. Gaat een keer niet door? Gelast die dan af.")


class Unchanged(Mishap):
    """Moved to where it was."""

    status = 409
    sentence = N_("Er verandert niets. Kies een andere tijd of plek, of ga terug.")
