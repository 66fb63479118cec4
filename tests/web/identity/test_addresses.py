"""An address that we can mail, and one form of it wherever addresses meet."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.identity import addresses, faults

NEAR = [
    "jan@voorbeeld.example",
    "j.an@voorbeeld.example",
    "jan+koken@voorbeeld.example",
    "jan@voorbeelden.example",
    "jan@straße.example",
    "jan@strasse.example",
    "jan@müller.example",
    "jan@muller.example",
    "jan@mueller.example",
    "jan_@voorbeeld.example",
]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("jan@voorbeeld.example", "jan@voorbeeld.example"),
        (" Jan@Voorbeeld.Example ", "Jan@voorbeeld.example"),
        ("Jan de Boer <jan@voorbeeld.example>", "jan@voorbeeld.example"),
        ("<jan@voorbeeld.example>;", "jan@voorbeeld.example"),
        ("mailto:jan%2Bkoken@voorbeeld.example?subject=Hoi", "jan+koken@voorbeeld.example"),
        ("jan@voorbeeld.example.", "jan@voorbeeld.example"),
        ("jan@voorbeeld.example,", "jan@voorbeeld.example"),
        ("\u200ejan@voorbeeld.example", "jan@voorbeeld.example"),
        ("jan@müller.example", "jan@müller.example"),
        ("jan@xn--mller-kva.example", "jan@müller.example"),
    ],
)
def test_an_address_is_read_from_what_people_paste(typed: str, address: str) -> None:
    assert addresses.read(typed) == address


@pytest.mark.parametrize("typed", ["josé@voorbeeld.example", "jürgen@müller.example", "фатма@voorbeeld.example"])
def test_an_address_that_not_every_server_can_mail_is_refused_with_its_own_sentence(typed: str) -> None:
    with pytest.raises(faults.CannotMail):
        addresses.read(typed)


@pytest.mark.parametrize(
    "typed", ["jan", "jan@", "@voorbeeld.example", "jan@voorbeeld", "a@b@c.example", "j an@b.example"]
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(faults.NoAddress) as raised:
        addresses.read(typed)
    assert type(raised.value) is faults.NoAddress


@pytest.mark.parametrize(
    "alike",
    [
        ["jan@voorbeeld.example", "JAN@VOORBEELD.EXAMPLE", " Jan@voorbeeld.example "],
        ["jan@müller.example", "jan@xn--mller-kva.example", "JAN@MÜLLER.example", "jan@XN--MLLER-KVA.example"],
        ["jan@straße.example", "jan@xn--strae-oqa.example"],
    ],
)
def test_one_mailbox_has_one_form(alike: list[str]) -> None:
    assert len({addresses.canonical(address) for address in alike}) == 1
    assert all(addresses.same(one, other) for one, other in combinations(alike, 2))


def test_mailboxes_that_look_alike_stay_apart() -> None:
    assert len({addresses.canonical(address) for address in NEAR}) == len(NEAR)


@given(st.text(max_size=80))
def test_any_text_has_a_form_that_stays(text: str) -> None:
    once = addresses.canonical(text)
    assert addresses.canonical(once) == once


@given(st.sampled_from(NEAR), st.booleans(), st.booleans())
def test_what_we_send_to_is_what_we_recognise(address: str, capitals: bool, ascii_domain: bool) -> None:
    local, _, domain = address.partition("@")
    written = addresses.ascii_domain(domain) if ascii_domain else domain
    typed = f"{local.upper() if capitals else local}@{written}"
    assert addresses.canonical(addresses.read(typed)) == addresses.canonical(address)


def test_a_calendar_writes_an_address_as_a_link() -> None:
    assert addresses.of_uri("mailto:jan%2Bkoken@voorbeeld.example?x=1") == "jan+koken@voorbeeld.example"
    assert addresses.of_uri("MAILTO:Jan@m%C3%BCller.example") == "jan@xn--mller-kva.example"


@pytest.mark.parametrize(
    ("address", "box"),
    [
        ("Els+Koken@Voorbeeld.example", "els@voorbeeld.example"),
        ("+1@voorbeeld.example", "+1@voorbeeld.example"),
        ("e.l.s+1@googlemail.com", "els@gmail.com"),
        ("e.l.s@voorbeeld.example", "e.l.s@voorbeeld.example"),
        ("", ""),
    ],
)
def test_letters_are_counted_by_mailbox(address: str, box: str) -> None:
    assert addresses.mailbox(address) == box
