"""How a field of the registry is declared: once, on its model, by what a value there may be.

A declaration says what a field means, gives an example, and says by what other names people write
it, where visitors meet it, how the issue forms ask for it. The reader, the editors' schema, the
reference, forms and messages read that through `declared_fields` and hold no list of fields of
their own. The fields themselves stand in `models`, the rules for values in `rules`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from datetime import time
from functools import cache
from keyword import iskeyword
from typing import Any, Literal, cast

from aggregator.registry.mistakes import NOWHERE, UNREADABLE, Place

Output = Literal["card", "page", "every page", "export", "search"]
PAGE: tuple[Output, ...] = ("page", "export")
FOUND: tuple[Output, ...] = (*PAGE, "search")
EVERYWHERE: tuple[Output, ...] = (*FOUND, "card")


class RefusedError(ValueError):
    """A text that a rule does not take; the reader adds where it stands.

    Args:
        what: What is wrong with it.
        cure: What to write.
    """

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(what, cure)
        self.what, self.cure = what, cure


@dataclass(frozen=True, slots=True)
class Rule:
    """What one value may be.

    Args:
        read: Takes the text without white space around it, and gives the value.
        form: What editors are told of it, in the words of JSON Schema.
        at_most: How many characters of the text there is room for.
        lines: The text may have several lines; of any other, one is made.
        free_text: A member's own words, where a # may well be one of them. All others are checked
            against a narrow form, so what stands behind a # there is plainly a comment.
    """

    read: Callable[[str], Any]
    form: dict[str, Any]
    at_most: int | None = None
    lines: bool = False
    free_text: bool = False

    def value_of(self, written: str, at_most: int | None = None) -> Any:
        """Read what a member wrote.

        Args:
            written: The text as it stands in the file.
            at_most: How many characters the field has room for, where it says so.

        Raises:
            RefusedError: It cannot be that.
        """
        if UNREADABLE.search(written):
            what = "this contains a character that cannot be shown"
            cure = "delete the value and type it again, and save the file as UTF-8"
            raise RefusedError(f"{what} (an invisible or control character)", cure)
        text = written.replace("\N{NO-BREAK SPACE}", " ").strip()
        line = " ".join(text.split())
        if not line:
            raise RefusedError("nothing is written here", "fill it in, or delete the line")
        text = text if self.lines else line
        value, limit = self.read(text), at_most or self.at_most
        if limit and len(text) > limit:
            what = f"this is {len(line):,} characters long; there is room for {limit:,}"
            raise RefusedError(what, "shorten it")
        return value

    def field(self, meaning: str, example: object = None, **more: Any) -> Any:
        """Declare a field of a model by this rule; see `declared`."""
        return declared(self, meaning, example, **more)


@dataclass(frozen=True, kw_only=True)
class Written:
    """What every part of the registry has in common: it is frozen, and knows where it stands.

    Two parts that say the same are equal, wherever they stand.
    """

    where: Place = field(default=NOWHERE, compare=False, repr=False)

    def as_written(self) -> dict[str, Any]:
        """Give what a member would write for it: texts, numbers, lists and groups, no defaults."""
        values = ((one, getattr(self, one.attribute)) for one in declared_fields(type(self)))
        return {one.name: _plain(value) for one, value in values if value != one.default}


def _plain(value: object) -> Any:
    if isinstance(value, Written):
        return value.as_written()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return value if isinstance(value, int) else str(value)


@dataclass(frozen=True, slots=True)
class Ask:
    """How the issue forms ask for a field.

    Args:
        label: The heading above the answer, by which the answer is found again.
        help: A sentence below it.
        id: Its name in the form and in addresses that fill it in; the field's own by default.
        kind: Which of GitHub's inputs it is.
    """

    label: str
    help: str
    id: str = ""
    kind: Literal["input", "dropdown", "textarea"] = "input"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDeclaration:
    """One field as everything that reads or writes about the registry sees it.

    Args:
        rule: What a value may be, or the model of the group that stands there.
        meaning: What to write, in a sentence or two for members.
        example: A value that may be pasted.
        default: What it is when nobody writes it; `...` when somebody must.
        at_most: How many characters, or values of a list, there is room for.
        once: Repetitions in the list are dropped.
        also: What people write for it when they have not read its name.
        seen: Where a visitor meets its value: on the card in lists, on the page of its own thing,
            on every page, in the exported catalogue, or by searching for it.
        unseen: Why it is accepted all the same, when no visitor meets it anywhere.
        asked: How the forms ask for it, if they do.
        fallback: What to take when it cannot be read and its default would show more than its
            writer wanted.
        reach: What a change of this setting changes, when that is not every page.
    """

    rule: Rule | type[Written]
    meaning: str
    name: str = ""
    example: Any = None
    default: Any = None
    at_most: int | None = None
    once: bool = False
    also: tuple[str, ...] = ()
    seen: tuple[Output, ...] = ()
    unseen: str = ""
    asked: Ask | None = None
    fallback: str | None = None
    reach: str = ""

    @property
    def attribute(self) -> str:
        """What it is called in Python, where a word such as `from` can name nothing."""
        return f"{self.name}_" if iskeyword(self.name) else self.name

    @property
    def required(self) -> bool:
        """Whether somebody must write it."""
        return self.default is ...

    @property
    def is_list(self) -> bool:
        """Whether several values may stand there."""
        return isinstance(self.default, tuple)

    @property
    def inner(self) -> tuple[str, ...]:
        """The fields of the group, or of each group of the list, that stands there."""
        return field_names(self.rule) if isinstance(self.rule, type) else ()

    def schema(self) -> dict[str, Any]:
        """Describe it as JSON Schema, a group by reference."""
        rule = self.rule
        form = {"$ref": f"#/$defs/{rule.__name__}"} if isinstance(rule, type) else rule.form
        if self.is_list:
            form = {"type": "array", "items": form, "maxItems": self.at_most}
        elif self.at_most:
            form = form | {"maxLength": self.at_most}
        if self.example is not None:
            form = form | {"examples": [self.example]}
        if self.default not in {None, ..., ()} and not self.inner:
            form = form | {"default": _plain(self.default)}
        return {"description": self.meaning} | form


def declared(
    rule: Rule | type[Written],
    meaning: str,
    example: object = None,
    *,
    default: Any = None,
    several: int | None = None,
    **more: Any,
) -> Any:
    """Declare one field of a model, in the words of `FieldDeclaration`.

    `several` instead of `at_most` makes it a list of so many values.
    """
    if several is not None:
        default, more["at_most"] = default or (), several
    one = FieldDeclaration(rule=rule, meaning=meaning, example=example, default=default, **more)
    metadata = {"declared": one}
    return field(metadata=metadata) if one.required else field(default=default, metadata=metadata)


def declared_fields(model: type[Written]) -> tuple[FieldDeclaration, ...]:
    """List the fields of a model that a member can write, in their order."""
    # To mypy, a class whose objects have a hash of their own is not hashable itself.
    return _declared_fields(cast("Any", model))


@cache
def _declared_fields(model: Any) -> tuple[FieldDeclaration, ...]:
    known = ((one.name, one.metadata.get("declared")) for one in fields(model))
    return tuple(replace(one, name=name.removesuffix("_")) for name, one in known if one)


def field_names(model: type[Written]) -> tuple[str, ...]:
    """Name the fields of a model that a member can write, in their order."""
    return tuple(one.name for one in declared_fields(model))


def schema_of(model: type[Written]) -> dict[str, Any]:
    """Describe a part of the registry as JSON Schema, groups in it by reference to `$defs`."""
    known = declared_fields(model)
    required = [one.name for one in known if one.required]
    return {
        "type": "object",
        "description": model.__doc__,
        "properties": {one.name: one.schema() for one in known},
        "additionalProperties": False,
    } | ({"required": required} if required else {})
