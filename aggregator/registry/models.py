"""What members wrote: the registry as values, each field declared once.

A new field is one declaration here; the reader, messages, `registry.schema.json`, docs/registry.md
and the issue forms follow. What GitHub says about a repository never comes in here.
"""

# ruff: noqa: RUF009 - what `declared` gives is a field of a dataclass, not a value that all share
import datetime
from dataclasses import dataclass
from typing import Literal

from aggregator.registry import rules
from aggregator.registry.community import Celebration, StoryPicture, Talk
from aggregator.registry.declaration import EVERYWHERE, FOUND, PAGE, Ask, Written, declared
from aggregator.words.names import RepoName


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
    story_picture: StoryPicture | None = declared(
        StoryPicture,
        "A picture for the story. Without it, the one of its README that shows the project, or a "
        "drawing made of its first words.",
        also=("picture", "image", "photo"),
        seen=("page",),
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
