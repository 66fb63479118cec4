"""run.py answer-mail: the same judgement for outside judges, with no database and quickly."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.web.mails import BOUNCE, FATIMA, RCPT, TOKEN, UID, calendar, event, mail, part, report, words
from web.cli.answer_mail import command

STATE = {
    "now": "2026-10-06T12:00:00Z",
    "events": {UID: {"sequence": 2, "valid_from_sequence": 1, "status": "CONFIRMED"}},
    "invitations": {TOKEN: {"uid": UID, "attendee": FATIMA, "partstat": "NEEDS-ACTION"}},
}
DECLINED = f"ATTENDEE;PARTSTAT=DECLINED:mailto:{FATIMA}"


def run(job: Any) -> Result:
    """The command with a job on stdin."""
    return CliRunner().invoke(command, input=job if isinstance(job, bytes) else json.dumps(job))


def asked(folder: Path, *mails: bytes, rcpt: str = RCPT, **state: Any) -> dict[str, Any]:
    """The answer to a job of mails."""
    messages = []
    for number, raw in enumerate(mails):
        path = folder / f"{number}.eml"
        path.write_bytes(raw)
        messages.append({"path": str(path), "rcpt": rcpt, "mail_from": FATIMA})
    done = run({"state": STATE | state, "messages": messages})
    assert done.exit_code == 0, done.output
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_answers_are_kept_from_mail_to_mail(tmp_path: Path) -> None:
    no = mail(part(calendar(event("COMMENT:Sorry", ATTENDEE=DECLINED, DTSTAMP="DTSTAMP:20261005T081500Z"))))
    answer = asked(tmp_path, mail(part(calendar())), no, mail(part(calendar())), no, mail(words()))
    assert [(found["outcome"], found["reason"]) for found in answer["results"]] == [
        ("applied", ""),
        ("applied", ""),
        ("ignored", "older"),
        ("applied", ""),
        ("review", "words"),
    ]
    assert answer["results"][1] == {
        "outcome": "applied",
        "token": TOKEN,
        "partstat": "DECLINED",
        "comment": "Sorry",
        "reason": "",
    }
    assert (answer["partstats"], answer["mails_sent"]) == ({TOKEN: "DECLINED"}, 0)


def test_a_bounce_changes_no_answer(tmp_path: Path) -> None:
    answer = asked(tmp_path, mail(report("Action: failed", "Status: 5.1.1")), rcpt=BOUNCE)
    assert answer["results"][0] | {"token": TOKEN} == answer["results"][0]
    assert (answer["results"][0]["reason"], answer["partstats"]) == ("hard", {TOKEN: "NEEDS-ACTION"})


def test_the_limits_of_the_job_hold(tmp_path: Path) -> None:
    answer = asked(tmp_path, mail(part(calendar())), limits={"mail_bytes": 100})
    assert answer["results"][0]["reason"] == "too_large"


def test_a_file_that_cannot_be_read_does_not_keep_the_others(tmp_path: Path) -> None:
    path = tmp_path / "a.eml"
    path.write_bytes(mail(part(calendar())))
    messages = [{"path": str(here), "rcpt": RCPT, "mail_from": ""} for here in (tmp_path / "none.eml", tmp_path, path)]
    answer = json.loads(run({"state": STATE, "messages": messages}).stdout)
    assert [found["outcome"] for found in answer["results"]] == ["rejected", "rejected", "applied"]
    assert answer["results"][0]["reason"] == "unreadable: No such file or directory"


@pytest.mark.parametrize(
    ("job", "complaint"),
    [
        (b"", "no job"),
        (b"\xff\xfe", "no job"),
        (b"[]", "no job"),
        (b'{"messages": []}', "no 'state'"),
        ({"state": STATE}, "no 'messages'"),
        ({"state": STATE | {"events": {}}, "messages": []}, f"no '{UID}'"),
        ({"state": STATE | {"now": "gisteren"}, "messages": []}, "gisteren"),
        ({"state": STATE | {"limits": {"depth": "diep"}}, "messages": []}, "diep"),
        ({"state": STATE, "messages": [{"path": 1, "rcpt": "", "mail_from": ""}]}, "no job"),
        ({"state": STATE, "messages": 3}, "no job"),
    ],
)
def test_a_bad_job_is_refused(job: Any, complaint: str) -> None:
    done = run(job)
    assert (done.exit_code, done.stdout) == (2, "")
    assert complaint in done.stderr
    assert "--help" in done.stderr


def test_judging_brings_no_web_and_no_database() -> None:
    code = "import sys, web.cli.answer_mail; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"flask", "sqlalchemy", "imap_tools", "icalendar", "cryptography"} & set(loaded)


def test_a_stamp_that_is_our_own_says_nothing(tmp_path: Path) -> None:
    said = {"events": {UID: {**STATE["events"][UID], "stamp": "2026-10-04T08:15:00Z"}}}
    no = mail(part(calendar(event(ATTENDEE=DECLINED))))
    found = asked(tmp_path, mail(part(calendar())), no, **said)
    assert [one["outcome"] for one in found["results"]] == ["applied", "applied"], "the last to arrive counts"
    assert found["partstats"] == {TOKEN: "DECLINED"}
