"""What members wrote: the registry as values.

The descriptions and examples of the fields are the single source of
`registry.schema.json` and `docs/registry.md`. What GitHub says about a repository
never comes in here. The loader makes these; every later stage reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, InstanceOf
from pydantic.json_schema import SkipJsonSchema

from aggregator.registry.mistakes import NOWHERE, Mistake, Place
from aggregator.registry.rules import (
    Accent,
    Branch,
    Contact,
    Day,
    Domain,
    Kept,
    Language,
    Line,
    Listed,
    Login,
    Markdown,
    Reference,
    Repo,
    Schedule,
    SiteUrl,
    Slug,
    Stage,
    Tags,
    Url,
)
from aggregator.words.blocked import Blocklist
from aggregator.words.names import RepoName

DEFAULT_TITLE = "Project showcase"
DEFAULT_STAGES = ("idea", "in progress", "in use", "needs a new home")
DEFAULT_ACCENT = "#225faa"

ReadmeMode = Literal["show", "link-only", "hide"]
RelatedMode = Literal["words", "semantic"]
Where = Annotated[SkipJsonSchema[InstanceOf[Place]], Field(exclude=True, repr=False)]


class Written(BaseModel):
    """What every part of the registry has in common: frozen, and no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
    careful: ClassVar[Mapping[str, str]] = {}  # what to take for a field that cannot be read


class Talk(Written):
    """A talk, a paper reading or a show-and-tell about a project."""

    title: Line = Field(
        max_length=150,
        description="What the talk was called.",
        examples=["Plotting the dots, live"],
    )
    date: Day | None = Field(
        default=None, description="The day it was given.", examples=["2026-10-28"]
    )
    url: Url | None = Field(
        default=None,
        description="Where to watch it or see the slides.",
        examples=["https://example.org/talks/plot-the-dots"],
    )


class Links(Written):
    """Addresses of a project outside its repository."""

    docs: Url | None = Field(
        default=None,
        description="Its documentation.",
        examples=["https://example.org/my-project/docs/"],
    )
    demo: Url | None = Field(
        default=None,
        description="A place to try it out.",
        examples=["https://example.org/my-project/demo/"],
    )
    paper: Url | None = Field(
        default=None,
        description="A publication about it.",
        examples=["https://doi.org/10.5281/zenodo.0000000"],
    )


class Entry(Written):
    """One project, as its people listed it."""

    careful = {"readme": "hide"}

    repo: Repo = Field(
        description="The repository on GitHub, as owner/name.", examples=["owner/name"]
    )
    title: Line | None = Field(
        default=None,
        max_length=100,
        description="What to call the project. Without it, the repository's name is shown.",
        examples=["Plot the dots"],
    )
    summary: Line | None = Field(
        max_length=300,
        default=None,
        description="What it does and for whom, in one or two sentences. Without it, GitHub's "
        "description or the beginning of the README is shown.",
        examples=["Draws statistical process control charts from a spreadsheet of counts."],
    )
    organisation: Reference | None = Field(
        default=None,
        description="The slug of the organisation it belongs to, from the list `organisations`. "
        "Not needed when that organisation lists the owner under `github`.",
        examples=["example-guild"],
    )
    stage: Stage | None = Field(
        default=None,
        description="How far it is: one of the showcase's stages.",
        examples=["in use"],
    )
    tags: Tags = Field(
        max_length=12,
        default=(),
        description="What it is about, a word or two each. Capitals and spaces are read as small "
        "letters and hyphens: `Waiting lists` is `waiting-lists`.",
        examples=[["maps", "reporting"]],
    )
    people: Listed[Login] = Field(
        max_length=20,
        default=(),
        description="GitHub logins of the people to ask about it, without @.",
        examples=[["octocat"]],
    )
    added: Day | None = Field(
        default=None,
        description="The day it was listed, as year-month-day.",
        examples=["2026-11-22"],
    )
    story: Markdown | None = Field(
        default=None,
        description="How it came about and what it changed, in Markdown. Start with `story: |` "
        "and indent the lines below it.",
        examples=["It began with a spreadsheet that one of us kept by hand."],
    )
    used_by: Listed[Reference] = Field(
        max_length=50,
        default=(),
        description="Slugs of organisations that use it.",
        examples=[["another-guild"]],
    )
    talks: Listed[Talk] = Field(
        max_length=20,
        default=(),
        description="Talks about it, each with a title, a date and an address.",
    )
    links: Links = Field(default=Links(), description="Documentation, a demo, a paper.")
    readme: ReadmeMode = Field(
        default="show",
        description="Whether its README is shown on its page, only linked to, or not mentioned.",
        examples=["show"],
    )
    where: Where = NOWHERE

    def belongs_to(self, login: str) -> bool:
        """Tell whether somebody owns the repository, or is one of the people to ask about it."""
        own = {self.repo.owner, *self.people}
        return login.lower() in {name.lower() for name in own}


class Organisation(Written):
    """A body that projects belong to."""

    slug: Slug = Field(
        description="Its short name in addresses and in entries.", examples=["example-guild"]
    )
    name: Line = Field(
        max_length=150,
        description="Its full name.",
        examples=["Example Guild of Orchard Growers"],
    )
    kind: Line | None = Field(
        max_length=40,
        default=None,
        description="What sort of body it is. Visitors can filter by it.",
        examples=["Guild"],
    )
    github: Listed[Login] = Field(
        max_length=50,
        default=(),
        description="GitHub owners whose repositories all belong to it, unless an entry says "
        "otherwise.",
        examples=[["example-guild"]],
    )
    url: Url | None = Field(
        default=None, description="Its own website.", examples=["https://example.org/"]
    )
    acronym: Line | None = Field(
        max_length=20, default=None, description="What people call it for short.", examples=["ECT"]
    )
    where: Where = NOWHERE


class Showcase(Written):
    """The settings of one community's showcase."""

    title: Line = Field(
        max_length=100,
        default=DEFAULT_TITLE,
        description="The name at the top of every page.",
        examples=["Health analytics showcase"],
    )
    tagline: Line | None = Field(
        max_length=200,
        default=None,
        description="One sentence under the title.",
        examples=["Open projects made by people in health and care"],
    )
    about: Markdown | None = Field(
        default=None,
        description="Who runs this and why, in Markdown, for the about page.",
        examples=["We are analysts who share what we make."],
    )
    url: SiteUrl | None = Field(
        default=None,
        description="Where the site is published. Feeds, the sitemap and social images need it.",
        examples=["https://example.org/showcase/"],
    )
    repository: Repo | None = Field(
        default=None,
        description="The repository that holds this registry, as owner/name. Links for adding "
        "and editing an entry lead there.",
        examples=["example/showcase"],
    )
    identity: Line | None = Field(
        max_length=64,
        default=None,
        description="Tells this showcase from others; `aggregator init` makes one up. A memory "
        "with another identity is never taken over.",
        examples=["3f9c2a7e51d84b06"],
    )
    branch: Branch = Field(
        max_length=100,
        default="main",
        description="The branch of that repository which the site is built from.",
        examples=["main"],
    )
    home: Url | None = Field(
        default=None,
        description="The community's own website.",
        examples=["https://example.org/"],
    )
    contact: Contact | None = Field(
        default=None,
        description="Where to reach the people who run it: an email address or a web address.",
        examples=["showcase@example.org"],
    )
    stages: Listed[Stage] = Field(
        max_length=12,
        default=DEFAULT_STAGES,
        description="How far a project can be, in order.",
        examples=[list(DEFAULT_STAGES)],
    )
    accent: Accent = Field(
        default=DEFAULT_ACCENT,
        description="The colour of links and buttons, in quotes because # starts a comment.",
        examples=[DEFAULT_ACCENT],
    )
    language: Language = Field(
        default="en-GB",
        description="The language that the pages and most entries are written in.",
        examples=["en-GB"],
    )
    glossary: Line | None = Field(
        max_length=200,
        default=None,
        description="A file beside the registry with words that mean the same, for the search.",
        examples=["glossary.yaml"],
    )
    related: RelatedMode = Field(
        default="words",
        description="How related projects are found: by the words they share, or with a language "
        "model as well (`semantic`), which the extra of that name installs.",
        examples=["words"],
    )
    schedule: Schedule | None = Field(
        max_length=100,
        default=None,
        description="When `aggregator schedule` runs, as a cron expression, in UTC.",
        examples=["15 3 * * *"],
    )
    keep: Listed[Kept] = Field(
        max_length=50,
        default=(),
        description="Files in the output folder that every build leaves there, as paths in it: "
        "`*` stands for anything within one name, `**` for folders. `CNAME` and `.git` always "
        "stay.",
        examples=[["google1234567890.html", ".well-known/"]],
    )
    stale_after_days: Annotated[int, Field(ge=1, le=365)] = Field(
        default=3,
        description="After how many days without news from GitHub the pages say so.",
        examples=[3],
    )
    vanish_limit_percent: Annotated[int, Field(ge=1, le=100)] = Field(
        default=20,
        description="When more of the known repositories than this vanish in one night, "
        "nothing is taken off the site until somebody has looked.",
        examples=[20],
    )
    blocked_domains: Listed[Domain] = Field(
        max_length=500,
        default=(),
        description="Domains that no page may lead to, with all their sub-domains, for example one "
        "that lapsed and was taken over. Links to them in entries, READMEs and on GitHub are shown "
        "as words with a note.",
        examples=[["lapsed.example"]],
    )
    where: Where = NOWHERE

    @cached_property
    def blocklist(self) -> Blocklist:
        """The blocked domains, ready to ask."""
        return Blocklist(self.blocked_domains)


@dataclass(frozen=True)
class Registry:
    """Everything members wrote that can be used, and every mistake beside it."""

    showcase: Showcase = field(default_factory=Showcase)
    organisations: tuple[Organisation, ...] = ()
    projects: tuple[Entry, ...] = ()
    glossary: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()

    def organisation_of(self, entry: Entry) -> Organisation | None:
        """Find the organisation an entry names, or else the one that lists its owner."""
        slug = entry.organisation or self._owners.get(entry.repo.owner.lower())
        return self._by_slug.get(slug) if slug else None

    def organisation(self, slug: str) -> Organisation | None:
        """Find an organisation by its slug."""
        return self._by_slug.get(slug)

    def entry(self, repo: RepoName) -> Entry | None:
        """Find the entry that lists a repository, whatever the case of its letters."""
        return self._by_repo.get(repo)

    @property
    def errors(self) -> tuple[Mistake, ...]:
        """The mistakes that keep something off the site."""
        return tuple(mistake for mistake in self.mistakes if mistake.severity == "error")

    @cached_property
    def _owners(self) -> Mapping[str, str]:
        pairs = [(o.lower(), org.slug) for org in self.organisations for o in org.github]
        return dict(reversed(pairs))

    @cached_property
    def _by_slug(self) -> Mapping[str, Organisation]:
        return {organisation.slug: organisation for organisation in self.organisations}

    @cached_property
    def _by_repo(self) -> Mapping[RepoName, Entry]:
        return {entry.repo: entry for entry in self.projects}
