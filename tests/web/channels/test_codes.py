"""One table of codes: what a server says at once and in a report days later means the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.mails import BOUNCE, judged, mail, report
from web.channels import codes
from web.channels.faults import GONE, KINDS, Never


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("5.1.0", "unknown"),
        ("5.1.1", "unknown"),
        ("5.1.2", "unknown"),
        ("5.1.3", "address"),
        ("5.1.4", "unknown"),
        ("5.1.5", "refused"),
        ("5.1.6", "unknown"),
        ("5.1.7", "refused"),
        ("5.1.8", "refused"),
        ("5.1.9", "refused"),
        ("5.1.10", "unknown"),
        ("5.1.20", "refused"),
        ("5.1.90", "refused"),
        ("5.2.0", "refused"),
        ("5.2.1", "unknown"),
        ("5.2.2", "full"),
        ("5.2.3", "large"),
        ("5.2.14", "refused"),
        ("5.2.121", "refused"),
        ("5.3.0", "refused"),
        ("5.3.2", "refused"),
        ("5.3.4", "large"),
        ("5.4.1", "refused"),
        ("5.4.4", "unknown"),
        ("5.4.6", "refused"),
        ("5.4.7", "expired"),
        ("5.4.14", "refused"),
        ("5.4.300", "expired"),
        ("5.4.310", "unknown"),
        ("5.5.0", ""),
        ("5.5.2", "refused"),
        ("5.6.0", "refused"),
        ("5.7.0", "refused"),
        ("5.7.1", "refused"),
        ("5.7.26", "refused"),
        ("5.7.708", "refused"),
        ("5.0.0", ""),
        ("4.0.0", ""),
        ("4.2.2", "full"),
        ("4.1.1", "expired"),
        ("4.4.1", "expired"),
        ("4.4.7", "expired"),
        ("4.7.1", "expired"),
        ("", ""),
    ],
)
def test_a_code_means_one_thing(code: str, kind: str) -> None:
    assert codes.meaning(code) == kind


@given(st.integers(0, 9), st.integers(0, 999))
def test_a_server_at_once_and_a_report_later_agree(subject: int, detail: int) -> None:
    code = f"5.{subject}.{detail}"
    at_once = codes.fault("RCPT", 550, f"{code} No".encode())
    later = judged(mail(report("Action: failed", f"Status: {code}")), rcpt=BOUNCE, mail_from="")
    assert isinstance(at_once, Never)
    assert at_once.kind in KINDS
    assert later.outcome == "bounce"
    if codes.meaning(code):
        assert (later.reason == "hard") == (at_once.kind in GONE)
        assert later.reason == ("hard" if at_once.kind in GONE else at_once.kind)


@given(st.sampled_from("45"), st.integers(0, 9), st.integers(0, 999), st.sampled_from(["MAIL", "RCPT", "DATA"]))
def test_only_what_is_about_the_address_of_the_receiver_stops_the_mail(
    grade: str, subject: int, detail: int, phase: str
) -> None:
    gone = codes.fault(phase, 554, f"{grade}.{subject}.{detail} No".encode()).kind in GONE
    assert not gone or subject == 1 or (subject, detail) in {(2, 1), (4, 4), (4, 310)}
    later = judged(mail(report("Action: failed", f"Status: {grade}.{subject}.{detail}")), rcpt=BOUNCE, mail_from="")
    assert later.reason != "hard" or grade == "5"
