"""Reads the catalogue.json that another showcase publishes, for showing its projects here.

    bytes --JSON, schema_version--> rows --one by one--> NeighbourProject --> Neighbour
    OtherShowcases, as they are shown --neighbour_files--> data/neighbours.json

The counterpart of `exports`. What is no catalogue of a form that is known is refused whole, with
the reason; of one that is, a project that makes no sense is counted and left out, and the others
stay. What is kept of them is published, so that a fresh machine has it. Pure.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urljoin

from pydantic import ValidationError

from aggregator.catalogue.types import Activity, OtherShowcase
from aggregator.facts.neighbour import MOST_PROJECTS, Neighbour, NeighbourProject
from aggregator.site.data.export_models import SCHEMA_VERSION
from aggregator.site.recipes import File
from aggregator.store.neighbours_file import neighbours_text
from aggregator.store.schema import NEIGHBOURS
from aggregator.words.addresses import quoted, top_of_showcase, web_address
from aggregator.words.outcomes import Outcome
from aggregator.words.speech import later

NO_CATALOGUE = later("what it publishes there is no catalogue of a showcase")
NEWER_FORM = later("its catalogue is in a form that this version cannot read")
# What the other one has taken down is nothing to show here either.
_TAKEN_DOWN = frozenset(str(outcome) for outcome in Outcome if outcome.erases)
_ACTIVITIES = frozenset(map(str, Activity))


class RefusedListingError(ValueError):
    """What was read is no catalogue, or in a form that is not known; the text says which."""


def read_listing(content: bytes, source: str) -> Neighbour:
    """Read a published catalogue.

    Args:
        content: The bytes of a catalogue.json.
        source: The address that the registry names; pages of its projects are looked for beside it.

    Raises:
        RefusedListingError: It is no catalogue, or its `schema_version` is not known here.
    """
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise RefusedListingError(NO_CATALOGUE) from error
    rows = told.get("projects") if isinstance(told, dict) else None
    if not isinstance(rows, list):
        raise RefusedListingError(NO_CATALOGUE)
    version = told.get("schema_version")
    if not isinstance(version, int) or isinstance(version, bool):
        raise RefusedListingError(NO_CATALOGUE)
    if version != SCHEMA_VERSION:
        raise RefusedListingError(NEWER_FORM)
    shown = [row for row in rows if not _is_taken_down(row)]
    projects = {one.key: one for one in _projects(shown[:MOST_PROJECTS], source)}
    return Neighbour(
        source=source,
        title=told.get("title"),
        licence=told.get("licence"),
        facts_of=told.get("fetched_at"),
        unread=len(shown) - len(projects),
        projects=tuple(projects.values()),
    )


def neighbour_files(elsewhere: Sequence[OtherShowcase]) -> Iterator[File]:
    """Publish what is kept of other showcases, where there are any, as the state keeps it."""
    if elsewhere:
        known = tuple(one.known for one in elsewhere)
        yield File(f"data/{NEIGHBOURS}", known, _neighbours, nightly=True)


def _neighbours(known: tuple[Neighbour, ...]) -> bytes:
    return neighbours_text(known).encode()


def _projects(rows: list[Any], source: str) -> Iterator[NeighbourProject]:
    for row in rows:
        # `read_listing` counts those that make no sense: they are not among what is given.
        with suppress(ValidationError):
            if isinstance(row, dict):
                yield NeighbourProject.model_validate(_as_told(row, source))


def _is_taken_down(row: object) -> bool:
    return isinstance(row, dict) and _one_of(_TAKEN_DOWN, row.get("state"))


def _one_of(words: Collection[str], told: object) -> bool:
    """Tell whether something is one of some words; what strangers write may be anything."""
    return isinstance(told, str) and told in words


def _as_told(row: Mapping[str, Any], source: str) -> dict[str, Any]:
    activity = row.get("activity")
    return {
        **row,
        "page": _page_of(row, source),
        "organisation": row.get("organisation_name"),
        "languages": row.get("languages") or [row.get("language")],
        "activity": activity if _one_of(_ACTIVITIES, activity) else Activity.UNKNOWN,
    }


def _page_of(row: Mapping[str, Any], source: str) -> str:
    """Give the page of a project in the other showcase, below the top of that one only.

    Not as the file says it: an address that the community trusts must not lead to just anywhere.
    """
    top, page = top_of_showcase(source), row.get("page")
    if not top or not page or not isinstance(page, str):
        return ""
    whole = web_address(urljoin(top, quoted(page)))
    return whole if whole.startswith(top) else ""
