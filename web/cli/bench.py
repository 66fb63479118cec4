"""run.py bench: measure the engine and the site beside their targets."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

import click

from matcher.cli import bench as engine

OWN = {
    "web": "the site: a crowd that signs up, a first visit, the editor, 20,000 sign-ups, letters, the demo",
    "rush": "the site on PostgreSQL and Redis: two minutes of sign-ups, as many a second as it can take",
    "kills": "the site killed at random while it works, and a backup put back",
}


def _measure(what: str | None, **more: Any) -> None:
    if what not in OWN:
        click.get_current_context().invoke(engine.command, what=what, **more)
    elif more["arguments"]:
        raise click.UsageError(f"{what} takes no argument")
    if what is None or what in OWN:
        from matcher.bench import table
        from web import bench

        if what is not None:
            table.show_head()
        bench.rows(what)


def _families(parameter: click.Parameter) -> click.Parameter:
    """The engine's own parameter, with our families to choose from as well."""
    if not isinstance(parameter.type, click.Choice):
        return parameter
    return click.Argument([str(parameter.name)], type=click.Choice([*parameter.type.choices, *OWN]), required=False)


command = click.Command(
    "bench",
    callback=_measure,
    params=[_families(parameter) for parameter in engine.command.params],
    help=f"{cleandoc(engine.command.help or '')}\n" + "\n".join(f"{name:<14}{what}" for name, what in OWN.items()),
)
