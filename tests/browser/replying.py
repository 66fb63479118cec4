"""What comes back by mail: the answers of calendar programs, and the regrets of mail servers."""

from __future__ import annotations

from tests.browser.mailed import Mail
from tests.web import mails
from tests.web.calendar_reading import date_in


def answer(mail: Mail, said: str, program: str) -> tuple[str, bytes]:
    """A button pressed in a calendar program: whom it answers, the organiser of the event, and the mail."""
    to = str(date_in(mail.ics)["ORGANIZER"]).removeprefix("mailto:")
    return to, {"google": by_google, "thunderbird": by_thunderbird}[program](mail, said, to)


def returned(mail: Mail) -> bytes:
    """There is no such mailbox (RFC 3464), with the mail in it."""
    head = {"From": "Mail Delivery System <MAILER-DAEMON@mx.post.example>", "To": mail.envelope}
    more = {"Subject": "Undelivered Mail Returned to Sender", "Auto-Submitted": "auto-replied"}
    status = f"Reporting-MTA: dns; mx.post.example\r\n\r\nFinal-Recipient: rfc822; {mail.to}\r\n"
    status += "Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\r\n"
    parts = mails.words("It came back."), mails.plainly(status, "message/delivery-status")
    enclosed = b"Content-Type: message/rfc822\r\n\r\n" + mail.raw
    kind = "multipart/report; report-type=delivery-status"
    return mails.mail(mails.several(*parts, enclosed, kind=kind), head | more)


def _reply(mail: Mail, said: str) -> str:
    """The REPLY of a calendar program: the event as it knows it, with one attendee."""
    event = date_in(mail.ics)
    stamp = event["DTSTAMP"].dt
    return mails.calendar(
        mails.event(
            f"ORGANIZER:{event['ORGANIZER']}",
            UID=f"UID:{event['UID']}",
            DTSTAMP=f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
            SEQUENCE=f"SEQUENCE:{event['SEQUENCE']}",
            DTSTART=f"DTSTART:{event['DTSTART'].dt.astimezone(stamp.tzinfo):%Y%m%dT%H%M%SZ}",
            ATTENDEE=f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={said}:mailto:{mail.to}",
        )
    )


def by_google(mail: Mail, said: str, to: str) -> bytes:
    """Sent by a machine of Google, with the answer as a part and as a file."""
    answer = _reply(mail, said)
    alternatives = mails.several(
        mails.words(f"{mail.to} has answered this invitation."),
        mails.part("<div>answered</div>", 'text/html; charset="UTF-8"'),
        mails.part(answer, 'text/calendar; charset="UTF-8"; method=REPLY'),
        kind="multipart/alternative",
        boundary="a0",
    )
    file = mails.part(
        answer, 'application/ics; name="invite.ics"', 'Content-Disposition: attachment; filename="invite.ics"'
    )
    head = {"From": f"<{mail.to}>", "To": to, "Auto-Submitted": "auto-generated"}
    machine = {"Sender": "Google Calendar <calendar-notification@google.com>", "Message-ID": "<calendar-1@google.com>"}
    return mails.mail(mails.several(alternatives, file), head | machine)


def by_thunderbird(mail: Mail, said: str, to: str) -> bytes:
    """Sent by the person, with the answer after a few words."""
    answer = mails.plainly(_reply(mail, said), "text/calendar; method=REPLY; charset=UTF-8", "8bit")
    both = mails.several(mails.words("Mijn antwoord."), answer, kind="multipart/alternative")
    return mails.mail(both, {"From": f"<{mail.to}>", "To": to})
