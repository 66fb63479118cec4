"""What everybody was told in all."""

from __future__ import annotations

import re

from tests.browser.circle import CHANTAL, WANDA
from tests.browser.journey.calendars import BART, PEOPLE_AND_WANDA, SASKIA, SEATED
from tests.browser.loop import Loop
from tests.browser.mailed import Mail
from web.rows.messages import LetterState


def told_once(loop: Loop) -> None:
    """When all is sent: to each what concerns them, once and in order, and to nobody about anybody else."""
    loop.until(lambda: loop.states() <= {LetterState.SENT, LetterState.OVERTAKEN})
    one, other = (mail.version[1] for mail in loop.invitations(SASKIA))
    first = {("REQUEST", one, 0), ("REQUEST", other, 0)}
    for to in SEATED:
        versions = loop.versions(to)
        cancels = set() if to == BART else {("CANCEL", one, 2), ("CANCEL", other, 1)}
        assert set(versions[:2]) == first and versions[2] == ("REQUEST", one, 1)
        assert len(versions[3:]) == len(cancels) and set(versions[3:]) == cancels
        methods = [mail.method for mail in loop.post.mails(to) if mail.method]
        assert methods == ["REQUEST", "REQUEST", *(["CANCEL"] if cancels else [])], "both dates are one mail"
    versions = loop.versions(WANDA)
    assert set(versions[:2]) == first and set(versions[2:]) == {("CANCEL", one, 1), ("CANCEL", other, 1)}
    assert len(versions) == 4
    for name, more in PEOPLE_AND_WANDA.items():
        for mail in loop.post.mails(str(more["email"])):
            alone(mail, name)
    told = {to for to in loop.post.everybody() if not to.endswith("@zuid.example")}
    assert told == {*SEATED, WANDA, CHANTAL}


def alone(mail: Mail, name: str) -> None:
    """Neither the mail nor the calendar in it tells of another resident."""
    written = mail.head.get_body(("html",)).get_content()
    objects = [line for date in mail.dates for line in re.split("\r\n(?! )", date.ics.decode())]
    whole = "\n".join([*map(str, mail.head.values()), mail.text, written, *objects])
    for other, more in PEOPLE_AND_WANDA.items():
        told = [word for word in (other, more["email"], more.get("phone")) if word and other != name]
        assert not [word for word in told if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", whole)]
