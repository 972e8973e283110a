"""What all facts are made from: a frozen model, checked texts, and one declaration for each fact.

A fact is declared where it stands in its model: what it means, where GitHub's two APIs tell it,
and which rooms read it or why it is kept all the same. ``aggregator.github`` reads answers by that
declaration. Nothing is fetched, judged or shown from here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from aggregator.words.addresses import is_web_address
from aggregator.words.names import is_repo_name


def _only(is_one: Callable[[str], bool], what: str) -> AfterValidator:
    def check(text: str) -> str:
        if not is_one(text):
            raise ValueError(f"not {what}")
        return text

    return AfterValidator(check)


_GIVEN: dict[frozenset[str], set[str]] = {}

NameWithOwner = Annotated[str, _only(is_repo_name, "owner/name")]
WebAddress = Annotated[str, _only(is_web_address, "an http or https address")]


class Fact(BaseModel):
    """Base of everything that is stored: frozen, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def model_post_init(self, _context: Any, /) -> None:
        """Share with the others of its kind what says which fields were given.

        pydantic keeps a set of names for each model, which takes more room than the facts.
        """
        given = frozenset(self.__pydantic_fields_set__)
        object.__setattr__(self, "__pydantic_fields_set__", _GIVEN.setdefault(given, set(given)))


@dataclass(frozen=True, slots=True)
class DeclaredFact:
    """What is known of one fact before any repository is asked; all but ``meaning`` may be ""."""

    meaning: str
    graphql: str  # path in the answer to our query; "" when it is worked out from several
    rest: str  # path in the REST answer; "" when REST does not tell it, or in several places
    read_by: str  # rooms that read it
    kept: str  # why it is kept although no room reads it


def fact(  # noqa: PLR0913 - a word for each thing that is declared
    meaning: str,
    graphql: str = "",
    rest: str = "",
    read_by: str = "",
    *,
    kept: str = "",
    default: Any = None,
) -> Any:
    """Declare one fact; see ``DeclaredFact`` for the arguments.

    Paths have dots between their steps, and lead through lists to each of their objects; several
    paths, with spaces between them, make a list. Rooms have spaces between them. A default of
    ``...`` makes the fact one without which its block says nothing.
    """
    told = {"graphql": graphql, "rest": rest, "read_by": read_by, "kept": kept}
    return Field(default, json_schema_extra={"meaning": meaning, **told})


def declared_facts(block: type[Fact]) -> dict[str, DeclaredFact]:
    """Return what one model declares, by the name of the fact."""
    return {
        name: DeclaredFact(**{key: str(value) for key, value in field.json_schema_extra.items()})
        for name, field in block.model_fields.items()
        if isinstance(field.json_schema_extra, dict)
    }
