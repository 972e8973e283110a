"""What visitors see: the types that every page, feed and export is made from.

`assemble` joins the registry and the last-known facts into a `Catalogue` at
every build. It is never stored, and the outputs read nothing else. No judgement
lives here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import chain
from typing import Literal

from aggregator.catalogue.claims import Evidence, Speaker
from aggregator.catalogue.judged_searches import ScoredSearch
from aggregator.catalogue.written import WrittenPage
from aggregator.facts.neighbour import Neighbour, NeighbourProject
from aggregator.facts.repository import RepoFacts
from aggregator.facts.snapshot import Change, Day, Freshness
from aggregator.readme.readme import Readme
from aggregator.registry.artwork import Artwork
from aggregator.registry.community import (
    Celebration,
    LearningPath,
    Person,
    StoryPicture,
    Talk,
    Term,
)
from aggregator.registry.mistakes import Mistake
from aggregator.registry.models import Links, Organisation
from aggregator.registry.settings import Showcase
from aggregator.words.natural_language import Tongues
from aggregator.words.outcomes import (
    NamedOutcome,
    Outcome,
    OutcomeWords,
    Silence,
    silences,
    state_of,
    words_of,
)
from aggregator.words.speech import later


class Activity(StrEnum):
    """How lately a repository was pushed to, counted from when GitHub last confirmed it."""

    MONTH = later("active this month")
    QUARTER = later("active this quarter")
    YEAR = later("active this year")
    QUIET = later("quiet for a year or more")
    ARCHIVED = later("archived")
    UNKNOWN = later("not known")


@dataclass(frozen=True, slots=True)
class Summary:
    """One sentence about a project, whose words it is, and what they are written in."""

    text: str
    source: Speaker
    language: str = ""  # a tag of BCP 47


@dataclass(frozen=True, slots=True)
class Standing:
    """How the last run fared with one entry, and what a member can do."""

    outcome: Outcome
    since: datetime | None
    last_tried: datetime | None
    last_succeeded: datetime | None
    message: str | None
    cure: str | None
    ever_found: bool = True  # whether GitHub ever showed it to us

    @property
    def state(self) -> NamedOutcome:
        """How that is called, for programs."""
        return state_of(self.outcome, self.ever_found)

    @property
    def words(self) -> OutcomeWords:
        """How that reads, for members and visitors."""
        return words_of(self.outcome, self.ever_found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One registry entry as visitors see it.

    `facts` is None when GitHub was never heard from or the repository stopped
    being public; every group inside it carries its own `confirmed_at`. `evidence` holds what
    each source says of the project, `left_out` a sentence for each link that is not passed on,
    `dead_links` the addresses that lead nowhere, each since which day.
    """

    key: str
    listed_as: str
    repo: str
    url: str
    page: str
    title: str
    title_language: str = ""  # a tag of BCP 47
    summary: Summary | None
    organisation: Organisation | None
    stage: str | None
    tags: tuple[str, ...]
    does: tuple[str, ...]
    people: tuple[str, ...]
    added: date | None
    first_seen: datetime | None = None  # when a run first met the entry
    story_html: str | None
    story_language: str = ""
    story_by: str | None = None
    story_date: date | None = None
    story_picture: StoryPicture | None = None
    celebrations: tuple[Celebration, ...] = ()
    used_by: tuple[Organisation, ...]
    talks: tuple[Talk, ...]
    links: Links
    dead_links: Mapping[str, date] = field(default_factory=dict)
    facts: RepoFacts | None
    standing: Standing
    activity: Activity
    readme: Readme | None
    readme_shown: Literal["show", "link-only", "hide"]
    previous_pages: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    evidence: Evidence = field(default_factory=Evidence)
    languages: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def licence(self) -> str | None:
        """Its licence: an SPDX expression where that is certain, else what GitHub calls it."""
        glance = self.facts.glance if self.facts else None
        name = glance.licence.name if glance and glance.licence else None
        return self.evidence.value("licence") or name

    @property
    def licence_label(self) -> str | None:
        """Its licence for a reader: where only its text was read, no more than the text can tell.

        The text of a GNU licence is the same whether later versions apply or not.
        """
        used = self.evidence.used("licence")
        if used and used.source == "GitHub":
            return used.value.replace("-only", "")
        return self.licence


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
    left_out: str | None = None


@dataclass(frozen=True, slots=True)
class Ages:
    """How old the facts were, in days before the last run."""

    newest: int = 0
    middle: int = 0
    tenth_oldest: int = 0  # nine in ten are younger
    oldest: int = 0


@dataclass(frozen=True, slots=True)
class Proven:
    """What the site can say of itself after it was held against the one before.

    Args:
        generation: the number of this publication.
        confirmed: projects that GitHub confirmed in the last run.
        projects: all projects.
        history: days in the numbers over time.
        ages: of the facts shown, seen from that run.
        nights: nights in a row on which something was confirmed.
        lossless_since: since when nothing was lost without a reason.
        searched_on: when the search first scored what it does now.
    """

    generation: int
    confirmed: int
    projects: int
    history: int
    ages: Ages
    nights: int
    lossless_since: date | None
    searched_on: date | None = None


@dataclass(frozen=True, slots=True)
class Unmade:
    """A listed repository whose page this program could not make; `page` may be "" for none."""

    repo: str
    page: str
    message: str
    cure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherShowcase:
    """Another showcase whose projects are shown here too, as that one's.

    Args:
        slug: its short name in addresses here.
        title: what to call it.
        url: its first page; "" where only the address of a file is known.
        known: all that it last said, but for what the community blocks.
        projects: what of that is shown, by title: nothing that is listed here, or by one that the
            registry names before it.
    """

    slug: str
    title: str
    url: str
    known: Neighbour
    projects: tuple[NeighbourProject, ...] = ()

    @property
    def doubles(self) -> int:
        """How many of its projects are shown as somebody else's."""
        return len(self.known.projects) - len(self.projects)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Everything the pages, feeds and exports are made from.

    `fetched_at` is the end of the last run in which GitHub confirmed anything; it says
    nothing about all the others, whose days are in `freshness`. `web` is the address of
    the GitHub that people visit. `described` are people who asked for it, by login in small
    letters; `talks` those that belong to no project; `terms` what words mean, by "tags", "kinds"
    and "stages" and then by slug; `tongues` knows in which languages texts are written. `judged`
    is what the search came to by what members judged, where a build scored it. `written` are pages
    of the community's own, `pictures` what stands on them, by path below `pages/`.
    `elsewhere` are other showcases, whose projects are found here too and are in nothing else of
    this.
    """

    showcase: Showcase
    web: str
    fetched_at: datetime | None
    freshness: Freshness
    projects: tuple[Project, ...]
    organisations: tuple[OrganisationGroup, ...]
    people: tuple[Group, ...]
    tags: tuple[Group, ...]
    languages: tuple[Group, ...]
    stages: tuple[Group, ...]
    formats: tuple[Group, ...] = ()
    glossary: Mapping[str, Sequence[str]]
    described: Mapping[str, Person] = field(default_factory=dict)
    paths: tuple[LearningPath, ...] = ()
    talks: tuple[Talk, ...] = ()
    terms: Mapping[str, Mapping[str, Term]] = field(default_factory=dict)
    changes: tuple[Change, ...]
    history: tuple[Day, ...]
    mistakes: tuple[Mistake, ...]
    notices: tuple[str, ...] = ()
    about_html: str | None = None
    problems_html: str | None = None  # of the accessibility statement
    about_language: str = ""
    problems_language: str = ""
    tongues: Tongues = field(default_factory=Tongues)
    unmade: tuple[Unmade, ...] = ()
    by_key: Mapping[str, Project] = field(default_factory=dict)
    judged: tuple[ScoredSearch, ...] = ()
    proven: Proven | None = None
    artwork: Artwork = field(default_factory=Artwork)
    written: tuple[WrittenPage, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    elsewhere: tuple[OtherShowcase, ...] = ()

    @property
    def ran(self) -> datetime | None:
        """When the last run was: after `fetched_at` where it confirmed nothing or asked nobody."""
        noted = ((p.standing.last_tried, p.standing.since) for p in self.projects)
        return max(filter(None, (self.fetched_at, *chain.from_iterable(noted))), default=None)

    @property
    def silences(self) -> tuple[Silence, ...]:
        """The projects about which the last run learnt nothing, counted by kind."""
        return silences((p.standing.outcome, p.standing.since) for p in self.projects)
