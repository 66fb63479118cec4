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
        (["ACTION: Failed (gone)", "status: 5.2.1 (gone)"], "bounce hard 5.2.1"),
        (["Action: failed", "Status: 5.4.4"], "bounce hard 5.4.4"),
        (["Action: failed", "Status: 5.2.2 (full)"], "bounce full 5.2.2"),
        (["Action: failed", "Status: 5.1.8"], "bounce refused 5.1.8"),
        (["Action: failed", "Status: 5.3.2"], "bounce refused 5.3.2"),
        (["Action: failed", "Status: 5.6.1"], "bounce refused 5.6.1"),
        (["Action: failed", "Status: 5.7.1"], "bounce refused 5.7.1"),
        (["Action: failed", "Status: 5.3.4"], "bounce large 5.3.4"),
        (["Action: failed", "Status: 4.4.1"], "bounce expired 4.4.1"),
        (["Action: failed", "Status: 4.4.7"], "bounce expired 4.4.7"),
        (["Action: failed", "Status: 4.2.2"], "bounce full 4.2.2"),
        (["Action: failed", "Status: 4.1.1"], "bounce expired 4.1.1"),
        (["Action: failed", "Status: 4.0.0"], "bounce expired 4.0.0"),
        (["Action: delayed", "Status: 4.4.1", "Will-Retry-Until: Sun, 4 Oct 2026"], "bounce soft 4.4.1"),
        (["Action: delayed", "Status: 5.1.1"], "bounce soft 5.1.1"),
        (["Action: failed", "Diagnostic-Code: smtp; 550-5.1.1 unknown"], "bounce hard 5.1.1"),
        (["Action: failed", "Diagnostic-Code: smtp; 550 #5.1.1"], "bounce hard 5.1.1"),
        (["Action: failed", "Diagnostic-Code: smtp; 550 unknown (5.1.1)."], "bounce hard 5.1.1"),
        (["Action: failed", "Diagnostic-Code: smtp; 550 said 5.1.1. Bye"], "bounce hard 5.1.1"),
        (["Action: failed", "Diagnostic-Code: smtp; 554 from 5.1.1.9"], "bounce returned"),
        (["Action: failed", "Diagnostic-Code: smtp; 452 try later"], "bounce expired"),
        (["Action: failed", "Diagnostic-Code: smtp; 552 no room"], "bounce full"),
        (["Action: failed", "Diagnostic-Code: smtp; 550 no"], "bounce returned"),
        (["Action: failed", "Status: 5.0.0", "Diagnostic-Code: smtp; 550 5.1.1 unknown"], "bounce hard 5.1.1"),
        (["Action: failed", "Status: 4.0.0", "Diagnostic-Code: smtp; 550 5.1.1 unknown"], "bounce hard 5.1.1"),
        (["Action: failed", "Status: 5.0.0", "Diagnostic-Code: smtp; 550 5.7.1 no"], "bounce refused 5.7.1"),
        # Two that contradict each other: an address that may be right is kept.
        (["Action: failed", "Status: 5.1.1", "Diagnostic-Code: smtp; 550 5.7.1 no"], "bounce refused 5.7.1"),
        (["Action: failed", "Status: 5.7.1", "Diagnostic-Code: smtp; 550 5.1.1 no"], "bounce refused 5.7.1"),
        (["Action: failed", "Status: 5.1.1", "Diagnostic-Code: smtp; 452 4.2.2 full"], "bounce full 4.2.2"),
        (["Action: failed", "Status: 4.4.7", "Diagnostic-Code: smtp; 452 4.2.2 full"], "bounce full 4.2.2"),
        (["Action: failed"], "bounce returned"),
        (["Status: 5.0.0"], "bounce returned 5.0.0"),
        (["Status: 4.4.1"], "bounce soft 4.4.1"),
        (["Action: delayed"], "bounce soft"),
        (["Action: failed", "Status: 2.0.0"], "review unclear_bounce 2.0.0"),
        (["Action: delivered", "Status: 2.1.5"], "ignored delivered"),
        (["Action: relayed", "Status: 2.1.9"], "ignored delivered"),
        (["Action: lost"], "review unclear_bounce"),
        ([], "review unclear_bounce"),
    ],
)
def test_failed_is_final_and_only_what_is_about_the_address_is_hard(fields: list[str], fate: str) -> None:
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


@pytest.mark.parametrize(
    ("others", "fate"),
    [
        (["Action: failed\r\nStatus: 5.1.1"], "bounce hard 5.1.1"),
        (["Action: failed\r\nStatus: 5.1.1", "Action: failed\r\nStatus: 5.2.2"], "bounce full 5.2.2"),
        (["Action: failed\r\nStatus: 5.1.1", "Action: delayed\r\nStatus: 4.4.1"], "bounce soft 4.4.1"),
        (["Action: failed\r\nStatus: 5.1.1", "Action: delivered\r\nStatus: 2.0.0"], "review unclear_bounce"),
        (["Action: relayed\r\nStatus: 2.0.0", "Action: delivered\r\nStatus: 2.0.0"], "ignored delivered"),
    ],
)
def test_of_others_to_which_ours_was_passed_on_the_mildest_counts(others: list[str], fate: str) -> None:
    blocks = [f"Final-Recipient: rfc822; nr{n}@elders.example\r\n{said}" for n, said in enumerate(others)]
    status = plainly("Reporting-MTA: dns; x\r\n\r\n" + "\r\n\r\n".join(blocks), "message/delivery-status")
    verdict = bounced(several(words(), status, kind="multipart/report; report-type=delivery-status"))
    assert said(verdict) == fate


def test_of_ours_the_last_word_counts() -> None:
    again = f"\r\nFinal-Recipient: rfc822; {FATIMA}\r\nAction: failed\r\nStatus: 5.1.1"
    assert said(bounced(report("Action: delayed", "Status: 4.4.1", again))) == "bounce hard 5.1.1"


@pytest.mark.parametrize(
    ("words_of_the_server", "fate"),
    [
        ("host mx said: 550 no (in reply to RCPT TO command)", "bounce hard 5.0.0"),
        ("SMTP error from remote mail server after RCPT TO:<x>: 550 no", "bounce hard 5.0.0"),
        ("host mx said: 550 no (in reply to end of DATA command)", "bounce returned 5.0.0"),
        ("SMTP error from remote mail server after end of data: 550 no", "bounce returned 5.0.0"),
        ("SMTP error after MAIL FROM:<x>: 550 no", "bounce returned 5.0.0"),
        ("550 no", "bounce returned 5.0.0"),
    ],
)
def test_three_digits_are_about_the_address_only_if_they_answer_the_address(
    words_of_the_server: str, fate: str
) -> None:
    body = report("Action: failed", "Status: 5.0.0", "Diagnostic-Code: smtp; 550 no")
    body = body.replace(words("Sorry."), words(words_of_the_server))
    assert said(bounced(body)) == fate


def test_at_the_address_for_answers_a_report_has_to_name_who_was_invited() -> None:
    """That address is in every mail about one date, also in those to a former e-mail address."""
    body = report("Action: failed", "Status: 5.1.1").replace(FATIMA.encode(), b"vorig@post.example")
    assert said(bounced(body, rcpt=RCPT)) == "review unclear_bounce"
    assert said(bounced(body)) == "bounce hard 5.1.1"


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


@pytest.mark.parametrize(
    ("mark", "fate"),
    [
        ({"Auto-Submitted": "auto-replied"}, "ignored autoreply"),
        ({"Auto-Submitted": "Auto-Replied (vacation)"}, "ignored autoreply"),
        ({"X-Autoreply": "yes"}, "ignored autoreply"),
        ({"X-Autorespond": "weg"}, "ignored autoreply"),
        ({"Precedence": "auto_reply"}, "ignored autoreply"),
        ({"X-MS-Exchange-Inbox-Rules-Loop": FATIMA}, "ignored autoreply"),
        ({}, "review unclear_bounce"),
        ({"Auto-Submitted": "auto-generated"}, "review unclear_bounce"),
        ({"Auto-Submitted": "no"}, "review unclear_bounce"),
        ({"X-Auto-Response-Suppress": "All"}, "review unclear_bounce"),
        ({"Precedence": "bulk"}, "review unclear_bounce"),
        ({"From": "Postmaster <postmaster@post.example>", "Auto-Submitted": "auto-replied"}, "review unclear_bounce"),
    ],
)
def test_only_an_explicit_mark_makes_a_holiday(mark: dict[str, str], fate: str) -> None:
    away = mail(words("Ik ben er niet"), mark)
    for rcpt in (BOUNCE, RCPT):
        assert said(judged(away, rcpt=rcpt, mail_from="")) == fate


def test_what_a_person_writes_to_the_bounce_address_is_for_a_person() -> None:
    assert said(judged(mail(words()), rcpt=BOUNCE)) == "review words"
    assert said(judged(mail(words(), {"Auto-Submitted": "auto-generated"}), rcpt=BOUNCE)) == "review words"


def test_a_bounce_of_what_we_did_not_send_is_ignored() -> None:
    body = report("Action: failed", "Status: 5.1.1")
    assert said(bounced(body, rcpt="bounce-aaaaaaaa@buurt.example")) == "ignored unknown_token"
    assert said(bounced(body, rcpt="info@buurt.example")) == "ignored no_token"
