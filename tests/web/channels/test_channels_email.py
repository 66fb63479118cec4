"""An e-mail: the layout that calendars need, any name in any script, and bytes that no server may change."""

from __future__ import annotations

import email
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import Sender
from tests.web.parcels import CALENDAR, SENDER, invitation, parcel
from web.channels.email import ascii_address, message
from web.channels.faults import Never
from web.channels.parcel import CalendarPart, Parcel

NAMES = [
    'Jansen, "Kees" de',
    "Fatima El-Amrani",
    "عائشة بنت محمد",
    "Çağla Öztürk-Şahin, directrice; voorzitter: bestuur",
    "መሰረት ገብረእግዚአብሔር ወልደማርያም ተስፋይ",
    "Anna 🌳👩‍👩‍👧‍👦 " * 6,
    "=?utf-8?q?nep?=",
    "bart@elders.example",
    "back\\slash (comment) <x@y.example>",
    "",
    "e\u0301" * 40,
]


def read(sent: Parcel, sender: Sender = SENDER) -> email.message.Message:
    """Parsed strictly: a defect anywhere fails."""
    mail = email.message_from_bytes(message(sent, sender))
    assert [part.defects for part in mail.walk() if part.defects] == []
    return mail


def words(header: str) -> str:
    return str(make_header(decode_header(header)))


class TestLayout:
    def test_the_calendar_is_the_last_alternative_and_a_file(self) -> None:
        mail = read(invitation())
        assert mail.get_content_type() == "multipart/mixed"
        alternatives, file = mail.get_payload()
        assert [part.get_content_type() for part in alternatives.get_payload()] == [
            "text/plain",
            "text/html",
            "text/calendar",
        ]
        calendar = alternatives.get_payload()[-1]
        assert (calendar.get_param("method"), calendar.get_param("charset")) == ("REQUEST", "utf-8")
        assert calendar["Content-Transfer-Encoding"] == "base64"
        assert [calendar[name] for name in ("Content-Disposition", "Content-ID")] == [None, None]
        assert (file.get_content_type(), file.get_filename()) == ("application/ics", "invite.ics")
        assert file.get_content_disposition() == "attachment"

    def test_a_letter_without_a_date_is_two_forms_or_one(self) -> None:
        assert read(parcel()).get_content_type() == "text/plain"
        both = read(parcel(html="<p>Dag"))
        assert both.get_content_type() == "multipart/alternative"
        assert [part.get_content_type() for part in both.get_payload()] == ["text/plain", "text/html"]

    @pytest.mark.parametrize("method", ["request", "PUBLISH", "REPLY\r\nX: y"])
    def test_no_other_method_goes_out(self, method: str) -> None:
        with pytest.raises(ValueError, match="no invitation has method"):
            message(invitation(calendars=(CalendarPart(method, CALENDAR),)), SENDER)

    @given(st.binary(max_size=400))
    def test_the_calendar_is_not_changed_by_a_byte(self, content: bytes) -> None:
        mail = read(invitation(calendars=(CalendarPart("CANCEL", content),)))
        parts = [part for part in mail.walk() if part.get_content_type() in ("text/calendar", "application/ics")]
        assert [part.get_payload(decode=True) for part in parts] == [content, content]

    @given(st.text(max_size=300), st.text(max_size=300))
    def test_the_text_arrives_whatever_it_is(self, text: str, html: str) -> None:
        mail = read(invitation(text=text, html=f"<p>{html}"))
        got = [part.get_payload(decode=True).decode() for part in mail.walk() if part.get_content_maintype() == "text"]
        wanted = ["\n".join(said.replace("\r\n", "\n").split("\r")) for said in (text, f"<p>{html}")]
        assert [said.replace("\r\n", "\n") for said in got[:2]] == wanted

    def test_every_line_is_short_ascii_and_ends_the_same(self) -> None:
        content = message(invitation(text="é" * 5000, html="x" * 5000, name=NAMES[5], subject="ü" * 300), SENDER)
        lines = content.split(b"\r\n")
        assert max(map(len, lines)) <= 150
        assert content.isascii()
        assert not any(b"\n" in line or b"\r" in line for line in lines)


class TestHeaders:
    def test_they_say_who_when_and_that_nobody_wrote_it(self) -> None:
        mail = read(invitation(language="en", at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC)))
        assert getaddresses([mail["From"]]) == [("Re-bubbelen", "rsvp-k7q2m4xn5rt8vw3zc6bd9fghjs@voorbeeld.example")]
        assert getaddresses([mail["To"]]) == [("Bart", "bart@voorbeeld.example")]
        assert mail["Date"] == "Sun, 25 Oct 2026 01:30:00 +0000"
        assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-generated", "OOF, AutoReply")
        assert mail["Content-Language"] == "en"
        assert [name for name in ("Cc", "Bcc", "Reply-To", "List-Unsubscribe") if mail[name]] == []

    def test_the_organisation_writes_where_no_answer_is_asked(self) -> None:
        assert getaddresses([read(parcel())["From"]]) == [(SENDER.name, SENDER.address)]

    def test_reminders_can_be_stopped_by_one_click(self) -> None:
        mail = read(parcel(unsubscribe="https://buurt.example/geen-herinneringen/k7q2m4xn5rt8vw3z"))
        assert mail["List-Unsubscribe"] == "<https://buurt.example/geen-herinneringen/k7q2m4xn5rt8vw3z>"
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    def test_the_same_parcel_is_the_same_mail(self) -> None:
        assert message(invitation(), SENDER) == message(invitation(), SENDER)
        assert read(parcel(key="a"))["Message-ID"] != read(parcel(key="b"))["Message-ID"]

    @pytest.mark.parametrize("name", NAMES)
    def test_a_name_in_any_script_is_one_person(self, name: str) -> None:
        mail = read(parcel(name=name, subject=name or "Dag"), Sender(name or "Wij", SENDER.address))
        for header, address in (("To", "bart@voorbeeld.example"), ("From", SENDER.address)):
            ((phrase, found),) = getaddresses([" ".join(mail[header].split())])
            assert found == address
            assert words(phrase) == " ".join(name.split()) or not name
        assert words(mail["Subject"]) == (" ".join(name.split()) or "Dag")

    @given(st.text(max_size=80), st.text(max_size=120))
    def test_nobody_adds_a_header(self, name: str, subject: str) -> None:
        hostile = {"name": f"{name}\r\nBcc: x@y.example", "subject": f"{subject}\r\n\r\nBcc: x@y.example"}
        mail = read(parcel(**hostile, language="nl\r\nBcc: x@y.example"))
        assert mail.keys() == read(parcel()).keys()
        assert [address for _, address in getaddresses(mail.get_all("To"))] == ["bart@voorbeeld.example"]

    @given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zl", "Zp")), min_size=1, max_size=200))
    def test_long_headers_fold_and_say_the_same(self, said: str) -> None:
        head = message(parcel(subject=said, name=said), SENDER).partition(b"\r\n\r\n")[0]
        assert max(map(len, head.split(b"\r\n"))) <= 80
        mail = email.message_from_bytes(head)
        ((name, _),) = getaddresses([" ".join(mail["To"].split())])
        assert words(mail["Subject"] or "") == words(name) == " ".join(said.split())


class TestAddresses:
    @pytest.mark.parametrize(
        ("written", "sent"),
        [
            ("bart@voorbeeld.example", "bart@voorbeeld.example"),
            ("b.o'neil+x@mail.voorbeeld.example", "b.o'neil+x@mail.voorbeeld.example"),
            ("bart@bücher.example", "bart@xn--bcher-kva.example"),
            ("bart@straße.example", "bart@xn--strae-oqa.example"),
            ("bart@localhost", "bart@localhost"),
        ],
    )
    def test_a_domain_in_any_script_is_written_in_ascii(self, written: str, sent: str) -> None:
        assert ascii_address(written) == sent

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "bart",
            "@voorbeeld.example",
            "bart@",
            "bärt@voorbeeld.example",
            "ba rt@voorbeeld.example",
            "bart@voor beeld.example",
            "bart@voorbeeld..example",
            "bart@-voorbeeld.example",
            "bart@exa_mple.example",
            "b@v.example, c@v.example",
            "b@v.example\r\nBcc: x@y.example",
            "<b@v.example>",
            '"b b"@v.example',
            f"{'b' * 65}@v.example",
            f"b@{'v.' * 130}example",
            "b@\u202ev.example",
        ],
    )
    def test_what_no_server_takes_is_refused(self, address: str) -> None:
        with pytest.raises(Never) as never:
            message(parcel(address=address), SENDER)
        assert never.value.kind == "address"

    @given(st.text(max_size=40))
    def test_whatever_is_taken_is_one_word_of_ascii(self, text: str) -> None:
        try:
            taken = ascii_address(f"{text}@v.example")
        except Never:
            return
        assert taken == f"{text}@v.example"
        assert taken.isascii() and taken.isprintable() and not set(taken) & set(' <>,;:"\\()')
