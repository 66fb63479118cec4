"""What can be wrong with a file as a whole, and with one cell of it."""

from __future__ import annotations

from dataclasses import dataclass

from web.errors import N_, Mishap


@dataclass(frozen=True, slots=True)
class ImportFault:
    """One thing to mend. Rows count as in the spreadsheet: the header is mostly row 1.

    `key` is that of the column, `said` what stands there now; `people` are the names in one cell, which may be several
    people.
    """

    row: int
    column: str
    what: str
    right: str
    key: str = ""
    said: str = ""
    people: tuple[str, ...] = ()


class Unusable(Mishap):
    """Nothing of a file can be used; `sentence` says why and what would be right."""


class Empty(Unusable):
    """No byte, or no filled cell."""

    sentence = N_("Dit bestand is leeg. Kies een bestand met een regel voor elke persoon.")


class HeaderOnly(Unusable):
    """Names of columns and nobody below them."""

    sentence = N_("Er staan alleen namen van kolommen in dit bestand. Zet daaronder een regel per persoon.")


class TooLarge(Unusable):
    """More bytes, packed or unpacked, than any list of people needs."""

    status = 413
    sentence = N_(
        "Dit bestand is te groot. Er is niets toegevoegd. Haal plaatjes en andere bladen weg, of verdeel het over meer "
        "bestanden."
    )


class TooMany(Unusable):
    """More people than one import takes."""

    status = 413
    sentence = N_(
        "Er staan meer dan %(most)s mensen in dit bestand. Er is niets toegevoegd. Verdeel het over meer bestanden."
    )


class TooWide(Unusable):
    """More columns than any list of people has."""

    status = 413
    sentence = N_(
        "Er staan meer dan %(most)s kolommen in dit bestand. Er is niets toegevoegd. Haal de kolommen weg die je niet "
        "nodig hebt."
    )


class TooSlow(Unusable):
    """Reading it takes longer than it may."""

    status = 413
    sentence = N_(
        "Het lezen van dit bestand duurt te lang. We zijn gestopt, en er is niets toegevoegd. Sla het op als .csv, of "
        "verdeel het over meer bestanden."
    )


class Busy(Unusable):
    """Others have large files read at this moment."""

    status = 503
    sentence = N_(
        "Er worden nu te veel bestanden tegelijk gelezen. Er is niets toegevoegd. Wacht een minuut en kies het bestand "
        "opnieuw."
    )


class NoTable(Unusable):
    """A PDF, a picture, an OpenDocument sheet: anything that is no table we read."""

    sentence = N_("Dit bestand kunnen we niet lezen. Sla het op als .xlsx of .csv.")


class OldOrLocked(Unusable):
    """Excel before 2007, or with a password: from the outside these look the same."""

    sentence = N_("Dit is een oud Excel-bestand, of er zit een wachtwoord op. Sla het op als .xlsx of .csv.")


class Macros(Unusable):
    """A workbook that carries a program."""

    sentence = N_("In dit bestand zitten macro’s. Sla het zonder macro’s op als .xlsx of .csv.")


class Broken(Unusable):
    """A CSV in which a row cannot be told from the next."""

    sentence = N_("Regel %(row)s kunnen we niet lezen. Kijk of elk aanhalingsteken ook een einde heeft.")


class MergedHeader(Unusable):
    """Names of columns that stand over several columns, or that a formula makes."""

    sentence = N_(
        "In rij %(row)s, kolom %(column)s, is de naam van een kolom samengevoegd of een formule. Typ daar de naam zelf."
    )


class NoHeader(Unusable):
    """No row that can be the names of columns."""

    sentence = N_(
        "We vinden geen namen van kolommen vanaf rij %(row)s. Zet daar bijvoorbeeld: voornaam, bereik, e-mail, "
        "telefoon. Het lege bestand op deze pagina helpt."
    )


class Gone(Unusable):
    """The rows of a preview are no longer kept."""

    status = 410
    sentence = N_("Dit overzicht is te oud. Er is niets toegevoegd. Kies het bestand opnieuw.")
