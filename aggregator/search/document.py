"""What search knows about one project, and nothing about how it is found.

The outputs build these from the catalogue; the index is built from these alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Document:
    """One project as search sees it; an empty text means that a fact is not known."""

    key: str
    title: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    organisation: str = ""
    organisation_slug: str = ""
    organisation_names: tuple[str, ...] = ()  # what else it is called, and its GitHub owners
    kind: str = ""
    people: tuple[str, ...] = ()
    language: str = ""
    languages: tuple[str, ...] = ()  # all with a fair share; empty means just `language`
    licence: str = ""
    stage: str = ""
    activity: str = ""
    headings: tuple[str, ...] = ()
    text: str = ""
    story: str = ""
    good_first_issues: int = 0
    pushed: str = ""
    added: str = ""
    url: str = ""
    card: Mapping[str, str] = field(default_factory=dict)

    @property
    def all_languages(self) -> tuple[str, ...]:
        """Give the languages to be found by."""
        return self.languages or ((self.language,) if self.language else ())

    @property
    def owner(self) -> str:
        """Give the part of the key before the slash."""
        return self.key.partition("/")[0]

    @property
    def name(self) -> str:
        """Give the part of the key after the slash."""
        return self.key.partition("/")[2]
