"""From one part of the tree to one model, with every mistake in that part.

Works through a part that has several mistakes: fields that cannot be used are reported and put
aside, and the rest of the part goes on. Words that YAML took for a comment are missed here, where
it is known which fields hold words. Whether the parts fit together is asked by `crosscheck`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aggregator.registry.declaration import Written, declared_fields, field_names
from aggregator.registry.messages import explain_refusal, near, unknown_field
from aggregator.registry.mistakes import Mistakes, Place, Severity, shown
from aggregator.registry.models import MODELS
from aggregator.registry.slips import FIELDS, LISTS, quoted, unindented, unindented_block
from aggregator.registry.tree import Items, Node, Scalar, Table
from aggregator.words.names import CURLY_QUOTES

M = TypeVar("M", bound=Written)

_FREE_TEXT = frozenset(
    field.name for model in MODELS for field in declared_fields(model) if field.about.free_text
)


@dataclass(frozen=True, slots=True)
class Reading(Generic[M]):
    """What could be read of one part, and from where; `flawless` when nothing in it is wrong."""

    value: M
    node: Table
    flawless: bool


@dataclass
class Validator:
    """Reads parts of one registry, and gathers what is wrong with them.

    Args:
        line_at: Gives the text of the line at a place.
    """

    line_at: Callable[[Place], str]
    mistakes: Mistakes

    def each(self, nodes: Iterable[Node], model: type[M]) -> Iterator[Reading[M]]:
        """Read the items of a list; one of which nothing can be read is only reported."""
        for node in nodes:
            if isinstance(node, Scalar) and node.blank:
                what, cure = "there is nothing after this dash", "fill it in, or delete the dash"
                self.mistakes.add(node.place, what, cure, "hint")
            elif not isinstance(node, Table):
                cure = f"write fields with a colon: {', '.join(field_names(model)[:4])} ..."
                self.mistakes.add(node.place, "this is not an entry", cure)
            elif reading := self.one(node, model):
                yield reading

    def one(self, node: Table, model: type[M]) -> Reading[M] | None:
        """Read one part without the fields that are wrong.

        Returns:
            None when what makes it that part, such as the repository, is missing or wrong.
        """
        before = len(self.mistakes)
        names = field_names(model)
        node = self._without_stray_text(node)
        unsound = [name for name, value in node.fields.items() if not value.sound]
        # `where` is ours: what a member writes there is reported below and never reaches the model.
        data = self._plain(node) | {"where": node.place} | _with_care(unsound, model)
        if "where" in node.fields:
            self.mistakes.add(
                node.keys["where"], *unknown_field("where", names, node.fields["where"])
            )
        value, problems = _as_far_as_possible(data, model)
        # In a part that is not sound, what is missing may stand on a line that was reported.
        told = [problem for problem in problems if node.sound or problem["type"] != "missing"]
        self.mistakes.extend(explain_refusal(told, node, model))
        wrong = any(mistake.severity == "error" for mistake in self.mistakes[before:])
        return Reading(value, node, node.sound and not wrong) if value else None

    def _without_stray_text(self, node: Table) -> Table:
        """Take away what is only the text of a field above it that was not indented."""
        names = iter(node.fields)
        if not any(self._is_hollow(node, name) for name in names):
            return node
        # The search stopped at the hollow field, so only those below it are left in `names`.
        stray = set(takewhile(lambda name: name not in FIELDS, names))
        kept = {name: value for name, value in node.fields.items() if name not in stray}
        return replace(node, fields=kept)

    def _is_hollow(self, node: Table, name: str) -> bool:
        """Tell whether a text was announced by | or >, and stands below without being indented."""
        value, place = node.fields[name], node.keys[name]
        if not isinstance(value, Scalar) or value.text:
            return False
        lines = [self.line_at(replace(place, line=place.line + below)) for below in range(5)]
        return next(unindented_block(lines), (1, 0))[0] == 0

    def _plain(self, node: Table, *, inner: bool = False) -> dict[str, Any]:
        """Give the written values of a map, leaving out and reporting the blank ones.

        What is wrong inside a talk must not cost the talk, so there a cut text stays.
        """
        plain: dict[str, Any] = {}
        for name, value in node.fields.items():
            if self._is_hollow(node, name):
                self.mistakes.add(node.keys[name], *unindented(name))
            elif isinstance(value, Scalar) and value.blank and "/" not in name:
                # Else the value may have been set aside with a line that is reported.
                if node.sound:
                    self._report_blank(name, node.keys[name])
            elif value.sound and (not self._is_cut(name, value) or inner):
                # What is not sound was reported, and may not say what was meant.
                plain[name] = self._value(value, name)
        return plain

    def _value(self, node: Node, name: str) -> Any:
        if isinstance(node, Table):
            return self._plain(node, inner=True)
        if isinstance(node, Items):
            kept = (item for item in node.items if not self._is_cut(name, item, in_list=True))
            return [self._value(item, name) for item in kept]
        text = node.text.strip()
        if len(text) > 1 and text[0] in CURLY_QUOTES and text[-1] in CURLY_QUOTES:
            bare = text.strip(CURLY_QUOTES)
            what = "the curly quotes around this are no quotation marks to YAML"
            self.mistakes.add(node.place, what, f"write {shown(bare)} without them", "hint")
            return bare
        return node.text

    def _is_cut(self, name: str, node: Node, *, in_list: bool = False) -> bool:
        """Report words that YAML takes for a comment; tell whether the value is spoilt by it."""
        if name not in _FREE_TEXT or not isinstance(node, Scalar) or node.blank:
            return False
        severity = cut_by_comment(node)
        if severity is None:
            return False
        text = f"{node.text}{node.comment}"
        whole = quoted(text)
        if name in LISTS and not in_list:
            words = ", ".join(re.findall(r"[^\s,#]+", text))
            whole = f"{name}: [{words}]"
        what = f"{name}: everything after a space and # is a comment, so {shown(node.comment)}"
        cure = f"if it belongs to the text, write {shown(whole, 320)}; if not, put two spaces"
        self.mistakes.add(node.place, f"{what} is not read", f"{cure} before `# `", severity)
        return severity == "error" and name != "name"  # no name would take the whole group along

    def _report_blank(self, name: str, place: Place) -> None:
        _, sign, comment = self.line_at(place).partition("#")
        if sign:
            what = f"{name}: everything after # is a comment, so nothing is written here"
            cure = f'put it in quotes, as `{name}: "#{comment.strip()[:60]}"`'
            self.mistakes.add(place, what, cure)
        else:
            what = f"{name}: nothing is written here"
            self.mistakes.add(place, what, "fill it in, or delete the line", "hint")


def cut_by_comment(node: Scalar) -> Severity | None:
    """Judge whether what YAML takes for a comment beside a text was meant as text.

    Two spaces, a # and a space are how comments are written, and so is any # after a closing
    quotation mark. `#1`, `C # and`, `Ward # 3` are words, and losing them is an error; what could
    be either, such as `text # a note`, is kept as a comment and said.
    """
    words = node.comment.strip()
    lone = len(node.comment) - len(node.comment.lstrip()) == 1
    glued = re.match(r"#+[^\s#]", words) is not None
    if not words or (node.quoted and not (glued and lone)):
        return None
    is_text = re.match(r"#\s*\d", words) or re.search(r"(^|\s)[CFJ]$", node.text)
    if not node.quoted and lone and (glued or is_text):
        return "error"
    return "hint" if glued or lone else None


def _as_far_as_possible(
    data: dict[str, Any], model: type[M]
) -> tuple[M | None, list[ErrorDetails]]:
    """Validate; when that fails, once more without the fields that failed."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        problems = error.errors(include_url=False)
    # By the field, not the item: which of ten tags were meant is not ours to guess.
    bad = {problem["loc"][0] for problem in problems if problem["loc"]}
    try:
        rest = {name: value for name, value in data.items() if name not in bad}
        return model.model_validate(rest | _with_care(bad, model)), problems
    except ValidationError:
        return None, problems


def _with_care(bad: Iterable[int | str], model: type[Written]) -> dict[str, str]:
    """Choose for a field that cannot be read what shows least, where the default shows more."""
    meant = {near(str(name), field_names(model)) for name in bad}
    return {
        field.name: field.about.fallback
        for field in declared_fields(model)
        if field.about.fallback is not None and field.name in meant
    }
