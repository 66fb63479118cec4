"""What every application compiles alike, its routes, templates and SQL, is compiled once in a run of tests."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule


class Templates(BytecodeCache):
    """Compiled templates by name and content, for as long as the process lives."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key, bucket.checksum] = bucket.code


class Route(Rule):
    """A rule that knows what an equal one of an earlier application was compiled to."""

    compiled: ClassVar[dict[tuple[object, ...], dict[str, Any]]] = {}

    def compile(self) -> None:
        converters = frozenset(self.map.converters.items())
        written = (self.rule, self.host, self.subdomain, self.merge_slashes, repr(self.defaults), converters)
        if written not in self.compiled:
            before = vars(self).copy()
            super().compile()
            made = {name: value for name, value in vars(self).items() if before.get(name) is not value}
            self.compiled[written] = made | {"arguments": self.arguments}
        vars(self).update(self.compiled[written])


class Statements(dict[tuple[object, ...], Any]):
    """Compiled SQL; for every engine of one kind of database, where SQLAlchemy itself keeps it for each engine."""

    def get(self, key: tuple[object, ...], default: Any = None) -> Any:
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: tuple[object, ...], compiled: Any) -> None:
        super().__setitem__((type(key[0]), *key[1:]), compiled)


ENGINE = {"execution_options": {"compiled_cache": Statements()}}
"""For the configuration of an application."""


def share() -> None:
    """For all applications that are made from now on."""
    Flask.url_rule_class = Route
    Flask.jinja_options = {"bytecode_cache": Templates()}
