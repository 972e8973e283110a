"""What comes into this room and what leaves it: a README where it was found, and one to show.

Only values with their form as JSON, in which they travel to a worker and are kept on disk. How one
becomes the other is in `rendering`.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from posixpath import dirname
from typing import Any, Self
from urllib.parse import quote

from aggregator.readme.kept import KeptText
from aggregator.store.disk_memo import key_of
from aggregator.words.addresses import GITHUB
from aggregator.words.natural_language import language_of
from aggregator.words.speech import Speech

# Which renderer made a site, as its proof says: raise it when the output changes, so that what a
# README lost by that is explained. The memo finds out by itself (`readme_memo.renderer_version`).
RENDERER_VERSION = "13"
# GitHub shows no more than this of a README, and returns no more of a blob through its API.
# https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-readmes
MAX_BYTES = 512_000


@dataclass(frozen=True, slots=True)
class ReadmeSource:
    """What to render, and where it stands.

    Args:
        data: The raw bytes of the file, possibly cut at `MAX_BYTES` as GitHub cuts them.
        path: Where the file is in its repository, for example `docs/README.md`.
        repository: `owner/name`.
        ref: The commit images are read at; links go to `branch` so that they stay current.
        branch: The default branch.
        web_base: Where people browse; GitHub Enterprise differs from github.com.
        github_html: GitHub's own rendering, for the formats that are not rendered here.
        truncated: Whether `data` is only the beginning of the file.
        undrawn: Whether code, formulas and diagrams are shown as they were written.
        words: What pages say in place of the messages of `labels`, where they are not in English.
    """

    data: bytes
    path: str
    repository: str
    ref: str
    branch: str
    web_base: str = GITHUB
    github_html: str | None = None
    truncated: bool = False
    undrawn: bool = False
    words: tuple[tuple[str, str], ...] = ()

    @property
    def speech(self) -> Speech:
        """Give the language of what is added, as far as a rendering speaks it."""
        return Speech(told=self.words)

    @property
    def folder(self) -> str:
        """Give the folder the README stands in, empty at the top of the repository."""
        return dirname(self.path.strip("/"))

    @property
    def home(self) -> str:
        """Give the address of the repository's own page."""
        return f"{self.web_base.rstrip('/')}/{self.repository}"

    @property
    def page(self) -> str:
        """Give the address where people read this README on GitHub."""
        return f"{self.home}/blob/{quote(self.branch)}/{quote(self.path)}"

    @property
    def key(self) -> str:
        """Name everything that a rendering depends on."""
        return key_of(json.dumps(self._fields() | {"data": None}), self.data)

    @property
    def key_of_text(self) -> str:
        """Name what is read, wherever it stands: what takes too long does so in every commit."""
        return key_of("text", self.path, str(self.truncated), self.github_html or "", self.data)

    def to_json(self) -> str:
        """Write everything that a rendering depends on, in one line."""
        return json.dumps(self._fields() | {"data": b64encode(self.data).decode()})

    def _fields(self) -> dict[str, Any]:  # `asdict` would copy the bytes
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @classmethod
    def from_json(cls, written: str | bytes) -> Self:
        """Read what `to_json` wrote."""
        told = json.loads(written)
        words = tuple((message, said) for message, said in told["words"])
        return cls(**told | {"data": b64decode(told["data"]), "words": words})


def story_source(text: str, words: tuple[tuple[str, str], ...] = ()) -> ReadmeSource:
    """Wrap a member's own Markdown, such as a project's story.

    It stands in no repository: its relative links have nothing to be relative to and are removed.
    """
    data = text.encode(errors="replace")
    return ReadmeSource(data, "story.md", "", "", "", web_base="", words=words)


# Until `site_links` says where it leads, what is relative on a page of the community's own has an
# address in a domain that can never be: https://www.rfc-editor.org/rfc/rfc2606#section-2
_OWN_SITE, _OWN_REPOSITORY = "https://pages.invalid", "own/pages"
OWN_ADDRESS = f"{_OWN_SITE}/{_OWN_REPOSITORY}"


def own_page_source(text: str, file: str, words: tuple[tuple[str, str], ...] = ()) -> ReadmeSource:
    """Wrap the Markdown of a page of the community's own; `file` is its path among them."""
    data = text.encode(errors="replace")
    return ReadmeSource(data, file, _OWN_REPOSITORY, "-", "-", web_base=_OWN_SITE, words=words)


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading: its level on the page (2 to 6), its text, and the id to link to."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class LeadImage:
    """The image that shows the project best, with its alternative text."""

    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class Start:
    """Code to begin with, its lines as they stand in the README, under a heading of it.

    Both `heading` and its `anchor` are "" where it stands above all headings. It is for a terminal,
    or for R (`in_r`); it may be for somebody who has a copy of the repository (`in_copy`), or work
    on Linux and macOS only (`on_unix`). More steps may come after it (`goes_on`).
    """

    code: str
    heading: str
    anchor: str
    in_r: bool = False
    in_copy: bool = False
    on_unix: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence in the words of the README, and the heading that it stands under."""

    text: str
    heading: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Readme:
    """A README ready for a page.

    Args:
        html: Safe HTML whose headings start at level 2; insert it as it is. `str()` gives it.
        text: The words without markup, for search. `str()` gives them.
        excerpt: One sentence or two that say what the project is, or None.
        headings: Every heading in order.
        lead_image: A screenshot, plot or diagram of the project, or None.
        notes: What a maintainer should know, such as "shown as plain text".
        start: How to start it, or None.
        caution: What its authors warn of, such as "alpha, not for production", or None.
        needs: What it says of the data that it needs, or None.
        names_a_way: Whether it names a way to install or to copy something, its own or another's.
        is_long: Whether it takes more than about three screens.
        beginning: Of one that would make its page slow to load, the first blocks; else "".
        drawings: Pictures that were drawn for it or that it holds, each a path below the page and
            its SVG; of any other kind its bytes in base64.
        prose: Some of its words without code and tables, until its language is told from them.
        language: What it is written in, as `language_of` tells it; "" where that is not sure.
        excerpt_is_sure: Whether the excerpt says what the project is, not only something near it.
        refused: Why it is shown as it was written, where rendering it was given up, as a message.
    """

    html: str | KeptText
    text: str | KeptText = ""
    excerpt: str | None = None
    headings: tuple[Heading, ...] = ()
    lead_image: LeadImage | None = None
    notes: tuple[str, ...] = ()
    start: Start | None = None
    caution: Quote | None = None
    needs: Quote | None = None
    names_a_way: bool = False
    is_long: bool = False
    beginning: str | KeptText = ""
    drawings: tuple[tuple[str, str], ...] = ()
    prose: str = ""
    language: str = ""
    excerpt_is_sure: bool = False
    refused: str = ""

    def to_fields(self) -> dict[str, Any]:
        """Give the fields in the form that JSON has for them; the texts must be at hand."""
        return {
            "html": str(self.html),
            "text": str(self.text),
            "excerpt": self.excerpt,
            "headings": [[one.level, one.text, one.anchor] for one in self.headings],
            "lead_image": self.lead_image and [self.lead_image.url, self.lead_image.alt],
            "notes": list(self.notes),
            "start": self.start and list(astuple(self.start)),
            "caution": self.caution and list(astuple(self.caution)),
            "needs": self.needs and list(astuple(self.needs)),
            "names_a_way": self.names_a_way,
            "is_long": self.is_long,
            "beginning": str(self.beginning),
            "drawings": list(map(list, self.drawings)),
            "prose": self.prose,
            "language": self.language,
            "excerpt_is_sure": self.excerpt_is_sure,
            "refused": self.refused,
        }

    @classmethod
    def from_fields(cls, told: Mapping[str, Any]) -> Self:
        """Read what `to_fields` gave.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: It is something else.
        """
        image = told["lead_image"]
        start, caution, needs = (told[name] for name in ("start", "caution", "needs"))
        made = {
            "headings": tuple(Heading(*heading) for heading in told["headings"]),
            "lead_image": LeadImage(*image) if image else None,
            "notes": tuple(told["notes"]),
            "start": Start(*start) if start else None,
            "caution": Quote(*caution) if caution else None,
            "needs": Quote(*needs) if needs else None,
            "drawings": tuple((str(path), str(svg)) for path, svg in told["drawings"]),
        }
        return cls(**{**told, **made})


def with_its_language(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Tell the language of a README from its prose, which is not needed any more.

    Not where it is rendered: a worker that may be stopped at any moment, and may not take much
    memory, would load the model each time anew.

    Args:
        fields: What `Readme.to_fields` gave.
    """
    return {**fields, "language": language_of(str(fields["prose"])), "prose": ""}
