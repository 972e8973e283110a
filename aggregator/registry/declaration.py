"""How a field of the registry is declared: once, on its model.

`declared` says of a field all that is not its type: what it means, an example, by what other names
people write it, where visitors meet it, how the issue forms ask for it. Editors' schema, reference,
forms and messages read that through `declared_fields` and hold no list of fields of their own.
The fields themselves stand in `models`; what may be written in one stands in `rules`.
"""

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, InstanceOf
from pydantic.json_schema import SkipJsonSchema

from aggregator.registry.mistakes import Place

Output = Literal["card", "page", "every page", "export", "search"]
PAGE: tuple[Output, ...] = ("page", "export")
FOUND: tuple[Output, ...] = (*PAGE, "search")
EVERYWHERE: tuple[Output, ...] = (*FOUND, "card")
# The one field that no member writes: where a part stands, for the messages about it.
Where = Annotated[SkipJsonSchema[InstanceOf[Place]], Field(exclude=True, repr=False)]


class Written(BaseModel):
    """What every part of the registry has in common: frozen, and no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


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
class About:
    """What is declared of a field beyond what pydantic knows of it.

    Args:
        also: What people write for it when they have not read its name.
        seen: Where a visitor meets its value: on the card in lists, on the page of its own thing,
            on every page, in the exported catalogue, or by searching for it.
        unseen: Why it is accepted all the same, when no visitor meets it anywhere.
        asked: How the forms ask for it, if they do.
        free_text: A member's own words, where a # may well be one of them. All other values are
            checked against a narrow form, so what stands behind a # there is plainly a comment.
        fallback: What to take when it cannot be read and its default would show more than its
            writer wanted.
        reach: What a change of this setting changes, when that is not every page.
    """

    also: tuple[str, ...] = ()
    seen: tuple[Output, ...] = ()
    unseen: str = ""
    asked: Ask | None = None
    free_text: bool = False
    fallback: str | None = None
    reach: str = ""

    def __call__(self, schema: dict[str, Any]) -> None:
        """Add nothing to a schema: pydantic carries a declaration only as such a function."""


def declared(
    meaning: str,
    example: object = None,
    *,
    default: object = None,
    at_most: int | None = None,
    **more: Any,
) -> Any:
    """Declare one field of a model.

    Args:
        meaning: What to write, in a sentence or two for members.
        example: A value that may be pasted.
        default: What it is when nobody writes it; `...` when somebody must.
        at_most: How many characters, or values of a list, there is room for.
        more: See `About`.
    """
    return Field(
        default=default,
        description=meaning,
        examples=None if example is None else [example],
        max_length=at_most,
        json_schema_extra=About(**more),
    )


@dataclass(frozen=True, slots=True)
class FieldDeclaration:
    """One field as everything that writes about the registry reads it."""

    name: str
    meaning: str
    example: Any
    required: bool
    at_most: int | None
    is_list: bool
    about: About


@cache
def declared_fields(model: type[BaseModel]) -> tuple[FieldDeclaration, ...]:
    """List the fields of a model that a member can write, in their order."""
    return tuple(
        FieldDeclaration(
            name=name,
            meaning=field.description or "",
            example=field.examples[0] if field.examples else None,
            required=field.is_required(),
            at_most=_limit(field.metadata),
            is_list="tuple" in str(field.annotation),
            about=field.json_schema_extra,
        )
        for name, field in model.model_fields.items()
        if isinstance(field.json_schema_extra, About)
    )


@cache
def field_names(model: type[BaseModel]) -> tuple[str, ...]:
    """Name the fields of a model that a member can write, in their order."""
    return tuple(field.name for field in declared_fields(model))


def _limit(metadata: list[Any]) -> int | None:
    """Find the limit of the field itself, which stands behind the one of its type."""
    limits = [found for rule in metadata if (found := getattr(rule, "max_length", None))]
    return limits[-1] if limits else None
