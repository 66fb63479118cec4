"""The audit log is a chain: who changes, adds or takes away a line is found out; forgetting breaks nothing."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import text

from tests.web.cast import NOW, Cast
from web.rows import AuditLine, Staff, db
from web.services import audit
from web.services.audit import chain
from web.services.audit.verifying import Verdict, verify
from web.transaction import transaction
from web.worker import JOBS


def write(cast: Cast, *whats: str, **more: object) -> None:
    """Lines in one transaction."""
    by = db.session.get_one(Staff, cast.amina)
    with transaction(db.session):
        for what in whats:
            audit.note(db.session, by, what, **{"by": by, "now": NOW, **more})


def verdict(app: Flask, *marks: str) -> Verdict:
    """Of the log of Amina's organisation."""
    db.session.expire_all()
    return next(v for v in verify(db.session, app.extensions["vault"], marks) if v.organisation == "zuid")


TAMPERED = {
    "UPDATE audit_line SET who = 'staff:99' WHERE number = 3": "line 3 (2026-11-20 12:00) is not as it was written",
    "UPDATE audit_line SET at = '2020-01-01 00:00:00.000000' WHERE number = 2": "line 2 (2020-01-01 00:00) is not as",
    "UPDATE audit_line SET project_id = 1 WHERE number = 4": "line 4 (2026-11-20 12:00) is not as it was written",
    "UPDATE audit_line SET organisation_id = 2 WHERE number = 1": "line 1 is missing: after 0 comes 2",
    "DELETE FROM audit_line WHERE number = 1": "line 1 is missing: after 0 comes 2",
    "DELETE FROM audit_line WHERE number IN (2, 3)": "line 2 is missing: after 1 comes 4",
    "DELETE FROM audit_line WHERE number = 5": "lines after 4 are missing: 5 were written",
    "DELETE FROM audit_line": "lines after 0 are missing: 5 were written",
    "DELETE FROM audit_chain": "the ends of the log are gone",
    "UPDATE audit_line SET what = (SELECT what FROM audit_line WHERE number = 1), mac = (SELECT mac FROM audit_line "
    "WHERE number = 1) WHERE number = 2": "line 2 (2026-11-20 12:00) is not as it was written",
    "INSERT INTO audit_line (organisation_id, at, who, what, about) VALUES (1, '2026-11-20', 'staff:1', 'x', '')": (
        "line id 6 (2026-11-20 00:00) was put in from outside"
    ),
    "INSERT INTO audit_line (organisation_id, at, who, what, about, number, mac) "
    "VALUES (1, '2026-11-20', 'staff:1', 'x', '', 6, 'x')": "line 6 was put in from outside: 5 were written",
    # Who moves an end along with the lines has no key to seal it.
    "DELETE FROM audit_line WHERE number = 5; UPDATE audit_chain SET lines = 4, "
    "mac = (SELECT mac FROM audit_line WHERE number = 4)": "the ends of the log were changed",
    "UPDATE audit_chain SET forgotten = 2, anchor = (SELECT mac FROM audit_line WHERE number = 2); "
    "DELETE FROM audit_line WHERE number < 3": "the ends of the log were changed",
}
"""What somebody with the database does -> the first thing that does not fit, of five lines."""


def test_whatever_is_done_to_a_line_is_found(app: Flask, cast: Cast) -> None:
    with app.app_context():
        write(cast, "a", "b", "c")
        write(cast, "d", "e")
        assert verdict(app) == Verdict("zuid", 5, "", verdict(app).mark)
        for commands, fault in TAMPERED.items():
            for command in commands.split("; "):
                db.session.execute(text(command))
            db.session.flush()
            assert verdict(app).fault.startswith(fault), commands
            db.session.rollback()
        assert not verdict(app).fault


def test_what_is_taken_back_leaves_no_gap(app: Flask, cast: Cast) -> None:
    with app.app_context():
        write(cast, "a")
        with pytest.raises(ZeroDivisionError):
            write(cast, "b", now=1 / 0)
        by = db.session.get_one(Staff, cast.amina)
        with transaction(db.session):
            audit.note(db.session, by, "c", by=by, now=NOW)
            with pytest.raises(ZeroDivisionError), db.session.begin_nested():
                audit.note(db.session, by, "d", by=by, now=NOW)
                db.session.flush()
                _ = 1 / 0
            audit.note(db.session, by, "e", by=by, now=NOW)
        known = [(line.number, line.what) for line in db.session.query(AuditLine).order_by(AuditLine.number)]
        assert known == [(1, "a"), (2, "c"), (3, "e")]
        assert not verdict(app).fault


def test_many_who_write_at_once_write_one_chain(app: Flask, cast: Cast) -> None:
    def work() -> None:
        with app.app_context():
            for _ in range(5):
                write(cast, "at once", "and another")

    writers = [Thread(target=work) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with app.app_context():
        assert (verdict(app).lines, verdict(app).fault) == (40, "")


def test_forgetting_old_lines_does_not_break_it_and_is_a_line_itself(app: Flask, cast: Cast) -> None:
    years = timedelta(days=365 * audit.YEARS)
    with app.app_context():
        write(cast, "old", "old too", now=NOW - years - timedelta(days=1))
        write(cast, "young", now=NOW)
        write(cast, "of a clock that was wrong", now=NOW - years - timedelta(days=1))
        JOBS["nightly"][1](app)
        lines = [
            (line.number, line.what, line.about) for line in db.session.query(AuditLine).order_by(AuditLine.number)
        ]
        assert lines[0][:2] == (3, "young"), "a line is forgotten from the beginning only"
        assert lines[-1] == (5, "log_forgotten", "2")
        assert (verdict(app).lines, verdict(app).fault) == (3, "")
        db.session.execute(text("DELETE FROM audit_line WHERE number = 3"))
        assert verdict(app).fault == "line 3 is missing: after 2 comes 4"
        db.session.rollback()
        with transaction(db.session):
            assert audit.forget(db.session, NOW) == 0


def test_lines_of_an_older_version_are_taken_in_once(app: Flask, cast: Cast) -> None:
    with app.app_context():
        older = AuditLine(organisation_id=cast.organisation, at=NOW, who="staff:1", what="publish")
        with transaction(db.session):
            db.session.add(older)
        assert verdict(app).fault
        with transaction(db.session):
            assert chain.begin(db.session) == 1
        write(cast, "new")
        assert (verdict(app).lines, verdict(app).fault) == (2, "")
        with transaction(db.session):
            db.session.add(AuditLine(organisation_id=cast.organisation, at=NOW, who="staff:1", what="forged"))
        with transaction(db.session):
            assert chain.begin(db.session) == 0, "a chain that has begun takes nothing in"
        assert "was put in from outside" in verdict(app).fault


def test_a_mark_that_was_kept_elsewhere_shows_that_an_older_log_was_put_back(app: Flask, cast: Cast) -> None:
    with app.app_context():
        write(cast, "a")
        earlier = verdict(app).mark
        write(cast, "b")
        later = verdict(app).mark
        assert verdict(app, earlier, later).missed == ()
        # Somebody who kept the whole of the log as it was puts it back.
        db.session.execute(text("DELETE FROM audit_line"))
        db.session.execute(text("DELETE FROM audit_chain"))
        db.session.commit()
        write(cast, "a")
        assert verdict(app, earlier, later) == Verdict("zuid", 1, "", earlier, (later,))


def test_each_organisation_has_a_chain_of_its_own(app: Flask, cast: Cast) -> None:
    with app.app_context():
        dirk = db.session.get_one(Staff, cast.dirk)
        amina = db.session.get_one(Staff, cast.amina)
        with transaction(db.session):
            for who in (dirk, amina, dirk):
                audit.note(db.session, who, "seen", by=who, now=NOW)
        found = verify(db.session, app.extensions["vault"])
        assert [(v.organisation, v.lines, v.fault) for v in found] == [("elders", 2, ""), ("zuid", 1, "")]
