"""`run.py COMMAND --help` says what each command does and what its files hold; once installed it is `rebubbelen`."""

from web.cli import main

if __name__ == "__main__":
    main("run.py")
