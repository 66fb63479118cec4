"""Serving: the door names its commands, what is missing is said, and the database is brought up to date first."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from cryptography.fernet import Fernet

from config.keys import KEYS, LOOKUP, SESSION

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180.0
COMMANDS = (
    "demo",
    "serve",
    "work",
    "user",
    "organisation",
    "audit",
    "example",
    "match",
    "check",
    "repair",
    "lottery",
    "bench",
)


def environment(**more: str) -> dict[str, str]:
    """Our own variables, and nothing that happens to be set here."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("REBUBBELEN_")}
    return {**plain, **{name: Fernet.generate_key().decode() for name in (KEYS, LOOKUP, SESSION)}, **more}


def run(*words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_the_one_door_has_all_commands_and_waits_for_nothing() -> None:
    answer = run("-X", "importtime", "run.py", "--help")
    assert [command for command in COMMANDS if f"\n  {command} " not in answer.stdout] == []
    brought = set(re.findall(r"^import time:.*\| +(\w+)", answer.stderr, re.MULTILINE))
    assert "click" in brought
    assert brought.isdisjoint({"flask", "sqlalchemy", "ortools", "numba", "pandas", "huey", "gunicorn"})


@pytest.mark.parametrize("command", ["serve", "work"])
def test_missing_secrets_are_named_with_how_to_make_them(tmp_path: Path, command: str) -> None:
    env = environment()
    for name in (KEYS, SESSION):
        del env[name]
    answer = run("run.py", command, "--instance", str(tmp_path / "i"), env=env)
    assert answer.returncode == 2
    lines = answer.stderr.splitlines()
    assert [line.split(" ")[0] for line in lines] == [KEYS, SESSION, "make"]
    assert "is missing; set it" in lines[0]
    assert env[LOOKUP] not in answer.stderr
    assert not (tmp_path / "i").exists()


def test_faulty_settings_are_named_by_row(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('product = "Re-bubbelen"\ncolour = "red"\n')
    env = environment(REBUBBELEN_CONFIG=str(tmp_path))
    answer = run("run.py", "serve", "--instance", str(tmp_path / "i"), env=env)
    assert answer.returncode == 2
    assert "settings.toml:2:colour" in answer.stderr
    assert "Traceback" not in answer.stderr


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def test_an_empty_database_is_made_everybody_is_answered_and_a_newer_one_refused(tmp_path: Path) -> None:
    port, env = free_port(), environment()
    words = ["run.py", "serve", "--port", str(port), "--instance", str(tmp_path / "i")]
    process = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True)
    try:
        home = wait_for(f"http://127.0.0.1:{port}/", process)
        assert "<html" in home
        halves = [socket.create_connection(("127.0.0.1", port)) for _ in range(60)]
        for half in halves:
            half.sendall(b"POST /link-kwijt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nemail=ba")
        assert "<html" in urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE).read().decode()
        for half in halves:
            half.close()
        with pytest.raises(HTTPError, match="400"):
            urlopen(Request(f"http://127.0.0.1:{port}/inloggen", headers={"Host": "kwaad.example"}))
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    assert process.returncode == 0
    # Who visits, and which secret link they open, is written nowhere.
    assert "GET /" not in log
    assert oct((tmp_path / "i").stat().st_mode & 0o777) == "0o700"
    database = tmp_path / "i" / "rebubbelen.db"
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM signup").fetchone() == (0,)
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    for command in (words, ["run.py", "work", "--instance", str(tmp_path / "i")]):
        answer = run(*command, env={**env, "REBUBBELEN_URL": "https://groepen.voorbeeld.example"})
        assert answer.returncode == 2
        assert "was made by a newer version of re-bubbelen (revision 9999)" in answer.stderr
        assert len(answer.stderr.strip().splitlines()) == 1


def wait_for(address: str, process: subprocess.Popen[str]) -> str:
    end = time.monotonic() + PATIENCE
    while True:
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < end, "it does not answer"
        try:
            return str(urlopen(address).read().decode())
        except URLError:
            time.sleep(0.1)
