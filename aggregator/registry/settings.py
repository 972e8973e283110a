"""The settings of a showcase, each with what it does: what a community decides for all its pages.

What its members write is in `models` and `community`; how a field is declared is in `declaration`.
"""

# ruff: noqa: RUF009 - what `declared` gives is a field of a dataclass, not a value that all share
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from aggregator.registry import rules
from aggregator.registry.appearance import Appearance, CommunityLink, MenuItem
from aggregator.registry.community import Accessibility, Announcing, Inclusion
from aggregator.registry.declaration import FOUND, PAGE, Written, declared
from aggregator.words.blocked import Blocklist
from aggregator.words.names import RepoName
from aggregator.words.speech import later

DEFAULT_STAGES = (later("idea"), later("in progress"), later("in use"), later("needs a new home"))


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
    domain: str | None = rules.DOMAIN.field(
        "The domain of its own that the site is published at. GitHub Pages learns it from the file "
        "`CNAME`, which is written for it, and for a `url` at the top of a domain.",
        "showcase.example.org",
        unseen="The file CNAME says it to the host, and `url` follows from it.",
        reach="the site is served at another address",
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
    look: Appearance = declared(
        Appearance,
        "The community's own logo, icon, social image and fonts. A `_brand.yml` beside the "
        "registry may say the same.",
        default=Appearance(),
        seen=("every page",),
    )
    menu: tuple[MenuItem, ...] = declared(
        MenuItem,
        "What the menu at the top leads to, in this order. Without it, the program's own menu.",
        several=10,
        also=("navigation", "nav"),
        seen=("every page",),
    )
    not_in_menus: tuple[str, ...] = rules.REFERENCE.field(
        "Pages to which no menu leads, by the names in their addresses. They stay where they are.",
        ["insights", "compare"],
        several=30,
        once=True,
        unseen="It keeps pages out of menus.",
        reach="the menus on every page change",
    )
    links: tuple[CommunityLink, ...] = declared(
        CommunityLink,
        "Where else the community is to be found, for the foot of every page.",
        several=12,
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
        "Whether search finds what is near in meaning to words of English.",
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
    include: tuple[Inclusion, ...] = declared(
        Inclusion,
        "Other showcases whose projects are shown and found here too, as theirs: never counted, "
        "never exported. docs/federation.md says how.",
        several=20,
        seen=("page",),
        reach="the pages of other showcases change, and what the search finds",
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
