"""Make search documents from real repositories, for tests and benchmarks only.

The site's own documents come from the catalogue; this reads the recorded repositories directly,
so that search can be measured alone.
"""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aggregator.search import Document

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
