"""The command `search`."""

from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.console import say, say_json, warn
from aggregator.cli.environment import environment, workers
from aggregator.cli.loading import load_aloud
from aggregator.cli.options import OUTPUT, REGISTRY, STATE, RegistryOption, StateOption
from aggregator.run.pipeline import prepare
from aggregator.run.workspace import Workspace
from aggregator.search.build import build_index
from aggregator.search.command import as_json, lines, run_lines
from aggregator.search.engine import search
from aggregator.search.index import Index
from aggregator.site.data.search import documents_of
from aggregator.store.opening import read_snapshot
from aggregator.words.errors import UsageError


def search_command(
    words: Annotated[list[str] | None, typer.Argument(help="What to look for.")] = None,
    registry: RegistryOption = REGISTRY,
    state: StateOption = STATE,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many results to show.")] = 20,
    json_form: Annotated[bool, typer.Option("--json", help="Write JSON for a program.")] = False,
    explained: Annotated[
        bool, typer.Option("--explain", help="Say why each result stands where it does.")
    ] = False,
    queries: Annotated[
        Path | None,
        typer.Option(help="Answer the queries of a file of JSON lines with id and query."),
    ] = None,
) -> int:
    """Search the projects exactly as the site does."""
    if not words and not queries:
        raise UsageError("there is nothing to search for", "no words", "aggregator search WORDS")
    index = _index(Workspace(registry, state, OUTPUT))
    if queries:
        for line in _answered(index, queries):
            say_json(line)
        return 0
    query = " ".join(words or ())
    found = search(index, query, limit)
    if json_form:
        say_json(as_json(query, found, explained=explained))
    else:
        say(lines(found, explained=explained))
    return 0


def _index(workspace: Workspace) -> Index:
    registry = load_aloud(workspace.registry)
    snapshot = read_snapshot(workspace.database)
    warn([snapshot.unread] if snapshot.unread else [])
    catalogue = prepare(workspace, registry, snapshot, environment().web, workers())
    return build_index(documents_of(catalogue), catalogue.glossary)


def _answered(index: Index, queries: Path) -> list[str]:
    try:
        return list(run_lines(index, queries.read_text(encoding="utf-8").splitlines()))
    except (ValueError, LookupError, TypeError, AttributeError) as problem:
        raise UsageError(
            f"{queries} holds no queries",
            str(problem),
            'write one a line, such as {"id": "1", "query": "waiting times"}',
        ) from problem
