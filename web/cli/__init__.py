"""Every command, the site's and the matcher's; each is loaded when it is asked for, and imports what it needs then."""

from __future__ import annotations

from matcher.cli import COMMANDS, door

SITE = ("demo", "serve", "work", "user", "organisation", "answer-mail", "backup", "restore", "rotate-key")


def main(name: str = "rebubbelen") -> None:
    """Run the command that was typed, and exit. `name` is what help calls the program."""
    site = {command: f"web.cli.{command.replace('-', '_')}" for command in SITE}
    door.modules = site | COMMANDS | {"bench": "web.cli.bench"}
    door(prog_name=name)
