"""News to tell: feeds as a site has them, from a few words."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aggregator.announcing.published import PLACES, FeedItem, PublishedNews, read_published

NOW = datetime(2026, 11, 30, 9, 43, tzinfo=UTC)
HOME = "https://showcase.example.org/new/"


def item(name: str, kind: str = "projects", days: float = 1, **more: Any) -> FeedItem:
    """Make a piece of news that is so many days old."""
    told = {
        "id": f"urn:uuid:{name}",
        "kind": kind,
        "title": f"{name} joined the showcase",
        "about": f"What {name} does.",
        "url": f"https://showcase.example.org/projects/octo/{name}/",
        "date": NOW - timedelta(days=days),
    }
    return FeedItem(**{**told, **more})


def published(items: Iterable[FeedItem]) -> PublishedNews:
    """Read news from feeds that a site would have."""
    files = {path: text.encode() for path, text in feeds_of(items).items()}
    return read_published(files.get)


def feeds_of(items: Iterable[FeedItem]) -> Mapping[str, str]:
    """Write feeds as a site does, newest first."""
    entries: dict[str, list[dict[str, Any]]] = {kind: [] for kind in PLACES}
    for one in sorted(items, key=lambda one: one.date, reverse=True):
        sentence = f"{one.title}."
        whole = "\n\n".join(filter(None, [sentence, one.about]))
        words = {"content_text": whole}
        if one.language:
            words = {"summary": sentence, "content_text": one.about, "language": one.language}
        entries[one.kind].append(
            {
                "id": one.id,
                "url": one.url,
                "title": one.title,
                "date_published": one.date.strftime("%Y-%m-%dT%H:%M:%SZ"),
                **words,
            }
        )
    return {
        PLACES[kind]: json.dumps({"title": "x", "home_page_url": HOME, "items": told})
        for kind, told in entries.items()
    }


def write_site(folder: Path, items: Iterable[FeedItem]) -> Path:
    """Write the feeds of a site into a folder."""
    for path, text in feeds_of(items).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder
