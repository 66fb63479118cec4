"""Bytes of whatever origin as plain text for people: decoded, without markup, control characters or length."""

from __future__ import annotations

import codecs
import html
import re

LONGEST = 65_536
"""Bytes of a mail's text that are looked at: nobody reads more."""
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)(?:[\s/][^<>]*)?>|<!--|-->|<![a-zA-Z][^<>]*>")
_HIDDEN = {"script", "style", "head", "title"}
_BREAKS = {"br", "p", "div", "tr", "li", "table", "blockquote", "hr", "h1", "h2", "h3"}
# Controls, the characters that turn the direction of what follows, and what no database takes.
_BARRED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SLOW = {"punycode", "idna"}


def decoded(content: bytes, charset: str = "") -> str:
    """Text from bytes. UTF-8 comes first: many programs name another set and write it all the same."""
    # With escapes or zeros it is one of the sets that look like ASCII and are not: UTF-16, ISO-2022.
    odd = b"\x00" in content or b"\x1b" in content
    for name in (charset, "utf-8") if odd else ("utf-8", charset):
        if (text := _read(content, name)) is not None:
            return text
    return content.decode("cp1252", "replace")


def _read(content: bytes, charset: str) -> str | None:
    try:
        return None if not charset or codecs.lookup(charset).name in _SLOW else content.decode(charset)
    except (LookupError, ValueError):
        return None


def clean(text: str, most: int) -> str:
    """Without control characters and needless white space, of `most` characters at most."""
    text = _BARRED.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    text = re.sub(r"\n{3,}", "\n\n", re.sub(r" *\n *", "\n", re.sub(r"[ \xa0]+", " ", text)))
    return text.strip()[:most].rstrip()


def line(text: str, most: int) -> str:
    """The same on one line."""
    return clean(" ".join(text.split()), most)


def without_markup(text: str) -> str:
    """What a reader of HTML would see; text without tags stays as it is, `<3` and `5 < 6` too."""
    if not _TAG.search(text):
        return text
    # Once more after the entities: &lt;script&gt; is not to come out as a tag.
    return _TAG.sub("", html.unescape("".join(_seen(text))))


def _seen(text: str) -> list[str]:
    kept, hidden, at = [], "", 0
    for tag in _TAG.finditer(text):
        if not hidden:
            kept.append(text[at : tag.start()])
        at, name = tag.end(), (tag[2] or tag[0]).lower()
        if not hidden and (name == "<!--" or (name in _HIDDEN and not tag[1])):
            hidden = "-->" if name == "<!--" else name
        elif name == hidden and (tag[1] or name == "-->"):
            hidden = ""
        elif name in _BREAKS:
            kept.append("\n")
    return kept if hidden else [*kept, text[at:]]
