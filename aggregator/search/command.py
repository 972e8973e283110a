"""What `aggregator search` prints: text for people, JSON for programs, run lines for judging.

The command reads the catalogue, builds the index and prints what these give.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from aggregator.search.engine import Hit, Results, search
from aggregator.search.explain import explain, sentences
from aggregator.search.index import Index

JUDGED = 50  # results of a run line


def lines(results: Results, *, explained: bool = False) -> Iterator[str]:
    """Give the results as text for a terminal."""
    for change in results.changes:
        yield f"No results for {change.typed}. Showing {change.shown}."
    if results.hits and results.unmatched:
        yield f"Nothing here says {' or '.join(results.unmatched)}."
    yield _counted(results.total)
    for place, hit in enumerate(results.hits, start=1):
        yield f"{place:>3}  {hit.document.key}"
        if hit.document.summary:
            yield f"     {hit.document.summary}"
        if explained:
            yield from (f"     {each}" for each in sentences(results, hit))


def as_json(query: str, results: Results, *, explained: bool = False) -> str:
    """Give the results as one JSON object."""
    answer = {
        "query": query,
        "total": results.total,
        "changes": [{"typed": c.typed, "shown": c.shown} for c in results.changes],
        "unmatched": list(results.unmatched),
        "results": [_shaped(results, hit, explained) for hit in results.hits],
    }
    return json.dumps(answer, ensure_ascii=False, indent=2)


def run_lines(index: Index, queries: Iterable[str], limit: int = JUDGED) -> Iterator[str]:
    """Answer queries for judging.

    Args:
        index: What `build_index` gave.
        queries: JSON objects with `id` and `query`, one a line; empty lines are passed over.
        limit: How many results to give for each.

    Returns:
        One JSON object a line: `{"id": ..., "results": [owner/name, best first]}`.
    """
    for line in filter(str.strip, queries):
        asked = json.loads(line)
        found = search(index, asked["query"], limit)
        keys = [hit.document.key for hit in found.hits]
        yield json.dumps({"id": asked["id"], "results": keys}, ensure_ascii=False)


def _counted(total: int) -> str:
    return f"{total} project{'' if total == 1 else 's'}" if total else "No projects"


def _shaped(results: Results, hit: Hit, explained: bool) -> dict[str, Any]:
    document = hit.document
    shaped: dict[str, Any] = {
        "repository": document.key,
        "title": document.title or document.name,
        "summary": document.summary,
        "page": document.url,
        "score": hit.score,
    }
    if explained:
        shaped["why"] = [
            {
                "word": share.word,
                "matched": share.source.key,
                "how": share.source.why,
                "rarity": share.rarity,
                "strength": share.impact,
                "eighths": share.source.factor,
                "points": share.points,
            }
            for share in explain(results, hit)
        ]
    return shaped
