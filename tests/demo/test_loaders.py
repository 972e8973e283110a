"""Worlds from a folder of real data, from the sample community and from a number."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from aggregator.demo.corpus import UnreadableDataError
from aggregator.demo.git import Blob
from aggregator.demo.sample import COMMUNITY, NIGHTS, REGISTRY
from aggregator.demo.world import WORLD_DATE
from aggregator.registry.appearance import Font, MenuItem
from aggregator.registry.declaration import Written, declared_fields
from aggregator.registry.loader import load
from aggregator.registry.outline import MODELS
from tests.stand_in.synthetic import synthetic_world
from tests.stand_in.world import load_corpus, sample_community

README = b"# Example\n\nA repository for a test.\n"


def record(**said: Any) -> dict[str, Any]:
    """Write a record as the folder's format has it, with nothing known but names."""
    usual = dict.fromkeys(
        ("description", "homepage", "stars", "forks", "open_issues", "topics", "archived",
         "github_created_at", "pushed_at", "licence_spdx")
    )  # fmt: skip
    return {
        "full_name": "owner/name",
        **usual,
        "default_branch": "trunk",
        "head_sha": "a" * 40,
        "head_committed_at": "2026-03-04T05:06:07+01:00",
        "first_committed_at": "2024-01-01T00:00:00Z",
        "commit_count": 9,
        "author_count": 4,
        "language_bytes": {"R": 10},
        "tags": [{"name": "v1", "date": "2025-01-01T00:00:00Z", "annotated": True}],
        "top_level": ["README.md", "R/", "DESCRIPTION"],
        "readme_candidates": ["README.md"],
        "readme_path": "README.md",
        "readme_file": "readmes/one.gz",
        **said,
    }


def write(folder: Path, *records: dict[str, Any]) -> Path:
    """Write records and the one README that they share."""
    (folder / "readmes").mkdir(exist_ok=True)
    (folder / "readmes" / "one.gz").write_bytes(gzip.compress(README))
    lines = "\n".join(json.dumps(one, ensure_ascii=False) for one in records)
    (folder / "repositories.jsonl").write_text(lines + "\n", encoding="utf-8")
    return folder


def test_what_is_not_known_is_not_guessed(tmp_path: Path) -> None:
    """Unknown numbers are 0 and unknown texts and dates null."""
    found = load_corpus(write(tmp_path, record())).find("owner/name")
    assert found is not None
    assert (found.stars, found.forks, found.open_issues) == (0, 0, 0)
    assert (found.description, found.homepage, found.licence, found.pushed_at) == (None,) * 4
    assert found.topics == ()
    assert found.archived_at is None


def test_what_is_known_is_served(tmp_path: Path) -> None:
    """Head, branch, count, files and the README's exact bytes come from the record."""
    found = load_corpus(write(tmp_path, record(stars=3))).find("owner/name")
    assert found is not None
    assert found.head is not None
    assert (found.head.oid, found.head.date) == ("a" * 40, "2026-03-04T04:06:07Z")
    assert (found.default_branch, found.history.count, found.stars) == ("trunk", 9, 3)
    assert found.tree.find("README.md") == Blob(README)
    assert {entry.name for entry in found.tree.entries} == {"README.md", "R", "DESCRIPTION"}
    assert len(list(found.history)) == 2


def test_one_name_in_two_cases(tmp_path: Path) -> None:
    """Of two records of one repository in different case the newer one is served."""
    older = record(head_sha="b" * 40, head_committed_at="2020-01-01T00:00:00Z")
    world = load_corpus(write(tmp_path, record(full_name="Owner/Name"), older))
    assert world.names == ("Owner/Name",)


def test_odd_line_separators(tmp_path: Path) -> None:
    """A description with a line separator of another kind stays in one record."""
    said = "first\u2028second\x85third"
    found = load_corpus(write(tmp_path, record(description=said))).find("owner/name")
    assert found is not None
    assert found.description == said


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (None, "no such file"),
        ("", "no repositories"),
        ('{"full_name": "a/b"\n', "line 1: not a repository"),
        ('\n{"name": "a/b"}\n', "line 2: not a repository"),
        (
            '{"full_name": "a/b", "readme_path": "R", "readme_file": "no.gz"}',
            "README cannot be read",
        ),
        ('{"full_name": "a/b", "readme_path": "R", "readme_file": "../no.gz"}', "lies outside"),
        (b"\xff\xfe", "cannot be read"),
    ],
)
def test_unreadable_folders(tmp_path: Path, lines: str | bytes | None, words: str) -> None:
    """A folder that cannot be served is refused with the file, the line and a cure."""
    if lines is not None:
        content = lines if isinstance(lines, bytes) else lines.encode()
        (tmp_path / "repositories.jsonl").write_bytes(content)
    with pytest.raises(UnreadableDataError, match=words) as raised:
        load_corpus(tmp_path)
    assert raised.value.exit_code == 2
    assert raised.value.cure.startswith("give a folder that holds repositories.jsonl")


@pytest.mark.corpus
def test_real_readmes_keep_their_oids(corpus: Path) -> None:
    """Every real README is served under the oid that it has on GitHub, at the place it has."""
    world = load_corpus(corpus)
    lines = (corpus / "repositories.jsonl").read_text("utf-8").strip().split("\n")
    wrong = []
    for said in map(json.loads, lines):
        found = world.find(said["full_name"])
        assert found is not None
        readme = found.tree.find(said["readme_path"]) if said["readme_path"] else None
        served = (found.tree.readme_path, readme and readme.oid, found.head and found.head.oid)
        if served != (said["readme_path"], said["readme_blob_sha"], said["head_sha"]):
            wrong.append(said["full_name"])
    # One repository stands in the data twice, under two spellings of its name.
    assert len(wrong) <= 1


def test_the_sample_registry_has_no_mistakes() -> None:
    """The registry of the sample community passes its own check."""
    registry = load(REGISTRY)
    assert registry.mistakes == ()
    assert len(registry.glossary) > 10


def parts_of(part: Written) -> Iterator[Written]:
    """Give a part of a registry and all the parts in it."""
    yield part
    for one in declared_fields(type(part)):
        if one.inner:
            value = getattr(part, one.attribute)
            for inner in value if isinstance(value, tuple) else (value,):
                if inner is not None:
                    yield from parts_of(inner)


def test_the_sample_shows_everything_that_a_registry_can_say_of_its_community() -> None:
    """People, paths, talks, good news, words, the statement: each field is written somewhere."""
    known = load(REGISTRY)
    terms = (term for terms in known.terms.values() for term in terms)
    listed = (known.showcase, *known.organisations, *known.projects, *known.people, *known.paths)
    parts = [part for one in (*listed, *known.talks, *terms) for part in parts_of(one)]
    unsaid = {
        f"{model.__name__}.{one.name}"
        for model in MODELS
        for one in declared_fields(model)
        if not any(
            getattr(part, one.attribute) != one.default for part in parts if type(part) is model
        )
    }
    assert unsaid <= {
        *("Showcase.identity", "Showcase.branch", "Showcase.language", "Showcase.related"),
        "Showcase.meaning",
        *("Showcase.schedule", "Showcase.keep", "Showcase.vanish_limit_percent"),
        "Showcase.search_fall_percent",
        *("Showcase.blocked_domains", "Showcase.stages", "Entry.readme"),
        # Its menu is the program's own, and a font or a picture of dots is no text.
        *("Showcase.menu", "Showcase.not_in_menus", "Showcase.domain", "Appearance.name"),
        *("Appearance.picture", "Appearance.fonts"),
        *(f"{model.__name__}.{one.name}" for model in (Font, MenuItem) for one in fields(model)),
        # The sample works without a network, and these are about nothing else.
        *("Showcase.include", "Inclusion.from", "Inclusion.title"),
    }


def test_the_sample_explains_its_kinds_and_stages_and_has_talks_to_come() -> None:
    """A visitor of the demo meets a sentence for each, and something to look forward to."""
    known = load(REGISTRY)
    assert {term.name for term in known.terms["kinds"]} == {b.kind for b in known.organisations}
    assert {term.name for term in known.terms["stages"]} == {*known.showcase.stages}
    assert all(term.means for terms in known.terms.values() for term in terms)
    talks = [*known.talks, *(talk for entry in known.projects for talk in entry.talks)]
    days = sorted(str(talk.date) for talk in talks)
    assert sum(day > WORLD_DATE[:10] for day in days) >= 4
    assert sum(day < WORLD_DATE[:10] for day in days) >= 8


def test_the_sample_covers_what_a_showcase_meets() -> None:
    """Renamed, transferred, gone, empty, archived, forked, template and more are all there."""
    world, registry = sample_community(), load(REGISTRY)
    listed = {str(entry.repo): world.find(str(entry.repo)) for entry in registry.projects}
    found = [repository for repository in listed.values() if repository]
    assert [name for name, repository in listed.items() if repository is None] == [
        "carrowdale-community/pathway-sketch"
    ]
    assert {name for name in listed if world.moved(name)} == {
        "wrenford-icb/wl-sim",
        "odette-quill/suppress",
    }
    assert {entry.stage for entry in registry.projects} >= set(registry.showcase.stages)
    endings = {str(r.tree.readme_path).rpartition(".")[2] for r in found}
    assert endings >= {"md", "rst", "txt", "None"}
    for trait in ("archived_at", "empty", "template", "parent", "releases", "has_discussions"):
        assert any(getattr(repository, trait) for repository in found), trait
    assert any(repository.licence is None for repository in found)
    assert len({repository.language for repository in found}) >= 7


def test_the_sample_is_the_same_each_time() -> None:
    """Two worlds of the sample community are equal in every date, id and file."""
    one, two = (
        [(r.full_name, r.head, r.tree.oid, r.issues) for r in sample_community().repositories]
        for _ in "ab"
    )
    assert one == two


def test_nothing_in_the_sample_is_newer_than_the_world() -> None:
    """No push, release or issue lies after the world's date."""
    world = sample_community()
    times = [
        time
        for r in world.repositories
        for time in (
            r.pushed_at or "",
            r.created_at,
            *(release.published_at for release in r.releases),
            *(issue.updated_at for issue in r.issues),
            *(commit.date for commit in r.history),
        )
    ]
    assert max(times) <= world.now


def test_the_sample_has_a_past() -> None:
    """From night to night repositories are renamed, deleted and released; none grows younger."""
    nights = [sample_community(at) for at in NIGHTS]
    names = [set(world.names) for world in nights]
    assert all(len(world) >= 25 for world in nights)
    assert [earlier - later for earlier, later in pairwise(names[-4:])] == [
        {"wrenford-icb/wl-sim"},
        {"carrowdale-community/pathway-sketch"},
        {"odette-quill/suppress"},
    ]
    for earlier, later in pairwise(nights):
        for before in earlier.repositories:
            after = later.by_id(before.id)
            if after:
                assert before.history.count <= after.history.count
                assert set(before.releases) <= set(after.releases)
                assert before.stars <= after.stars
                assert str(before.pushed_at) <= min(str(after.pushed_at), earlier.now)
    assert nights[-1].repositories == sample_community().repositories


def test_sample_addresses_lead_nowhere() -> None:
    """Every address in the sample is a reserved example domain or a made-up repository."""
    hosts = set()
    for path in COMMUNITY.rglob("*"):
        if path.is_file():
            hosts |= set(re.findall(r"https?://([a-z0-9.-]+)", path.read_text("utf-8")))
    allowed = {"github.com", "w3id.org", "spdx.org", "www.w3.org"}
    assert {host for host in hosts - allowed if not host.endswith(".example")} == set()


@pytest.mark.parametrize("count", [1, 40])
def test_synthetic_worlds(count: int) -> None:
    """A synthetic world has the number asked for, each with its own README."""
    world = synthetic_world(count)
    readmes = {r.tree.find("README.md").oid for r in world.repositories}  # type: ignore[union-attr]
    assert len(world) == len(set(world.names)) == len(readmes) == count


def test_synthetic_worlds_repeat() -> None:
    """The same number gives the same world."""
    digests = [
        hashlib.sha256(
            repr(
                [(r.full_name, r.head, r.tree.oid) for r in synthetic_world(20).repositories]
            ).encode()
        ).hexdigest()
        for _ in range(2)
    ]
    assert digests[0] == digests[1]
