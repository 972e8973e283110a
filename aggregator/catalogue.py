"""What visitors see: the types that every page, feed and export is made from.

`assemble` joins the registry and the last-known facts into a `Catalogue` at
every build. It is never stored, and the outputs read nothing else. No judgement
lives here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from aggregator.facts import Change, Day, Outcome, RepoFacts
from aggregator.readme import Readme
from aggregator.registry import Links, Mistake, Organisation, Showcase, Talk


class Activity(StrEnum):
    """How lately a repository was pushed to, counted from the last fetch."""

    MONTH = "active this month"
    QUARTER = "active this quarter"
    YEAR = "active this year"
    QUIET = "quiet for a year or more"
    ARCHIVED = "archived"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Summary:
    """One sentence about a project, and whose words it is."""

    text: str
    source: Literal["registry", "repository", "GitHub", "README"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the last run fared with one entry, and what a member can do."""

    outcome: Outcome
    since: datetime | None
    last_tried: datetime | None
    last_succeeded: datetime | None
    message: str | None
    cure: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One registry entry as visitors see it.

    `facts` is None when GitHub was never heard from or the repository stopped
    being public; every group inside it carries its own `confirmed_at`.
    """

    key: str
    listed_as: str
    repo: str
    url: str
    page: str
    title: str
    summary: Summary | None
    organisation: Organisation | None
    stage: str | None
    tags: tuple[str, ...]
    people: tuple[str, ...]
    added: date | None
    story_html: str | None
    used_by: tuple[Organisation, ...]
    talks: tuple[Talk, ...]
    links: Links
    facts: RepoFacts | None
    standing: Standing
    activity: Activity
    readme: Readme | None
    readme_shown: Literal["show", "link-only", "hide"]
    previous_pages: tuple[str, ...] = ()
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Projects that share something and have a page together, in name order."""

    slug: str
    name: str
    projects: tuple[Project, ...]


@dataclass(frozen=True, slots=True)
class OrganisationGroup:
    """An organisation with its own projects and those of others that it uses."""

    organisation: Organisation
    projects: tuple[Project, ...]
    uses: tuple[Project, ...]


@dataclass(frozen=True, slots=True)
class Unmade:
    """A listed repository whose page this program could not make; `page` may be "" for none."""

    repo: str
    page: str
    message: str
    cure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything the pages, feeds and exports are made from.

    `fetched_at` is the end of the last run in which GitHub confirmed anything:
    the only "now" a build knows. `web` is the address of the GitHub that people visit.
    """

    showcase: Showcase
    web: str
    fetched_at: datetime | None
    projects: tuple[Project, ...]
    organisations: tuple[OrganisationGroup, ...]
    people: tuple[Group, ...]
    tags: tuple[Group, ...]
    languages: tuple[Group, ...]
    stages: tuple[Group, ...]
    glossary: Mapping[str, Sequence[str]]
    changes: tuple[Change, ...]
    history: tuple[Day, ...]
    mistakes: tuple[Mistake, ...]
    notices: tuple[str, ...] = ()
    unmade: tuple[Unmade, ...] = ()
    by_key: Mapping[str, Project] = field(default_factory=dict)
