"""A folder of good files, in which a test spoils what it is about."""

from __future__ import annotations

import os
from pathlib import Path

from matcher.faults import BadInput
from matcher.tables.files import Files, Inputs, read_inputs
from matcher.words import words

GOOD = {
    "people.csv": """\
id,age,colour,sessions,buddies,apart
amina,old,red,,,
bart,young,red,mon,,
chantal,old,blue,mon|tue,,
dirk,young,blue,tue,,
""",
    "sessions.csv": """\
id,groups,start,end
mon,2,2027-01-11T19:00,2027-01-11T21:00
tue,1,2027-01-12T19:00,2027-01-12T21:00
""",
    "format.toml": """\
name = "tea"
[size]
min = 2
target = 3
max = 3
[bridging]
age = 1.0
colour = 0.5
""",
}
OTHERS = ("facilitators.csv", "met.csv", "locked.csv", "population.csv")


class Folder:
    """Good files, some of them replaced: `folder.write({"met.csv": "a,b\\n..."})`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write(GOOD)

    def write(self, files: dict[str, str | bytes]) -> Folder:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (self.path / name).write_bytes(data)
        return self

    def files(self) -> Files:
        """The files as paths relative to the folder, so that messages are short."""
        os.chdir(self.path)
        given = {name.partition(".")[0]: Path(name) for name in GOOD}
        given |= {name.partition(".")[0]: Path(name) for name in OTHERS if Path(name).exists()}
        return Files(**given)

    def read(self) -> Inputs:
        return read_inputs(self.files())

    def faults(self) -> list[str]:
        """The lines that whoever made these files gets to see; none if all is well. Each has words in Dutch too."""
        try:
            self.read()
        except BadInput as error:
            lines = str(error).splitlines()
            assert len(list(error.lines(words("nl")))) == len(lines)
            return lines
        return []

    def arguments(self) -> list[str]:
        """The files as options of a command."""
        files = self.files()
        names = ("people", "sessions", "format", "facilitators", "met", "locked", "population")
        given = [(name, getattr(files, name)) for name in names]
        return [word for name, path in given if path for word in (f"--{name}", str(path))]
