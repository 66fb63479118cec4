"""Putting a backup in the place of what is there, and seeing to what lies in between: nobody back who was erased,
no letter twice, and nothing done without a word.

Whole or not at all: the archive is unpacked and looked through beside the folder; from the first thing that is moved
until all is done a file says so, no site starts, and the same command goes on. What was there is set aside.
"""

from __future__ import annotations

import glob
import shutil
import tarfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import Session

from web.channels.maildir import file_name
from web.crypto import Vault
from web.errors import UnusableDatabase
from web.rows import DueLetter, Project, Signup, sqlite_file, upgrading
from web.rows.messages import LetterState
from web.services import audit
from web.services.continuity import evidence, postgres
from web.services.continuity.backup import INBOX, OF_SQLITE, REPLACED, Files, open_archive, tell
from web.services.continuity.evidence import MAIL, OUT, Evidence
from web.services.continuity.manifest import DATABASE, FILES, NAME, BadBackup, Manifest
from web.services.continuity.manifest import read as read_manifest
from web.services.outbox import delivery
from web.services.outbox.owner import owner
from web.services.privacy import erasures

FLAG, STAGE, MOVED = "restoring", ".restoring", ".moved"
"""That a backup is being put back, and what was known before; where it is unpacked; that all else is set aside."""
HELD = "restored"
"""Why a letter waits for a person: perhaps it was sent after the backup."""
ERASED = erasures.FILE


@dataclass
class Restored:
    """What was done, and what lies between the backup and now."""

    manifest: Manifest
    readable: bool
    why: str
    replaced: str
    unknown: Counter[str] = field(default_factory=Counter)
    people: int = 0
    sent: int = 0
    held: int = 0
    erased: int = 0


def is_half(instance: Path) -> bool:
    """Whether a backup is only half put back."""
    return (instance / FLAG).exists()


def refuse_half(instance: Path) -> None:
    """Raises UnusableDatabase while a backup is only half put back."""
    if is_half(instance):
        raise UnusableDatabase(
            f"A backup is being put back in {instance}, or that was broken off. Nothing is lost: run the same "
            "`run.py restore` again."
        )


def staged(archive: Path, instance: Path, vault: Vault, engine: Engine) -> Manifest:
    """Unpack a backup beside the folder and look through all of it. Raises BadBackup; nothing was changed then."""
    stage = instance / STAGE
    shutil.rmtree(stage, ignore_errors=True)
    with open_archive(archive) as tar:
        try:
            tar.extractall(stage, filter="data")
            manifest = read_manifest((stage / NAME).read_bytes())
        except (OSError, ValueError, EOFError, tarfile.TarError) as error:
            raise BadBackup(f"{archive} is not whole ({error})") from None
    _looked_through(stage, manifest)
    _fits(manifest, vault, engine)
    return manifest


def _looked_through(stage: Path, manifest: Manifest) -> None:
    there = {path.relative_to(stage).as_posix() for path in stage.rglob("*") if path.is_file()} - {NAME}
    if there != manifest.sums.keys():
        odd = sorted(there ^ manifest.sums.keys())[0]
        raise BadBackup(f"{odd} is in the archive and not in its list of contents, or the other way round")
    for name, wanted in manifest.sums.items():
        with (stage / name).open("rb") as file:
            if file_digest(file, "sha256").hexdigest() != wanted:
                raise BadBackup(f"{name} is not what was put in: the archive was damaged or changed")
    if manifest.engine == "sqlite":
        if wrong := sqlite_file.fault(stage / DATABASE):
            raise BadBackup(f"the database in it: {wrong}")
        with sqlite_file.opened(stage / DATABASE) as connection:
            if tell(connection).counts != manifest.counts:
                raise BadBackup("the database in it has other numbers of rows than its list of contents says")


def _fits(manifest: Manifest, vault: Vault, engine: Engine) -> None:
    if manifest.engine != engine.dialect.name:
        raise BadBackup(
            f"it holds a database of {manifest.engine}, and REBUBBELEN_DATABASE names {engine.dialect.name}"
        )
    if manifest.schema not in upgrading.known_revisions():
        raise BadBackup(f"it was made by a newer version of re-bubbelen (revision {manifest.schema}); install that one")
    if lost := sorted(set(manifest.keys) - set(vault.tags)):
        raise BadBackup(
            f"it needs the key {', '.join(lost)} in REBUBBELEN_KEYS (behind the others), and that is not there"
        )
    if manifest.lookup != vault.lookup_tag:
        raise BadBackup(f"it needs the key {manifest.lookup} as REBUBBELEN_LOOKUP_KEY, and another one is given")


def in_place(engine: Engine, instance: Path, manifest: Manifest, now: datetime) -> Evidence:
    """Set aside what is there and put the unpacked backup in its place; what was known before."""
    flag = instance / FLAG
    if flag.exists():
        seen = evidence.read(flag)
    else:
        seen = evidence.gather(engine, instance, manifest.installation, manifest.moment)
        seen.replaced = f"{REPLACED}{now:%Y%m%dT%H%M%SZ}"
        seen.write(flag)
    erasures.add(instance, seen.erased)
    aside = instance / seen.replaced
    aside.mkdir(mode=0o700, exist_ok=True)
    _swap_files(instance, instance / STAGE / FILES, aside)
    _keep_what_came(instance, aside, manifest.moment)
    _swap_database(engine, instance / STAGE / DATABASE, aside)
    return seen


def _swap_files(instance: Path, stage: Path, aside: Path) -> None:
    """Folder by folder. Marks of who was erased are put together, never replaced."""
    if (stage / ERASED).exists():
        erasures.add(instance, erasures.known(stage))
        (stage / ERASED).unlink()
    moved = aside / MOVED
    if not moved.exists():  # Else what lies here came out of the backup: this is the second try.
        for path in Files(instance).top():
            if path.name != ERASED and not _is_database(path):
                path.rename(aside / path.name)
        moved.touch()
    for path in sorted(stage.iterdir()) if stage.exists() else ():
        if not (instance / path.name).exists():
            path.rename(instance / path.name)


def _keep_what_came(instance: Path, aside: Path, since: datetime) -> None:
    """Mails since the backup are to be read: those nobody read, and those that only the database of now knew.

    Reading one twice does no harm.
    """
    for path in (aside / INBOX).rglob("*"):
        read = path.parent.parent.name.startswith(".")
        if path.parent.name not in ("new", "cur") or (read and path.stat().st_mtime < since.timestamp()):
            continue
        name = path.name.partition(":")[0]
        if not any((instance / INBOX).glob(f"*/{glob.escape(name)}*")):
            target = instance / INBOX / "new" / name
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy2(path, target)


def _is_database(path: Path) -> bool:
    return path.name.removesuffix("-wal").removesuffix("-shm").removesuffix("-journal").endswith(".db")


def _swap_database(engine: Engine, staged: Path, aside: Path) -> None:
    path = sqlite_file.path_of(engine)
    if path is None:
        if not (aside / DATABASE).exists():
            postgres.set_aside(engine, aside / DATABASE)
        postgres.load(engine, staged)
        staged.unlink()
        return
    engine.dispose()
    for end in OF_SQLITE:
        old = path.with_name(path.name + end)
        if old.exists() and not (aside / old.name).exists():
            shutil.move(old, aside / old.name)  # Perhaps to another disk.
        old.unlink(missing_ok=True)
    fresh = path.with_name(f".{path.name}.fresh")
    shutil.move(staged, fresh)
    fresh.replace(path)


def settle(session: Session, instance: Path, seen: Evidence, manifest: Manifest, now: datetime) -> Restored:
    """See to letters and people in between, after those who were erased are gone again. Commits."""
    done = Restored(manifest, seen.readable, seen.why, seen.replaced)
    _letters(session, instance, seen, done, now)
    keys = set(session.scalars(select(DueLetter.key)))
    done.unknown = Counter(kind for key, (state, kind) in seen.letters.items() if state in OUT and key not in keys)
    there = {(series, once) for series, once in session.execute(select(Signup.series_id, Signup.once))}
    done.people = len({(series, once) for series, once in seen.people} - there)
    for project in session.scalars(select(Project)):
        audit.note(session, project, "restored", by="operator", now=now, about="")
    session.commit()
    return done


def _letters(session: Session, instance: Path, seen: Evidence, done: Restored, now: datetime) -> None:
    """Letters that the backup had not sent: were they since? Who knows says so; else they wait for a person."""
    by_itself = DueLetter.channel.in_(("email", "text")), DueLetter.due_at <= now
    wanted = select(DueLetter).where(or_(DueLetter.state == LetterState.SENDING, DueLetter.state == LetterState.DUE))
    mails = {name.partition(":")[0]: name for name in seen.mails}
    for letter in session.scalars(wanted.where(*by_itself).order_by(DueLetter.id)):
        state, _kind = seen.letters.get(letter.key, ("", ""))
        mail = _mail_of(letter, mails)
        if state == LetterState.SENT or mail:
            delivery.ended(session, letter.id, LetterState.SENT, now)
            done.sent += 1
            if mail:
                _put_back(instance, seen.replaced, mail)
        elif state in (LetterState.FAILED, LetterState.OVERTAKEN):
            letter.state = state
        elif state != LetterState.DUE:
            delivery.ended(session, letter.id, LetterState.UNSURE, now, HELD)
            # By this it is shown as something to be looked at now.
            letter.due_at = now
            done.held += 1


def _mail_of(letter: DueLetter, mails: dict[str, str]) -> str:
    """The mail that lies in the folder for this letter, if one does."""
    return mails.get(file_name(owner(letter), letter.key), "")


def _put_back(instance: Path, replaced: str, name: str) -> None:
    for room in ("new", "cur"):
        source, target = instance / replaced / MAIL / room / name, instance / MAIL / room / name
        if source.exists() and not target.exists():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy2(source, target)


def finish(instance: Path) -> None:
    """All is done: a site may start."""
    (instance / FLAG).unlink(missing_ok=True)
    shutil.rmtree(instance / STAGE, ignore_errors=True)


def forget_replaced(instance: Path, now: datetime) -> int:
    """Throw away what a backup replaced, and copies of before an upgrade, when they are old enough; how many."""
    old = [path for path in instance.glob(f"{REPLACED}*") if path.stat().st_mtime < (now - upgrading.KEPT).timestamp()]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return len(old) + upgrading.forget_copies(instance, now)
