"""run.py answer-mail: what mails do to invitations, from a job on stdin; no database, so that anybody can judge it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from matcher.cli import BAD_INPUT
from web.replies import Invited, MailLimits, Verdict, judge
from web.replies.memory import Memory
from web.replies.verdict import Outcome

JOB = """\b
The job: {"state": {...}, "messages": [{"path", "rcpt", "mail_from"}, ...]}
rcpt and mail_from are those of the envelope. The state holds
  "events"               {uid: {"sequence", "valid_from_sequence", "status"}}
  "invitations"          {token: {"uid", "attendee", "partstat"}}
  "now", "limits", "trusted_authserv_id"                     if you like;
                         of an event also "stamp": the DTSTAMP of what we sent
The answer: {"results": [{"outcome", "token", "partstat", "comment", "reason"},
...], "partstats": {token: PARTSTAT, ...}, "mails_sent": 0}
Mails are judged in order, on one state.
"""


class BadJob(click.ClickException):
    """The job cannot be read."""

    exit_code = BAD_INPUT


@dataclass(frozen=True, slots=True)
class AnswerJobMail:
    """A message of the job: where it lies, and its envelope."""

    path: Path
    rcpt: str
    mail_from: str | None


@dataclass(frozen=True, slots=True)
class Job:
    """What is known, and the mails to judge."""

    memory: Memory
    limits: MailLimits
    now: datetime | None
    authserv: str
    mails: tuple[AnswerJobMail, ...]


@click.command("answer-mail", epilog=JOB)
def command() -> None:
    """Say what mails do to invitations: a job in JSON on stdin, the answer in JSON on stdout."""
    job = _job(sys.stdin.buffer.read())
    results = [_result(job, mail) for mail in job.mails]
    partstats = {one.token: one.partstat for one in job.memory.by_token.values()}
    click.echo(json.dumps({"results": results, "partstats": partstats, "mails_sent": 0}))


def _job(content: bytes) -> Job:
    try:
        job = json.loads(content)
        state = job["state"]
        return Job(
            memory=Memory(_invited(state, token, said) for token, said in state["invitations"].items()),
            limits=_limits(state.get("limits", {})),
            now=datetime.fromisoformat(state["now"]) if state.get("now") else None,
            authserv=str(state.get("trusted_authserv_id") or ""),
            mails=tuple(
                AnswerJobMail(Path(mail["path"]), str(mail["rcpt"]), mail.get("mail_from")) for mail in job["messages"]
            ),
        )
    except KeyError as missing:
        raise BadJob(f"The job has no {missing}; `run.py answer-mail --help` says what it holds.") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise BadJob(f"This is no job ({error}); `run.py answer-mail --help` says what it holds.") from None


def _limits(said: Mapping[str, int]) -> MailLimits:
    return MailLimits(**{field.name: int(said[field.name]) for field in fields(MailLimits) if field.name in said})


def _invited(state: Mapping[str, Any], token: str, said: Mapping[str, str]) -> Invited:
    event = state["events"][said["uid"]]
    return Invited(
        token=token,
        uid=said["uid"],
        attendee=str(said["attendee"]),
        partstat=said["partstat"],
        sequence=int(event["sequence"]),
        changed_sequence=int(event["valid_from_sequence"]),
        cancelled=event["status"] == "CANCELLED",
        stamp=datetime.fromisoformat(event["stamp"]) if event.get("stamp") else None,
    )


def _result(job: Job, mail: AnswerJobMail) -> dict[str, str]:
    """Judge one mail and take its answer. A file that cannot be read does not keep the others."""
    try:
        with mail.path.open("rb") as file:
            raw = file.read(job.limits.mail_bytes + 1)
    except OSError as error:
        verdict = Verdict(Outcome.REJECTED, f"unreadable: {error.strerror}")
    else:
        verdict = judge(raw, mail.rcpt, mail.mail_from, job.memory, job.limits, authserv=job.authserv, now=job.now)
    job.memory.take(verdict)
    return {name: getattr(verdict, name) for name in ("outcome", "token", "partstat", "comment", "reason")}
