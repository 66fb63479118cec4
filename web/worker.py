"""Queued and periodic work: thin tasks that call services. The web process only puts them in the queue (`wake`)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread

from flask import Flask
from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.api import TaskLock, TaskWrapper
from huey.consumer import Consumer
from huey.exceptions import TaskLockedException
from huey.serializer import SignedSerializer

from web import jobs, world
from web.rows import db
from web.services import known_time
from web.services.groups import proposals
from web.transaction import transaction

log = logging.getLogger(__name__)

TASKS, HANDS = "tasks", "in hand"
Crontab = Callable[[datetime], bool]
MINUTE = crontab(minute="*")
NIGHT = crontab(hour="2", minute="30")
"""In UTC: when nobody looks at the lists."""
JOBS: dict[str, tuple[Crontab, Callable[[Flask], object]]] = {
    "clock": (MINUTE, jobs.watch_clock),
    "receive": (MINUTE, jobs.read_answers),
    "remind": (MINUTE, jobs.remind),
    "thank": (MINUTE, jobs.thank),
    "digest": (MINUTE, jobs.digest),
    "offer": (MINUTE, jobs.offer_places),
    "send": (MINUTE, jobs.send_due),
    "nightly": (NIGHT, jobs.tidy_up),
    "journal": (MINUTE, jobs.empty_journal),
}
"""By name: when, and what; in this order what fell due is done after a pause."""
PATIENCE = 2.0
"""Seconds that what is at hand gets to end by itself when the worker is stopped."""
LOOK = 1.0
"""Seconds between two looks at an empty queue."""
LONGEST = timedelta(minutes=10)
"""After which somebody else may do a job too: who began may be on a machine that is no more."""
ANSWER = {"socket_connect_timeout": 2, "socket_timeout": 10}
"""Seconds that a Redis gets; longer than a look."""


def wake(app: Flask, proposal_id: int) -> None:
    """Let the worker look at a proposal now. Its row is what counts: without a queue it is found within a minute."""
    try:
        tasks(app)["propose"](proposal_id)
    except Exception as error:  # whatever a queue elsewhere may raise
        log.warning("the queue cannot be reached (%s); the proposal waits", type(error).__name__)


def tasks(app: Flask) -> dict[str, TaskWrapper]:
    """The tasks of an application by name; calling one puts it in the queue. Made once."""
    if TASKS not in app.extensions:
        app.extensions[TASKS] = _tasks(app, _queue(app))
    found: dict[str, TaskWrapper] = app.extensions[TASKS]
    return found


def _queue(app: Flask) -> Huey:
    # Signed: what lies in the queue is unpickled, and only we may put something there.
    serializer = SignedSerializer(secret=app.config["SECRET_KEY"], salt="queue")
    if app.config.get("REDIS"):
        import redis

        pool = redis.ConnectionPool.from_url(app.config["REDIS"], **ANSWER)
        return RedisHuey("rebubbelen", connection_pool=pool, results=False, serializer=serializer)
    file = Path(app.instance_path) / "queue.db"
    return SqliteHuey("rebubbelen", filename=str(file), results=False, serializer=serializer)


def _tasks(app: Flask, queue: Huey) -> dict[str, TaskWrapper]:
    @queue.task(name="propose")
    def propose(id: int) -> None:
        with app.app_context(), _beating(app, id), _in_hand(app, id):
            _propose(app, id)

    @queue.periodic_task(MINUTE, name="look_around")
    def look_around() -> None:
        with app.app_context():
            for id in proposals.due(db.session, world.now(), _silence(app)):
                propose(id)

    made = {"propose": propose, "look_around": look_around}
    return made | {name: _periodic(app, queue, name, when, job) for name, (when, job) in JOBS.items()}


def _periodic(app: Flask, queue: Huey, name: str, when: Crontab, job: Callable[[Flask], object]) -> TaskWrapper:
    """A job that runs by the clock, one at a time; one that fails does not hold up the others."""

    # Made here and not when it is needed: when a worker starts it clears the locks it knows of, among them that of one
    # which was killed in the middle of this job. Two at one job do no harm, for rows are claimed one by one.
    lock = JobLock(queue, name)

    @queue.periodic_task(when, name=name)
    def task() -> None:
        _alone(app, lock, job)

    return task


def _propose(app: Flask, id: int) -> None:
    import matcher

    proposals.propose(
        db.session,
        id,
        settings=world.settings(),
        vault=world.vault(),
        clock=world.now,
        solve=matcher.match,
        mend=matcher.repair,
        silence=_silence(app),
    )


def _silence(app: Flask) -> timedelta:
    return timedelta(seconds=app.config.get("PROPOSAL_SILENCE", proposals.SILENCE.total_seconds()))


class JobLock(TaskLock):  # type: ignore[misc]  # huey carries no types
    """Held for no longer than a job may take: of two workers one may be killed, and never start again."""

    def acquire(self) -> bool:
        """Take it, or raise TaskLockedException."""
        until = time.time() + LONGEST.total_seconds()
        if not self._huey.put_if_empty(self._key, until):
            held = self._huey.get(self._key, peek=True)
            if isinstance(held, float) and held > time.time():
                raise TaskLockedException(self._name)
            self._huey.put(self._key, until)
        return True


@contextmanager
def _beating(app: Flask, id: int) -> Iterator[None]:
    """Say that we are alive while a proposal is worked on: a phase of the search may be silent for long."""
    done = Event()

    def beat() -> None:
        while not done.wait(_silence(app).total_seconds() / 4):
            with app.app_context(), transaction(db.session):
                proposals.beat(db.session, id, world.now())

    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _alone(app: Flask, lock: TaskLock, work: Callable[[Flask], object]) -> None:
    """One at a time, on every worker; whoever comes second goes away, the first does the work."""
    try:
        with lock, app.app_context():
            work(app)
    except TaskLockedException as busy:
        log.info("another worker is at it: %s", busy)


@contextmanager
def _in_hand(app: Flask, id: int) -> Iterator[None]:
    """Know what has to be given back when this worker is stopped."""
    hands: list[int] = app.extensions.setdefault(HANDS, [])
    hands.append(id)
    try:
        yield
    finally:
        hands.remove(id)


def unreachable(app: Flask) -> str:
    """Why the queue cannot be reached, in a word; empty if it can."""
    try:
        tasks(app)["propose"].huey.pending_count()
    except Exception as error:  # whatever a queue elsewhere may raise
        return type(error).__name__
    return ""


def run(app: Flask, jobs: int = 2) -> None:
    """Work until somebody stops it; a proposal that is not ready then goes back and is taken up at the next start.

    Threads may still be at work when this returns: the search listens only now and then. End the process at once.
    """
    queue = tasks(app)["propose"].huey
    with app.app_context(), transaction(db.session):
        known_time.begin(db.session, world.now())
    # Letters need not wait while the kernels are compiled, or read from disk.
    Thread(target=_warm_up, daemon=True).start()
    consumer = Consumer(queue, workers=jobs, max_delay=LOOK, flush_locks=True, shutdown_timeout=PATIENCE)
    _catch_up(app)
    consumer.run()
    for _, thread in consumer.worker_threads:
        thread.join(PATIENCE)
    with app.app_context(), transaction(db.session):
        proposals.give_back(db.session, app.extensions.get(HANDS, ()))


def _catch_up(app: Flask) -> None:
    """What fell due while nobody worked; what a killed worker left lying counts as lost a little later."""
    for name in ("look_around", *JOBS):
        tasks(app)[name]()
    tasks(app)["look_around"].schedule(delay=_silence(app) + timedelta(seconds=1))


def _warm_up() -> None:
    from matcher.search.chain import warm_up

    warm_up()
    log.info("ready to compose groups")
