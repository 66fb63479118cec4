"""Which answers count for an invitation, and what of them: calendar rules 40-43."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.web.mails import (
    DOMAIN,
    FATIMA,
    INVITED,
    NOW,
    PASSED,
    RCPT,
    TOKEN,
    UID,
    after,
    answered,
    calendar,
    event,
    judged,
    mail,
    part,
    several,
    words,
)
from web.replies import Verdict
from web.replies.memory import Memory


def said(verdict: Verdict) -> str:
    """The answer if it counts, else why not."""
    return verdict.partstat if verdict.outcome == "applied" else f"{verdict.outcome} {verdict.reason}"


@pytest.mark.parametrize("partstat", ["ACCEPTED", "DECLINED", "TENTATIVE", "accepted", '"DECLINED"'])
def test_an_answer_counts(partstat: str) -> None:
    verdict = answered(event(ATTENDEE=f"ATTENDEE;PARTSTAT={partstat}:mailto:{FATIMA}"))
    assert verdict == Verdict(
        "applied",
        token=TOKEN,
        partstat=partstat.strip('"').upper(),
        sequence=2,
        stamp=datetime(2026, 10, 4, 8, 15, tzinfo=UTC),
        via="rsvp",
    )


@pytest.mark.parametrize(
    "attendee",
    [
        f"ATTENDEE;PARTSTAT=ACCEPTED:MAILTO:{FATIMA.upper()}",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:%66atima%40post.example",
        f"ATTENDEE;PARTSTAT=ACCEPTED:{FATIMA}",
        f"attendee;partstat=ACCEPTED:mailto:<{FATIMA}>",
        f'ATTENDEE;EMAIL="{FATIMA}";PARTSTAT=ACCEPTED:urn:uuid:4f6d',
        f"ATTENDEE;EMAIL={FATIMA};PARTSTAT=ACCEPTED:/aMTIzNDU2/principal/",
        f'ATTENDEE;CN="El Amrani; Fatima: PARTSTAT=DECLINED";PARTSTAT=ACCEPTED:mailto:{FATIMA}',
        f'ATTENDEE;CN=O"Neill;PARTSTAT=ACCEPTED:mailto:{FATIMA}',
        f'ATTENDEE;PARTSTAT=ACCEPTED;SENT-BY="mailto:assistent@post.example":mailto:{FATIMA}',
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{FATIMA}\r\nATTENDEE;PARTSTAT=DECLINED:mailto:iemand@post.example",
    ],
)
def test_whoever_was_invited_is_known_in_every_form(attendee: str) -> None:
    assert said(answered(event(ATTENDEE=attendee))) == "ACCEPTED"


def test_a_plus_in_an_address_is_a_part_of_it() -> None:
    jan = replace(INVITED, attendee="Jan+buurt@post.example")
    for value in ("mailto:jan%2Bbuurt@post.example", "mailto:jan+buurt@post.example"):
        assert said(answered(event(ATTENDEE=f"ATTENDEE;PARTSTAT=DECLINED:{value}"), invited=jan)) == "DECLINED"
    assert said(answered(event(ATTENDEE="ATTENDEE;PARTSTAT=DECLINED:mailto:jan@post.example"), invited=jan)) == (
        "review other_attendee"
    )


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"ATTENDEE": "ATTENDEE;PARTSTAT=ACCEPTED:mailto:neef@post.example"}, "review other_attendee"),
        ({"ATTENDEE": None}, "review other_attendee"),
        (
            {"ATTENDEE": f"X-A:1\r\nBEGIN:VALARM\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{FATIMA}\r\nEND:VALARM"},
            "review other_attendee",
        ),
        ({"UID": "UID:iets-anders@buurt.example"}, "review unknown_uid"),
        ({"UID": None}, "review broken"),
        ({"UID": f"UID:{UID}\r\nUID:iets-anders"}, "review broken"),
        ({"ATTENDEE": f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{FATIMA}"}, "ignored needs_action"),
        ({"ATTENDEE": f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{FATIMA}\r\nCOMMENT:Mag mijn zus mee?"}, "review words"),
        (
            {"ATTENDEE": f'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:x@y.example":mailto:{FATIMA}'},
            "review partstat",
        ),
        ({"ATTENDEE": f"ATTENDEE;PARTSTAT=X-LATE:mailto:{FATIMA}"}, "review partstat"),
        ({"ATTENDEE": f"ATTENDEE:mailto:{FATIMA}"}, "review partstat"),
        ({"ATTENDEE": f"ATTENDEE;PARTSTAT=ACCEPTED;PARTSTAT=DECLINED:mailto:{FATIMA}"}, "review partstat"),
        (
            {"ATTENDEE": f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{FATIMA}\r\nATTENDEE;PARTSTAT=DECLINED:mailto:{FATIMA}"},
            "review several",
        ),
        ({"UID": f"UID:{UID}\r\nRECURRENCE-ID:20261012T173000Z"}, "review recurrence"),
        ({"SEQUENCE": "SEQUENCE:0"}, "ignored stale_sequence"),
        ({"SEQUENCE": None}, "review sequence"),
        ({"SEQUENCE": "SEQUENCE:twee"}, "review broken"),
        ({"SEQUENCE": "SEQUENCE:-1"}, "review broken"),
        ({"SEQUENCE": "SEQUENCE:99999999999999999999"}, "review broken"),
        ({"SEQUENCE": "SEQUENCE:1"}, "ACCEPTED"),
        ({"SEQUENCE": "SEQUENCE:7"}, "ACCEPTED"),
        ({"DTSTAMP": None}, "ACCEPTED"),
        ({"DTSTAMP": "DTSTAMP:gisteren"}, "ACCEPTED"),
        ({"DTSTAMP": "DTSTAMP:00010101T000000+1400"}, "ACCEPTED"),
    ],
)
def test_what_counts_and_what_is_for_a_person(changed: dict[str, str | None], reason: str) -> None:
    assert said(answered(event(**changed))) == reason


def test_without_a_sequence_an_answer_is_to_the_first_version() -> None:
    unchanged = replace(INVITED, changed_sequence=0)
    assert said(answered(event(SEQUENCE=None), invited=unchanged)) == "ACCEPTED"


@pytest.mark.parametrize(
    ("method", "reason"),
    [
        ("COUNTER", "review counter"),
        ("REFRESH", "review method"),
        ("DECLINECOUNTER", "review method"),
        ("X-BLA", "review method"),
        (None, "review method"),
        ("REQUEST", "review words"),
    ],
)
def test_only_a_reply_is_an_answer(method: str | None, reason: str) -> None:
    raw = mail(part(calendar(method=method), "text/calendar; charset=utf-8"))
    assert said(judged(raw)) == reason


def test_another_time_is_shown_to_a_person() -> None:
    counter = event("COMMENT:Kan het later?", "DTEND:20261012T203000Z")
    verdict = answered(counter, method="COUNTER")
    # The part says REPLY and the object says COUNTER: who sends that means something, but no answer.
    assert said(verdict) == "review method"
    verdict = judged(mail(part(calendar(counter, method="COUNTER"), "text/calendar; method=COUNTER")))
    assert verdict.words == "Kan het later?\n12-10-2026 19:30 – 12-10-2026 20:30 UTC"


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        (["BEGIN:VTODO\r\nUID:x\r\nEND:VTODO"], "ignored not_event"),
        ([event(UID="UID:een-ander"), event()], "ACCEPTED"),
        ([event(), event()], "ACCEPTED"),
        ([event(), event(ATTENDEE=f"ATTENDEE;PARTSTAT=DECLINED:mailto:{FATIMA}")], "review several"),
        (["BEGIN:VTIMEZONE\r\nTZID:W. Europe Standard Time\r\nEND:VTIMEZONE", event()], "ACCEPTED"),
    ],
)
def test_of_several_entries_the_one_of_this_invitation_counts(events: list[str], reason: str) -> None:
    assert said(answered(*events)) == reason


def test_a_called_off_date_takes_no_answers() -> None:
    off = replace(INVITED, cancelled=True)
    assert said(answered(invited=off)) == "ignored cancelled"
    assert said(answered(event(UID="UID:x"), invited=off)) == "review unknown_uid"


@pytest.mark.parametrize(
    ("before", "changed", "counts"),
    [
        ((2, datetime(2026, 10, 4, 9, tzinfo=UTC)), {}, False),
        ((2, datetime(2026, 10, 4, 8, 15, tzinfo=UTC)), {}, True),
        ((2, datetime(2026, 10, 4, 8, tzinfo=UTC)), {}, True),
        ((1, datetime(2026, 10, 5, tzinfo=UTC)), {}, True),
        ((2, datetime(2026, 10, 1, tzinfo=UTC)), {"SEQUENCE": "SEQUENCE:1"}, False),
        ((2, None), {}, True),
        ((2, datetime(2026, 10, 4, 9, tzinfo=UTC)), {"DTSTAMP": None}, True),
        ((2, datetime(2026, 10, 4, 9, tzinfo=UTC)), {"DTSTAMP": "DTSTAMP:20261004T081500"}, True),
    ],
)
def test_the_later_answer_wins(
    before: tuple[int, datetime | None], changed: dict[str, str | None], counts: bool
) -> None:
    verdict = answered(event(**changed), invited=replace(INVITED, answered=before))
    assert said(verdict) == ("ACCEPTED" if counts else "ignored older")


def test_a_number_beyond_ours_does_not_outdo_the_next_answer() -> None:
    first = answered(event(SEQUENCE="SEQUENCE:40"))
    assert first.sequence == 2
    no = event(DTSTAMP="DTSTAMP:20261005T081500Z", ATTENDEE=f"ATTENDEE;PARTSTAT=DECLINED:mailto:{FATIMA}")
    assert said(answered(no, invited=after(first))) == "DECLINED"


def test_a_clock_that_is_ahead_does_not_outdo_the_next_answer() -> None:
    first = answered(event(DTSTAMP="DTSTAMP:20310101T000000Z"))
    assert (said(first), first.stamp) == ("ACCEPTED", None)
    no = event(ATTENDEE=f"ATTENDEE;PARTSTAT=DECLINED:mailto:{FATIMA}")
    assert said(answered(no, invited=after(first))) == "DECLINED"
    assert answered(event(DTSTAMP=f"DTSTAMP:{NOW:%Y%m%dT%H}0400Z")).stamp is not None


def test_the_same_answer_twice_is_one_answer() -> None:
    first = answered()
    assert answered(invited=after(first)) == first


@pytest.mark.parametrize(
    ("line", "comment"),
    [
        ("COMMENT:Helaas\\, ik ben\\nop vakantie\\; sorry\\\\", "Helaas, ik ben\nop vakantie; sorry\\"),
        ("COMMENT;LANGUAGE=nl-NL:Tot dan!\\n", "Tot dan!"),
        ("X-RESPONSE-COMMENT:Tot dan!", "Tot dan!"),
        ("COMMENT:Een\r\nCOMMENT:Twee\r\nX-RESPONSE-COMMENT:Een", "Een\nTwee"),
        ("COMMENT:<p>Tot <b>dan</b> &amp; groet</p><script>alert(1)</script>", "Tot dan & groet"),
        ("COMMENT:&lt;img src=x&gt; ik <3 koffie", "&lt;img src=x&gt; ik <3 koffie"),
        ("COMMENT:5 < 6 en 7 > 3", "5 < 6 en 7 > 3"),
        ("COMMENT:a\x00b\x1b[31m\u202ec\u2066", "ab[31mc"),
        ("COMMENT:شكرا 🌳", "شكرا 🌳"),
        (f"COMMENT:{'x' * 5000}", "x" * 1000),
        ("COMMENT:", ""),
    ],
)
def test_a_comment_is_plain_text(line: str, comment: str) -> None:
    verdict = answered(event(line))
    assert (said(verdict), verdict.comment) == ("ACCEPTED", comment)


def test_a_comment_may_be_a_parameter() -> None:
    attendee = f"ATTENDEE;PARTSTAT=DECLINED;X-RESPONSE-COMMENT=\"Ik kan niet: ^'oppas^' ziek\":mailto:{FATIMA}"
    assert answered(event(ATTENDEE=attendee)).comment == 'Ik kan niet: "oppas" ziek'


@pytest.mark.parametrize("rcpt", [RCPT.upper(), f"<{RCPT}>", f" {RCPT} ", f"rsvp-{TOKEN}+x@{DOMAIN}"])
def test_a_token_has_no_capitals(rcpt: str) -> None:
    assert said(judged(mail(part(calendar())), rcpt=rcpt)) == "ACCEPTED"


def test_the_token_is_the_proof_and_not_the_sender() -> None:
    head = {"From": "Google Agenda <calendar-notification@google.example>", "Authentication-Results": "x; dmarc=fail"}
    assert said(judged(mail(part(calendar()), head), mail_from="")) == "ACCEPTED"


@pytest.mark.parametrize("rcpt", ["rsvp-aaaaaaaaaaaaaaaaaaaaaaaaaa@buurt.example", f"bounce-{TOKEN}@buurt.example"])
def test_a_wrong_token_proves_nothing_whoever_sends_it(rcpt: str) -> None:
    raw = mail(part(calendar()), {"Authentication-Results": PASSED})
    verdict = judged(raw, rcpt=rcpt, authserv="mx.buurt.example")
    assert said(verdict) == ("review unknown_token" if rcpt.startswith("rsvp") else "review unproven")
    assert (verdict.sender, verdict.subject) == (FATIMA, "Geaccepteerd")


def test_nothing_for_nobody_is_rejected() -> None:
    assert said(judged(mail(b"\r\n"), rcpt="rsvp-aaaaaaaa@buurt.example")) == "rejected nothing"
    assert said(judged(b"", rcpt="info@buurt.example")) == "rejected nothing"
    assert said(judged(mail(words()), rcpt="info@buurt.example")) == "review words"


@pytest.mark.parametrize(
    ("results", "extra", "reason"),
    [
        (PASSED, {}, "ACCEPTED"),
        (PASSED.upper(), {}, "ACCEPTED"),
        ("mx.buurt.example 1; dmarc=pass (p=reject; dis=none) header.from=post.example", {}, "ACCEPTED"),
        (PASSED.replace("dmarc=pass", "dmarc=fail"), {}, "review unproven"),
        (PASSED.replace("dmarc=pass", "dmarc=passed"), {}, "review unproven"),
        (PASSED + "; dmarc=fail header.from=post.example", {}, "review unproven"),
        (PASSED.replace("from=post", "from=elders"), {}, "review unproven"),
        ("mx.buurt.example; dmarc=pass", {}, "review unproven"),
        ("mx.buurt.example; none", {}, "review unproven"),
        ("mx.buurt.example; spf=fail (; dmarc=pass header.from=post.example)", {}, "review unproven"),
        ('mx.buurt.example; spf=fail reason="; dmarc=pass header.from=post.example"', {}, "review unproven"),
        (PASSED.replace("mx.buurt", "mx.boef"), {"authentication-results": PASSED}, "review unproven"),
        (PASSED, {"From": f"{FATIMA}, iemand@post.example"}, "review unproven"),
        (PASSED, {"From": f"{FATIMA}\r\nFrom: iemand@post.example"}, "review unproven"),
        (PASSED, {"From": "iemand@post.example"}, "review unknown_uid"),
        (PASSED, {"From": None}, "review unproven"),
    ],
)
def test_without_a_token_our_own_server_must_vouch(results: str, extra: dict[str, str | None], reason: str) -> None:
    raw = mail(part(calendar()), {"Authentication-Results": results} | extra)
    verdict = judged(raw, rcpt="buurt@buurt.example", authserv="mx.buurt.example")
    assert said(verdict) == reason
    assert verdict.token == (TOKEN if reason == "ACCEPTED" else "")
    assert said(judged(raw, rcpt="buurt@buurt.example")) == "review unproven"


def test_vouched_for_is_one_invitation() -> None:
    raw = mail(part(calendar()), {"Authentication-Results": PASSED})
    more = {"rcpt": "buurt@buurt.example", "authserv": "mx.buurt.example"}
    twice = Memory([INVITED, replace(INVITED, token="other2345")])
    assert said(judged(raw, known=twice, **more)) == "review unknown_uid"
    both = mail(part(calendar(event(), event(UID="UID:x"))), {"Authentication-Results": PASSED})
    assert said(judged(both, **more)) == "review unproven"


def test_a_person_reads_what_was_written() -> None:
    verdict = judged(
        mail(several(words("Wij komen met z'n drieën!\x07 " + "x" * 2000)), {"Subject": "=?utf-8?q?Re=3A_d?="})
    )
    assert verdict.outcome == "review"
    assert verdict.words.startswith("Wij komen met z'n drieën! xxx")
    assert (len(verdict.words), verdict.subject, verdict.sender) == (1000, "Re: d", FATIMA)


OURS = datetime(2026, 10, 3, 9, 30, 0, 250_000, tzinfo=UTC)
"""When our invitation was made; its DTSTAMP has no fractions."""
YES = replace(INVITED, stamp=OURS, partstat="ACCEPTED")
ON_THE_PAGE = (2, datetime(2026, 10, 4, 9, tzinfo=UTC))


def no(stamp: str, **changed: str | None) -> str:
    return event(ATTENDEE=f"ATTENDEE;PARTSTAT=DECLINED:mailto:{FATIMA}", DTSTAMP=f"DTSTAMP:{stamp}", **changed)


@pytest.mark.parametrize("stamp", ["20261003T093000Z", "20261003T092900Z", "20250101T000000Z", "19700101T000000Z"])
class TestATimeThatIsNotAfterOurInvitation:
    """Some calendars copy it, and some clocks are behind: then the time says nothing."""

    def test_lets_the_first_answer_count(self, stamp: str) -> None:
        verdict = answered(no(stamp), invited=replace(INVITED, stamp=OURS))
        assert (said(verdict), verdict.stamp) == ("DECLINED", None)

    def test_that_contradicts_the_page_waits_for_a_person(self, stamp: str) -> None:
        on_the_page = replace(YES, answered=ON_THE_PAGE, by_our_clock=True)
        verdict = answered(no(stamp, COMMENT="COMMENT:Ik ben ziek"), invited=on_the_page)
        assert (said(verdict), verdict.partstat, verdict.words) == ("review contradiction", "DECLINED", "Ik ben ziek")

    def test_that_contradicts_an_older_version_too(self, stamp: str) -> None:
        on_the_page = replace(YES, answered=ON_THE_PAGE, by_our_clock=True)
        assert said(answered(no(stamp, SEQUENCE="SEQUENCE:1"), invited=on_the_page)) == "review contradiction"

    def test_that_says_the_same_is_the_same(self, stamp: str) -> None:
        declined = replace(YES, partstat="DECLINED", answered=ON_THE_PAGE, by_our_clock=True)
        assert said(answered(no(stamp), invited=declined)) == "DECLINED"

    def test_of_two_of_them_the_last_to_arrive_counts(self, stamp: str) -> None:
        first = answered(event(DTSTAMP=f"DTSTAMP:{stamp}"), invited=replace(INVITED, stamp=OURS))
        assert said(first) == "ACCEPTED"
        assert said(answered(no(stamp), invited=after(first, YES))) == "DECLINED"

    def test_to_a_later_version_is_later(self, stamp: str) -> None:
        before = replace(YES, answered=(1, datetime(2026, 10, 2, tzinfo=UTC)), by_our_clock=True)
        assert said(answered(no(stamp), invited=before)) == "DECLINED"


def test_a_clock_that_is_behind_contradicts_ours_for_a_person_to_judge() -> None:
    """Stamped after the invitation and before the yes on the page, and it arrived after that."""
    on_the_page = replace(YES, answered=ON_THE_PAGE, by_our_clock=True)
    assert said(answered(no("20261003T120000Z"), invited=on_the_page)) == "review contradiction"
    by_mail = replace(YES, answered=ON_THE_PAGE)
    assert said(answered(no("20261003T120000Z"), invited=by_mail)) == "ignored older", "two times of one clock"
    assert said(answered(no("20261005T120000Z"), invited=on_the_page)) == "DECLINED"
