"""The command line: commands found by name, and one guard between them and whoever typed them; run.py opens it."""

from __future__ import annotations

import errno
import sys
import traceback
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from matcher.faults import BadInput

BAD_INPUT = 2
UNEXPECTED = 70
INTERRUPTED = 130

_REPORT = (
    "That is our mistake, not yours: please run the same command with --debug and report what it prints,"
    " with the format but without the people."
)
COMMANDS = {name: f"matcher.cli.{name}" for name in ("example", "match", "check", "repair", "lottery", "bench")}
"""The commands of the matcher, each with its module."""


class LazyCommands(click.Group):
    """Loads a command when it is asked for, so that nobody waits for the others. `modules` is name -> its module."""

    modules: Mapping[str, str] = COMMANDS

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.modules:
            return None
        command: click.Command = import_module(self.modules[cmd_name]).command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; whatever goes wrong becomes a sentence and an exit code, never a traceback."""
        try:
            return super().invoke(ctx)
        except BadInput as error:
            click.echo(str(error), err=True)
            ctx.exit(BAD_INPUT)
        except KeyboardInterrupt:
            click.echo("Stopped; nothing was written.", err=True)
            ctx.exit(INTERRUPTED)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            if getattr(error, "errno", None) == errno.EPIPE:
                raise
            _tell(error)
            ctx.exit(UNEXPECTED)


def _tell(error: Exception) -> None:
    if click.get_current_context().find_root().params.get("debug") or "--debug" in sys.argv:
        traceback.print_exception(error)
    said = " ".join(str(error).split())[:300]
    what = "There is not enough memory" if isinstance(error, MemoryError) else "This should not have happened"
    click.echo(f"{what} ({type(error).__name__}: {said}). {_REPORT}", err=True)


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--debug", is_flag=True, help="Show where an unexpected error comes from.")
def door(debug: bool) -> None:
    """Bring people from different bubbles together in small, carefully composed groups.

    Start with `run.py demo`, the site, or with `run.py example`, groups from files. `run.py match --help` tells how to
    compose groups from files.
    """
