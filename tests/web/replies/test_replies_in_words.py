"""Mail servers that say in words only that ours did not arrive, in the shapes of the field; the mails are invented."""

from __future__ import annotations

import pytest

from tests.web.mails import BOUNCE, FATIMA, RCPT, TOKEN, judged, mail, part, plainly, several, words
from web.replies import Verdict
from web.replies.mime import ParsedMail
from web.replies.unformal import addresses
from web.replies.verdict import MailLimits

OWN = mail(plainly("Dag Fatima,\r\nJe hebt een plek.\r\n", "text/plain"), {"From": RCPT, "To": FATIMA})
ENCLOSED = b"Content-Type: message/rfc822\r\n\r\n" + OWN
HEADS = b"Content-Type: text/rfc822-headers\r\n\r\n" + OWN.partition(b"\r\n\r\n")[0] + b"\r\n"
QUOTED = OWN.decode()


def plain(text: str) -> bytes:
    """A mail that is text and nothing else."""
    return plainly(text.replace("\r\n", "\n").replace("\n", "\r\n"), "text/plain; charset=utf-8")


QMAIL = f"""Hi. This is the qmail-send program at mx.post.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{FATIMA}>:
%s

--- Below this line is a copy of the message.

{QUOTED}"""
EXIM = f"""This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {FATIMA}
    %s

------ This is a copy of the message, including all the headers. ------

{QUOTED}"""
EXCHANGE_2003 = f"""Your message

  To:      {FATIMA}
  Subject: Je hebt een plek
  Sent:    Mon, 12 Oct 2026 10:00:00 +0200

did not reach the following recipient(s):

{FATIMA} on Mon, 12 Oct 2026 10:00:05 +0200
    %s
    MSEXCH:IMS:POST:POST:MAIL 0 (000C05A6) %s
"""
GMAIL = f"""Delivery to the following recipient failed permanently:

     {FATIMA}

Technical details of permanent failure:
Google tried to deliver your message, but it was rejected by the server. The error was: %s

----- Original message -----

{QUOTED}"""
NOTES = f"""------- Failure Reasons  --------

User not listed in public Name & Address Book
{FATIMA}

------- Returned Message --------
{QUOTED}"""
IMAIL = f"""Unknown user: {FATIMA}


Original message follows.

{QUOTED}"""
MIMECAST = f"""The message you sent to {FATIMA} was rejected by the receiving server.

550 5.1.1 User Unknown - https://hulp.mimecast.example/doc#550
"""
OFFICE = f"""Your message to {FATIMA} couldn't be delivered.

fatima wasn't found at post.example.
Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found'
"""
POSTMASTER = {"From": "Postmaster <postmaster@post.example>", "Subject": "Undeliverable"}
DAEMON = {"From": "MAILER-DAEMON@post.example", "Subject": "failure notice"}
PERSON = {"From": "Beheer <beheer@post.example>", "Subject": "Onbestelbaar"}


def returned(body: bytes, head: dict[str, str], mail_from: str = "", rcpt: str = BOUNCE) -> Verdict:
    return judged(mail(body, head), rcpt=rcpt, mail_from=mail_from)


def said(verdict: Verdict) -> str:
    """What it is and why."""
    return f"{verdict.outcome} {verdict.reason} {verdict.code}".strip()


@pytest.mark.parametrize(
    ("body", "head", "fate"),
    [
        (plain(QMAIL % "Sorry, no mailbox here by that name. (#5.1.1)"), DAEMON, "bounce hard 5.1.1"),
        (plain(QMAIL % "Remote host said: 552 5.2.2 Mailbox full"), DAEMON, "bounce full 5.2.2"),
        (plain(QMAIL % "Remote host said: 550 5.7.1 We do not want you"), DAEMON, "bounce refused 5.7.1"),
        (plain(QMAIL % "Remote host said: 554 No"), DAEMON, "review unclear_bounce"),
        (plain(EXIM % "550 5.1.1 Unknown user"), DAEMON, "bounce hard 5.1.1"),
        (plain(EXIM % "550 5.7.1 No"), DAEMON | {"Auto-Submitted": "auto-replied"}, "bounce refused 5.7.1"),
        (plain(EXIM % "all hosts have been failing for a long time"), DAEMON, "review unclear_bounce"),
        (plain(GMAIL % "550 550 5.1.1 No such user (state 14)."), DAEMON, "bounce hard 5.1.1"),
        (
            several(plain(EXCHANGE_2003 % ("No such name <post.example #5.1.1>", "Unknown")), ENCLOSED),
            POSTMASTER,
            "bounce hard 5.1.1",
        ),
        (
            several(plain(EXCHANGE_2003 % ("The recipient name is not recognized", "Unknown")), ENCLOSED),
            POSTMASTER,
            "review unclear_bounce",
        ),
        (plain(NOTES), POSTMASTER, "review unclear_bounce"),
        (plain(IMAIL), POSTMASTER, "review unclear_bounce"),
        (plain(MIMECAST), POSTMASTER, "review unclear_bounce"),
        (plain(MIMECAST), PERSON, "review unclear_bounce"),
        (several(plain(MIMECAST), ENCLOSED), PERSON, "review unclear_bounce"),
        (several(plain(MIMECAST), HEADS), PERSON | {"Auto-Submitted": "auto-replied"}, "review unclear_bounce"),
        (plain(OFFICE), {"From": "Microsoft Outlook <postmaster@post.example>"}, "review unclear_bounce"),
        (several(part(f"<p>{OFFICE}</p>", "text/html"), ENCLOSED), POSTMASTER, "review unclear_bounce"),
        (plain("Onbestelbaar\n\n" + QUOTED), DAEMON | {"X-Failed-Recipients": FATIMA}, "review unclear_bounce"),
        (b"\r\n", DAEMON, "review unclear_bounce"),
    ],
)
def test_it_is_never_dropped_and_acted_on_only_where_a_library_and_a_code_agree(
    body: bytes, head: dict[str, str], fate: str
) -> None:
    verdict = returned(body, head)
    assert said(verdict) == fate
    assert verdict.token == TOKEN
    if fate.startswith("bounce") or head is not PERSON:
        assert said(returned(body, head, rcpt=RCPT)) == fate, "some send it to From instead"
    if head is POSTMASTER or head is DAEMON:
        assert said(returned(body, head, mail_from="postmaster@post.example")) == fate


def test_a_formal_report_without_its_formal_part_is_read_by_its_words() -> None:
    kind = "multipart/report; report-type=delivery-status"
    body = several(plain(QMAIL % "Sorry, no mailbox here by that name. (#5.1.1)"), ENCLOSED, kind=kind)
    assert said(returned(body, DAEMON)) == "bounce hard 5.1.1"
    assert said(returned(several(plain(MIMECAST), ENCLOSED, kind=kind), DAEMON)) == "review unclear_bounce"


def test_a_person_reads_why() -> None:
    verdict = returned(several(plain(MIMECAST), ENCLOSED), POSTMASTER)
    assert "550 5.1.1 User Unknown" in verdict.words
    assert "Je hebt een plek" not in verdict.words
    assert verdict.quoted == ""


def test_somebody_elses_address_in_it_is_for_a_person() -> None:
    body = plain(
        (QMAIL % "Sorry, no mailbox here by that name. (#5.1.1)").replace(f"<{FATIMA}>", "<zus@elders.example>")
    )
    assert said(returned(body, DAEMON)) == "review unclear_bounce"


def test_what_is_tried_on_waits_for_nobody() -> None:
    text = f"""**********************************************
**      THIS IS A WARNING MESSAGE ONLY      **
**  YOU DO NOT NEED TO RESEND YOUR MESSAGE  **
**********************************************

The original message was received at Mon, 12 Oct 2026 10:00:00 +0200

   ----- The following addresses had transient non-fatal errors -----
<{FATIMA}>

   ----- Transcript of session follows -----
<{FATIMA}>... Deferred: Connection timed out
Warning: message still undelivered after 4 hours
"""
    assert said(returned(plain(text), DAEMON)).split()[0] in ("bounce", "review")
    assert said(returned(plain(text), DAEMON)) != "bounce hard"


def test_two_codes_that_contradict_each_other_keep_the_address() -> None:
    text = QMAIL % "Remote host said: 550 5.1.1 (see 5.7.1)"
    assert said(returned(plain(text), DAEMON)) == "bounce refused 5.7.1"


@pytest.mark.parametrize("body", [b"\xff\xfe" * 5000, plain("<" * 50_000), plain(f"{FATIMA} on \n" * 5000)])
def test_what_breaks_the_library_is_for_a_person(body: bytes) -> None:
    assert said(returned(body, DAEMON)) == "review unclear_bounce"


def test_the_library_logs_no_address(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        found = addresses(ParsedMail(mail(plain(QMAIL % "(#5.1.1)"), DAEMON), MailLimits()))
    assert found == (frozenset({FATIMA}), frozenset())
    assert FATIMA not in caplog.text


def test_words_of_somebody_who_forwards_a_report_are_theirs() -> None:
    verdict = judged(mail(several(words("Dit kreeg ik terug"), ENCLOSED)), rcpt=RCPT)
    assert (said(verdict), verdict.words) == ("review words", "Dit kreeg ik terug")
