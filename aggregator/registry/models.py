"""What members wrote: the registry as values, each field declared once.

A new field is one declaration here; the reader, messages, `registry.schema.json`, docs/registry.md
and the issue forms follow. What GitHub says about a repository never comes in here.
"""

# ruff: noqa: RUF009 - what `declared` gives is a field of a dataclass, not a value that all share
import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from aggregator.registry import rules
from aggregator.registry.community import Accessibility, Announcing, Celebration, Talk
from aggregator.registry.declaration import EVERYWHERE, FOUND, PAGE, Ask, Written, declared
from aggregator.words.blocked import Blocklist
from aggregator.words.names import RepoName
from aggregator.words.speech import later

DEFAULT_STAGES = (later("idea"), later("in progress"), later("in use"), later("needs a new home"))


@dataclass(frozen=True, kw_only=True)
class Links(Written):
    """Addresses of a project outside its repository."""

    docs: str | None = rules.URL.field(
        "Its documentation.",
        "https://example.org/my-project/docs/",
        also=("documentation",),
        seen=PAGE,
        asked=Ask("Documentation", "Its address, if there is any."),
    )
    demo: str | None = rules.URL.field(
        "A place to try it out.", "https://example.org/my-project/demo/", seen=PAGE
    )
    paper: str | None = rules.URL.field(
        "A publication about it.", "https://doi.org/10.5281/zenodo.0000000", seen=PAGE
    )


@dataclass(frozen=True, kw_only=True)
class Entry(Written):
    """One project, as its people listed it."""

    repo: RepoName = rules.REPO.field(
        "The repository on GitHub, as owner/name.",
        "owner/name",
        default=...,
        also=("repository", "github_repo"),
        seen=EVERYWHERE,
        asked=Ask("Repository", "Paste its address, or write it as owner/name.", "repository"),
    )
    title: str | None = rules.LINE.field(
        "What to call the project. Without it, the name that its files or its README give it is "
        "shown, or the repository's.",
        "Plot the dots",
        at_most=100,
        also=("name", "project"),
        seen=EVERYWHERE,
        # Not "title": in an address that would fill in the title of the issue itself.
        asked=Ask("Title", "Leave it empty to use the name in its README.", "project_title"),
    )
    summary: str | None = rules.LINE.field(
        "What it does and for whom, in one or two sentences. Without it, GitHub's description or "
        "the beginning of the README is shown.",
        "Draws statistical process control charts from a spreadsheet of counts.",
        at_most=300,
        also=("description", "desc"),
        seen=EVERYWHERE,
        asked=Ask("Summary", "What it does and for whom, in a sentence or two."),
    )
    organisation: str | None = rules.REFERENCE.field(
        "The slug of the organisation it belongs to, from the list `organisations`. Not needed "
        "when that organisation lists the owner under `github`.",
        "example-guild",
        also=("organization", "org", "trust", "team"),
        seen=EVERYWHERE,
        asked=Ask("Organisation", "Its full name or its short name here."),
    )
    stage: str | None = rules.STAGE.field(
        "How far it is: one of the showcase's stages.",
        "in use",
        also=("status", "state"),
        seen=EVERYWHERE,
        asked=Ask("Stage", "How far it is.", kind="dropdown"),
    )
    tags: tuple[str, ...] = rules.TAG.field(
        "What it is about, a word or two each. Capitals and spaces are read as small letters and "
        "hyphens: `Waiting lists` is `waiting-lists`.",
        ["maps", "reporting"],
        several=12,
        once=True,
        also=("topics", "keywords", "category", "categories"),
        seen=EVERYWHERE,
        asked=Ask("Tags", "What it is about: a few words with commas between."),
    )
    does: tuple[str, ...] = rules.LINE.field(
        "What people can do with it, each in the words of somebody who looks for it: a verb, and "
        "what it is done to. The search finds it by them.",
        ["draw a control chart", "check a spreadsheet of counts"],
        several=12,
        at_most=100,
        once=True,
        also=("tasks", "use_cases", "helps_to"),
        seen=("export", "search"),
        asked=Ask("Does", "What people can do with it: a line each, such as draw a control chart."),
    )
    people: tuple[str, ...] = rules.LOGIN.field(
        "GitHub logins of the people to ask about it, without @.",
        ["octocat"],
        several=20,
        also=("author", "authors", "owner", "maintainer", "maintainers", "contact", "contacts"),
        seen=FOUND,
        asked=Ask("People", "GitHub names of people to ask, with commas between."),
    )
    added: datetime.date | None = rules.DAY.field(
        "The day it was listed, as year-month-day.",
        "2026-11-22",
        also=("date",),
        seen=("export", "search"),
    )
    story: str | None = rules.MARKDOWN.field(
        "How it came about and what it changed, in Markdown. Start with `story: |` and indent the "
        "lines below it.",
        "It began with a spreadsheet that one of us kept by hand.",
        seen=("page", "search"),
        asked=Ask("Story", "The problem, what you did, what changed.", kind="textarea"),
    )
    story_by: str | None = rules.LINE.field(
        "Who tells the story, by name.", "Ada Example", at_most=150, seen=PAGE
    )
    story_date: datetime.date | None = rules.DAY.field(
        "The day the story was written.", "2026-10-28", seen=PAGE
    )
    celebrate: tuple[Celebration, ...] = declared(
        Celebration,
        "Good news: an award, a publication, an organisation that took it up, a milestone.",
        several=20,
        also=("celebration", "celebrations", "news"),
        seen=PAGE,
    )
    used_by: tuple[str, ...] = rules.REFERENCE.field(
        "Slugs of organisations that use it.",
        ["another-guild"],
        several=50,
        also=("users",),
        seen=PAGE,
    )
    talks: tuple[Talk, ...] = declared(
        Talk, "Talks about it, each with a title, a date and an address.", several=20, seen=PAGE
    )
    links: Links = declared(
        Links, "Documentation, a demo, a paper.", default=Links(), also=("link",), seen=PAGE
    )
    readme: Literal["show", "link-only", "hide"] = rules.one_of("show", "link-only", "hide").field(
        "Whether its README is shown on its page, only linked to, or not mentioned.",
        "show",
        default="show",
        unseen="It decides whether something else is seen.",
        fallback="hide",
    )

    def belongs_to(self, login: str) -> bool:
        """Tell whether somebody owns the repository, or is one of the people to ask about it."""
        return login.lower() in {name.lower() for name in (self.repo.owner, *self.people)}


@dataclass(frozen=True, kw_only=True)
class Organisation(Written):
    """A body that projects belong to."""

    slug: str = rules.SHORT_NAME.field(
        "Its short name in addresses and in entries.", "example-guild", default=..., seen=EVERYWHERE
    )
    name: str = rules.LINE.field(
        "Its full name.",
        "Example Guild of Orchard Growers",
        default=...,
        at_most=150,
        seen=EVERYWHERE,
        asked=Ask(
            "Another organisation",
            "Its full name, when it is not in the showcase yet.",
            "new_organisation",
        ),
    )
    kind: str | None = rules.LINE.field(
        "What sort of body it is. Visitors can filter by it.",
        "Guild",
        at_most=40,
        also=("type",),
        seen=FOUND,
        asked=Ask(
            "Kind of the other organisation",
            "What sort of body it is, best in the words that others of its kind use already.",
            "new_organisation_kind",
        ),
    )
    github: tuple[str, ...] = rules.LOGIN.field(
        "GitHub owners whose repositories all belong to it, unless an entry says otherwise.",
        ["example-guild"],
        several=50,
        also=("owners",),
        unseen="It tells which organisation an entry belongs to.",
    )
    url: str | None = rules.URL.field(
        "Its own website.",
        "https://example.org/",
        also=("website", "homepage"),
        seen=PAGE,
        asked=Ask(
            "Website of the other organisation",
            "Its address, if there is any.",
            "new_organisation_url",
        ),
    )
    acronym: str | None = rules.LINE.field(
        "What people call it for short.", "ECT", at_most=20, seen=EVERYWHERE
    )
    about: str | None = rules.LINE.field(
        "What it does, in a sentence.",
        "Grows apples and the software for it.",
        at_most=300,
        seen=FOUND,
    )


@dataclass(frozen=True, kw_only=True)
class Showcase(Written):
    """The settings of one community's showcase."""

    title: str = rules.LINE.field(
        "The name at the top of every page.",
        "Orchard software showcase",
        default="Project showcase",
        at_most=100,
        seen=("every page", "export"),
    )
    tagline: str | None = rules.LINE.field(
        "One sentence under the title.",
        "Open projects made by people who grow fruit",
        at_most=200,
        seen=("page",),
    )
    about: str | None = rules.MARKDOWN.field(
        "Who runs this and why, in Markdown, for the about page.",
        "We are analysts who share what we make.",
        seen=("page",),
        reach="the page about the showcase changes",
    )
    url: str | None = rules.SITE_URL.field(
        "Where the site is published. Feeds, the sitemap and social images need it.",
        "https://example.org/showcase/",
        seen=("every page", "export"),
    )
    repository: RepoName | None = rules.REPO.field(
        "The repository that holds this registry, as owner/name. Links for adding and editing an "
        "entry lead there.",
        "example/showcase",
        seen=("page",),
    )
    identity: str | None = rules.WORD.field(
        "Tells this showcase from others; `aggregator init` makes one up. A memory with another "
        "identity is never taken over.",
        "3f9c2a7e51d84b06",
        at_most=64,
        unseen="A run compares it with the memory it starts from.",
    )
    branch: str = rules.BRANCH.field(
        "The branch of that repository which the site is built from.",
        "main",
        default="main",
        at_most=100,
        seen=("page",),
    )
    home: str | None = rules.URL.field(
        "The community's own website.", "https://example.org/", seen=("every page",)
    )
    contact: str | None = rules.CONTACT.field(
        "Where to reach the people who run it: an email address or a web address.",
        "showcase@example.org",
        seen=("page",),
    )
    stages: tuple[str, ...] = rules.STAGE_NAME.field(
        "How far a project can be, in order.",
        list(DEFAULT_STAGES),
        default=DEFAULT_STAGES,
        several=12,
        seen=FOUND,
    )
    accent: str = rules.ACCENT.field(
        "The colour of links and buttons, in quotes because # starts a comment.",
        "#225faa",
        default="#225faa",
        also=("color", "colour"),
        seen=("every page",),
    )
    language: str = rules.LANGUAGE.field(
        "The language that the pages and most entries are written in. Pages for which there is no "
        "translation speak English; docs/languages.md says how to make one.",
        "en-GB",
        default="en-GB",
        also=("lang",),
        seen=("every page",),
    )
    timezone: str = rules.ZONE.field(
        "The time zone of the times in the registry, by its name in the IANA list.",
        "Europe/London",
        default="UTC",
        seen=PAGE,
        reach="the times of talks change",
    )
    data_licence: str = rules.SPDX.field(
        "The licence of the catalogue as a whole, by SPDX. What each project says stays its own.",
        "CC0-1.0",
        default="CC0-1.0",
        seen=PAGE,
    )
    accessibility: Accessibility = declared(
        Accessibility,
        "What the accessibility statement adds to what is true of every such site.",
        default=Accessibility(),
        seen=("page",),
        reach="the accessibility statement changes",
    )
    glossary: str | None = rules.WORD.field(
        "A file beside the registry with words that mean the same, for the search. Without it, "
        "glossary.yaml is read where it stands there.",
        "words.yaml",
        at_most=200,
        unseen="The loader reads the file that it names.",
        reach="what the search finds may change, and no page",
    )
    related: Literal["words", "semantic"] = rules.one_of("words", "semantic").field(
        "How related projects are found: by shared words, or with a language model too, an extra.",
        "words",
        default="words",
        unseen="It chooses how related projects are found.",
        reach="the related projects on every project's page may change",
    )
    meaning: Literal["english", "off"] = rules.one_of("english", "off").field(
        "Whether search finds what is near in meaning, where the extra `semantic` is installed.",
        "off",
        default="english",
        unseen="It chooses what search finds.",
    )
    schedule: str | None = rules.SCHEDULE.field(
        "When `aggregator schedule` runs, as a cron expression, in UTC.",
        "15 3 * * *",
        at_most=100,
        unseen="It is for the program that runs every night.",
        reach="no page changes, only when the site is built",
    )
    announce: Announcing = declared(
        Announcing,
        "Where the news of the showcase is told besides its own pages.",
        default=Announcing(),
        unseen="`aggregator announce` reads it.",
        reach="no page changes, only where news is told",
    )
    keep: tuple[str, ...] = rules.KEPT.field(
        "Files in the output folder that every build leaves there, as paths in it: `*` stands for "
        "anything within one name, `**` for folders. `CNAME` and `.git` always stay.",
        ["google1234567890.html", ".well-known/"],
        several=50,
        unseen="Publishing reads it.",
    )
    stale_after_days: int = rules.whole_number(1, 365).field(
        "After how many days without news from GitHub the pages say so.",
        3,
        default=3,
        unseen="Scripts of every page read it in `data/status.json`.",
    )
    vanish_limit_percent: int = rules.whole_number(1, 100).field(
        "When more repositories than this vanish in one night, none leaves until somebody looked.",
        20,
        default=20,
        unseen="A run is held back by it.",
        reach="no page changes, only when a run is held back",
    )
    search_fall_percent: int = rules.whole_number(1, 100).field(
        "When the figure of the search falls by more than this from one build to the next, over "
        "what `judgements.jsonl` judges, the build says so.",
        5,
        default=5,
        unseen="A build compares with it.",
        reach="no page changes, only when a build warns",
    )
    blocked_domains: tuple[str, ...] = rules.DOMAIN.field(
        "Domains that no page may lead to, with all their sub-domains, for example one that lapsed "
        "and was taken over. Links to them in entries, READMEs and on GitHub are shown as words "
        "with a note.",
        ["lapsed.example"],
        several=500,
        unseen="It keeps things from being seen.",
    )

    @cached_property
    def blocklist(self) -> Blocklist:
        """The blocked domains, ready to ask."""
        return Blocklist(self.blocked_domains)
