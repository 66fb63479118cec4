"""The settings of an organisation as they travel: frozen, checked, every text in every language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from babel import Locale

from config.dimensions import Dimension
from config.meetings import MeetingFormat
from config.messages import Inbox, MailServer, Offers, Reminders, TextMessages
from config.texts import Texts


@dataclass(frozen=True, slots=True)
class Language:
    """A language that people speak; `name` in its own script."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Need:
    """Something practical that somebody needs; `matching`: only a place that offers it will do."""

    key: str
    texts: Texts
    matching: bool


@dataclass(frozen=True, slots=True)
class Diet:
    """What somebody eats, or does not eat; `also` is how else a spreadsheet says it. It mixes nobody."""

    key: str
    texts: Texts
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interest:
    """Something that people like to do together."""

    key: str
    texts: Texts


@dataclass(frozen=True, slots=True)
class Sender:
    """Who letters come from."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Retention:
    """How long data live after the end of a series."""

    contact_weeks: int
    questionnaire_months: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What nobody goes beyond: lengths in characters, sizes in bytes, counts in an hour."""

    name_length: int
    contact_length: int
    note_length: int
    import_people: int
    upload_bytes: int
    signups_per_address_per_hour: int
    links_per_address_per_hour: int
    logins_per_address_per_hour: int
    logins_per_account_per_hour: int


@dataclass(frozen=True, slots=True)
class OrientationLimits:
    """How large a session of a project that has just begun may be (P10)."""

    groups: int
    people: int


@dataclass(frozen=True, slots=True)
class LinkHours:
    """The hours around a session in which the link of a facilitator works."""

    hours_before: int
    hours_after: int


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that an organisation decided. `sha256` is that of the files: the same hash, the same decisions."""

    product: str
    languages: tuple[str, ...]
    theme: str
    small_cell: int
    round_to: int
    sender: Sender
    retention: Retention
    limits: Limits
    orientation: OrientationLimits
    facilitator_link: LinkHours
    mail: MailServer
    inbox: Inbox
    text_messages: TextMessages
    offers: Offers
    reminders: Reminders
    conversation: tuple[Language, ...]
    needs: tuple[Need, ...]
    diets: tuple[Diet, ...]
    interests: tuple[Interest, ...]
    dimensions: tuple[Dimension, ...]
    formats: Mapping[str, MeetingFormat]
    sha256: str

    def dimension(self, key: str) -> Dimension:
        """The dimension with this key, or KeyError."""
        return {d.key: d for d in self.dimensions}[key]

    def need(self, key: str) -> Need:
        """The need with this key, or KeyError."""
        return {n.key: n for n in self.needs}[key]

    def serves_meal(self, format: str) -> bool:
        """Whether people eat together in meetings of this format; one that left the settings serves nothing."""
        return format in self.formats and self.formats[format].meal

    def interest(self, key: str) -> Interest:
        """The interest with this key, or KeyError."""
        return {i.key: i for i in self.interests}[key]

    def language(self, code: str) -> Language:
        """The language of conversation or of the screens with this code, or KeyError."""
        known = {read: Language(read, Locale.parse(read).language_name or read) for read in self.languages}
        return (known | {spoken.code: spoken for spoken in self.conversation})[code]

    def texts(self) -> Iterator[Texts]:
        """Every text that an organisation wrote for the screens."""
        for dimension in self.dimensions:
            yield from (dimension.question, dimension.reason, *(bubble.texts for bubble in dimension.bubbles))
        yield from (need.texts for need in self.needs)
        yield from (diet.texts for diet in self.diets)
        yield from (interest.texts for interest in self.interests)
        for meeting in self.formats.values():
            yield from (meeting.title, meeting.description)
