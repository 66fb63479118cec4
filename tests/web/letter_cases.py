"""A case of every letter, with facts that can be told apart, and what a reader sees of an HTML mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser

from web.letters import Facts, Meeting

SITE = "https://buurt.example/"
LINK = f"{SITE}mijn/geheim/?a=1&b=2"
NOW = Meeting("dinsdag 3 november 2026, 19.30 – 21.30 uur", "De Brink, Brinkplein 1", "", "tafel 7", "Tigrinya")
WAS = Meeting("maandag 9 maart 2026, 08.15 – 09.45 uur", "De Bieb, Leeslaan 4", "", "tafel 8", "Twents")
ROOM = f"{SITE}kamer/12"
FACTS = Facts(
    title="Samen koken",
    sender="Welzijn Zuid",
    contact="Fatma 030 123 45 67",
    meetings=(NOW,),
    before=(WAS,),
    code="ABC234",
    pin="604213",
    lost=f"{SITE}link-kwijt",
    answer=f"{SITE}uitnodiging/abc",
    agenda=f"{SITE}uitnodiging/abc/agenda.ics",
    unsubscribe=f"{SITE}stil/abc",
    deadline="zondag 1 november, 18.00 uur",
    how=f"{SITE}hoe/abc",
    story="We aten samen.\n\nEr komt nu een moestuin.",
    counts=(("Brieven die terugkwamen", 43, f"{SITE}lijst/1"), ("Mensen om te bellen", 57, f"{SITE}lijst/2")),
)
HAND = replace(FACTS, answer="", agenda="", lost="", unsubscribe="")
"""For who is called or gets it on paper."""
BARE = Facts(title="", sender="Welzijn Zuid")
EVIL = "<script>alert(1)</script>\r\nBcc: x\u202e\x07 <b>\"'&"


@dataclass(frozen=True, slots=True)
class Case:
    """A letter, its facts, its link, the facts that it tells, and whether its subject and text message have a date."""

    kind: str
    facts: Facts
    link: str = ""
    tells: tuple[str, ...] = ()
    dated: bool = False


_WHEN, _OVER = (NOW.day, NOW.time, NOW.place, NOW.group), (WAS.day, WAS.time, WAS.place, WAS.group)
_CARD = (*_WHEN, NOW.language)
_ALL = (FACTS.title, FACTS.sender, FACTS.contact, "Bart")
_OWN = (*_ALL, FACTS.code)
_LOST = (*_OWN, FACTS.lost)
_INVITED = (*_LOST, *_CARD, FACTS.answer, FACTS.agenda)
_TWICE = (*_INVITED, *_OVER, WAS.language)
_LISTS = (((NOW,), FACTS.pin, LINK), ((WAS,), "771100", f"{SITE}tafel/ander/"))
_OPENS = (*_OVER, WAS.language, *(part for _dates, *opens in _LISTS for part in opens))
_COUNTS = tuple(str(part) for count in FACTS.counts for part in count)
_CLOCK = ("3 november 2026, 02.30 uur", "4 november 2029, 02.31 uur")
_STORY = ("We aten samen.", "Er komt nu een moestuin.")
_PAGES = (("Els, Samen koken", LINK), ("Gijs, Moestuin", f"{SITE}mijn/ander/"))
_ONLINE = replace(NOW, place="online", link=ROOM)

CASES = {
    "confirmation": Case("confirmation", FACTS, LINK, (*_OWN, *_WHEN, LINK)),
    "confirmation on the waiting list": Case("confirmation", replace(FACTS, waiting=True), "", (*_LOST, *_WHEN)),
    "moved_up": Case("moved_up", FACTS, LINK, (*_OWN, *_WHEN, LINK)),
    "link": Case("link", FACTS, LINK, (*_OWN, LINK)),
    "links": Case("link", replace(FACTS, pages=_PAGES), LINK, (*_ALL, *(part for page in _PAGES for part in page))),
    "asked_along": Case("asked_along", FACTS, "", _LOST),
    "placed": Case("placed", FACTS, "", _INVITED, True),
    "placed online": Case(
        "placed", replace(FACTS, meetings=(_ONLINE,)), "", (*(f for f in _INVITED if f != NOW.place), ROOM), True
    ),
    "placed twice": Case("placed", replace(HAND, meetings=(NOW, WAS)), "", (*_OWN, *_CARD, *_OVER, WAS.language)),
    "placed twice, by mail": Case("placed", replace(FACTS, meetings=(NOW, WAS)), "", _TWICE),
    "placed twice, and coming": Case("placed", replace(FACTS, meetings=(NOW, WAS), coming=True), "", _TWICE),
    "placed by hand": Case("placed", HAND, "", (*_OWN, *_CARD), True),
    "changed": Case("changed", FACTS, "", (*_INVITED, *_OVER), True),
    "changed by hand": Case("changed", HAND, "", (*_OWN, *_CARD, *_OVER), True),
    "called off": Case("cancelled", replace(FACTS, meetings=(), before=(NOW,), reason="called_off"), "", (), True),
    "lost": Case("cancelled", replace(FACTS, meetings=(), before=(NOW,), reason="lost"), "", (), True),
    "fewer": Case("cancelled", replace(FACTS, meetings=(), before=(NOW,), reason="fewer"), "", (), True),
    "released": Case("cancelled", replace(FACTS, meetings=(), before=(NOW,), reason="released"), "", (), True),
    "left": Case("cancelled", replace(FACTS, meetings=(), before=(NOW,), reason="left"), "", (), True),
    "moved": Case("cancelled", replace(FACTS, meetings=(), before=(NOW,), reason="moved"), "", (), True),
    "fewer, twice": Case("cancelled", replace(FACTS, meetings=(), before=(NOW, WAS), reason="fewer"), "", _OVER),
    "moved, twice": Case("cancelled", replace(FACTS, meetings=(), before=(NOW, WAS), reason="moved"), "", _OVER),
    "waiting": Case("waiting", FACTS, "", _LOST),
    "offer": Case("offer", FACTS, LINK, (*_OWN, *(f for f in _CARD if f != NOW.group), FACTS.deadline, LINK), True),
    "taken_back": Case("taken_back", replace(FACTS, meetings=()), LINK, (*_OWN, LINK)),
    "reminder_week": Case("reminder_week", FACTS, "", (*_INVITED, FACTS.unsubscribe), True),
    "reminder_day": Case("reminder_day", FACTS, "", (*_INVITED, FACTS.unsubscribe), True),
    "thanks": Case("thanks", FACTS, "", (*_LOST, *_WHEN, FACTS.how)),
    "thanks, seen there": Case("thanks", replace(FACTS, there=True), "", (*_LOST, *_WHEN, FACTS.how)),
    "missed": Case("missed", FACTS, "", (*_LOST, *_WHEN, FACTS.unsubscribe)),
    "series_closed": Case("series_closed", FACTS, "", (*_LOST, *_STORY)),
    "times_changed": Case("times_changed", replace(FACTS, meetings=()), "", (*_LOST, *_OVER)),
    "times_changed with a link": Case("times_changed", FACTS, LINK, (*_OWN, *_WHEN, *_OVER, LINK)),
    "list_ready": Case("list_ready", FACTS, LINK, (*_ALL, *_CARD, FACTS.pin, LINK), True),
    "list_ready, several": Case("list_ready", replace(FACTS, lists=_LISTS), LINK, (*_ALL, *_CARD, *_OPENS)),
    "list_changed": Case("list_changed", FACTS, LINK, (*_ALL, *_CARD, *_OVER, LINK), True),
    "list_changed, called off": Case(
        "list_changed", replace(FACTS, meetings=(), before=(NOW,), reason="called_off"), "", (*_ALL, *_WHEN), True
    ),
    "list_changed, another leads it": Case("list_changed", replace(FACTS, reason="lost"), LINK, (*_ALL, *_OVER)),
    "digest": Case("digest", FACTS, LINK, (*_ALL, *_COUNTS, LINK)),
    "clock_jumped": Case("clock_jumped", replace(FACTS, clock=_CLOCK), LINK, (*_ALL, *_CLOCK, LINK)),
    "test": Case("test", FACTS, LINK, (*_ALL, LINK)),
}
CASES = {
    name: replace(case, tells=(*_LOST, *_WHEN, *case.tells)) if case.kind == "cancelled" else case
    for name, case in CASES.items()
}
NAMES = (
    "Bart",
    *_ALL[:3],
    FACTS.code,
    FACTS.pin,
    *_CARD,
    *_OVER,
    WAS.language,
    FACTS.deadline,
    *_STORY,
    *_COUNTS,
    *(whose for whose, _ in _PAGES),
    *_CLOCK,
    _LISTS[1][1],
)
ADDRESSES = (
    *(FACTS.lost, FACTS.answer, FACTS.agenda, FACTS.unsubscribe, FACTS.how, ROOM, LINK),
    *(link for _, _, link in FACTS.counts),
    *(page for _, page in _PAGES),
    _LISTS[1][2],
)


@dataclass(slots=True)
class Element:
    """A tag with its attributes."""

    tag: str
    given: dict[str, str]


class Mail(HTMLParser):
    """An HTML mail: its texts, each with the elements around it. Raises AssertionError for tags that do not match."""

    ALONE = ("meta", "br")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[Element] = []
        self.all: list[Element] = []
        self.texts: list[tuple[str, list[Element]]] = []
        self.feed(html)
        self.close()
        assert self.open == [], [element.tag for element in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.all.append(element)
        if tag not in self.ALONE:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((data, list(self.open)))

    def seen(self) -> Iterator[tuple[str, list[Element]]]:
        """The texts that somebody sees, with the elements around them."""
        for said, around in self.texts:
            hidden = any("display:none" in element.given.get("style", "") for element in around)
            if not hidden and not any(element.tag in ("title", "style") for element in around):
                yield said, around


def shown(html: str) -> str:
    """What somebody sees of a mail, with the links under it."""
    mail = Mail(html)
    said = [" ".join(said.replace("\u00a0", " ").split()) for said, _ in mail.seen()]
    return "\n".join([*said, *(element.given["href"] for element in mail.all if "href" in element.given)])
