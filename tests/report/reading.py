"""A page read back as a tree, strictly: what is opened is closed, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from matcher.report import write_html
from tests.report.plans import FACTS, Case

VOID = {"meta", "link", "br", "img", "hr", "input"}


@dataclass
class Node:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[Node | str] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    @property
    def text(self) -> str:
        return "".join(item if isinstance(item, str) else item.text for item in self.inside)

    def nodes(self) -> Iterator[Node]:
        for item in self.inside:
            if isinstance(item, Node):
                yield item
                yield from item.nodes()

    def all(self, *tags: str, of: str = "") -> list[Node]:
        return [n for n in self.nodes() if (not tags or n.tag in tags) and (not of or of in n.classes)]

    def one(self, id: str) -> Node:
        (found,) = (n for n in self.nodes() if n.attributes.get("id") == id)
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("root")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(self.open[-1].inside[-1])  # type: ignore[arg-type]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Node(tag, {k: v or "" for k, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read(page: str) -> Node:
    """The tree of a page."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == [reader.root], "something is left open"
    return reader.root


def page(folder: Path, case: Case, lang: str = "nl") -> str:
    """The page of a case, written and read back."""
    write_html(folder / "report.html", *case, FACTS, lang=lang)
    return (folder / "report.html").read_text("utf-8")


def tree(folder: Path, case: Case, lang: str = "nl") -> Node:
    """The tree of the page of a case."""
    return read(page(folder, case, lang))


def texts(nodes: list[Node]) -> list[str]:
    """What each node says, on one line."""
    return [" ".join(n.text.split()) for n in nodes]
