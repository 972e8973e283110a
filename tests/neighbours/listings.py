"""Catalogues of other showcases, as a site publishes them."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from aggregator.catalogue.listed_elsewhere import listed_elsewhere
from aggregator.catalogue.types import Catalogue
from aggregator.facts.neighbour import Neighbour
from aggregator.facts.visit import WHY, VisitEnd
from aggregator.registry.community import Inclusion
from aggregator.registry.registry import Registry
from aggregator.site.data.exports import exports, open_data_of
from aggregator.site.data.neighbour_listing import read_listing
from tests.outputs import factory

SOURCE = "https://allotment.example/data/catalogue.json"
SECOND = "https://orchard.example/list/data/catalogue.json"


@cache
def published() -> bytes:
    """Give the catalogue.json of a whole community, made by this program."""
    community = factory.community()
    files = exports(community, open_data_of(community))
    return next(file.data for file in files if file.path == "data/catalogue.json")


def row(repo: object = "plot/seeds", **said: Any) -> dict[str, Any]:
    """Write one project as a catalogue.json lists it, with little known."""
    usual = {
        "repo": repo,
        "url": f"https://github.com/{repo}",
        "page": f"projects/{repo}/",
        "title": "Seed swap",
        "summary": "Finds who has seeds to spare.",
        "state": "unchanged",
        "activity": "active this month",
        "languages": ["R"],
        "licence": "MIT",
    }
    return {**usual, **said}


def listing(*rows: Any, **said: Any) -> bytes:
    """Write a catalogue.json."""
    usual = {
        "schema_version": 1,
        "title": "Allotment software",
        "licence": "CC0-1.0",
        "fetched_at": "2026-10-01T02:10:00Z",
        "projects": list(rows),
    }
    return json.dumps({**usual, **said}).encode()


def neighbour(*rows: Any, source: str = SOURCE, **said: Any) -> Neighbour:
    """Give what is known of another showcase that lists these, beside what it said itself."""
    return read_listing(listing(*rows), source).model_copy(update=said)


def including(catalogue: Catalogue) -> Catalogue:
    """Let a community include gardeners, of whose projects one tries to be markup."""
    showcase = replace(catalogue.showcase, include=(Inclusion(from_=SOURCE),))
    kept = neighbour(
        row(title="Seed swap charts"),
        row("plot/shed", title=factory.HOSTILE, summary=factory.HOSTILE, tags=[factory.HOSTILE]),
        problem=WHY[VisitEnd.LATE],
        confirmed=factory.NOW - timedelta(days=2),
        failing_since=factory.NOW - timedelta(days=1),
    )
    elsewhere = listed_elsewhere(Registry(showcase), catalogue.projects, [kept])
    return replace(catalogue, showcase=showcase, elsewhere=elsewhere)
