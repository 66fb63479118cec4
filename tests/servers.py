"""`pytest --postgres`: a PostgreSQL and a Redis for one run, on which all tests of the site then stand."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import ExitStack

import pytest

from tests.programs import SETS, missing

OPTION, MARK = "--postgres", "servers"
BOTH = frozenset(
    f"test_{name}.py"
    for name in (
        "adversary_race",
        "counting",
        "importing",
        "offering_race",
        "other_engines",
        "receiving",
        "rows",
        "sending_races",
        "signing_up",
        "transactions",
        "upgrading",
        "waiting_list",
    )
)
"""Files that show soonest what another database does otherwise: migrations, locks, races, counts, texts, dates."""
AT_POSTGRES, AT_REDIS = "TEST_POSTGRES", "TEST_REDIS"
"""Where they are, for every process of the run."""


def offer(parser: pytest.Parser) -> None:
    """The option."""
    parser.addoption(OPTION, action="store_true", help="run the tests of the site on a PostgreSQL and a Redis")


def start(config: pytest.Config) -> None:
    """Start both, if that was asked for; whoever works for this process finds them in its environment."""
    if not config.getoption(OPTION) or hasattr(config, "workerinput"):
        return
    if lacking := missing(SETS["servers"]):
        raise pytest.UsageError("\n".join(program.missing for program in lacking))
    # Only here: it brings the whole site along, which the tests of the engine need not wait for.
    from web.bench import own_servers

    # Who stops a build server's work sends this: they are not to be left behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    running = ExitStack()
    config.add_cleanup(running.close)
    os.environ[AT_POSTGRES] = str(running.enter_context(own_servers.postgres(carefree=True)).folder)
    os.environ[AT_REDIS] = running.enter_context(own_servers.redis()).url


def choose(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about the other database; mark what a build server runs on both."""
    for item in items:
        if item.path.name in BOTH:
            item.add_marker("on_both")
    other = "sqlite" if config.getoption(OPTION) else MARK
    left = [item for item in items if item.get_closest_marker(other)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not item.get_closest_marker(other)]
