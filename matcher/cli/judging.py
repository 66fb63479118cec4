"""The work of check: read a plan and its problem, and tell what is wrong with it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from matcher.checking import Check, check
from matcher.cli.telling import tell_notes, verdict
from matcher.domain import Plan
from matcher.faults import FaultList
from matcher.tables.files import Files, inputs_in
from matcher.tables.plans import PLAN, plan_of
from matcher.tables.problem import Inputs
from matcher.tables.reading import read_table
from matcher.tables.record import breach_record, finite


def judge(plan: Path, as_json: bool, **files: Any) -> int:
    """Check a plan from files; the exit code."""
    faults = FaultList()
    inputs, read = inputs_in(Files(**files), faults), plan_of(read_table(plan, PLAN, faults), faults)
    faults.stop()
    assert inputs is not None
    tell_notes(inputs.notes)
    result = check(inputs.problem, read)
    lines = [_json(inputs, read, result)] if as_json else verdict(result.figures, result.breaches)
    for line in lines:
        click.echo(line)
    return 0 if result.valid else 1


def _json(inputs: Inputs, plan: Plan, result: Check) -> str:
    told: dict[str, Any] = {
        "valid": result.valid,
        **asdict(result.figures),
        "groups": len(plan.groups),
        "breaches": [breach_record(breach) for breach in result.breaches],
        "input_sha256": inputs.input_sha256,
        "format_sha256": inputs.format_sha256,
    }
    return json.dumps(finite(told), ensure_ascii=False, indent=2, allow_nan=False)
