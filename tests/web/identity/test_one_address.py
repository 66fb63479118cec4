"""One address in a mail, in its calendar, in the answer to it and in the report that it came back."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from config import Sender
from tests.web.calendar_reading import BUREAU, event, line
from tests.web.channels.test_channels_email import read
from tests.web.mails import INVITED, answered, mail, plainly, several, words
from tests.web.mails import event as answer
from tests.web.parcels import parcel
from web.calendars import Party, request
from web.replies.judging import judge
from web.replies.memory import Memory

IDN = [
    ("jan@müller.example", "xn--mller-kva.example"),
    ("jan@straße.example", "xn--strae-oqa.example"),
    ("Jan@Voorbeeld.Example", "voorbeeld.example"),
]


@pytest.mark.parametrize(("address", "domain"), IDN)
def test_the_head_of_the_mail_and_its_calendar_name_one_domain(address: str, domain: str) -> None:
    to = str(read(parcel(address=address), Sender(name="Buurthuis", address="info@zuid.example"))["To"])
    attendee = line(request(event(), BUREAU, Party("Jan", address)), "ATTENDEE")
    assert {re.search(r"@([^\s>]+)", said)[1] for said in (to, attendee.rpartition("mailto:")[2])} == {domain}


@pytest.mark.parametrize(("address", "domain"), IDN)
@pytest.mark.parametrize("written", ["{local}@{domain}", "{address}", "{capitals}"])
def test_who_answers_with_that_address_is_who_was_invited(address: str, domain: str, written: str) -> None:
    local = address.partition("@")[0]
    said = written.format(local=local, domain=domain, address=address, capitals=f"{local}@{domain}".upper())
    found = answered(
        answer(ATTENDEE=f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{said}"), invited=replace(INVITED, attendee=address)
    )
    assert (found.outcome, found.partstat) == ("applied", "ACCEPTED")


@pytest.mark.parametrize(("address", "domain"), IDN)
def test_who_answers_with_another_address_waits_for_a_person(address: str, domain: str) -> None:
    other = f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:jan@{domain.replace('xn--', '')}.example"
    assert answered(answer(ATTENDEE=other), invited=replace(INVITED, attendee=address)).reason == "other_attendee"


class Bounces(Memory):
    """One letter, to one address."""

    def __init__(self, address: str) -> None:
        super().__init__([])
        self.address = address

    def bounced(self, token: str) -> str:
        return self.address


@pytest.mark.parametrize(("address", "domain"), IDN)
def test_of_several_recipients_in_a_report_ours_counts_in_either_writing(address: str, domain: str) -> None:
    blocks = [
        f"Final-Recipient: rfc822; jan@{domain.upper()}\r\nAction: delivered\r\nStatus: 2.0.0",
        "Final-Recipient: rfc822; iemand@elders.example\r\nAction: failed\r\nStatus: 5.1.1",
    ]
    status = plainly("\r\n\r\n".join(["Reporting-MTA: dns; mx.post.example", *blocks]), "message/delivery-status")
    kind = "multipart/report; report-type=delivery-status"
    raw = mail(several(words("Sorry."), status, kind=kind, boundary="r0"))
    assert judge(raw, "bounce-abc@zuid.example", "", Bounces(address)).reason == "delivered"
