"""Templates compiled for one language: what is the same on every page of that language is worked out once.

Jinja asks anew on each page for every word, icon, address and asset, and escapes them again. Here a pass over the parsed
template replaces each such call whose arguments stand in the template by its text; what is left writes its calls and its
escaping without Jinja's detours. A page says the same as before, to the letter (`tests/webkit/test_folding.py`).
"""

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from functools import lru_cache, partial
from io import StringIO
from typing import Any, Final, cast

from django.template import engines
from django.utils import translation
from jinja2 import Environment, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape
from markupsafe import _escape_inner as escape_text  # type: ignore[attr-defined]  # what `escape` puts `Markup` around

from yichuang.webkit import filters

# globals that give the same for the same arguments as long as the process lives
PURE: Final = ("url", "has", "static", "icon", "anchor")


def template(name: str, language: str) -> Template:
    """The template, made for pages in one language ("zh-hans" or "en")."""
    house: House = engines["jinja2"].env  # type: ignore[attr-defined]  # the Jinja2 backend has one
    return house.in_language(language).get_template(name)


@lru_cache(maxsize=8192)
def said(language: str, message: str) -> Markup:
    """The message in a language, its marks not yet filled."""
    with translation.override(language):
        return Markup(translation.gettext(message))


def gettext(language: str, message: str, /, **values: Any) -> Markup:
    """The message in a language, values filled in and escaped: Jinja's own "newstyle" gettext, which asks Django's
    catalogue each time, at a fifth of its price."""
    words = said(language, message)
    return words % values if values else _unfilled(words)


def counted(language: str, message: str, /, *, n: int, **values: Any) -> Markup:
    """The message about a number (`%(n)s`), as the language says it of that many: "1 day left", "2 days left"."""
    return _counted(language, message, n == 1) % {"n": n, **values}


@lru_cache(maxsize=1024)
def _counted(language: str, message: str, one: bool) -> Markup:
    with translation.override(language):
        return Markup(translation.ngettext(message, message, 1 if one else 2))


@lru_cache(maxsize=8192)
def _unfilled(words: Markup) -> Markup:
    return words % {}  # "%%" becomes "%"


def once(macro: Any) -> Any:
    """The macro, which is asked only once for the same arguments, on whatever page. For macros that a template imports
    (those are made once for a language) and that draw what is nobody's: states, lights, menus. Arguments are few."""
    try:
        return macro.once
    except AttributeError:
        macro.once = lru_cache(maxsize=256)(macro)
        return macro.once


class Page(Template):
    """A template whose macros are made once for whoever imports them."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        """Jinja compares all globals on each page, in case a page was given ones of its own: `template` gives none."""
        return self._module if self._module is not None else super()._get_default_module(ctx)


class House(Environment):
    """Jinja's environment; one that has a language folds its templates for it."""

    template_class = Page
    language: str = ""
    around: Callable[[str], tuple[str, str] | None] = staticmethod(lambda name: None)  # `addresses.around`

    def in_language(self, language: str) -> "House":
        """The environment of pages in one language, made once in each process."""
        known: dict[str, House] = self.__dict__.setdefault("spoken", {})
        if language not in known:
            made = self.overlay(cache_size=400)
            made.language = language
            made.code_generator_class = Generator
            made.filters = {**self.filters, **filters.in_language(language == "en")}
            speak = partial(gettext, language)
            made.globals = {**self.globals, "gettext": speak, "_": speak, "once": once}
            made.globals["counted"] = partial(counted, language)
            known[language] = made
        return known[language]

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A plain dictionary: Jinja's chain of two is copied key by key for every page and every part of it."""
        return {**self.globals, **(d or {})} if self.language else super().make_globals(d)

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:
        return super()._generate(Fold(self).visit(source) if self.language else source, *args, **kwargs)


def quote(value: Any) -> str:
    """`markupsafe.escape` for what is joined at once: plain text needs no `Markup` around it, only what that would do."""
    kind = type(value)
    if kind is str:
        return escape_text(value)
    return value if kind is Markup else str(escape(value))


class Fold(NodeTransformer):
    """Replaces calls of pure globals by what they give, names of constants by their values, and joins what became text.

    A template that gives one of these names to something of its own keeps it.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._pure: Mapping[str, Any] = {name: house.globals[name] for name in PURE}
        self._constants = {"locale": house.language, "demo": house.globals["demo"]}
        self._own: frozenset[str] = frozenset()

    def visit_Template(self, node: nodes.Template) -> nodes.Node:
        self._own = frozenset(_own_names(node))
        return self.generic_visit(node)

    def generic_visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> nodes.Node:
        super().generic_visit(node, *args, **kwargs)
        for _, value in node.iter_fields():
            if isinstance(value, list) and any(isinstance(one, nodes.Output) for one in value):
                value[:] = _joined(value)
        return node

    def visit_Name(self, node: nodes.Name) -> nodes.Expr:
        known = node.ctx == "load" and node.name in self._constants and node.name not in self._own
        return nodes.Const(self._constants[node.name], lineno=node.lineno) if known else node

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        self.generic_visit(node)
        called = node.node
        if not isinstance(called, nodes.Name) or called.name in self._own or node.dyn_args or node.dyn_kwargs:
            return node
        if called.name == "_":
            return self._spoken(node)
        given = self._given(self._pure[called.name], node) if called.name in self._pure else None
        if given is None:
            return self._addressed(node) if called.name == "url" else node
        return nodes.Const(given, lineno=node.lineno)

    def visit_Filter(self, node: nodes.Filter) -> nodes.Expr:
        """site()|say, on every page twice."""
        self.generic_visit(node)
        of_site = isinstance(node.node, nodes.Call) and node.node.node == nodes.Name("site", "load")
        if not of_site or node.name != "say":
            return node
        return nodes.Const(filters.site().in_(self._house.language), lineno=node.lineno)

    def visit_If(self, node: nodes.If) -> nodes.Node | list[nodes.Node]:
        if node.elif_:  # an `elif` may fold away to its body, which has no place in a list of conditions
            first, *rest = node.elif_
            node.elif_, node.else_ = [], [nodes.If(first.test, first.body, rest, node.else_, lineno=first.lineno)]
        self.generic_visit(node)
        test = cast(nodes.Expr, node.test)
        try:
            holds = test.as_const(nodes.EvalContext(self._house))
        except nodes.Impossible:
            return node
        return node.body if holds else node.else_

    def _spoken(self, node: nodes.Call) -> nodes.Expr:
        """_("在 %(day)s 前", day=…): the words are known; what fills them may not be, and Markup escapes it."""
        message = node.args[0] if len(node.args) == 1 else None
        if not isinstance(message, nodes.Const):
            return node
        if not node.kwargs:
            return nodes.Const(gettext(self._house.language, message.value), lineno=node.lineno)
        pairs = [nodes.Pair(nodes.Const(given.key), given.value) for given in node.kwargs]
        return nodes.Mod(nodes.Const(said(self._house.language, message.value)), nodes.Dict(pairs), lineno=node.lineno)

    def _addressed(self, node: nodes.Call) -> nodes.Expr:
        """url("office:case", number): what stands before and behind the one value is known."""
        if len(node.args) != 2 or node.kwargs or not isinstance(node.args[0], nodes.Const):
            return node
        around = self._house.around(node.args[0].value)
        if around is None:
            return node
        given = [*(nodes.Const(known) for known in around), *node.args]
        return nodes.Call(nodes.Name("address_around", "load"), given, [], None, None, lineno=node.lineno)

    def _given(self, call: Callable[..., Any], node: nodes.Call) -> Any:
        """What the call gives; None when its arguments are not all known, or it fails (then it fails on the page)."""
        context = nodes.EvalContext(self._house)
        try:
            args = [one.as_const(context) for one in node.args]
            return call(*args, **{one.key: one.value.as_const(context) for one in node.kwargs})
        except Exception:
            return None


def _own_names(tree: nodes.Template) -> list[str]:
    """Every name that the template itself gives to something."""
    named = [one.name for one in tree.find_all(nodes.Name) if one.ctx != "load"]
    named += [one.name for one in tree.find_all(nodes.Macro)]
    named += [one.target for one in tree.find_all(nodes.Import)]
    for one in tree.find_all(nodes.FromImport):
        named += [name[1] if isinstance(name, tuple) else name for name in one.names]
    return named


def _joined(body: list[nodes.Node]) -> list[nodes.Node]:
    """Neighbouring outputs as one: the compiler writes constants that stand beside each other as one text."""
    joined: list[nodes.Node] = []
    for one in body:
        last = joined[-1] if joined else None
        if isinstance(one, nodes.Output) and isinstance(last, nodes.Output):
            joined[-1] = nodes.Output([*last.nodes, *one.nodes], lineno=last.lineno)
        else:
            joined.append(one)
    return joined


def _is_path(node: nodes.Expr) -> bool:
    """Whether it is a name, or an attribute of one, and so on: `page.items`."""
    while isinstance(node, nodes.Getattr):
        node = node.node
    return isinstance(node, nodes.Name)


class Generator(CodeGenerator):
    """Jinja's code generator, but calls are calls, plain text is joined as it is, and a block hands on one text, not
    hundreds of pieces through every layout around it."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        self.writeline("from yichuang.core.words import Words")
        self.writeline("from yichuang.webkit.folding import quote")
        super().visit_Template(node, frame)

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        whole = frame.block_frame and frame.buffer is None  # the body of a block, not one inside it
        if whole:
            self.buffer(frame)
        super().blockvisit(nodes, frame)
        if whole:
            self.writeline(f"yield concat({frame.buffer})")
            frame.buffer = None

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("quote(")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """Python's own `getattr` first, as Jinja does behind three calls; what has no such attribute goes Jinja's way."""
        if not _is_path(node.node):  # it may only be said twice if saying it does nothing
            super().visit_Getattr(node, frame)
            return
        self.write("(_found if (_found := getattr(")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r}, missing)) is not missing else environment.getattr(")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r}))")

    def visit_Filter(self, node: nodes.Filter, frame: Frame) -> None:
        """`words|say`: of the two words the one in the language of the page, taken at once."""
        plain = node.node is not None and not (node.args or node.kwargs or node.dyn_args or node.dyn_kwargs)
        language = cast(House, self.environment).language
        if node.name != "say" or not plain or not language:
            super().visit_Filter(node, frame)
            return
        self.write(f"(_said.{'en' if language == 'en' else 'zh'} if type(_said := ")
        self.visit(cast(nodes.Expr, node.node), frame)
        self.write(f") is Words else {self.filters['say']}(_said))")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """`f(x)` instead of `context.call(f, x)`, which looks each time for marks that only Jinja's own functions bear."""
        known = self.environment.globals.get(node.node.name) if isinstance(node.node, nodes.Name) else None
        if hasattr(known, "jinja_pass_arg"):
            super().visit_Call(node, frame, forward_caller)
            return
        self.visit(node.node, frame)
        page, self.stream = self.stream, StringIO()
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        written, self.stream = self.stream.getvalue(), page
        self.write(f"({written.removeprefix(', ')})")
