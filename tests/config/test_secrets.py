"""Secrets come from the environment or files, two keys at once; a mistake tells how to mend it, never the secret."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, MultiFernet

from config import BadSecrets, Secrets, secrets


def key() -> str:
    return Fernet.generate_key().decode()


@pytest.fixture
def environ() -> dict[str, str]:
    return {"REBUBBELEN_KEYS": key(), "REBUBBELEN_LOOKUP_KEY": key(), "REBUBBELEN_SESSION_KEY": key()}


def refused(environ: dict[str, str]) -> BadSecrets:
    with pytest.raises(BadSecrets) as mistake:
        secrets(environ)
    return mistake.value


def test_they_are_read(environ: dict[str, str]) -> None:
    read = secrets(environ)
    lookup = urlsafe_b64decode(environ["REBUBBELEN_LOOKUP_KEY"])
    assert read == Secrets((environ["REBUBBELEN_KEYS"].encode(),), lookup, environ["REBUBBELEN_SESSION_KEY"])
    assert len(read.lookup) == 32


def test_with_two_keys_the_first_writes_and_both_read(environ: dict[str, str]) -> None:
    old = environ["REBUBBELEN_KEYS"]
    new = key()
    read = secrets(environ | {"REBUBBELEN_KEYS": f"{new}, {old}"})
    both = MultiFernet([Fernet(k) for k in read.keys])
    assert both.decrypt(Fernet(old).encrypt(b"before")) == b"before"
    assert Fernet(new).decrypt(both.encrypt(b"after")) == b"after"


def test_an_older_key_that_was_typed_still_reads_what_it_sealed(environ: dict[str, str]) -> None:
    old = "A" * 43 + "="
    read = secrets(environ | {"REBUBBELEN_KEYS": f"{environ['REBUBBELEN_KEYS']},{old}"})
    assert MultiFernet([Fernet(k) for k in read.keys]).decrypt(Fernet(old).encrypt(b"before")) == b"before"


def test_of_many_keys_that_were_drawn_none_is_refused(environ: dict[str, str]) -> None:
    for _ in range(500):
        secrets(environ | {"REBUBBELEN_SESSION_KEY": key()})


@pytest.mark.parametrize("name", ["REBUBBELEN_KEYS", "REBUBBELEN_LOOKUP_KEY", "REBUBBELEN_SESSION_KEY"])
class TestEach:
    def test_may_come_from_a_file(self, name: str, environ: dict[str, str], tmp_path: Path) -> None:
        usual = secrets(environ)
        (tmp_path / "secret").write_text(environ.pop(name) + "\n")
        assert secrets(environ | {f"{name}_FILE": str(tmp_path / "secret")}) == usual

    @pytest.mark.parametrize("value", [None, "", "  ", ","])
    def test_is_needed(self, name: str, value: str | None, environ: dict[str, str]) -> None:
        del environ[name]
        told = str(refused(environ if value is None else environ | {name: value}))
        assert name in told
        assert f"{name}_FILE" in told
        assert "Fernet.generate_key" in told

    @pytest.mark.parametrize(
        "easy",
        [
            "A" * 43,
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ",
            "wachtwoordwachtwoordWachtwoordwachtwoord123",
            "correcthorsebatterystaplecorrecthorsebatter",
        ],
    )
    def test_must_be_drawn(self, name: str, easy: str, environ: dict[str, str]) -> None:
        mistake = refused(environ | {name: f"{easy}="})
        assert mistake.faults == (f"{name}: key 1 of 1 was typed, not drawn: it is easy to guess",)
        assert easy not in str(mistake)

    def test_must_be_a_key_and_is_never_shown(self, name: str, environ: dict[str, str]) -> None:
        mistake = refused(environ | {name: "geheim-maar-te-kort"})
        assert len(mistake.faults) == 1
        assert mistake.faults[0].startswith(f"{name}: key 1 of 1 is not 32 bytes")
        assert "geheim" not in str(mistake)

    def test_comes_from_one_place(self, name: str, environ: dict[str, str]) -> None:
        assert f"{name} and {name}_FILE are both set" in str(refused(environ | {f"{name}_FILE": "somewhere"}))

    def test_names_a_file_that_cannot_be_read(self, name: str, environ: dict[str, str], tmp_path: Path) -> None:
        del environ[name]
        mistake = refused(environ | {f"{name}_FILE": str(tmp_path / "nowhere")})
        assert len(mistake.faults) == 1
        assert f"{name}_FILE: the file" in mistake.faults[0]


def test_all_mistakes_are_told_at_once() -> None:
    assert len(refused({}).faults) == 3


def test_a_second_key_may_be_wrong_too(environ: dict[str, str]) -> None:
    assert "key 2 of 2" in str(refused(environ | {"REBUBBELEN_KEYS": f"{key()},kort"}))


def test_a_key_has_one_use(environ: dict[str, str]) -> None:
    same = environ | {"REBUBBELEN_LOOKUP_KEY": environ["REBUBBELEN_KEYS"]}
    assert "every key has one use" in str(refused(same))


def test_they_are_not_shown_by_accident(environ: dict[str, str]) -> None:
    assert repr(secrets(environ)) == "Secrets()"


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("REBUBBELEN_MAIL_PASSWORD", "mail_password"),
        ("REBUBBELEN_INBOX_PASSWORD", "inbox_password"),
        ("REBUBBELEN_TEXT_TOKEN", "text_token"),
    ],
)
class TestEachPassword:
    def test_may_be_left_out(self, name: str, field: str, environ: dict[str, str]) -> None:
        assert getattr(secrets(environ), field) == ""

    def test_is_read_from_the_environment_or_a_file(
        self, name: str, field: str, environ: dict[str, str], tmp_path: Path
    ) -> None:
        (tmp_path / "secret").write_text("p w,d!\n")
        assert getattr(secrets(environ | {name: "p w,d!"}), field) == "p w,d!"
        assert getattr(secrets(environ | {f"{name}_FILE": str(tmp_path / "secret")}), field) == "p w,d!"

    @pytest.mark.parametrize("value", ["wachtwoord-é", "twee\nregels"])
    def test_that_no_server_takes_is_refused_and_never_shown(
        self, name: str, field: str, value: str, environ: dict[str, str]
    ) -> None:
        told = str(refused(environ | {name: value}))
        assert told.startswith(f"{name}: only letters")
        assert value not in told
        assert "Fernet" not in told

    def test_in_a_file_that_is_not_there_is_refused(self, name: str, field: str, environ: dict[str, str]) -> None:
        assert f"{name}_FILE: the file" in str(refused(environ | {f"{name}_FILE": "/nowhere/secret"}))
