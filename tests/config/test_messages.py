"""How letters go out and answers come in: nothing out of the box, refused when it cannot work or would leak."""

from __future__ import annotations

import pytest

import config
from config import Inbox, MailServer, Offers, Reminders, TextMessages
from tests.config.folder import Folder

SETTINGS = "settings.toml"


def write(folder: Folder, section: str) -> None:
    """Put a section in the place of the shipped one."""
    text = (folder.path / SETTINGS).read_text("utf-8")
    head = section.strip().partition("\n")[0]
    before, after = text.split(head, 1)
    folder.write(SETTINGS, before + section.strip() + "\n\n[" + after.split("\n[", 1)[1])


def test_out_of_the_box_nothing_is_sent_or_read() -> None:
    settings = config.load()
    assert (settings.mail, settings.inbox) == (MailServer(), Inbox())
    assert (settings.text_messages, settings.offers) == (TextMessages(), Offers())
    assert settings.reminders == Reminders()
    assert (settings.mail.host, settings.inbox.host, settings.text_messages.kind) == ("", "", "")


def test_settings_of_before_these_sections_still_work(folder: Folder) -> None:
    text = (folder.path / SETTINGS).read_text("utf-8")
    begin, end = text.index("[mail]"), text.index("[conversation]")
    folder.write(SETTINGS, text[:begin] + text[end:])
    assert config.load(folder.path).mail == MailServer()
    assert config.load(folder.path).reminders.days == (7, 1)


def test_a_section_says_only_what_differs(folder: Folder) -> None:
    write(folder, '[mail]\nhost = "post.buurt.example"\nuser = "groepen"')
    write(folder, '[text_messages]\nkind = "mail"\naddress = "{number}@sms.aanbieder.example"')
    write(folder, "[reminders]\ndays = [1, 14, 1]")
    own = config.load(folder.path)
    assert own.mail == MailServer("post.buurt.example", user="groepen")
    assert own.text_messages == TextMessages("mail", "{number}@sms.aanbieder.example")
    assert own.reminders == Reminders(days=(14, 1))


def test_nobody_has_to_be_reminded(folder: Folder) -> None:
    write(folder, "[reminders]\ndays = []")
    assert config.load(folder.path).reminders.days == ()


@pytest.mark.parametrize(
    ("section", "key", "what"),
    [
        ("[mail]\nhosts = 'x'", "mail.hosts", "unknown key 'hosts'"),
        ("[mail]\npassword = 'x'", "mail.password", "unknown key 'password'"),
        ("[mail]\nhost = 'post .example'", "mail.host", "is not the name of a server"),
        ("[mail]\nsecurity = 'ssl'", "mail.security", "one of starttls, tls, none"),
        ("[mail]\nport = 70000", "mail.port", "whole number from 1 to 65535"),
        ("[mail]\nport = true", "mail.port", "whole number"),
        ("[mail]\nhost = 'a.example'\nuser = 'x'\nsecurity = 'none'", "mail.security", "travel without a lock"),
        ("[inbox]\nhost = 'a.example'\nuser = 'x'\nsecurity = 'none'", "inbox.security", "travel without a lock"),
        ("[inbox]\nfolder = ''", "inbox.folder", "is not the name of a folder"),
        ("[inbox]\ntimeout = 3", "inbox.timeout", "unknown key"),
        ("[text_messages]\nkind = 'pigeon'", "text_messages.kind", "mail, http or an empty text"),
        ("[text_messages]\nkind = []", "text_messages.kind", "mail, http or an empty text"),
        ("[text_messages]\nkind = 'mail'", "text_messages.kind", "text messages by mail without address"),
        ("[text_messages]\nkind = 'http'\nurl = ''", "text_messages.kind", "text messages by http without url"),
        ("[text_messages]\nurl = 'https://sms.example:99999/'", "text_messages.url", "begins with https://"),
        ("[text_messages]\nkind = 'http'", "text_messages.kind", "text messages by http without url"),
        ("[text_messages]\naddress = 'sms@a.example'", "text_messages.address", "with {number} in it"),
        ("[text_messages]\nurl = 'http://sms.example/'", "text_messages.url", "begins with https://"),
        ("[text_messages]\nurl = 'https://me:secret@sms.example/'", "text_messages.url", "begins with https://"),
        ("[text_messages]\nlength = 20", "text_messages.length", "whole number from 160"),
        ("[offers]\nhours = 0", "offers.hours", "whole number from 1 to 168"),
        ("[reminders]\ndays = [7, 0]", "reminders.days", "whole numbers from 1 to 30"),
        ("[reminders]\ndays = [true]", "reminders.days", "whole numbers from 1 to 30"),
        ("[reminders]\nfrom_hour = 3", "reminders.from_hour", "whole number from 7 to 12"),
        ("[reminders]\nto_hour = 23", "reminders.to_hour", "whole number from 13 to 21"),
    ],
)
def test_what_cannot_work_is_refused(folder: Folder, section: str, key: str, what: str) -> None:
    write(folder, section)
    fault = folder.fault()
    assert fault.column == key
    assert what in fault.what


def test_on_this_machine_a_password_may_travel_openly(folder: Folder) -> None:
    write(folder, "[mail]\nhost = '127.0.0.1'\nuser = 'x'\nsecurity = 'none'")
    write(folder, "[text_messages]\nkind = 'http'\nurl = 'http://127.0.0.1:8025/send'")
    assert config.load(folder.path).text_messages.url == "http://127.0.0.1:8025/send"


@pytest.mark.parametrize(
    "address",
    [
        "groepen+zuid@buurt.example",
        "100%@b.example",
        ".g@b.example",
        "g@-b.example",
        "g@bücher.example",
        "g@b..example",
    ],
)
def test_an_organiser_that_some_server_cannot_answer_is_refused(folder: Folder, address: str) -> None:
    folder.change(SETTINGS, "groepen@voorbeeld.example", address)
    assert folder.fault().column == "sender.address"
