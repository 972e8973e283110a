"""What a community says of itself beside its projects: people, words, ways to learn.

All of it is optional, and a person is described only where somebody asked for it. Declared like
the fields in `models`.
"""

# ruff: noqa: RUF009 - what `declared` gives is a field of a dataclass, not a value that all share
import datetime
from dataclasses import dataclass
from typing import Literal

from aggregator.registry import rules
from aggregator.registry.appearance import NEARBY_FILE
from aggregator.registry.declaration import FOUND, PAGE, Written, declared
from aggregator.words.names import RepoName

NewsWord = Literal["good-news", "projects", "releases", "help-wanted", "housekeeping", "spotlight"]
_NEWS_WORDS: tuple[NewsWord, ...] = (
    *("good-news", "projects", "releases"),
    *("help-wanted", "housekeeping", "spotlight"),
)
_TOLD: tuple[NewsWord, ...] = _NEWS_WORDS[:4]
_FOR_ANNOUNCING = "`aggregator announce` reads it."


@dataclass(frozen=True, kw_only=True)
class Celebration(Written):
    """Good news of a project that GitHub cannot know."""

    what: Literal["award", "publication", "adoption", "milestone"] = rules.one_of(
        "award", "publication", "adoption", "milestone"
    ).field("What sort of news it is.", "award", default=..., seen=PAGE)
    text: str = rules.LINE.field(
        "What happened, in a sentence.",
        "Won the prize for open tools of the Example Guild.",
        default=...,
        at_most=200,
        seen=FOUND,
    )
    date: datetime.date | None = rules.DAY.field("The day it happened.", "2026-10-28", seen=PAGE)
    url: str | None = rules.URL.field(
        "Where to read about it.", "https://example.org/prize/", seen=PAGE
    )


@dataclass(frozen=True, kw_only=True)
class StoryPicture(Written):
    """A picture that belongs to the story of a project, with what it shows in words."""

    file: str = NEARBY_FILE.field(
        "The file, in `pages/` beside the registry: PNG, JPEG, WebP or SVG that stands still.",
        "pages/pictures/our-ward.jpg",
        default=...,
        seen=("page",),
    )
    shows: str = rules.LINE.field(
        "What is to be seen on it, for people who cannot see it.",
        "A colleague pins a printed forecast to a board.",
        default=...,
        at_most=200,
        also=("alt", "alternative"),
        seen=("page",),
    )
    credit: str | None = rules.LINE.field(
        "Who made it, and under which licence it may be shown.",
        "Photograph by Ada Example, CC BY 4.0",
        at_most=150,
        also=("by", "licence", "license", "caption"),
        seen=("page",),
    )


@dataclass(frozen=True, kw_only=True)
class Talk(Written):
    """A talk, a paper reading or a show-and-tell about a project."""

    title: str = rules.LINE.field(
        "What the talk is called.", "Plotting the dots, live", default=..., at_most=150, seen=PAGE
    )
    date: datetime.date | None = rules.DAY.field("The day it is given.", "2026-10-28", seen=PAGE)
    url: str | None = rules.URL.field(
        "Where to join it, or to see the slides.",
        "https://example.org/talks/plot-the-dots",
        seen=PAGE,
    )
    time: datetime.time | None = rules.TIME.field(
        "When it begins, in the time zone of the showcase.", "14:00", seen=PAGE
    )
    place: str | None = rules.LINE.field(
        "Where it is held.", "Room 2, town library", at_most=150, also=("venue",), seen=PAGE
    )
    speakers: tuple[str, ...] = rules.LINE.field(
        "Who speaks, by name.", ["Ada Example"], several=10, seen=FOUND
    )
    recording: str | None = rules.URL.field(
        "Where to watch it afterwards.", "https://example.org/talk.mp4", also=("video",), seen=PAGE
    )


@dataclass(frozen=True, kw_only=True)
class Person(Written):
    """Somebody who asked to be shown with more than a login."""

    login: str = rules.LOGIN.field(
        "Their GitHub login, without @.",
        "octocat",
        default=...,
        also=("username", "handle"),
        seen=FOUND,
    )
    name: str | None = rules.LINE.field(
        "What to call them.", "Ada Example", at_most=100, seen=FOUND
    )
    about: str | None = rules.LINE.field(
        "What they do, in a sentence.",
        "Analyst for theatres, teaches R on Fridays.",
        at_most=300,
        also=("bio", "biography", "role"),
        seen=FOUND,
    )
    organisation: str | None = rules.REFERENCE.field(
        "The slug of the organisation they work for.", "example-guild", seen=PAGE
    )
    url: str | None = rules.URL.field("Their own page.", "https://example.org/ada/", seen=PAGE)


@dataclass(frozen=True, kw_only=True)
class Term(Written):
    """What a tag, a stage or a kind of organisation means here."""

    name: str = rules.LABEL.field(
        "The tag, stage or kind, as it is written elsewhere in the registry.",
        "spc",
        default=...,
        seen=PAGE,
    )
    means: str | None = rules.LINE.field(
        "What it means, in a sentence.",
        "Charts that tell a real change from chance.",
        at_most=300,
        also=("meaning", "definition", "explanation"),
        seen=PAGE,
    )
    group: str | None = rules.LINE.field(
        "Under which heading a tag is listed.", "Methods", at_most=40, also=("heading",), seen=PAGE
    )
    seeks: Literal["home"] | None = rules.one_of("home").field(
        "What projects at this stage look for: `home`, somebody who takes them over.",
        "home",
        seen=PAGE,
    )


@dataclass(frozen=True, kw_only=True)
class Step(Written):
    """One step of a learning path: a project of the showcase, or anything with an address."""

    say: str = rules.LINE.field(
        "Why to do this now, in a sentence.",
        "Begin with the charts that your board knows already.",
        default=...,
        also=("why", "because", "sentence"),
        at_most=300,
        seen=FOUND,
    )
    repo: RepoName | None = rules.REPO.field(
        "A project that is listed here, as owner/name.", "owner/name", seen=PAGE
    )
    url: str | None = rules.URL.field(
        "The address of something else, such as a talk or a tutorial.",
        "https://example.org/tutorial/",
        seen=PAGE,
    )
    title: str | None = rules.LINE.field(
        "What to call it; a project has its own title.", "First steps in R", at_most=150, seen=PAGE
    )


@dataclass(frozen=True, kw_only=True)
class LearningPath(Written):
    """A way through projects, talks and links, in order."""

    slug: str = rules.SHORT_NAME.field(
        "Its short name in addresses.", "from-spreadsheet-to-pipeline", default=..., seen=PAGE
    )
    title: str = rules.LINE.field(
        "Where it leads.",
        "From a spreadsheet to a reproducible pipeline",
        default=...,
        at_most=150,
        seen=FOUND,
    )
    summary: str | None = rules.LINE.field(
        "For whom it is, in a sentence.",
        "For analysts who make the same report by hand each month.",
        at_most=300,
        seen=FOUND,
    )
    steps: tuple[Step, ...] = declared(
        Step,
        "What to do, in order, each with a sentence that says why.",
        several=30,
        seen=PAGE,
    )


@dataclass(frozen=True, kw_only=True)
class Accessibility(Written):
    """What the community says on its accessibility statement beside what is true of every site."""

    reviewed: datetime.date | None = rules.DAY.field(
        "The day somebody last looked at the site with this in mind.", "2026-10-28", seen=("page",)
    )
    tested: str | None = rules.LINE.field(
        "How it was tested, and by whom.",
        "By two of us with a keyboard and a screen reader.",
        at_most=300,
        seen=("page",),
    )
    problems: str | None = rules.MARKDOWN.field(
        "What does not work yet, in Markdown.",
        "Some READMEs have pictures without words.",
        seen=("page",),
    )
    contact: str | None = rules.CONTACT.field(
        "Whom to tell about a problem; without it, the contact of the showcase.",
        "access@example.org",
        seen=("page",),
    )


@dataclass(frozen=True, kw_only=True)
class Inclusion(Written):
    """Another showcase, whose projects are shown here too, as that one's."""

    from_: str = rules.CATALOGUE.field(
        "The address of the other showcase, or of its catalogue.json.",
        "https://other.example/data/catalogue.json",
        default=...,
        also=("catalogue",),
        seen=("page",),
    )
    title: str | None = rules.LINE.field(
        "What to call it here; without this, what it calls itself.",
        "Allotment software",
        at_most=100,
        seen=("page", "search"),
    )


@dataclass(frozen=True, kw_only=True)
class Outlet(Written):
    """One place where the news of the showcase is told; its secrets are variables, never here."""

    service: Literal["slack", "teams", "mastodon", "bluesky", "email"] = rules.one_of(
        "slack", "teams", "mastodon", "bluesky", "email"
    ).field("What sort of place it is.", "slack", default=..., unseen=_FOR_ANNOUNCING)
    name: str | None = rules.SHORT_NAME.field(
        "What to call it, where there are two of one service; the names of its variables hold it.",
        "staff-room",
        unseen=_FOR_ANNOUNCING,
    )
    kinds: tuple[NewsWord, ...] = rules.one_of(*_NEWS_WORDS).field(
        "Which news it is told, where that is not what all others are.",
        ["releases", "spotlight"],
        several=len(_NEWS_WORDS),
        once=True,
        unseen=_FOR_ANNOUNCING,
    )

    @property
    def called(self) -> str:
        """Give its name, or that of the service."""
        return self.name or self.service


@dataclass(frozen=True, kw_only=True)
class Announcing(Written):
    """Where and how the news of the showcase is told by `aggregator announce`."""

    targets: tuple[Outlet, ...] = declared(
        Outlet, "Where it is told; docs/announcing.md says how.", several=10, unseen=_FOR_ANNOUNCING
    )
    kinds: tuple[NewsWord, ...] = rules.one_of(*_NEWS_WORDS).field(
        "Which news is told.",
        [*_TOLD, "spotlight"],
        default=_TOLD,
        several=len(_NEWS_WORDS),
        once=True,
        unseen=_FOR_ANNOUNCING,
    )
    digest: int = rules.whole_number(1, 20).field(
        "How many pieces of news one message tells; of the others it says how many there are.",
        5,
        default=5,
        unseen=_FOR_ANNOUNCING,
    )
    quiet_from: datetime.time | None = rules.TIME.field(
        "From when on nothing is told, in the time zone of the showcase.",
        "18:00",
        unseen=_FOR_ANNOUNCING,
    )
    quiet_until: datetime.time | None = rules.TIME.field(
        "Until when nothing is told.", "08:00", unseen=_FOR_ANNOUNCING
    )
    failures: tuple[str, ...] = rules.SHORT_NAME.field(
        "Which of these places also hear, at any hour, that a night of `aggregator schedule` "
        "failed, and that all is well again.",
        ["staff-room"],
        several=10,
        once=True,
        unseen="`aggregator schedule` reads it.",
    )
