"""The `[[rule]]` tables of a format: known rules, with their own fields, each firm or with a weight."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import MISSING, Field, fields, replace
from typing import Any, get_type_hints

from matcher.faults import instead, several, written
from matcher.messages import Message, RuleName
from matcher.rules import KNOWN
from matcher.terms import DimensionRule, Rule
from matcher.toml.document import Section
from matcher.toml.kinds import FLAG, NUMBER, TEXT, kind_of

_MODE = ("firm", "weight")
_MEANING = {"dimension": Message.of("kind.column")}


def rules_in(recipe: Section, dimensions: Collection[str] | None) -> tuple[Rule, ...]:
    """Every rule that a recipe names, `*` spread over the dimensions; None means that these are not known."""
    rules: list[Rule] = []
    for table in recipe.repeated("rule"):
        for rule in _rules(table, dimensions):
            if rule in rules:
                what = Message.of("fault.rule_twice", rule=written(rule.title))
                table.fault("", what, Message.of("fix.leave_one"))
            rules.append(rule)
    return tuple(rules)


def _rules(table: Section, dimensions: Collection[str] | None) -> Iterator[Rule]:
    name = table.take("name", TEXT, "")
    if not name:
        if "name" not in table.content:
            right = Message.of("fix.known", known=several(KNOWN, 100))
            table.fault("name", Message.of("fault.nameless_rule"), right)
    elif name not in KNOWN:
        table.fault("name", Message.of("fault.unknown_rule", value=written(name)), instead(name, KNOWN, 100))
    else:
        rule = _rule(table, KNOWN[name])
        yield from _spread(table, rule, dimensions) if rule else ()


def _rule(table: Section, kind: type[Rule]) -> Rule | None:
    before = len(table.faults)
    own = [field for field in fields(kind) if field.name not in _MODE]
    known = ["name", *_MODE, *(field.name for field in own)]
    table.refuse_unknown(known, lambda key: Message.of("fault.unknown_rule_key", rule=_name(table), value=key))
    hints = get_type_hints(kind)
    given = {f.name: _field(table, f, hints[f.name]) for f in own if f.name in table.content or _needed(f)}
    given |= _mode(table, kind)
    return None if len(table.faults) > before else kind(**given)


def _name(table: Section) -> RuleName:
    return RuleName(table.content["name"])


def _needed(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _field(table: Section, field: Field[Any], hint: Any) -> Any:
    kind = kind_of(hint)
    if field.name not in table.content:
        what = Message.of("fault.rule_needs", rule=_name(table), field=field.name)
        table.fault("", what, Message.of("fix.add", key=field.name, value=_MEANING.get(field.name, kind.name)))
    return table.take(field.name, kind, None)


def _mode(table: Section, kind: type[Rule]) -> dict[str, Any]:
    firm = table.take("firm", FLAG, False)
    weight = table.take("weight", NUMBER, None)
    if firm and "weight" in table.content:
        table.fault("weight", Message.of("fault.firm_and_weight"), Message.of("fix.firm_or_weight"))
    elif not _is_said(table) and not _has_price(kind):
        right = Message.of("fix.add_mode", modes=_choices(kind))
        table.fault("", Message.of("fault.modeless_rule", rule=_name(table)), right)
    elif firm and "firm" not in kind.modes:
        right = Message.of("fix.write", value=_choices(kind))
        table.fault("firm", Message.of("fault.never_firm", rule=_name(table)), right)
    elif weight is not None and "weight" not in kind.modes:
        right = Message.of("fix.write", value=_choices(kind))
        table.fault("weight", Message.of("fault.only_firm", rule=_name(table)), right)
    return {"firm": firm} if weight is None else {"firm": firm, "weight": weight}


def _is_said(table: Section) -> bool:
    return "weight" in table.content or table.content.get("firm", False) is not False


def _has_price(kind: type[Rule]) -> bool:
    return any(field.name == "weight" and field.default for field in fields(kind))


def _choices(kind: type[Rule]) -> Message:
    firm, weight = Message.of("mode.firm"), Message.of("mode.weight")
    if len(kind.modes) == 1:
        return firm if "firm" in kind.modes else weight
    return Message.of("mode.either", firm=firm, weight=weight)


def _spread(table: Section, rule: Rule, dimensions: Collection[str] | None) -> Iterator[Rule]:
    if dimensions is None or not isinstance(rule, DimensionRule):
        _check_grounds(table, rule, dimensions)
        yield rule
    elif rule.dimension == "*":
        if not dimensions:
            table.fault("dimension", Message.of("fault.no_dimensions"), Message.of("fix.add_column"))
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
        table.fault(key, *unknown_dimension(name, dimensions))


def unknown_dimension(name: str, dimensions: Collection[str]) -> tuple[Message, Message]:
    """What is wrong with the name of a dimension, and the known ones."""
    right = Message.of("fix.among", fix=instead(name, dimensions), where=Message.of("fix.columns"))
    return Message.of("fault.unknown_dimension", value=written(name)), right
