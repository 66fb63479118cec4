"""run.py bench: measure the engine and the site beside their targets."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

import click

from matcher.cli import bench as engine

WEB, KILLS = "web", "kills"


def _measure(what: str | None, **more: Any) -> None:
    if what not in (WEB, KILLS):
        click.get_current_context().invoke(engine.command, what=what, **more)
    elif more["arguments"]:
        raise click.UsageError(f"{what} takes no argument")
    from matcher.bench import table

    if what in (WEB, KILLS):
        table.show_head()
    if what in (None, WEB):
        from web import bench

        bench.rows()
    if what in (None, KILLS):
        from web.bench import disasters

        table.show_rows(disasters.cases())


def _families(parameter: click.Parameter) -> click.Parameter:
    """The engine's own parameter, with two families more to choose from."""
    if not isinstance(parameter.type, click.Choice):
        return parameter
    return click.Argument(
        [str(parameter.name)], type=click.Choice([*parameter.type.choices, WEB, KILLS]), required=False
    )


OWN = (
    f"{WEB}           the site: a crowd that signs up, a first visit, the editor, letters, the demo\n"
    f"{KILLS}         the site killed at random while it works, and a backup put back"
)

command = click.Command(
    "bench",
    callback=_measure,
    params=[_families(parameter) for parameter in engine.command.params],
    help=f"{cleandoc(engine.command.help or '')}\n{OWN}",
)
