"""From one part of the tree to one model, with every mistake in that part.

Works through a part that has several mistakes: fields that cannot be used are
reported and put aside, and the rest of the part goes on. Called by the loader.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from aggregator.registry.messages import explain_refusal, field_names, near, unknown_field
from aggregator.registry.mistakes import Mistake, Place
from aggregator.registry.models import Written
from aggregator.registry.rules import CURLY_QUOTES, shown
from aggregator.registry.tree import Items, Node, Scalar, Table

M = TypeVar("M", bound=Written)


@dataclass(frozen=True, slots=True)
class Judged(Generic[M]):
    """What could be read of one part; `flawless` only when nothing in it is wrong."""

    value: M
    flawless: bool


@dataclass
class Judge:
    """Reads parts of one registry.

    Args:
        line_at: Gives the text of the line at a place.
    """

    line_at: Callable[[Place], str]
    mistakes: list[Mistake] = field(default_factory=list)

    def each(self, nodes: Iterable[Node], model: type[M]) -> Iterator[Judged[M]]:
        """Read the items of a list; one of which nothing can be read is only reported."""
        for node in nodes:
            if isinstance(node, Scalar) and node.blank:
                what, cure = "there is nothing after this dash", "fill it in, or delete the dash"
                self._add(node.place, what, cure, hint=True)
            elif isinstance(node, Table):
                judged = self.one(node, model)
                if judged is not None:
                    yield judged
            else:
                cure = f"write fields with a colon: {', '.join(field_names(model)[:4])} ..."
                self._add(node.place, "this is not an entry", cure)

    def one(self, node: Table, model: type[M]) -> Judged[M] | None:
        """Read one part without the fields that are wrong.

        Returns:
            None when what makes it that part, such as the repository, is missing or wrong.
        """
        before = len(self.mistakes)
        unsound = [name for name, value in node.fields.items() if not value.sound]
        data = self._plain(node) | {"where": node.place} | _with_care(unsound, model)
        if "where" in node.fields:
            self._add(node.keys["where"], *unknown_field("where", field_names(model)))
        value, problems = _as_far_as_possible(data, model)
        told = [problem for problem in problems if node.sound or problem["type"] != "missing"]
        self.mistakes.extend(explain_refusal(told, node, model))
        wrong = any(mistake.severity == "error" for mistake in self.mistakes[before:])
        return Judged(value, node.sound and not wrong) if value else None

    def _plain(self, node: Table) -> dict[str, Any]:
        """Give the written values of a map, leaving out and reporting the blank ones."""
        plain: dict[str, Any] = {}
        for name, value in node.fields.items():
            if isinstance(value, Scalar) and value.blank and "/" not in name:
                if (
                    node.sound
                ):  # else the value may have been set aside with a line that is reported
                    self._report_blank(name, node.keys[name])
            elif value.sound:  # what is not was reported, and may not say what was meant
                plain[name] = self._value(value)
        return plain

    def _value(self, node: Node) -> Any:
        if isinstance(node, Table):
            return self._plain(node)
        if isinstance(node, Items):
            return [self._value(item) for item in node.items]
        text = node.text.strip()
        if len(text) > 1 and text[0] in CURLY_QUOTES and text[-1] in CURLY_QUOTES:
            bare = text.strip(CURLY_QUOTES)
            what = "the curly quotes around this are no quotation marks to YAML"
            self._add(node.place, what, f"write {shown(bare)} without them", hint=True)
            return bare
        return node.text

    def _report_blank(self, name: str, place: Place) -> None:
        line = self.line_at(place)
        if "#" in line:
            what = f"{name}: everything after # is a comment, so nothing is written here"
            value = line.split("#", 1)[1].strip()[:60]
            self._add(place, what, f'put it in quotes, as `{name}: "#{value}"`')
        else:
            what = f"{name}: nothing is written here"
            self._add(place, what, "fill it in, or delete the line", hint=True)

    def _add(self, place: Place, what: str, cure: str, *, hint: bool = False) -> None:
        self.mistakes.append(Mistake(place, what, cure, "hint" if hint else "error"))


def _as_far_as_possible(
    data: dict[str, Any], model: type[M]
) -> tuple[M | None, list[ErrorDetails]]:
    """Validate; when that fails, once more without the fields that failed."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        problems = error.errors(include_url=False)
    bad = {problem["loc"][0] for problem in problems if problem["loc"]}
    try:
        rest = {name: value for name, value in data.items() if name not in bad}
        return model.model_validate(rest | _with_care(bad, model)), problems
    except ValidationError:
        return None, problems


def _with_care(bad: Iterable[int | str], model: type[Written]) -> dict[str, str]:
    """Choose for a field that cannot be read what shows least, where the default shows more."""
    meant = {near(str(name), field_names(model)) for name in bad}
    return {name: value for name, value in model.careful.items() if name in meant}
