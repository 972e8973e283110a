"""The flow as a whole, on small worlds that change between two nights."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree

import pytest

from aggregator.fetch.conversation import Clock
from aggregator.github.opening import Endpoint
from aggregator.registry.loader import load
from aggregator.run.crews import Hands
from aggregator.run.guard import Guard
from aggregator.run.pipeline import build
from aggregator.run.update import Network, fetch_facts
from aggregator.run.workspace import Workspace
from tests.stand_in.server import Server, serve
from tests.stand_in.synthetic import synthetic_world

NOW = datetime(2026, 11, 21, 3, 17, tzinfo=UTC)
Night = Callable[..., int]


@pytest.fixture
def github() -> Iterator[Server]:
    """A stand-in for GitHub with six repositories."""
    with serve(synthetic_world(6), clock=lambda: NOW) as server:
        yield server


@pytest.fixture
def night(github: Server, tmp_path: Path) -> Night:
    """Run one night for the repositories named; gives the exit code of its report."""
    workspace = Workspace(tmp_path / "registry.yaml", tmp_path / "state", tmp_path / "output")

    def run(*names: str, accept_losses: bool = False) -> int:
        listed = "".join(f"  - {name}\n" for name in names) or "  []\n"
        workspace.registry.write_text(f"showcase:\n  title: Small\nprojects:\n{listed}")
        registry = load(workspace.registry)
        to = Endpoint(github.api_url, github.graphql_url, "any-word")
        network = Network(to, Clock(now=lambda: NOW), 60.0, lambda _: None)
        guard = Guard(accept_losses=accept_losses)
        report = fetch_facts(workspace, registry, network, guard)
        build(workspace, registry, "https://github.com", Hands(1), guard)
        return report.exit_code

    return run


def test_the_only_readme_leaves_no_copy_when_its_repository_turns_private(
    github: Server, night: Night, tmp_path: Path
) -> None:
    """Private means gone from the cache too, even when no README is left to show."""
    name = github.world.names[0]
    github.world.push(name, {"README.md": b"# A name\n\nOnly the zebrafinch rota is told here.\n"})
    assert night(name) == 0
    assert any(holding(tmp_path, b"zebrafinch"))
    github.world.make_private(name)
    assert night(name) == 0
    assert holding(tmp_path, b"zebrafinch") == []


def test_losses_are_accepted_once(github: Server, night: Night) -> None:
    """A registry emptied on purpose is believed; the next night does not ask again."""
    assert night(*github.world.names) == 0
    assert night(accept_losses=True) == 0
    assert night() == 0


def test_a_readme_that_the_cache_lost_is_rendered_again(
    github: Server, night: Night, tmp_path: Path
) -> None:
    """A text damaged in the cache is neither shown nor missed: the build begins again."""
    name, page = github.world.names[0], tmp_path / f"output/projects/{github.world.names[0]}"
    words = b"# A name\n\n" + b"Only the zebrafinch rota is told here. " * 100
    github.world.push(name, {"README.md": words})
    assert night(name) == 0
    before = (page / "index.html").read_bytes()
    with closing(sqlite3.connect(tmp_path / "state/cache/readmes.sqlite")) as base, base:
        damaged = base.execute("UPDATE memo SET value = x'00' WHERE length(value) > 3000")
        assert damaged.rowcount == 2
    rmtree(tmp_path / "output")
    assert night(name) == 0
    assert (page / "index.html").read_bytes() == before


def test_the_language_of_a_text_is_found_out_once(
    github: Server, night: Night, tmp_path: Path
) -> None:
    """A summary and a README in French are marked, by what a build before has found out too."""
    name = github.world.names[0]
    story = "Ce programme lit les listes d'attente et en fait des graphiques que chacun comprend. "
    github.world.push(name, {"README.md": f"# Listes\n\n{story * 5}\n".encode()})
    assert night(name) == 0
    page = tmp_path / f"output/projects/{name}/index.html"
    assert '<div class="readme" lang="fr">' in page.read_text("utf-8")
    answers = tmp_path / "state/cache/languages.db"
    written = tmp_path / "registry.yaml"
    told = f"projects:\n  - repo: {name}\n    summary: {story}\n"
    written.write_text(f"showcase:\n  title: Small\n  language: fr\n{told}", "utf-8")
    workspace = Workspace(written, tmp_path / "state", tmp_path / "output")
    built = build(workspace, load(written), "https://github.com", Hands(1))
    assert [one for one in built.advice if "no translation" in one]
    assert '<p class="lead" lang="fr">' in page.read_text("utf-8")
    with closing(sqlite3.connect(answers)) as base, base:
        kept = base.execute("SELECT value FROM memo").fetchall()
    assert [value[-2:] for (value,) in kept] == [b"fr"]
    assert b"attente" not in answers.read_bytes()


def holding(folder: Path, words: bytes) -> list[Path]:
    """List the files that hold some words."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in found if words in path.read_bytes()]


def test_a_site_is_assembled_and_rendered_in_its_language(github: Server, tmp_path: Path) -> None:
    """Words that come from the registry's rules are said as those of the pages are."""
    templates = tmp_path / "templates"
    (templates / "languages").mkdir(parents=True)
    (templates / "languages" / "de.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "link to %(domain)s left out: the community blocks this domain"\n'
        'msgstr "Link nach %(domain)s weggelassen"\n\n'
        'msgid "On GitHub"\nmsgstr "Auf GitHub"\n\nmsgid "Menu"\nmsgstr "%(what)s"\n'
    )
    workspace = Workspace(
        tmp_path / "registry.yaml", tmp_path / "state", tmp_path / "output", templates
    )
    name = github.world.names[0]
    workspace.registry.write_text(
        "showcase:\n  title: Small\n  language: de\n  blocked_domains: [lapsed.example]\n"
        f"projects:\n  - repo: {name}\n    links:\n      docs: https://lapsed.example/docs\n"
    )
    registry = load(workspace.registry)
    to = Endpoint(github.api_url, github.graphql_url, "any-word")
    fetch_facts(workspace, registry, Network(to, Clock(now=lambda: NOW), 60.0, lambda _: None))
    built = build(workspace, registry, "https://github.com", Hands(1))
    assert built.notice.startswith(
        f"{templates / 'languages' / 'de.po'}:11: nothing fills %(what)s"
    )
    page = (workspace.output / "projects" / name / "index.html").read_text(encoding="utf-8")
    assert ">Menu<" in page
    assert "Link nach lapsed.example weggelassen" in page
    assert "Auf GitHub" in page
    (templates / "languages" / "de.po").unlink()
    built = build(workspace, registry, "https://github.com", Hands(1))
    assert "the pages will speak English: `language` is de" in "".join(built.advice)
    assert not built.notice
