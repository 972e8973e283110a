"""What one project says, as search reads it, and how much a word counts by where it stands.

Plain values, so that a search in the terminal starts at once; `analysis` reads them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """One project as search sees it; an empty text means that a fact is not known."""

    key: str
    title: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    does: tuple[str, ...] = ()  # tasks, as its people put them
    organisation: str = ""
    organisation_slug: str = ""
    organisation_names: tuple[str, ...] = ()  # what else it is called, and its GitHub owners
    kind: str = ""
    people: tuple[str, ...] = ()
    language: str = ""
    languages: tuple[str, ...] = ()  # all with a fair share; empty means just `language`
    formats: tuple[str, ...] = ()  # what GitHub counts as a language and is none: notebooks
    licence: str = ""
    licence_id: str = ""  # its SPDX expression, where `licence` says only what is certain of it
    stage: str = ""
    stage_label: str = ""  # what pages call it, where that is another word
    activity: str = ""
    headings: tuple[str, ...] = ()
    text: object = ""  # words of the README: `str` gives them, and `repr` tells them apart
    story: str = ""
    good_first_issues: int = 0
    pushed: str = ""
    added: str = ""
    url: str = ""
    says: str = ""  # the summary as results show it, where that is shorter; not searched
    start: str = ""  # one line to begin with, shown and not searched
    allows: str = ""  # what its licence allows, likewise
    marks: tuple[str, ...] = ()  # what is special about it, as cards say it; nobody searches for it
    cover_look: str = ""  # what is drawn above it: the classes of its ink and weight
    cover_path: str = ""
    summary_language: str = ""  # where it is another than that of the pages; the others likewise
    text_language: str = ""
    title_language: str = ""
    origin: str = ""  # the showcase that lists it, where that is another one; then `url` is whole
    origin_slug: str = ""
    repository: str = ""  # its address, said of those of other showcases alone

    @property
    def all_languages(self) -> tuple[str, ...]:
        """Give the languages to be found by."""
        only = (self.language,) if self.language and self.language not in self.formats else ()
        return self.languages or only

    @property
    def owner(self) -> str:
        """Give the part of the key before the slash."""
        return self.key.partition("/")[0]

    @property
    def name(self) -> str:
        """Give the part of the key after the slash."""
        return self.key.partition("/")[2]

    @property
    def shown_title(self) -> str:
        """Give what a result is called."""
        return self.title or self.name


@dataclass(frozen=True, slots=True)
class Field:
    """How much a word in this place counts, and how much a long text thins it out."""

    name: str
    weight: float
    thinning: float


NAME = Field("name", 9.0, 0.3)
TAGS = Field("tags", 6.0, 0.3)
ORGANISATION = Field("organisation", 4.0, 0.0)
PEOPLE = Field("people", 4.0, 0.0)
LANGUAGE = Field("language", 2.0, 0.0)
DOES = Field("does", 6.0, 0.3)
SUMMARY = Field("summary", 4.5, 0.4)
HEADINGS = Field("headings", 2.5, 0.6)
STORY = Field("story", 1.5, 0.6)
TEXT = Field("text", 1.0, 0.6)
# What a README says beyond its first part: found, and next to nothing beside it. A text that goes
# on so long is a list of everything.
REST = Field("rest", 0.001, 0.0)


FIELDS = (NAME, TAGS, ORGANISATION, PEOPLE, LANGUAGE, DOES, SUMMARY, HEADINGS, STORY, TEXT, REST)
