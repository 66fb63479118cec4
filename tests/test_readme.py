"""What the README shows is what happens."""

import re
from pathlib import Path

import pandas as pd
import pytest

import matcher

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def test_the_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(example, "README.md", "exec"), {})
    told = capsys.readouterr().out
    assert "12 of 12 gap 0.0%" in told


def test_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (Path(__file__).parents[1] / link).exists()] == []


def test_a_problem_from_pandas_frames_gives_the_groups_too() -> None:
    people = pd.DataFrame({"id": [f"p{i}" for i in range(12)], "street": ["noord", "noord", "zuid", "zuid"] * 3})
    sessions = pd.DataFrame({"id": ["tuesday"], "groups": [2]})
    format = {
        "name": "x",
        "facilitator": "none",
        "size": {"min": 5, "target": 6, "max": 7},
        "bridging": {"street": 1.0},
    }
    problem = matcher.problem_from_frames(people=people, sessions=sessions, format=format)
    assert matcher.match(problem, iterations=20_000).figures.placed == 12
