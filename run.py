"""The only door: `run.py COMMAND --help` says what each command does and what its files hold."""

from matcher.cli import COMMANDS, door

SITE = ("demo", "serve", "work", "user", "organisation", "answer-mail")
WEB = {name: f"web.cli.{name.replace('-', '_')}" for name in SITE}
door.modules = WEB | COMMANDS | {"bench": "web.cli.bench"}  # type: ignore[attr-defined]

if __name__ == "__main__":
    door(prog_name="run.py")
