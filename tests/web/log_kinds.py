"""Every kind of line that the code can write in the audit log, followed from audit.note back to who named it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

WEB = Path(__file__).parents[2] / "web"
NOTE = ("web.services.audit", "note")
Function = tuple[str, str]
"""A module and the name of a function in it."""


@dataclass
class Module:
    """What one file defines and brings in: functions, texts under a name, and where other names come from."""

    name: str
    functions: list[ast.FunctionDef]
    texts: dict[str, str]
    modules: dict[str, str] = field(default_factory=dict)
    names: dict[str, Function] = field(default_factory=dict)

    def meant(self, called: ast.expr) -> Function | None:
        """Which function a call means, if it is one that this file defines or brings in."""
        if isinstance(called, ast.Name):
            return self.names.get(called.id, (self.name, called.id))
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            return (self.modules.get(called.value.id, ""), called.attr)
        return None


def kinds() -> tuple[set[str], set[str]]:
    """All kinds; and all places whose kind is made on the spot, as 'module: code'."""
    modules = [_module(path) for path in sorted(WEB.rglob("*.py"))]
    writers: dict[Function, str] = {NOTE: "what"}
    signatures = {(m.name, f.name): _parameters(f) for m in modules for f in m.functions}
    found: set[str] = set()
    made: set[str] = set()
    brought = {m.name: m.names for m in modules}
    size = 0
    while size != len(writers):
        size = len(writers)
        for module in modules:
            for function, said in _said(module, writers, signatures, brought):
                for value in _either(said):
                    _sort(module, function, value, writers, found, made)
    return found, made


def _sort(
    module: Module,
    function: ast.FunctionDef,
    value: ast.expr,
    writers: dict[Function, str],
    found: set[str],
    made: set[str],
) -> None:
    if isinstance(value, ast.Constant):
        found.add(value.value)
    elif isinstance(value, ast.Name) and value.id in module.texts:
        found.add(module.texts[value.id])
    elif isinstance(value, ast.Name) and value.id in _parameters(function):
        writers[module.name, function.name] = value.id
    else:
        made.add(f"{module.name}: {ast.unparse(value)}")


def _said(
    module: Module,
    writers: dict[Function, str],
    signatures: dict[Function, list[str]],
    brought: dict[str, dict[str, Function]],
) -> Iterator[tuple[ast.FunctionDef, ast.expr]]:
    """What each call of a writer names, with the function around it."""
    for function in module.functions:
        for call in ast.walk(function):
            if not isinstance(call, ast.Call):
                continue
            meant = module.meant(call.func)
            # What stands on the face of a room is defined in one of its files.
            while meant and meant not in signatures and meant[1] in brought.get(meant[0], {}):
                meant = brought[meant[0]][meant[1]]
            if meant in writers:
                place = signatures[meant].index(writers[meant])
                named = [word.value for word in call.keywords if word.arg == writers[meant]]
                yield function, named[0] if named else call.args[place]


def _either(value: ast.expr) -> list[ast.expr]:
    return [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]


def _parameters(function: ast.FunctionDef) -> list[str]:
    return [one.arg for one in (*function.args.args, *function.args.kwonlyargs)]


def _module(path: Path) -> Module:
    tree = ast.parse(path.read_text("utf-8"))
    name = ".".join(path.relative_to(WEB.parent).with_suffix("").parts).removesuffix(".__init__")
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    module = Module(name, functions, dict(_texts(tree)))
    for node in ast.walk(tree):
        for alias in node.names if isinstance(node, ast.ImportFrom) else ():
            called = alias.asname or alias.name
            module.modules[called] = f"{node.module}.{alias.name}"  # type: ignore[union-attr]
            module.names[called] = (str(node.module), alias.name)  # type: ignore[union-attr]
    return module


def _texts(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield from ((target.id, node.value.value) for target in node.targets if isinstance(target, ast.Name))
