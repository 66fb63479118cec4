"""run.py bench: measure the engine and the site beside their targets."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

import click

from matcher.cli import bench as engine

WEB = "web"


def _measure(what: str | None, **more: Any) -> None:
    if what != WEB:
        click.get_current_context().invoke(engine.command, what=what, **more)
    elif more["arguments"]:
        raise click.UsageError(f"{WEB} takes no argument")
    if what in (None, WEB):
        from matcher.bench import table
        from web import bench

        if what == WEB:
            table.show_head()
        bench.rows()


def _families(parameter: click.Parameter) -> click.Parameter:
    """The engine's own parameter, with one family more to choose from."""
    if not isinstance(parameter.type, click.Choice):
        return parameter
    return click.Argument([str(parameter.name)], type=click.Choice([*parameter.type.choices, WEB]), required=False)


OWN = f"{WEB}           the site: a crowd that signs up, a first visit, the editor, 20,000 sign-ups, letters, the demo"

command = click.Command(
    "bench",
    callback=_measure,
    params=[_families(parameter) for parameter in engine.command.params],
    help=f"{cleandoc(engine.command.help or '')}\n{OWN}",
)
