"""Make search documents from real repositories, for tests and benchmarks only.

The site's own documents come from the catalogue; this reads the recorded repositories directly,
so that search can be measured alone.
"""

import datetime
import gzip
import itertools
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aggregator.searching.document import Document

_FENCE = re.compile(r"```.*?```|~~~.*?~~~|<!--.*?-->", re.DOTALL)
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_NOISE = re.compile(r"<[^>]+>|https?://\S+|^\s*\[[^\]]+\]:.*$|[*`|>]+", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}\s+(.*?)#*\s*$|^(.+)\n(?:=+|-{3,})\s*$", re.MULTILINE)


def documents(corpus: Path, group: str | None = "health") -> list[Document]:
    """Read the repositories of one group (None: all) as search sees them."""
    lines = (corpus / "repositories.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return [_document(corpus, r) for r in records if group in (None, r["group"])]


def plain(markdown: str) -> tuple[tuple[str, ...], str]:
    """Give the headings and the plain text of a README, roughly."""
    text = _LINK.sub(r"\1", _IMAGE.sub(" ", _FENCE.sub(" ", markdown)))
    text = _NOISE.sub(" ", text)
    headings = tuple((a or b).strip() for a, b in _HEADING.findall(text))
    return headings, text.replace("#", " ")


def _document(corpus: Path, record: dict[str, Any]) -> Document:
    owner, _, name = record["full_name"].partition("/")
    headings, text = plain(_readme(corpus, record["readme_file"]))
    languages = record["language_bytes"] or {}
    return Document(
        key=record["full_name"],
        title=name,
        summary=record["description"] or next(_paragraphs(text), ""),
        topics=tuple(record["topics"] or ()),
        organisation=owner,
        organisation_slug=owner.lower(),
        language=max(languages, key=languages.get, default=""),
        licence=record["licence_spdx"] or "",
        headings=headings,
        text=text,
        pushed=(record["head_committed_at"] or "")[:10],
        url=f"projects/{record['full_name']}/",
    )


def _readme(corpus: Path, name: str | None) -> str:
    return gzip.decompress((corpus / name).read_bytes()).decode(errors="replace") if name else ""


def _paragraphs(text: str) -> Iterator[str]:
    for block in re.split(r"\n\s*\n", text):
        paragraph = " ".join(block.split())
        if len(paragraph) > 60 and paragraph[0].isalpha():
            yield paragraph[:300]


def grown(corpus: Path, count: int, seed: int = 7) -> list[Document]:
    """Grow real repositories to a catalogue of any size, the same for the same seed.

    Names, descriptions, topics and languages are of real repositories; each README is put together
    from passages of three real ones. Beyond what was recorded, names are numbered.
    """
    chance = random.Random(seed)
    real = documents(corpus, None)
    passages = [cut for each in real for cut in _passages(each.text)]
    found = real[:count]
    known = {each.key.lower() for each in real}
    for number, record in enumerate(_endless(corpus)):
        if len(found) >= count:
            return found
        if record["full_name"].lower() in known:
            continue
        known.add(record["full_name"].lower())
        found.append(_grown(record, number, [chance.choice(passages) for _ in range(3)], chance))
    return found


def _passages(text: str) -> list[str]:
    return [text[at : at + 1_500] for at in range(0, min(len(text), 15_000), 1_500)]


def _endless(corpus: Path) -> Iterator[dict[str, Any]]:
    records = [
        json.loads(line)
        for path in sorted((corpus / "metadata").glob("*.jsonl.gz"))
        for line in gzip.decompress(path.read_bytes()).decode().splitlines()
    ]
    named = [record for record in records if "/" in record.get("full_name", "")]
    for lap in itertools.count():
        for record in named:
            key = record["full_name"] + (f"-{lap}" if lap else "")
            yield {**record, "full_name": key}


def _grown(
    record: dict[str, Any], number: int, passages: list[str], chance: random.Random
) -> Document:
    owner, _, name = record["full_name"].partition("/")
    day = datetime.date(2020, 1, 1) + datetime.timedelta(days=chance.randrange(2_500))
    return Document(
        key=record["full_name"],
        title=name,
        summary=(record.get("description") or "")[:300],
        topics=tuple(record.get("topics") or ())[:10],
        organisation=owner,
        organisation_slug=owner.lower(),
        kind=("Trust", "university", "company")[number % 3],
        language=record.get("language") or "",
        licence=record.get("license_spdx") or "",
        stage=("idea", "in progress", "in use")[number % 3],
        activity=("active this month", "active this year", "quiet")[number % 3],
        text=" ".join(passages),
        good_first_issues=number % 5,
        pushed=day.isoformat(),
        added=day.isoformat(),
        url=f"projects/{record['full_name']}/",
    )
