"""E-mail without a server: a folder of mails, each once, whole, and for this account alone."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from config import MailServer, TextMessages, load
from tests.web import cast as casting
from tests.web.parcels import SENDER, invitation, parcel
from web.channels import Maildir, Outbox, Smtp, Texting, channels_of
from web.channels.faults import Later, Never, Withdrawn


@pytest.fixture
def box(tmp_path: Path) -> Maildir:
    return Maildir(tmp_path / "outbox" / "mail", SENDER)


def files(box: Maildir) -> list[str]:
    """Everything that lies anywhere in it."""
    return sorted(str(path.relative_to(box.folder)) for path in box.folder.rglob("*") if path.is_file())


def yes() -> bool:
    return True


def test_a_mail_lies_there_whole_and_for_this_account_alone(box: Maildir) -> None:
    box.send(invitation(), yes)
    (name,) = box.messages()
    assert name.startswith("signup-1.placed-1.")
    assert b"invite.ics" in box.read(name)
    assert files(box) == [f"new/{name}"]
    modes = {oct(path.stat().st_mode & 0o777) for path in box.folder.rglob("*") if path.is_file()}
    assert modes == {"0o600"}
    rooms = [box.folder.parent, box.folder, *box.folder.iterdir()]
    assert {oct(path.stat().st_mode & 0o777) for path in rooms} == {"0o700"}
    assert sorted(path.name for path in box.folder.iterdir()) == ["cur", "new", "tmp"]


def test_the_same_parcel_twice_is_one_mail_also_when_somebody_read_it(box: Maildir) -> None:
    box.send(parcel(), yes)
    box.send(parcel(), yes)
    (name,) = box.messages()
    (box.folder / "new" / name).rename(box.folder / "cur" / f"{name}:2,S")
    assert box.holds(parcel())
    box.send(parcel(), yes)
    assert files(box) == [f"cur/{name}:2,S"]


def test_keys_that_look_alike_as_a_file_are_two_mails(box: Maildir) -> None:
    for key in ("a:b", "a-b", "a/../b", "x" * 300, "x" * 301):
        box.send(parcel(key=key), yes)
    assert len(files(box)) == 5
    assert {os.path.dirname(name) for name in files(box)} == {"new"}


def test_it_knows_for_certain_what_it_holds(box: Maildir) -> None:
    assert box.holds(parcel()) is False
    box.send(parcel(), yes)
    assert [box.holds(parcel()), box.holds(parcel(key="other"))] == [True, False]


def test_the_last_word_is_asked_before_anybody_can_find_the_mail(box: Maildir) -> None:
    def sure() -> bool:
        assert [name.partition("/")[0] for name in files(box)] == ["tmp"]
        assert box.messages() == []
        return True

    box.send(parcel(), sure)
    assert len(box.messages()) == 1


def test_who_hears_no_or_fails_there_leaves_nothing(box: Maildir) -> None:
    def killed() -> bool:
        raise SystemExit

    with pytest.raises(Withdrawn):
        box.send(parcel(), lambda: False)
    with pytest.raises(SystemExit):
        box.send(parcel(), killed)
    assert (files(box), box.holds(parcel())) == ([], False)


def test_a_full_disk_is_for_later(box: Maildir, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(Later) as later:
            box.send(parcel(), lambda: pytest.fail("asked"))
    assert (later.value.kind, later.value.whole, files(box)) == ("disk", True, [])
    box.send(parcel(), yes)
    assert len(files(box)) == 1


def test_a_folder_that_cannot_be_made_is_for_later(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("in the way")
    with pytest.raises(Later):
        Maildir(tmp_path / "outbox" / "mail", SENDER).send(parcel(), yes)


def test_newest_first(box: Maildir) -> None:
    for i, key in enumerate(("first", "second", "third")):
        box.send(parcel(key=key), yes)
        (path,) = box.folder.glob(f"new/*{key}*")
        os.utime(path, (1_000_000 + i, 1_000_000 + i))
    assert [name.split(".")[1] for name in box.messages()] == ["third", "second", "first"]


def test_an_empty_box_has_no_messages(box: Maildir) -> None:
    assert box.messages() == []


@pytest.mark.parametrize("name", ["", "..", "../new/x", "/etc/passwd", "nobody", ".hidden", "x\x00y"])
def test_no_name_leads_out_of_it(box: Maildir, name: str) -> None:
    box.send(parcel(), yes)
    (box.folder / "x").write_text("outside")
    with pytest.raises(KeyError):
        box.read(name)


def test_everything_of_somebody_is_erased_and_nothing_of_others(box: Maildir) -> None:
    outbox = Outbox(box.folder.parent)
    assert (outbox.owners(), outbox.forget("signup-1")) == (set(), 0)
    for owner in ("signup-1", "signup-12", "facilitator-1"):
        box.send(parcel(owner=owner), yes)
    (box.folder / "tmp" / "signup-1.half.x").write_text("left by a worker that was killed")
    (box.folder.parent / "via").mkdir()
    (box.folder.parent / "via" / "signup-1.placed.txt").write_text("of an earlier version")
    assert outbox.owners() == {"signup-1", "signup-12", "facilitator-1"}
    assert outbox.forget("signup-1") == 3
    assert outbox.owners() == {"signup-12", "facilitator-1"}


def test_no_address_no_mail(box: Maildir) -> None:
    with pytest.raises(Never):
        box.send(parcel(address="b@v.example\nBcc: x@y.z"), yes)
    assert files(box) == []


class TestChoosing:
    """Which channels an organisation has."""

    def test_out_of_the_box_mail_lies_in_the_outbox_and_people_text(self, tmp_path: Path) -> None:
        channels = channels_of(load(), casting.secrets(), tmp_path)
        assert list(channels) == ["email"]
        assert isinstance(channels["email"], Maildir)
        assert channels["email"].folder == tmp_path / "mail"

    def test_a_server_and_a_gateway_that_are_configured_are_used(self, tmp_path: Path) -> None:
        gateway = TextMessages("mail", "{number}@sms.voorbeeld.example")
        own = replace(load(), mail=MailServer("post.voorbeeld.example"), text_messages=gateway)
        channels = channels_of(own, casting.secrets(), tmp_path)
        assert isinstance(channels["email"], Smtp)
        assert isinstance(channels["text"], Texting)
        assert channels["text"].mail is channels["email"]
        for channel in channels.values():
            channel.close()
