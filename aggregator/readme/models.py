"""The values that enter and leave this package; no behaviour beyond small derived addresses."""

from dataclasses import dataclass
from posixpath import dirname
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class ReadmeSource:
    """What to render, and where it stands.

    Args:
        data: The raw bytes of the file, possibly cut at 512,000 as GitHub cuts them.
        path: Where the file is in its repository, for example `docs/README.md`.
        repository: `owner/name`.
        ref: The commit images are read at; links go to `branch` so that they stay current.
        branch: The default branch.
        web_base: Where people browse; GitHub Enterprise differs from github.com.
        github_html: GitHub's own rendering, for the formats that are not rendered here.
        truncated: Whether `data` is only the beginning of the file.
    """

    data: bytes
    path: str
    repository: str
    ref: str
    branch: str
    web_base: str = "https://github.com"
    github_html: str | None = None
    truncated: bool = False

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
class Readme:
    """A README ready for a page.

    Args:
        html: Safe HTML whose headings start at level 2; insert it as it is.
        text: The words without markup, for search.
        excerpt: One sentence or two that say what the project is, or None.
        headings: Every heading in order.
        lead_image: A screenshot, plot or diagram of the project, or None.
        notes: What a maintainer should know, such as "shown as plain text".
    """

    html: str
    text: str = ""
    excerpt: str | None = None
    headings: tuple[Heading, ...] = ()
    lead_image: LeadImage | None = None
    notes: tuple[str, ...] = ()
