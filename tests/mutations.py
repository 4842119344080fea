"""One thing changed at a time in a source: a comparison, a sign, a number, an `and` made an `or`, a part left out, a `not`,
a step left out of a table of states."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
CALCULATE: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


def changes_of(node: ast.AST) -> list[ast.AST]:
    """Each way in which this one node could be wrong."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in COMPARE:
            return [ast.Compare(node.left, [COMPARE[type(op)]()], node.comparators)]
        case ast.BinOp() if type(node.op) in CALCULATE:
            return [ast.BinOp(node.left, CALCULATE[type(node.op)](), node.right)]
        case ast.BoolOp():
            return [
                ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values),
                *(ast.BoolOp(node.op, [v for v in node.values if v is not gone]) for gone in node.values),
            ]
        case ast.UnaryOp(op=ast.Not()):
            return [node.operand]
        case ast.Constant(value=int() | float() as value):
            return [ast.Constant(not value if isinstance(value, bool) else value + 1)]
        case ast.IfExp():
            return [ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)]
        case ast.Dict():
            return _without_a_step(node)
    return []


def _without_a_step(table: ast.Dict) -> list[ast.AST]:
    """Of a table of steps (from a state, by an act): each of them left out."""
    rows = list(zip(table.keys, table.values, strict=True))
    if not all(isinstance(key, ast.Tuple) for key, _ in rows):
        return []
    less = [[row for row in rows if row is not gone] for gone in rows]
    return [ast.Dict([key for key, _ in kept], [value for _, value in kept]) for kept in less]


@dataclass(frozen=True)
class Mutant:
    """One change: its line, what was and what is, the whole changed source, and whether it lies inside a function."""

    line: int
    what: str
    source: str
    inside: bool


class Change:
    """One change of a source that can be made; `made` costs a copy of the whole tree."""

    def __init__(self, tree: ast.Module, place: int, node: ast.AST, now: ast.AST, *, inside: bool) -> None:
        self.tree, self.place, self.node, self.now, self.inside = tree, place, node, now, inside

    def made(self) -> Mutant:
        fresh = copy.deepcopy(self.tree)
        target = next(n for at, n in enumerate(ast.walk(fresh)) if at == self.place)
        changed = ast.fix_missing_locations(_Swap(target, self.now).visit(fresh))
        what = f"{ast.unparse(self.node)}  →  {ast.unparse(self.now)}"
        return Mutant(self.node.lineno, what, ast.unparse(changed), self.inside)  # type: ignore[attr-defined]  # has a line


def changes(source: str) -> Iterator[Change]:
    """One change each; decorators, annotations, asserts and words are left alone."""
    tree = ast.parse(source)
    quiet = set(_left_alone(tree))
    inside = {n for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for part in f.body for n in ast.walk(part)}
    for place, node in enumerate(ast.walk(tree)):
        for change in () if node in quiet else changes_of(node):
            yield Change(tree, place, node, change, inside=node in inside)


def mutants(source: str) -> Iterator[Mutant]:
    """Every change of it, made."""
    return (change.made() for change in changes(source))


def _left_alone(tree: ast.AST) -> Iterator[ast.AST]:
    """What stands in decorators, annotations and asserts."""
    for node in ast.walk(tree):
        aside = [
            *getattr(node, "decorator_list", ()),
            getattr(node, "annotation", None),
            getattr(node, "returns", None),
        ]
        if isinstance(node, ast.Assert):
            aside.append(node)
        for part in aside:
            yield from ast.walk(part) if part is not None else ()


class _Swap(ast.NodeTransformer):
    def __init__(self, target: ast.AST, change: ast.AST) -> None:
        self.target, self.change = target, change

    def visit(self, node: ast.AST) -> Any:
        return self.change if node is self.target else super().visit(node)
