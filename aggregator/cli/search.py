"""The command `search`: asks the index of a built site, and says what was found.

    a site's folder or address --its index--> Results --> lines for people, JSON for programs

Only where no site was built is the index made here, from what was fetched last. Ranking is in
`aggregator.searching`.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from aggregator.cli.console import say, say_json, warn
from aggregator.cli.options import (
    OUTPUT,
    REGISTRY,
    STATE,
    Explained,
    registry_option,
    state_option,
)
from aggregator.searching.engine import DEFAULT_LIMIT, Results, search
from aggregator.searching.hits import Hit
from aggregator.searching.index import Index
from aggregator.searching.rank import Tier, explain
from aggregator.words.errors import StateError, UsageError
from aggregator.words.phrases import plural

JUDGED = 50  # results for each query of a file
_FOLDER = "search/index/"
_LARGEST = 20_000_000  # bytes of one file of an index that comes over the network

Queries = list[tuple[Any, str]]  # what tells each apart, and its words


@click.command("search")
@click.argument("words", nargs=-1, cls=Explained, help="What to look for.")
@click.option(
    "--site",
    help="The folder or the address of a built site. Without it the folder `output`, "
    "unless --registry or --state say where to look.",
)
@registry_option
@state_option
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=DEFAULT_LIMIT,
    show_default=True,
    help="How many results to show.",
)
@click.option("--json", "json_form", is_flag=True, help="Write JSON for a program.")
@click.option(
    "--explain", "explained", is_flag=True, help="Say why each result stands where it does."
)
@click.option(
    "--little",
    is_flag=True,
    help="Show also what holds only a little of the words, where nothing holds more.",
)
@click.option(
    "--queries",
    type=Path,
    help="Answer the queries of a file of JSON lines with id and query.",
)
def search_command(
    words: tuple[str, ...],
    site: str | None,
    registry: Path,
    state: Path,
    limit: int,
    json_form: bool,
    explained: bool,
    little: bool,
    queries: Path | None,
) -> int:
    """Search the projects exactly as the site does."""
    if not words and not queries:
        raise UsageError("there is nothing to search for", "no words", "aggregator search WORDS")
    asked = _queries_in(queries) if queries else []
    index = _index(site, registry, state)
    if queries:
        for line in run_lines(index, asked, little=little):
            say_json(line)
        return 0
    query = " ".join(words)
    found = search(index, query, limit, little=little)
    if json_form:
        say_json(as_json(query, found, explained=explained))
    else:
        say(lines(found, explained=explained))
    return 0


def lines(results: Results, *, explained: bool = False) -> Iterator[str]:
    """Give the results as text for a terminal."""
    for repair in results.repairs:
        yield f"No results for {repair.surface}. Showing {repair.shown}."
    if (results.hits or results.little) and results.unmatched:
        yield f"Nothing here says {' or '.join(results.unmatched)}."
    if results.common and not results.hits:
        yield f"Too common to search for: {', '.join(results.common)}."
    if results.cut:
        yield "Only the beginning of what was typed is searched."
    if results.unknown:
        named = " ".join(f"{name}:" for name in results.unknown)
        yield f"No field is called {named}, so it was searched for as words."
    yield _counted(results)
    for place, hit in enumerate(results.hits, start=1):
        origin = f"  (listed in {hit.origin})" if hit.origin else ""
        yield f"{place:>3}  {hit.key}{origin}"
        if hit.summary:
            yield f"     {hit.summary}"
        if explained:
            yield from (f"     {each}" for each in _reasons(results, hit))


def _counted(results: Results) -> str:
    """Say how many there are, and how many of them hold all words."""
    every, near = results.tiers[Tier.ALL], results.tiers[Tier.NEAR]
    if results.little:
        counted = f"{plural(results.little, 'project')}, with only a little of this"
        return counted if results.total else f"{counted}: --little shows them"
    if not results.total:
        return "No projects"
    counted = plural(results.total, "project")
    if len(results.slots) > 1 and every < results.total:
        counted += f", {every or 'none'} with all your words"
    return counted + (f", {near} near in meaning" if near else "")


def as_json(query: str, results: Results, *, explained: bool = False) -> str:
    """Give the results as one JSON object."""
    answer = {
        "query": query,
        "total": results.total,
        "little": results.little,
        "changes": [{"typed": each.surface, "shown": each.shown} for each in results.repairs],
        "unmatched": list(results.unmatched),
        "tiers": {tier.name.lower(): count for tier, count in results.tiers.items()},
        "results": [_shaped(results, hit, explained) for hit in results.hits],
    }
    return json.dumps(answer, ensure_ascii=False, indent=2)


def run_lines(index: Index, queries: Queries, *, little: bool = False) -> Iterator[str]:
    """Answer queries for judging.

    Args:
        index: The opened index.
        queries: Each with what tells it apart.
        little: Give also what holds only a little of a query.

    Returns:
        One JSON object a line: `{"id": ..., "results": [owner/name, best first]}`.
    """
    for which, query in queries:
        keys = [hit.key for hit in search(index, query, JUDGED, little=little).hits]
        yield json.dumps({"id": which, "results": keys}, ensure_ascii=False)


def _reasons(results: Results, hit: Hit) -> Iterator[str]:
    """Explain one result, a line for each word, then the words it does not hold."""
    found = explain(results.slots, hit.number)
    for each in found:
        key, why = each.match.key, each.match.why
        because = why if key == each.word else f"{why}, {key!r}"
        yield (
            f"{each.word}: {each.points} = rarity {each.rarity} x strength {each.impact} "
            f"x {each.match.factor}/8 ({because})"
        )
    held = {each.word for each in found}
    missing = [slot.surface for slot in results.slots if slot.surface not in held]
    if missing:
        yield f"without: {', '.join(missing)}"


def _shaped(results: Results, hit: Hit, explained: bool) -> dict[str, Any]:
    shaped: dict[str, Any] = {
        "repository": hit.key,
        "title": hit.title,
        "summary": hit.summary,
        "page": hit.url,
        "score": hit.score,
    }
    if hit.origin:
        shaped["from"] = hit.origin
    if explained:
        shaped["why"] = [
            {
                "word": each.word,
                "matched": each.match.key,
                "how": each.match.why,
                "rarity": each.rarity,
                "strength": each.impact,
                "eighths": each.match.factor,
                "points": each.points,
            }
            for each in explain(results.slots, hit.number)
        ]
    return shaped


def _queries_in(file: Path) -> Queries:
    """Read a file of queries before anything slow begins; empty lines are passed over."""
    try:
        return list(_parsed(file.read_text(encoding="utf-8").splitlines()))
    except (ValueError, LookupError, TypeError, AttributeError) as problem:
        raise UsageError(
            f"{file} holds no queries",
            str(problem),
            'write one a line, such as {"id": "1", "query": "waiting times"}',
        ) from problem


def _parsed(queries: Iterable[str]) -> Iterator[tuple[Any, str]]:
    for line in filter(str.strip, queries):
        asked = json.loads(line)
        yield asked["id"], "" + asked["query"]


def _index(site: str | None, registry: Path, state: Path) -> Index:
    if site is not None and "://" in site:
        return _index_at(site)
    if site is None and (registry, state) != (REGISTRY, STATE):
        warn(["The index is made from what was fetched last; --site SITE answers at once."])
        return _index_of_state(registry, state)
    folder = Path(OUTPUT if site is None else site)
    try:
        return Index(lambda name: (folder / _FOLDER / name).read_bytes())
    except (OSError, StateError) as problem:
        why = problem if isinstance(problem, StateError) else f"no site is built in {folder}"
        warn([f"{why}: the index is made from what was fetched last; `aggregator build` helps."])
        return _index_of_state(registry, state)


def _index_at(address: str) -> Index:
    from aggregator.github.download import download

    root = f"{address.rstrip('/')}/{_FOLDER}"
    return Index(lambda name: download(f"{root}{name}", _LARGEST).content)


def _index_of_state(registry: Path, state: Path) -> Index:
    # Imported here: they are the whole program, and a built site needs none of it.
    from aggregator.cli.environment import environment, workers
    from aggregator.cli.loading import load_aloud
    from aggregator.run.pipeline import assembled
    from aggregator.run.workspace import Workspace
    from aggregator.searching.build import index_files
    from aggregator.store.store import read_snapshot

    workspace = Workspace(registry, state, OUTPUT)
    written = load_aloud(registry)
    snapshot = read_snapshot(workspace.database)
    warn([snapshot.unread] if snapshot.unread else [])
    _, corpus = assembled(workspace, written, snapshot, environment().web, workers())
    return Index(dict(index_files(corpus)).__getitem__)
