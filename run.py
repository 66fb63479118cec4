"""The only door: `run.py COMMAND --help` says what each command does and what its files hold."""

from matcher.cli import door

if __name__ == "__main__":
    door(prog_name="run.py")
