"""The calendar programs that people have: khal in a terminal, and a Radicale server that a phone looks at."""

from __future__ import annotations

import base64
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.web.calendar_reading import calendar_in, date_in

BIN = Path(sys.executable).parent
PATIENCE = 20.0
CONFIG = """
[calendars]
[[home]]
path = {folder}/dates
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = Europe/Amsterdam
default_timezone = Europe/Amsterdam
[sqlite]
path = {folder}/cache.db
[default]
default_calendar = home
"""
SHOWN = "{start-date} {start-time}-{end-time} {cancelled}{title}"
FOUND = """<?xml version="1.0"?><C:calendar-query xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:prop>
<D:getetag/></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">
<C:time-range start="{start:%Y%m%dT%H%M%SZ}" end="{end:%Y%m%dT%H%M%SZ}"/></C:comp-filter></C:comp-filter></C:filter>
</C:calendar-query>"""


class Khal:
    """khal with one calendar."""

    def __init__(self, folder: Path) -> None:
        (folder / "dates").mkdir(parents=True)
        self.folder = folder
        (folder / "config").write_text(CONFIG.format(folder=folder))

    def take(self, content: bytes) -> None:
        """Import a file, as somebody does who opens it."""
        file = self.folder / "invite.ics"
        file.write_bytes(content)
        self._say("import", "--batch", "-a", "home", str(file))

    def shows(self, day: datetime) -> list[str]:
        """What stands on a day, by the clock on the wall; what is cancelled says so."""
        said = self._say("list", "--day-format", "", "--format", SHOWN, f"{day:%Y-%m-%d}", "1d")
        return [line.strip() for line in said.splitlines() if line.strip()]

    def _say(self, *words: str) -> str:
        call = [BIN / "khal", "-c", self.folder / "config", *words]
        environ = os.environ | {"LC_ALL": "C.UTF-8"}
        done = subprocess.run(call, capture_output=True, text=True, env=environ, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr
        return done.stdout


@dataclass(frozen=True)
class Radicale:
    """A CalDAV server with one calendar, seen by a client."""

    port: int

    def take(self, content: bytes) -> None:
        """Put an invitation in the calendar. A client leaves METHOD out: it belongs to the mail (RFC 4791 4.1)."""
        kept = re.sub(rb"METHOD:[A-Z]+\r\n", b"", content)
        self._ask("PUT", f"{date_in(content)['UID']}.ics", kept, "text/calendar; charset=utf-8")

    def holds(self, uid: str) -> bytes:
        """What it gives back of an event; as strict a reading as that of a mail."""
        found = self._ask("GET", f"{uid}.ics")
        calendar_in(found)
        return found

    def between(self, start: datetime, minutes: int) -> int:
        """How many events it finds in these minutes."""
        start = start.astimezone(UTC)
        asked = FOUND.format(start=start, end=start + timedelta(minutes=minutes))
        return self._ask("REPORT", "", asked.encode(), "application/xml").count(b"<response>")

    def _ask(self, verb: str, name: str, body: bytes = b"", kind: str = "") -> bytes:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        who = {"Authorization": f"Basic {base64.b64encode(b'saskia:x').decode()}", "Depth": "1"}
        line.request(verb, f"/saskia/home/{name}", body, who | ({"Content-Type": kind} if kind else {}))
        answer = line.getresponse()
        content = answer.read()
        line.close()
        assert answer.status < 300, (verb, answer.status, content)
        return content


@contextmanager
def radicale(folder: Path) -> Iterator[Radicale]:
    """Run a server as long as this lasts."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    told = {"server-hosts": f"127.0.0.1:{port}", "auth-type": "none", "storage-filesystem-folder": folder}
    words = [f"--{name}={value}" for name, value in told.items()]
    call = [BIN / "radicale", "--config=", *words, "--logging-level=warning"]
    with subprocess.Popen(call, stderr=subprocess.PIPE) as running:
        try:
            server = Radicale(port)
            _wait(running, port)
            server._ask("MKCALENDAR", "")
            yield server
        finally:
            running.terminate()


def _wait(running: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and running.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(f"Radicale does not start: {running.poll()}")
