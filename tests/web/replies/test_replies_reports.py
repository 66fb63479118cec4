"""Mail that came back because ours did not arrive, and other reports: calendar rule 45."""

from __future__ import annotations

import pytest

from tests.web.mails import BOUNCE, FATIMA, RCPT, TOKEN, calendar, judged, mail, part, plainly, report, several, words
from web.replies import Verdict

HEAD = {"From": "MAILER-DAEMON@post.example", "Subject": "Undelivered Mail", "Auto-Submitted": "auto-replied"}


def bounced(body: bytes, **more: str) -> Verdict:
    """What a mail does that a server sent to the envelope's sender of ours."""
    return judged(mail(body, HEAD), **({"rcpt": BOUNCE, "mail_from": ""} | more))


def said(verdict: Verdict) -> str:
    """What it is and why."""
    return f"{verdict.outcome} {verdict.reason} {verdict.code}".strip()


@pytest.mark.parametrize(
    ("fields", "fate"),
    [
        (["Action: failed", "Status: 5.1.1"], "bounce hard 5.1.1"),
        (["ACTION: Failed (gone)", "status: 5.2.2 (full)"], "bounce hard 5.2.2"),
        (["Action: failed", "Status: 4.4.7"], "bounce soft 4.4.7"),
        (["Action: delayed", "Status: 4.4.1", "Will-Retry-Until: Sun, 4 Oct 2026"], "bounce soft 4.4.1"),
        (["Action: delayed", "Status: 5.1.1"], "bounce soft 5.1.1"),
        (["Action: failed", "Diagnostic-Code: smtp; 550-5.1.1 unknown"], "bounce hard 5.1.1"),
        (["Action: failed", "Diagnostic-Code: smtp; 452 try later"], "bounce soft"),
        (["Action: failed"], "bounce hard"),
        (["Status: 5.0.0"], "bounce hard 5.0.0"),
        (["Action: failed", "Status: 2.0.0"], "review unclear_bounce 2.0.0"),
        (["Action: delivered", "Status: 2.1.5"], "ignored delivered"),
        (["Action: relayed", "Status: 2.1.9"], "ignored delivered"),
        (["Action: lost"], "review unclear_bounce"),
        ([], "review unclear_bounce"),
    ],
)
def test_failed_for_good_is_hard_and_what_may_pass_is_soft(fields: list[str], fate: str) -> None:
    assert said(bounced(report(*fields))) == fate


def test_a_bounce_tells_whose_it_is() -> None:
    at_bounce, at_rsvp = (bounced(report("Action: failed", "Status: 5.1.1"), rcpt=rcpt) for rcpt in (BOUNCE, RCPT))
    assert at_bounce == Verdict("bounce", "hard", token=TOKEN, via="bounce", code="5.1.1")
    assert at_rsvp == Verdict("bounce", "hard", token=TOKEN, via="rsvp", code="5.1.1")


def test_of_several_recipients_ours_counts() -> None:
    other = "\r\nFinal-Recipient: rfc822; ander@post.example\r\nAction: failed\r\nStatus: 5.1.1"
    assert said(bounced(report("Action: delayed", "Status: 4.2.2", other))) == "bounce soft 4.2.2"
    ours = f"Original-Recipient: rfc822;{FATIMA.upper()}"
    forwarded = report("Action: failed", "Status: 5.1.1", ours).replace(
        f"Final-Recipient: rfc822; {FATIMA}".encode(), b"X: y"
    )
    assert said(bounced(forwarded)) == "bounce hard 5.1.1"


def test_what_a_report_encloses_is_no_answer() -> None:
    answer = part(calendar())
    for kind in ("delivery-status", "disposition-notification"):
        body = report("Action: failed", "Status: 5.0.0", kind=kind).replace(
            b"\r\n--r0--", b"\r\n--r0\r\n" + answer + b"\r\n--r0--"
        )
        assert bounced(body, rcpt=RCPT).outcome == ("bounce" if kind == "delivery-status" else "ignored")


def test_an_encoded_report_is_read() -> None:
    status = "Reporting-MTA: dns; x\n\nFinal-Recipient: utf-8; fatima\nAction: failed\nStatus: 5.1.1\n"
    for kind in ("message/delivery-status", "message/global-delivery-status"):
        assert said(bounced(several(words(), part(status, kind), kind="multipart/report"))) == "bounce hard 5.1.1"
        assert said(bounced(several(words(), part(status, kind)))) == "bounce hard 5.1.1"


def test_a_person_who_sends_a_report_along_is_a_person() -> None:
    status = plainly("X: y\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n", "message/delivery-status")
    assert said(judged(mail(several(words("Dit kreeg ik"), status)))) == "review words"


def test_a_receipt_is_ignored_and_a_complaint_is_for_a_person() -> None:
    assert (
        said(bounced(report("Disposition: manual-action; displayed", kind="disposition-notification")))
        == "ignored receipt"
    )
    assert (
        said(bounced(several(words(), kind="multipart/report; report-type=disposition-notification")))
        == "ignored receipt"
    )
    assert said(bounced(report("Feedback-Type: abuse", kind="feedback-report"))) == "review complaint"


def test_an_old_fashioned_bounce_is_for_a_person() -> None:
    verdict = bounced(words("I wasn't able to deliver your message. 550 no such user"))
    assert (said(verdict), verdict.token) == ("review unclear_bounce", TOKEN)
    assert "550" in verdict.words
    assert said(bounced(several(words(), kind="multipart/report"))) == "review unclear_bounce"


def test_holidays_come_to_the_bounce_address_too() -> None:
    away = mail(words("Ik ben er niet"), {"Auto-Submitted": "auto-replied"})
    assert said(judged(away, rcpt=BOUNCE, mail_from="")) == "ignored autoreply"
    assert said(judged(mail(words()), rcpt=BOUNCE)) == "review words"


def test_a_bounce_of_what_we_did_not_send_is_ignored() -> None:
    body = report("Action: failed", "Status: 5.1.1")
    assert said(bounced(body, rcpt="bounce-aaaaaaaa@buurt.example")) == "ignored unknown_token"
    assert said(bounced(body, rcpt="info@buurt.example")) == "ignored no_token"
