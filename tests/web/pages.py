"""What a browser sees of a page: its forms with their fields, and every address it would go and fetch."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from werkzeug.test import TestResponse

FIELDS = {"input", "select", "textarea", "button"}
LOADS = {
    "script": "src",
    "img": "src",
    "source": "src",
    "iframe": "src",
    "link": "href",
    "form": "action",
    "use": "href",
    "image": "href",
    "object": "data",
    "embed": "src",
    "video": "src",
    "audio": "src",
}
"""The attribute of an element whose address a browser opens by itself, or sends a form to."""


@dataclass
class Form:
    """One form: where it goes, how, and its fields with what stands in them, in order and repeated."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    ticked: set[str] = field(default_factory=set)

    @property
    def names(self) -> set[str]:
        """The names of all fields."""
        return {name for name, _ in self.fields} | self.files


class Page(HTMLParser):
    """A page as a browser reads it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.loads: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._open: Form | None = None
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if tag in LOADS and given.get(LOADS[tag]):
            self.loads.append(given[LOADS[tag]])
        if tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._open)
        elif self._open is not None:
            self._field(tag, given, self._open)

    def _field(self, tag: str, given: dict[str, str], form: Form) -> None:
        if tag == "select":
            self._select = given.get("name", "")
        if given.get("type") == "file":
            form.files.add(given["name"])
        elif tag == "option" and self._select:
            form.fields.append((self._select, given.get("value", "")))
        elif tag in FIELDS and given.get("name"):
            form.fields.append((given["name"], given.get("value", "")))
            if "checked" in given:
                form.ticked.add(given["name"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "select":
            self._select = ""


def addresses(page: Page) -> list[tuple[str, str, str]]:
    """Every attribute that holds an address: element, attribute, value."""
    named = {"href", "src", "action", "data", "poster", "srcset", "hx-get", "hx-post", "content"}
    return [(tag, name, value) for tag, given in page.tags for name, value in given.items() if name in named]


TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
DIRECTIVE = re.compile(rf'({TOKEN})(?:=({TOKEN}|"[^"]*"))?')
SECONDS = {"max-age", "s-maxage", "stale-while-revalidate", "stale-if-error"}
PLAIN = {
    "no-store",
    "private",
    "no-cache",
    "public",
    "must-revalidate",
    "immutable",
    "no-transform",
    "proxy-revalidate",
}


def directives(answer: TestResponse) -> set[str]:
    """What a Cache-Control says, as a browser reads it (RFC 9111): a word with a value that is not its own is noise."""
    said = set()
    for part in answer.headers["Cache-Control"].split(","):
        found = DIRECTIVE.fullmatch(part.strip())
        assert found, part
        name, value = found[1].lower(), found[2]
        assert (name in PLAIN and value is None) or (name in SECONDS and value and value.isdigit()), part
        said.add(name)
    return said
