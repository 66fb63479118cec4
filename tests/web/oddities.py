"""What nobody should type, and somebody will: odd texts, numbers, days, and files."""

from __future__ import annotations

import io
import random
import zipfile
from functools import cache

LONE = "\ud83d".encode("utf-8", "surrogatepass")
"""Half of an emoji, as some telephones send it."""
NUMBERS = ["0", "-1", "1.0", "1e3", str(2**31), str(2**63), str(10**30), "٣", "²", "00001", " 1 ", "NaN", "9" * 5000]
DAYS = [
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "2026-10-25",
    "2027-03-28",
    "31-02-2027",
    "2026-10-25T02:30",
    "12-01-2027",
]
CLOCKS = ["02:30", "25:61", "00:00", "23:59", "2.30", "19:30:00"]
WORDS: list[str | bytes] = [
    "",
    " ",
    "x" * 10_000,
    "a\x00b",
    "\x01\x1b[31m\x7f\u2028",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "\u202eهنا\u200f",
    "<script>alert(1)</script>\"'>",
    "=cmd|' /C calc'!A0",
    "{{7*7}} %s %(name)s {0} ${x}",
    "../../etc/passwd",
    "Zoë O'Neill; DROP TABLE signup",
    LONE,
    b"\xff\xfe\x80",
    b"%ZZ%",
]
FIT = [
    "Sam",
    "sam@voorbeeld.example",
    "06 12345678",
    "2027-02-01",
    "19:30",
    "21:30",
    "2",
    "1",
    "0",
    "y",
    "email",
    "text",
    "via",
    "letter",
    "nl",
    "here",
    "online",
    "koken",
    "phone",
    "open",
    "closed",
    "finished",
    "1:1.1",
    "2:1.2",
    "1.1",
    "001:1.1",
    "1:1.01",
    "organiser",
    "admin",
    "staff:1",
]
"""What fits somewhere, so that the first check is passed and the second one has to hold."""
ALL = [*WORDS, *NUMBERS, *DAYS, *CLOCKS, *FIT]
IN_PATHS = ["0", "-1", str(2**31), str(2**63), str(10**30), "9" * 5000, "x" * 4000, "%00", "%F0%9F%92%A9", "%FF%FE"]
IN_PATHS += ["%E2%80%AE", "%ED%A0%BD", "..%2f..", "1%20", "a%0d%0aSet-Cookie:x=1", "%D9%A3", "1.0", "<b>"]


def small_files() -> dict[str, bytes]:
    """Those that are no burden to send often."""
    return {name: content for name, content in files().items() if len(content) < 5_000}


@cache
def files() -> dict[str, bytes]:
    """Files to be uploaded, by name."""
    packed, table = (
        io.BytesIO(),
        "Voornaam;Bereik;E-mail;Telefoon;Via;Tijden\r\nSam;email;sam@voorbeeld.example;;;1\r\n",
    )
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("x.txt", "x")
    noise = random.Random(1).randbytes(3000)
    return {
        "leeg.csv": b"",
        "ruis.xlsx": noise,
        "groot.csv": b"a;b;c\n" * 170_000,
        "zip.xlsx": packed.getvalue(),
        "half.xlsx": packed.getvalue()[:40],
        "goed.csv": table.encode(),
        "vreemd\u202e\x00.csv": table.encode("utf-16"),
        "nul.csv": table.encode() + b"\x00;\x00\n",
    }
