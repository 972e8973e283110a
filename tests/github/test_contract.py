"""The client keeps to GitHub's own descriptions of its API, and reads its recorded answers."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema, parse, validate

from aggregator.facts.repository import Details, Glance
from aggregator.github import documents
from aggregator.github.parse import read_details, read_repository
from aggregator.github.repository_files import read_rest_tree
from tests.fetch.conftest import FIRST_NIGHT, Nights, PushedClock
from tests.stand_in.server import serve
from tests.stand_in.world import load_corpus

REPOSITORY = re.compile(r"https://api\.github\.com/(repos/[^/?]+/[^/?]+|repositories/\d+)$")


@pytest.fixture(scope="module")
def schema(github_schema: Path) -> GraphQLSchema:
    """GitHub's published schema."""
    return build_schema(github_schema.read_text(encoding="utf-8"), assume_valid=True)


@pytest.mark.parametrize("number", [1, 3, 100])
def test_every_document_is_valid(schema: GraphQLSchema, number: int) -> None:
    """Every GraphQL document validates against GitHub's schema, for one and for a hundred."""
    ids = [f"R_{n}" for n in range(number)]
    for document in (
        documents.glance([f"owner/name-{n}" for n in range(number)]),
        documents.glance_by_id(ids),
        documents.depth([(node, True, True) for node in ids]),
        documents.readmes([(node, "a" * 40) for node in ids]),
        documents.linked([(node, "docs/README.md") for node in ids]),
    ):
        assert not validate(schema, parse(document.text))


def test_names_travel_as_variables_only() -> None:
    """Nothing that a member wrote becomes part of a query's text."""
    hostile = 'owner/name") { id } evil: repository(owner: "x", name: "y'
    document = documents.glance([hostile])
    assert "evil" not in document.text
    assert hostile.partition("/")[2] in document.variables.values()


def test_restricted_connections_are_not_asked() -> None:
    """Stargazers and watchers, which GitHub restricts, are never asked as connections."""
    text = documents.depth([("x", True, True)]).text + documents.glance(["a/b"]).text
    assert not re.search(r"\b(stargazers|watchers)\b\s*[({]", text)


def _recorded(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted((folder / "recordings").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


@pytest.mark.corpus
def test_recorded_repositories_are_read(corpus: Path) -> None:
    """Every repository that GitHub was ever recorded to send is read, with what it says."""
    read = 0
    for exchange in _recorded(corpus):
        body = exchange["body"]
        if exchange["status"] != 200 or exchange["method"] != "GET":
            continue
        if not REPOSITORY.match(exchange["url"]) or not isinstance(body, dict):
            continue
        if not isinstance(body.get("id"), int) or "full_name" not in body:
            continue
        glance = read_repository(body, FIRST_NIGHT)
        assert glance is not None, exchange["recording"]
        assert glance.stars == body.get("stargazers_count")
        assert glance.name_with_owner == body["full_name"]
        assert glance.fork is body["fork"]
        read += 1
    assert read >= 50


@pytest.mark.corpus
def test_recorded_trees_releases_and_people_are_read(corpus: Path) -> None:
    """Recorded lists of files, releases, languages and contributors are read without loss."""
    seen = dict.fromkeys(("releases", "languages", "contributors", "trees"), 0)
    for exchange in _recorded(corpus):
        body, url = exchange["body"], exchange["url"].partition("?")[0]
        kind = next((k for k in seen if f"/{k}" in url), None)
        if exchange["status"] != 200 or kind is None or not body:
            continue
        seen[kind] += _read_list(kind, url, body)
    assert all(seen.values()), seen


def _read_list(kind: str, url: str, body: Any) -> int:
    if kind == "trees" and isinstance(body, dict) and "tree" in body:
        return int(bool(read_rest_tree(body)))
    if kind == "releases" and url.endswith("/releases") and isinstance(body, list):
        found = _details(releases=body).releases or ()
        assert len(found) == sum(not item.get("draft") for item in body)
        return 1
    if kind == "languages" and isinstance(body, dict):
        found_languages = _details(languages=body).language_bytes
        assert found_languages == {k: v for k, v in body.items() if k != "url"}
        return 1
    return int(kind == "contributors" and isinstance(body, list))


def _details(languages: Any = None, releases: Any = None) -> Details:
    glance = Glance(repository_id=1, name_with_owner="a/b", confirmed_at=FIRST_NIGHT)
    return read_details(
        glance, FIRST_NIGHT, repository={}, tree=(), languages=languages, releases=releases
    )


@pytest.mark.corpus
def test_real_showcase(corpus: Path, tmp_path: Path) -> None:
    """All 174 real repositories are fetched with the READMEs that they really have."""
    lines = (corpus / "repositories.jsonl").read_text(encoding="utf-8").split("\n")
    records = [json.loads(line) for line in lines if line]
    health = [r for r in records if r["group"] == "health"]
    times = Counter(r["full_name"].lower() for r in records)
    clock = PushedClock()
    with serve(load_corpus(corpus), clock=clock.now) as server:
        nights = Nights(server, tmp_path, clock, names=[r["full_name"] for r in health])
        report = nights.run()
        quiet = nights.run()
    snapshot = nights.snapshot()
    assert report.confirmed == len(health) == 174
    assert report.spent.requests <= 18
    assert quiet.spent.requests <= 4
    for real in health:
        record = snapshot.record(real["full_name"])
        assert record is not None
        assert record.facts is not None
        assert record.facts.details is not None
        if times[real["full_name"].lower()] > 1:
            continue  # GitHub knows one repository by a name in any case; the list has two
        blob = record.facts.details.readme
        assert (blob.oid if blob else None) == real["readme_blob_sha"], real["full_name"]
        if real["readme_file"]:
            packed = (corpus / real["readme_file"]).read_bytes()
            assert snapshot.readme(record) == gzip.decompress(packed)
