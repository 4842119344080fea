"""A model, compiled: its requirements graph evaluated as the standard means it (DMN 1.5, 6.3 and 10.4)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from yichuang.core.words import Words
from yichuang.engine.dmn.compile import Room, compile_box
from yichuang.engine.dmn.kinds import types_of
from yichuang.engine.dmn.model import Element, Fault, FunctionBox, ItemDefinition, Model, Table
from yichuang.engine.dmn.tables import compile_table
from yichuang.engine.feel.budget import BUDGET, NOW, Budget, OutOfSteps, charge, weight
from yichuang.engine.feel.decide import Run, make_function, null
from yichuang.engine.feel.kinds import Lambda, Unknown, Val, normalise
from yichuang.engine.feel.types import ANY, BASIC, Basic, Type, fit

MAX_MODELS: Final = 30
Tables = Callable[[Table, Room], Run]


@dataclass(frozen=True)
class Node:
    """An element of the graph, compiled. `seen` are the names under which it sees what it needs."""

    element: Element
    kind: Type
    seen: tuple[tuple[str, ...], ...]
    needs: tuple[str, ...]
    run: Run | None
    params: tuple[tuple[str, Type], ...] = ()


@dataclass(frozen=True)
class CompiledModel:
    """A model and those it imports, ready to decide."""

    model: Model
    nodes: Mapping[str, Node]
    types: Mapping[str, Type]
    faults: tuple[Fault, ...]

    def evaluate(self, name: str, inputs: Mapping[str, object], *, at: datetime | None = None) -> Val:
        """The value of a decision (or of a service, with its inputs by name); null when there is none."""
        element = self.model.find(name, "decision", "service", "bkm")
        if element is None:
            return None
        work = Evaluation(self, inputs, {}, Budget(), at)
        try:
            if element.kind == "service":
                return work.serve(self.nodes[element.id], inputs)
            if element.kind == "bkm":
                return work.call_knowledge(self.nodes[element.id], inputs)
            return work.value(element.id)
        except (OutOfSteps, RecursionError):
            return None


def compile_model(
    model: Model, imported: Mapping[str, Model] | None = None, *, tables: Tables = compile_table, guarded: bool = False
) -> CompiledModel:
    """The model with those of its imports, by namespace. Its faults are kept with it."""
    maker = _Maker(dict(imported or {}), tables, guarded)
    return maker.whole(model)


@dataclass
class _Maker:
    models: dict[str, Model]
    tables: Tables
    guarded: bool
    faults: list[Fault] = field(default_factory=list)
    made: dict[str, CompiledModel] = field(default_factory=dict)

    def whole(self, model: Model) -> CompiledModel:
        """Compile a model and, before it, what it imports."""
        nodes: dict[str, Node] = {}
        types: dict[str, Type] = {}
        prefixes: dict[str, str] = {}
        for one in model.imports:
            prefixes[one.namespace] = one.name
            other = self.models.get(one.namespace)
            if other is None or len(self.made) > MAX_MODELS:
                continue
            inner = self.made.get(one.namespace) or _Maker(
                self.models, self.tables, self.guarded, self.faults, self.made
            ).whole(other)
            self.made[one.namespace] = inner
            dot = one.name + "." if one.name else ""
            types.update({dot + name: kind for name, kind in inner.types.items()})
            nodes.update(
                {
                    key if "#" in key else f"{one.namespace}#{key}": _moved(node, one.namespace)
                    for key, node in inner.nodes.items()
                }
            )
        types.update(types_of(model.items, types, self.miss))
        for element in model.elements.values():
            nodes[element.id] = self.node(model, element, nodes, types, prefixes)
        return CompiledModel(model, nodes, types, tuple(self.faults))

    def miss(self, item: ItemDefinition, name: str) -> None:
        words = (
            Words(f"没有“{name}”这个类型", f"There is no type “{name}”")
            if name
            else Words("允许的值看不懂", "The allowed values cannot be read")
        )
        self.faults.append(Fault(item.line, item.name, words, "NO_TYPE"))

    def node(
        self, model: Model, element: Element, nodes: dict[str, Node], types: dict[str, Type], prefixes: dict[str, str]
    ) -> Node:
        needs = (*element.needs, *element.inputs, *element.given) if element.kind == "service" else element.needs
        found = [(need, *self.sight(model, need, nodes, prefixes)) for need in needs]
        for need, path in ((need, path) for need, *path in found if not path):
            words = Words(f"找不到所需的元素 {need}", f"The required element {need} is missing")
            self.faults.append(Fault(element.line, element.name, words, "NO_ELEMENT"))
            del path
        known = [(need, tuple(path)) for need, *path in found if path]
        kinds = {path[0]: kind_seen(model, need, nodes, types) if len(path) == 1 else ANY for need, path in known}
        room = Room(
            element.name, kinds, types, self.faults.append, members_of(model, self.models), self.tables, self.guarded
        )
        params: tuple[tuple[str, Type], ...] = ()
        body = element.body
        if element.kind == "bkm" and isinstance(body, FunctionBox):
            params = tuple((param.name, room.type_of(param.type_ref)) for param in body.params)
            if body.foreign:
                compile_box(body, room)
            inner = room.seeing(element.name).knowing(dict(params))
            run = None if body.body is None else compile_box(body.body, inner)
        else:
            run = None if body is None else compile_box(body, room)
        return Node(
            element,
            room.type_of(element.variable.type_ref, element.line),
            tuple(path for _, path in known),
            tuple(need for need, _ in known),
            run,
            params,
        )

    def sight(self, model: Model, need: str, nodes: Mapping[str, Node], prefixes: Mapping[str, str]) -> tuple[str, ...]:
        """The name under which an element is seen: `imported.name` for one of another file."""
        if need in model.elements:
            return (model.elements[need].name,)
        node = nodes.get(need)
        if node is None:
            return ()
        prefix = prefixes.get(need.rpartition("#")[0], "")
        return (prefix, node.element.name) if prefix else (node.element.name,)


def kind_seen(model: Model, need: str, nodes: Mapping[str, Node], types: Mapping[str, Type]) -> Type:
    """The type under which a needed element is seen; that of functions is told only by calling them."""
    if need in nodes:
        node = nodes[need]
        return node.kind if node.element.kind in {"input", "decision"} else ANY
    element = model.elements[need]
    if element.kind not in {"input", "decision"}:
        return ANY
    name = element.variable.type_ref
    return types.get(name) or (Basic(BASIC[name]) if name in BASIC else ANY)


def members_of(model: Model, models: Mapping[str, Model]) -> frozenset[str]:
    """Names that may stand behind a dot."""
    names = set(model.names)
    for one in model.imports:
        other = models.get(one.namespace)
        if other is not None:
            names |= other.names | {element.name for element in other.elements.values()}
    return frozenset(names)


def _moved(node: Node, namespace: str) -> Node:
    """A node of an imported model: what it needs is told with the namespace."""
    element = node.element

    def far(keys: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(one if "#" in one else f"{namespace}#{one}" for one in keys)

    element = replace(
        element,
        outputs=far(element.outputs),
        encapsulated=far(element.encapsulated),
        given=far(element.given),
        inputs=far(element.inputs),
        needs=far(element.needs),
    )
    return replace(node, needs=far(node.needs), element=element)


@dataclass
class Evaluation:
    """One pass over the graph: each element is worked out once, when it is needed."""

    model: CompiledModel
    inputs: Mapping[str, object]
    known: dict[str, Val]
    budget: Budget
    at: datetime | None
    under_way: set[str] = field(default_factory=set)
    watch: Callable[[Node, Val], None] | None = None

    def value(self, key: str) -> Val:
        """The value of an input or a decision; a function for knowledge and services."""
        if key in self.known:
            return self.known[key]
        node = self.model.nodes.get(key)
        if node is None or key in self.under_way:
            return None
        self.under_way.add(key)
        value = self.work_out(node)
        self.under_way.discard(key)
        self.known[key] = value
        if self.watch is not None:
            self.watch(node, value)
        return value

    def work_out(self, node: Node) -> Val:
        kind = node.element.kind
        if kind == "input":
            return null(fit(deep(self.inputs.get(node.element.name)), node.kind))
        if kind == "bkm":
            return self.knowledge(node)
        if kind == "service":
            return self.service(node)
        return None if node.run is None else null(fit(node.run(self.scope(node)), node.kind))

    def scope(self, node: Node) -> dict[str, object]:
        """What an element sees: what it needs, by name."""
        scope: dict[str, object] = {BUDGET: self.budget, NOW: self.at}
        for need, path in zip(node.needs, node.seen, strict=True):
            value = self.value(need)
            if len(path) == 1:
                scope[path[0]] = value
            else:
                inner = scope.setdefault(path[0], {})
                if isinstance(inner, dict):
                    inner[path[1]] = value
        return scope

    def knowledge(self, node: Node) -> Val:
        names, kinds = tuple(name for name, _ in node.params), tuple(kind for _, kind in node.params)
        return make_function(names, kinds, node.run, self.scope(node), node.kind, node.element.name)

    def call_knowledge(self, node: Node, given: Mapping[str, object]) -> Val:
        """A business knowledge model with arguments by name."""
        function = self.knowledge(node)
        if not isinstance(function, Lambda):
            return None
        return function.call(tuple(deep(given.get(name)) for name in function.params))

    # -- services
    def params_of(self, node: Node) -> tuple[str, ...]:
        """What a service is given: input data, then input decisions."""
        return (*node.element.inputs, *node.element.given)

    def service(self, node: Node) -> Val:
        keys = self.params_of(node)
        names = tuple(self.model.nodes[key].element.name for key in keys if key in self.model.nodes)

        def call(args: tuple[Val, ...]) -> Val:
            self.budget.spend(3)
            charge({BUDGET: self.budget}, *args)
            if len(args) != len(names):
                return None
            return self.serve(node, dict(zip(names, args, strict=True)))

        return Lambda(names, call)

    def serve(self, node: Node, given: Mapping[str, object]) -> Val:
        """The outputs of a service: one value, or a context of several."""
        known: dict[str, Val] = {}
        for key in self.params_of(node):
            inner = self.model.nodes.get(key)
            if inner is not None:
                fitted = fit(deep(given.get(inner.element.name)), inner.kind)
                if isinstance(fitted, Unknown):
                    return None
                known[key] = fitted
        work = replace(self, inputs={}, known=known, under_way=set(), watch=None)
        outputs = [(self.model.nodes[key], work.value(key)) for key in node.element.outputs if key in self.model.nodes]
        if len(outputs) == 1:
            return null(fit(outputs[0][1], node.kind))
        value: Val = {inner.element.name: one for inner, one in outputs}
        return null(fit(value, node.kind)) if node.kind is not ANY else value


def deep(raw: object) -> Val:
    """A value of the caller's, numbers inside contexts too as FEEL has them. Raises `OutOfSteps` for too large a one."""
    if isinstance(raw, tuple | list | Mapping):
        weight(raw)
    return _deep(raw)


def _deep(raw: object) -> Val:
    value = normalise(raw)
    if isinstance(value, Mapping):
        return {str(key): _deep(one) for key, one in value.items()}
    if isinstance(value, tuple):
        return tuple(_deep(one) for one in value)
    return None if isinstance(value, Unknown) else value
