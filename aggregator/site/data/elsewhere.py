"""Projects on other people's pages: cards for oEmbed, and lists that Quarto, Hugo and MkDocs read.

oEmbed: https://oembed.com. The lists: `listing:` of https://quarto.org, JSON Feed 1.1, and Markdown
to include. docs/sharing.md shows how each is used. All of it needs the address of the site, to
which it leads.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from io import StringIO

from ruamel.yaml import YAML

from aggregator.catalogue.assemble import labels
from aggregator.catalogue.types import Project
from aggregator.site.frame import Frame
from aggregator.site.recipes import File
from aggregator.words.addresses import quoted
from aggregator.words.clean import in_markdown
from aggregator.words.natural_language import marked

EMBEDDED_SIZE = 360  # of the card, both ways


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A project as lists on other pages name it.

    Args:
        key: the repository, whose name at GitHub stays whatever becomes of this site.
        url: its page here.
        author: the body or the account that it belongs to.
        categories: the labels it has.
        added: the day it was listed, as year-month-day; "" where nobody wrote it down.
        language: of the description, where that is another than the site's; else "".
    """

    key: str
    title: str
    url: str
    description: str
    author: str
    categories: tuple[str, ...]
    image: str
    added: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Embedded:
    """A card for oEmbed, and whose site it comes from."""

    provider: str
    provider_url: str
    listed: Listed
    frame: str


def oembed_path(page: str) -> str:
    """Name the file that embeds the project whose page is in this folder."""
    return f"{page}oembed.json"


def embedding(title: str, address: str) -> str:
    """Write the HTML that shows a card, which is at this address, on another page."""
    size = f'width="{EMBEDDED_SIZE}" height="{EMBEDDED_SIZE}" loading="lazy"'
    return f'<iframe src="{escape(address)}" title="{escape(title)}" {size}></iframe>'


def elsewhere_files(frame: Frame, projects: Iterable[Project]) -> Iterator[File]:
    """Make the lists, and a file for each project that was not taken down."""
    site = frame.site
    if site.url is None:
        return
    shown = [project for project in projects if not project.standing.outcome.erases]
    listed = [_listed(project, site.url, site.tongues.usual) for project in shown]
    for project, one in zip(shown, listed, strict=True):
        card = _Embedded(
            provider=site.title,
            provider_url=site.url,
            listed=one,
            frame=embedding(project.title, f"{one.url}card/"),
        )
        yield File(oembed_path(project.page), card, _oembed)
    by_title = tuple(sorted(listed, key=lambda one: (one.title.casefold(), one.key)))
    yield File("data/listing.yml", by_title, _quarto)
    yield File("data/listing.md", by_title, _markdown)
    yield File(
        "data/listing.json", (site.title, site.url, site.tongues.usual, by_title), _json_feed
    )


def _listed(project: Project, site: str, language: str) -> Listed:
    body, summary = project.organisation, project.summary
    url = site + quoted(project.page)
    return Listed(
        key=project.repo,
        title=project.title,
        url=url,
        description=summary.text if summary else "",
        author=body.name if body else project.repo.partition("/")[0],
        categories=labels(project),
        image=f"{url}card.png",
        added=project.added.isoformat() if project.added else "",
        language=marked(summary.language, language) if summary else "",
    )


def _oembed(card: _Embedded) -> bytes:
    one = card.listed
    told = {
        "version": "1.0",
        "type": "rich",
        "provider_name": card.provider,
        "provider_url": card.provider_url,
        "title": one.title,
        "author_name": one.author,
        "html": card.frame,
        "width": EMBEDDED_SIZE,
        "height": EMBEDDED_SIZE,
        "thumbnail_url": one.image,
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
    }
    return _json(told)


def _quarto(listed: Sequence[Listed]) -> bytes:
    """Write the items of a listing: https://quarto.org/docs/websites/website-listings-custom.html."""
    items = [
        {
            "title": one.title,
            "path": one.url,
            "description": one.description,
            "author": one.author,
            "categories": list(one.categories),
            "image": one.image,
            **({"date": one.added} if one.added else {}),
            **({"lang": one.language} if one.language else {}),
        }
        for one in listed
    ]
    written = StringIO()
    yaml = YAML()
    yaml.width = 10_000
    yaml.dump(items, written)
    return written.getvalue().encode()


def _markdown(listed: Sequence[Listed]) -> bytes:
    lines = [
        f"- [{in_markdown(one.title)}]({one.url})"
        + (f": {_described(one)}" if one.description else "")
        for one in listed
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def _described(one: Listed) -> str:
    """Write a description in Markdown; its language needs HTML, which every Markdown may hold."""
    text = in_markdown(one.description)
    return f'<span lang="{escape(one.language)}">{text}</span>' if one.language else text


def _json_feed(values: tuple[str, str, str, Sequence[Listed]]) -> bytes:
    title, site, language, listed = values
    items = [
        {
            "id": one.url,
            "url": one.url,
            "title": one.title,
            "content_text": one.description or one.title,
            "image": one.image,
            "authors": [{"name": one.author}],
            "tags": list(one.categories),
            **({"date_published": f"{one.added}T00:00:00Z"} if one.added else {}),
            **({"language": one.language} if one.language else {}),
        }
        for one in listed
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": site,
        "feed_url": f"{site}data/listing.json",
        "language": language,
        "items": items,
    }
    return _json(feed)


def _json(told: object) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
