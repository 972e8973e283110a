"""The stand-in that ships with the program: enough of GitHub for `demo` and `sandbox`, no more."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from graphql import (
    FieldNode,
    GraphQLObjectType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    build_schema,
    parse,
    visit,
)

from aggregator.demo import sample, server
from aggregator.demo.graph_answers import schema_text
from aggregator.facts.snapshot import Snapshot
from aggregator.fetch.conversation import Budget
from aggregator.fetch.run import Terms
from aggregator.github import documents
from aggregator.github.opening import Endpoint, open_source
from aggregator.registry.loader import load
from aggregator.run.update import update
from aggregator.site.data.neighbour_listing import read_listing
from aggregator.store.store import open_store, read_snapshot

NOW = datetime(2026, 11, 20, 6, tzinfo=UTC)
# One of a person, one that moved, one with nothing in it, one with a README in reStructuredText.
NAMES = [
    "odette-quill/rota-roulette",
    "wrenford-icb/wl-sim",
    "wrenford-icb/winter-plan-2026",
    "carrowdale-community/plain-words",
]
# What an interface demands of a type, and is asked of its sister only.
UNASKED = {"Organization.login", "User.id"}


def fetched(state: Path, token: str | None) -> Snapshot:
    """Ask the shipped stand-in for some repositories."""
    with (
        server.serve(sample.sample_community(), clock=lambda: NOW) as running,
        open_source(
            Endpoint(running.api_url, running.graphql_url, token), None, lambda: NOW
        ) as source,
        open_store(state / "catalogue.db") as store,
    ):
        update(NAMES, source, store, Terms(NOW, Budget(seconds=60)))
    return read_snapshot(state / "catalogue.db")


def told(snapshot: Snapshot) -> Iterator[tuple[object, ...]]:
    """Give what both ways of asking can learn."""
    for name in NAMES:
        record = snapshot.record(name)
        assert record is not None
        facts = record.facts
        if facts is None or facts.details is None:
            yield name, record.outcome
            continue
        details = facts.details
        readme = details.readme and details.readme.oid
        yield (
            name,
            record.outcome,
            facts.glance.name_with_owner,
            facts.glance.description,
            facts.glance.licence,
            facts.glance.stars,
            details.topics,
            details.language_bytes,
            details.releases,
            details.community,
            readme,
        )


def test_both_ways_of_asking_are_answered_alike(tmp_path: Path) -> None:
    """With a token and without one a run learns the same of the sample community."""
    (tmp_path / "with").mkdir()
    (tmp_path / "without").mkdir()
    with_token = list(told(fetched(tmp_path / "with", "any-word")))
    assert with_token == list(told(fetched(tmp_path / "without", None)))
    assert with_token[-1][-1]


def test_every_field_of_the_shipped_schema_is_asked() -> None:
    """The schema that ships holds what the program's own documents ask, and nothing for later."""
    schema = build_schema(schema_text())
    asked = set()

    class Collect(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            asked.add(f"{types.get_parent_type()}.{node.name.value}")

    for made in (
        documents.glance(["a/b"]),
        documents.glance_by_id(["R_1"]),
        documents.depth([("R_1", True, True)]),
        documents.readmes([("R_1", "0")]),
        documents.linked([("R_1", "README.md")]),
    ):
        types = TypeInfo(schema)
        visit(parse(made.text), TypeInfoVisitor(types, Collect()))
    concrete = {
        f"{name}.{field}"
        for name, kind in schema.type_map.items()
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__")
        for field in kind.fields
    }
    through = {"RepositoryOwner.id": "Organization.id", "GitObject.oid": "Tree.oid"}
    assert concrete - asked - {through.get(field) for field in asked} == UNASKED


@pytest.mark.parametrize("command", ["demo", "sandbox"])
def test_without_its_extra_the_demo_says_what_to_install(tmp_path: Path, command: str) -> None:
    """Where graphql-core is missing, one line says so and how to install it."""
    code = "import sys; sys.modules['graphql'] = None; from aggregator.cli.app import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, command], cwd=tmp_path, capture_output=True, text=True
    )
    (line,) = done.stderr.strip().splitlines()
    assert done.returncode == 2
    assert "pip install 'community-showcase[demo]'" in line


def test_commands_that_need_no_github_start_without_the_extra(tmp_path: Path) -> None:
    """Everything but the demo works where its extra is not installed."""
    code = "import sys; sys.modules['graphql'] = None; from aggregator.cli.app import main; main()"
    (tmp_path / "registry.yaml").write_text("showcase:\n  title: Fen\nprojects: []\n")
    done = subprocess.run(
        [sys.executable, "-c", code, "check"], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_the_other_showcase_is_of_the_form_that_this_version_publishes(demo: Path) -> None:
    """Whatever changes in that form changes in the file too, so that the demo never shows less."""
    told = json.loads(sample.OTHER_CATALOGUE.read_bytes())
    schema = (demo / "output" / "data" / "catalogue.schema.json").read_bytes()
    jsonschema.validate(told, json.loads(schema))
    found = read_listing(sample.OTHER_CATALOGUE.read_bytes(), sample.OTHER_ADDRESS)
    assert found.unread == 0
    assert len(found.projects) == len(told["projects"]) == 9


def test_the_demo_includes_it_and_asks_it_as_any_other(demo: Path) -> None:
    """Its pages stand there, one project is ours already, and the sample alone includes nobody."""
    assert f"9 projects of {sample.OTHER_ADDRESS}, which is new" in (demo / "said").read_text()
    page = (demo / "output" / "elsewhere" / "index.html").read_text(encoding="utf-8")
    assert "8 projects" in page
    assert "1 more of its projects is shown as listed here" in " ".join(page.split())
    assert "could not be read" not in page
    assert load(sample.REGISTRY).showcase.include == ()
