"""Follows the levels of the practices through the source, from where they are read.

A level is read as `levels.<dial>`, `announced.<dial>` or `terms.<dial>`. It is followed through
local names, arithmetic, NumPy, and functions of the steps, until it reaches a mechanism (an edge of
the dependency graph: what the mechanism makes of it is that mechanism's affair), is written to
something that outlives the step (a field, which is then followed from wherever it is read), is
handed to a method of another object, or decides a branch. What is followed is over-estimated,
never under-estimated: a name that may hold a level does.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import parley
from parley.practice_types import DIALS

ROOT = Path(parley.__file__).parent
HOLDERS = ("levels", "announced", "terms")
"""Attributes that hold the eighteen levels."""

WHOLE = "*"
"""Stands for a dial where all levels are used at once."""

SPREADING = {"spread_village", "spread_block"}
"""Methods that give people what their village or block has, and change nothing in it."""

TRANSPARENT = {"distribution.split_cents"}
"""Mechanisms that are arithmetic: what goes in is followed to where it comes out."""

type Label = tuple[str, str]
"""A dial and the holder it was read from; or a field and the word `field`."""


@dataclass(frozen=True, order=True)
class Edge:
    """Where a level, or a field that a level was written to, arrives.

    Attributes:
        source: Dial or field.
        holder: `levels`, `announced`, `terms` or `field`.
        sink: `room.invitation(inclusive)` for an argument of a mechanism, `write state.x`,
            `call ledger.transfer` or `branch`.
        where: File and function in which it arrives.
    """

    source: str
    holder: str
    sink: str
    where: str


@dataclass
class Module:
    """A source file: its functions, and what its names mean."""

    name: str
    tree: ast.Module
    functions: dict[str, ast.FunctionDef] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)


def read(names: Iterable[str]) -> dict[str, Module]:
    """Parse modules of the package by dotted name, e.g. `steps.room`."""
    modules = {}
    for name in names:
        path = ROOT / (name.replace(".", "/") + ".py")
        module = Module(name, ast.parse(path.read_text(encoding="utf-8")))
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef):
                module.functions[node.name] = node
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("parley"):
                for alias in node.names:
                    module.imports[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        modules[name] = module
    return modules


def is_property(function: ast.FunctionDef | None) -> bool:
    """Whether a function is read like an attribute."""
    decorators = function.decorator_list if function else []
    return any(ast.unparse(decorator).endswith("property") for decorator in decorators)


class Tracer:
    """Finds all edges of a set of modules."""

    def __init__(self, modules: Mapping[str, Module]) -> None:
        self.modules = modules
        self.edges: set[Edge] = set()
        self.fields: set[str] = set()
        self._results: dict[Any, frozenset[Label]] = {}

    def run(self) -> set[Edge]:
        """Follow everything, again as long as new fields turn up."""
        while True:
            known = len(self.fields)
            self._results.clear()
            for module in self.modules.values():
                for name in module.functions:
                    self.function(module, name, {})
            if len(self.fields) == known:
                return self.edges

    def function(
        self, module: Module, name: str, given: Mapping[str, frozenset[Label]]
    ) -> frozenset[Label]:
        """Follow a function, given what its parameters hold; return what it returns."""
        key = (module.name, name, tuple(sorted(given.items())))
        if key not in self._results:
            self._results[key] = frozenset()  # what a function returns to itself adds nothing
            body = _Body(self, module, name, dict(given))
            for _ in range(2):  # what a loop sets late may be used early
                for statement in module.functions[name].body:
                    body.statement(statement)
            self._results[key] = frozenset(body.returned)
        return self._results[key]

    def note(self, labels: Iterable[Label], sink: str, where: str) -> None:
        """Record an edge for every label; a written attribute becomes a field."""
        for source, holder in labels:
            self.edges.add(Edge(source, holder, sink, where))
            if sink.startswith("write ") and source != WHOLE:
                self.fields.add(sink.rpartition(".")[2])


class _Body:
    """One function being followed."""

    def __init__(
        self, tracer: Tracer, module: Module, name: str, held: dict[str, frozenset[Label]]
    ) -> None:
        self.tracer, self.module, self.name, self.held = tracer, module, name, held
        self.aliases: dict[str, str] = {}
        self.returned: set[Label] = set()
        self.where = f"{module.name}.{name}"

    # --- statements -----------------------------------------------------------------------------

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.FunctionDef():
                return  # followed when called
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self.assign(target, value)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                self.assign(target, value)
            case ast.AugAssign(target=target, value=value):
                self.store(target, self.labels(value) | self.labels(target))
            case ast.For(target=target, iter=items, body=body):
                self.loop(target, items)
                self.block(body)
            case (
                ast.If(test=test, body=body, orelse=other)
                | ast.While(test=test, body=body, orelse=other)
            ):
                self.tracer.note(self.labels(test), "branch", self.where)
                self.block(body + other)
            case ast.Match(subject=subject, cases=cases):
                self.tracer.note(self.labels(subject), "branch", self.where)
                for case in cases:
                    self.block(case.body)
            case ast.Return(value=value) if value is not None:
                self.returned |= self.labels(value)
            case ast.With(body=body):
                self.block(body)
            case ast.Expr(value=value):
                self.labels(value)

    def block(self, body: list[ast.stmt]) -> None:
        for node in body:
            self.statement(node)

    def assign(self, target: ast.expr, value: ast.expr) -> None:
        """A value to a target; tuples part by part."""
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for one, part in zip(target.elts, value.elts, strict=True):
                self.assign(one, part)
            return
        holder = self.holder(value)
        if holder and isinstance(target, ast.Name):
            self.aliases[target.id] = holder
            return
        self.store(target, self.labels(value))

    def loop(self, target: ast.expr, items: ast.expr) -> None:
        """Targets of a loop hold what the items hold, place by place where that is visible."""
        rows = items.elts if isinstance(items, ast.Tuple) else []
        if rows and all(isinstance(row, ast.Tuple) for row in rows):
            for row in rows:
                self.assign(target, row)
        else:
            self.store(target, self.labels(items))

    def store(self, target: ast.expr, labels: frozenset[Label]) -> None:
        match target:
            case ast.Name(id=name):
                self.held[name] = self.held.get(name, frozenset()) | labels
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self.store(part, labels)
            case ast.Subscript(value=base) if isinstance(base, ast.Name):
                self.held[base.id] = self.held.get(base.id, frozenset()) | labels
                self.tracer.note(labels, f"write {ast.unparse(target)}", self.where)
            case _:
                self.tracer.note(labels, f"write {ast.unparse(target)}", self.where)

    # --- expressions ----------------------------------------------------------------------------

    def holder(self, node: ast.expr) -> str | None:
        """Which holder of levels an expression is, if it is one."""
        if isinstance(node, ast.Attribute) and node.attr in HOLDERS:
            return node.attr
        return self.aliases.get(node.id) if isinstance(node, ast.Name) else None

    def labels(self, node: ast.AST) -> frozenset[Label]:
        """What an expression may hold."""
        if isinstance(node, ast.expr) and (holder := self.holder(node)):
            return frozenset({(WHOLE, holder)})
        match node:
            case ast.Name(id=name):
                return self.held.get(name, frozenset())
            case ast.Attribute():
                return self.attribute(node)
            case ast.Call():
                return self.call(node)
            case ast.GeneratorExp(generators=parts) | ast.ListComp(generators=parts):
                for part in parts:
                    self.store(part.target, self.labels(part.iter))
        parts = (self.labels(child) for child in ast.iter_child_nodes(node))
        return frozenset().union(*parts)

    def attribute(self, node: ast.Attribute) -> frozenset[Label]:
        """A level by name, or what an object holds, with the field it may be."""
        if (holder := self.holder(node.value)) and node.attr in DIALS:
            return frozenset({(node.attr, holder)})
        found = self.labels(node.value)
        for module in self.tracer.modules.values():
            if is_property(module.functions.get(node.attr)):
                found |= self.tracer.function(module, node.attr, {})
        return found | {(node.attr, "field")} if node.attr in self.tracer.fields else found

    def call(self, node: ast.Call) -> frozenset[Label]:
        arguments = [(None, a) for a in node.args] + [(k.arg, k.value) for k in node.keywords]
        held = [(name, self.labels(value)) for name, value in arguments]
        everything = frozenset().union(*(labels for _, labels in held))
        target = self.target(node.func)
        if target and target.startswith("parley.mechanisms."):
            return self.mechanism(target, held)
        if target and target.removeprefix("parley.").rpartition(".")[0] in self.tracer.modules:
            return self.own_function(target, held)
        if isinstance(node.func, ast.Attribute) and not self.is_numpy(node.func):
            if node.func.attr in SPREADING:
                return everything
            if everything:
                called = ".".join(ast.unparse(node.func).split(".")[-2:])
                self.tracer.note(everything, f"call {called}", self.where)
            return everything | self.labels(node.func.value)
        return everything

    def target(self, called: ast.expr) -> str | None:
        """Full name of the function that is called, where it is one of the package's."""
        if isinstance(called, ast.Name):
            if called.id in self.module.functions:
                return f"parley.{self.module.name}.{called.id}"
            return self.module.imports.get(called.id)
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            home = self.module.imports.get(called.value.id)
            return f"{home}.{called.attr}" if home else None
        return None

    def is_numpy(self, called: ast.Attribute) -> bool:
        return ast.unparse(called).startswith("np.")

    def mechanism(self, target: str, held: list[Any]) -> frozenset[Label]:
        home, _, name = target.rpartition(".")
        short = f"{home.rpartition('.')[2]}.{name}"
        if short in TRANSPARENT:
            return frozenset().union(*(labels for _, labels in held))
        parameters = list(
            inspect.signature(getattr(importlib.import_module(home), name)).parameters
        )
        for at, (keyword, labels) in enumerate(held):
            given = keyword or parameters[min(at, len(parameters) - 1)]
            self.tracer.note(labels, f"{short}({given})", self.where)
        return frozenset()

    def own_function(self, target: str, held: list[Any]) -> frozenset[Label]:
        home, _, name = target.removeprefix("parley.").rpartition(".")
        module = self.tracer.modules[home]
        if name not in module.functions:  # a class: its fields hold what they are given
            return frozenset().union(*(labels for _, labels in held))
        names = [a.arg for a in module.functions[name].args.args]
        given = {
            keyword or names[at]: labels for at, (keyword, labels) in enumerate(held) if labels
        }
        return self.tracer.function(module, name, given)
