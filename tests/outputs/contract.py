"""Reads templates as a type checker would: which fields of which class does each one touch?

A name is what its page's context says, what its loop runs over, or, as a parameter of
a macro, the class it is named after (`card` is a `Card`, `cards` are several). A macro
sees nothing of the page that calls it but what it is given.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from jinja2 import Environment, nodes
from pydantic import BaseModel

from aggregator.catalogue import claims
from aggregator.site import frame, renderers
from aggregator.site.frame import PageContext, Site

ANY = object()
_GLOBALS = {
    "link",
    "asset",
    "once",
    "at_github",
    "lang_of",
    "theme_colours",
    "_",
    "gettext",
    "ngettext",
    "pgettext",
    "npgettext",
    "loop",
    "range",
    "super",
    "self",
    "caller",
}
# Parameters of macros that are plain words and not named after a class.
_WORDS = {
    "name",
    "label",
    "help",
    "style",
    "title",
    "text",
    "url",
    "website",
    "licence_name",
    "confirmed_at",
    "soon",
    "width",
}


def snake(name: str) -> str:
    """Turn "IndexRow" into "index_row"."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@cache
def named_classes() -> dict[str, type]:
    """Map each variable name that has a fixed meaning to its class."""
    pages = {sys.modules[page.__module__] for page in page_classes()}
    found = [one for module in (frame, claims, *pages) for one in vars(module).values()]
    classes = [one for one in found if isinstance(one, type)]
    return {snake(c.__name__): c for c in classes if is_dataclass(c) or issubclass(c, BaseModel)}


def class_named(name: str) -> Any:
    """Find what a parameter is: `index_row` is an `IndexRow`, `index_rows` a tuple of them."""
    if name in _WORDS:
        return ANY
    classes = named_classes()
    if name in classes:
        return classes[name]
    one = classes.get(name.removesuffix("s"))
    return tuple[one, ...] if one else None


def page_classes() -> list[type[PageContext]]:
    """List the context of every page that the renderers make."""
    assert renderers.render_site
    return PageContext.__subclasses__()


def offered(page: type[PageContext]) -> dict[str, Any]:
    """Give what the template of a page may read: the fields of its class, and the site."""
    return {**hints(page), "site": Site}


def hints(cls: Any) -> Mapping[str, Any]:
    """Give the fields of a class with their types, and what else of it is public."""
    if not isinstance(cls, type):
        return {}
    if issubclass(cls, BaseModel):
        own = {name: f.annotation for name, f in cls.model_fields.items()}
    elif is_dataclass(cls):
        known = get_type_hints(cls)
        own = {f.name: known[f.name] for f in fields(cls)}
    else:
        return {}
    ours = [base for base in cls.__mro__ if base.__module__.startswith("aggregator.")]
    rest = {name: one for base in reversed(ours) for name, one in vars(base).items()}
    return {n: _given(one) for n, one in rest.items() if not n.startswith("_")} | own


def _given(member: Any) -> Any:
    """Say what a property gives; methods are not looked into."""
    return get_type_hints(member.fget)["return"] if isinstance(member, property) else ANY


def bare(kind: Any) -> Any:
    """Strip "or None" from a type."""
    if get_origin(kind) in {Union, UnionType}:
        rest = [one for one in get_args(kind) if one is not type(None)]
        return rest[0] if len(rest) == 1 else ANY
    return kind


class Reader:
    """Walks one template, with what it includes, and notes every field that does not exist."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.problems: list[str] = []

    def read(self, template: str, scope: Mapping[str, Any]) -> list[str]:
        """Check a template and all that it extends and includes."""
        source, *_ = self.environment.loader.get_source(self.environment, template)
        tree = self.environment.parse(source)
        for node in tree.find_all(nodes.Extends):
            self.read(node.template.value, scope)
        self._all(tree.body, dict(scope) | self._macros(tree), template)
        return self.problems

    def _macros(self, tree: nodes.Template) -> dict[str, Any]:
        """Check the macros that a template imports, and its own; give them by their names."""
        known: dict[str, Any] = {}
        for node in tree.find_all(nodes.FromImport):
            where = node.template.value
            source, *_ = self.environment.loader.get_source(self.environment, where)
            offered = self._macros(self.environment.parse(source))
            missing = [name for name in node.names if name not in offered]
            self.problems += [f"{where} has no {name}" for name in missing]
            known |= {name: offered[name] for name in node.names if name in offered}
        own = {node.name: node for node in tree.find_all(nodes.Macro)}
        for node in own.values():
            parameters = {arg.name: class_named(arg.name) for arg in node.args}
            unknown = [name for name, kind in parameters.items() if kind is None]
            self.problems += [f"{node.name}: {name} is named after no class" for name in unknown]
            self._all(node.body, known | own | parameters, node.name)
        return known | own

    def _all(self, body: Iterable[nodes.Node], scope: dict[str, Any], where: str) -> None:
        for node in body:
            self._visit(node, scope, where)

    def _visit(self, node: nodes.Node, scope: dict[str, Any], where: str) -> None:
        if isinstance(node, nodes.For):
            self._expression(node.iter, scope, where)
            inner = scope | self._bind(node.target, self._item(node.iter, scope, where))
            self._all(node.body, inner, where)
            self._all(node.else_, scope, where)
        elif isinstance(node, nodes.With):
            types = [self._expression(value, scope, where) for value in node.values]
            names = [target.name for target in node.targets]
            self._all(node.body, scope | dict(zip(names, types, strict=True)), where)
        elif isinstance(node, nodes.Include):
            self.read(node.template.value, scope)
        elif isinstance(node, nodes.Assign):
            scope |= self._bind(node.target, self._expression(node.node, scope, where))
        elif isinstance(node, nodes.AssignBlock):
            self._all(node.body, scope, where)
            scope |= self._bind(node.target, ANY)
        elif isinstance(node, nodes.Macro | nodes.FromImport):
            return  # read by `_macros`
        elif isinstance(node, nodes.CallBlock):
            self._expression(node.call, scope, where)
            self._all(node.body, scope, where)
        elif isinstance(node, nodes.Expr):
            self._expression(node, scope, where)
        else:
            self._all(node.iter_child_nodes(), scope, where)

    def _bind(self, target: nodes.Node, kind: Any) -> dict[str, Any]:
        if isinstance(target, nodes.Tuple):
            parts = get_args(kind) or [ANY] * len(target.items)
            return {item.name: part for item, part in zip(target.items, parts, strict=False)}
        return {target.name: kind}

    def _item(self, node: nodes.Node, scope: dict[str, Any], where: str) -> Any:
        kind = bare(self._expression(node, scope, where))
        arguments = get_args(kind)
        return arguments[0] if get_origin(kind) is tuple and arguments else ANY

    def _expression(self, node: nodes.Node, scope: dict[str, Any], where: str) -> Any:
        if isinstance(node, nodes.Name):
            return self._name(node.name, scope, where)
        if isinstance(node, nodes.Getattr):
            owner = bare(self._expression(node.node, scope, where))
            return self._field(owner, node.attr, where, node.lineno)
        if isinstance(node, nodes.Getitem):
            kind = bare(self._expression(node.node, scope, where))
            arguments = get_args(kind)
            return arguments[0] if get_origin(kind) is tuple and arguments else ANY
        if isinstance(node, nodes.CondExpr):
            chosen = [self._expression(child, scope, where) for child in node.iter_child_nodes()]
            return chosen[1]
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
            self._call(node, scope, where)
        for child in node.iter_child_nodes():
            self._expression(child, scope, where)
        return ANY

    def _call(self, node: nodes.Call, scope: dict[str, Any], where: str) -> None:
        """Check that a macro is given what its parameters are named after."""
        named, arguments = node.node, node.args
        if named.name == "once":
            named, *arguments = arguments
        macro = scope.get(named.name)
        if not isinstance(macro, nodes.Macro):
            return
        for parameter, argument in zip(macro.args, arguments, strict=False):
            given, wanted = bare(self._expression(argument, scope, where)), parameter.name
            if given is not ANY and class_named(wanted) not in {given, ANY}:
                self.problems.append(f"{where}:{node.lineno}: {macro.name} is not given {wanted}")

    def _name(self, name: str, scope: dict[str, Any], where: str) -> Any:
        if name in scope:
            return scope[name]
        if name not in _GLOBALS:
            self.problems.append(f"{where}: {name} is not offered")
        return ANY

    def _field(self, owner: Any, name: str, where: str, line: int) -> Any:
        known = hints(owner)
        if owner is ANY or not known:
            return ANY
        if name not in known:
            self.problems.append(f"{where}:{line}: {owner.__name__} has no {name}")
            return ANY
        return known[name]
