"""The `[[rule]]` tables of a format: known rules, with their own fields, each firm or with a weight."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import MISSING, Field, fields, replace
from typing import Any, get_type_hints

from matcher.faults import instead, listed, quoted
from matcher.rules import KNOWN
from matcher.terms import DimensionRule, Rule
from matcher.toml.document import Section
from matcher.toml.kinds import FLAG, NUMBER, TEXT, kind_of

_MODE = ("firm", "weight")
_MEANING = {"dimension": 'a column of people.csv, or "*" for all'}


def rules_in(recipe: Section, dimensions: Collection[str] | None) -> tuple[Rule, ...]:
    """Every rule that a recipe names, `*` spread over the dimensions; None means that these are not known."""
    rules: list[Rule] = []
    for table in recipe.repeated("rule"):
        for rule in _rules(table, dimensions):
            if rule in rules:
                table.fault("", f"the rule {quoted(rule.title)} stands here twice", "leave one of them out")
            rules.append(rule)
    return tuple(rules)


def _rules(table: Section, dimensions: Collection[str] | None) -> Iterator[Rule]:
    name = table.take("name", TEXT, "")
    if not name:
        if "name" not in table.content:
            table.fault("name", "a rule without a name", f"known: {listed(KNOWN, 100)}")
    elif name not in KNOWN:
        table.fault("name", f"unknown rule {quoted(name)}", instead(name, KNOWN, 100))
    else:
        rule = _rule(table, KNOWN[name])
        yield from _spread(table, rule, dimensions) if rule else ()


def _rule(table: Section, kind: type[Rule]) -> Rule | None:
    before = len(table.faults)
    own = [field for field in fields(kind) if field.name not in _MODE]
    table.refuse_unknown(["name", *_MODE, *(field.name for field in own)], f"key of {table.content['name']}")
    hints = get_type_hints(kind)
    given = {f.name: _field(table, f, hints[f.name]) for f in own if f.name in table.content or _needed(f)}
    given |= _mode(table, kind)
    if len(table.faults) > before:
        return None
    try:
        return kind(**given)
    except ValueError as error:
        table.fault("", str(error), "change the fields of this rule")
        return None


def _needed(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _field(table: Section, field: Field[Any], hint: Any) -> Any:
    kind = kind_of(hint)
    if field.name not in table.content:
        right = f"add {field.name} = {_MEANING.get(field.name, kind.name)}"
        table.fault("", f"{table.content['name']} needs {quoted(field.name)}", right)
    return table.take(field.name, kind, None)


def _mode(table: Section, kind: type[Rule]) -> dict[str, Any]:
    firm = table.take("firm", FLAG, False)
    weight = table.take("weight", NUMBER, None)
    if firm and "weight" in table.content:
        table.fault("weight", "a rule is firm or has a weight, not both", "leave out firm or weight")
    elif not _is_said(table) and not _has_price(kind):
        table.fault("", f"{table.content['name']} is neither firm nor weighted", f"add {_choices(kind)}")
    elif firm and "firm" not in kind.modes:
        table.fault("firm", f"{table.content['name']} cannot be firm", f"write {_choices(kind)}")
    elif weight is not None and "weight" not in kind.modes:
        table.fault("weight", f"{table.content['name']} can only be firm", f"write {_choices(kind)}")
    return {"firm": firm} if weight is None else {"firm": firm, "weight": weight}


def _is_said(table: Section) -> bool:
    return "weight" in table.content or table.content.get("firm", False) is not False


def _has_price(kind: type[Rule]) -> bool:
    return any(field.name == "weight" and field.default for field in fields(kind))


def _choices(kind: type[Rule]) -> str:
    ways = {"firm": "firm = true", "weight": "weight = the price of one breach in units of bridging"}
    return " or ".join(ways[mode] for mode in kind.modes)


def _spread(table: Section, rule: Rule, dimensions: Collection[str] | None) -> Iterator[Rule]:
    if dimensions is None or not isinstance(rule, DimensionRule):
        _check_grounds(table, rule, dimensions)
        yield rule
    elif rule.dimension == "*":
        if not dimensions:
            table.fault("dimension", "there are no dimensions", "add a column to people.csv")
        yield from (replace(rule, dimension=d) for d in dimensions)
    else:
        _check_dimension(table, "dimension", rule.dimension, dimensions)
        yield rule


def _check_grounds(table: Section, rule: Rule, dimensions: Collection[str] | None) -> None:
    """`on` names dimensions or two columns that are none."""
    for ground in getattr(rule, "on", ()) if dimensions is not None else ():
        _check_dimension(table, "on", ground, ("interests", "languages", *(dimensions or ())))


def _check_dimension(table: Section, key: str, name: str, dimensions: Collection[str]) -> None:
    if name not in dimensions:
        right = f"{instead(name, dimensions)} (columns of people.csv)"
        table.fault(key, f"unknown dimension {quoted(name)}", right)
