"""What is remembered of a build: every input is a reason to build again, and nothing lingers."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.run.manifest import Manifest
from aggregator.run.site_folder import MARKER
from aggregator.run.stamp import Said, Stamp, fingerprint, remember, said_of_the_same, stamp_of
from aggregator.site.recipes import File
from tests.law.changes import CHANGES
from tests.law.community import LivingShowcase, living_showcase
from tests.law.folders import tree

SETTINGS = ("registry.yaml", "https://github.com", "False")
SAID = Said(("48 projects",), ("somebody must look",), 1)

pytestmark = pytest.mark.usefixtures("lent_workers")


@pytest.fixture(scope="module")
def showcase(
    tmp_path_factory: pytest.TempPathFactory, lent_workers: None
) -> Iterator[LivingShowcase]:
    """A showcase after its first site; each test leaves it as it was."""
    with living_showcase(tmp_path_factory.mktemp("remembered")) as showcase:
        yield showcase


def remembered(showcase: LivingShowcase, *more: Path) -> Stamp:
    """Remember the site that stands there; gives what was read for it."""
    stamp = stamp_of(showcase.workspace, SETTINGS).with_more(more)
    remember(showcase.workspace, stamp, SAID, showcase.clock.now())
    return stamp


def said(showcase: LivingShowcase, settings: tuple[str, ...] = SETTINGS) -> Said | None:
    """Ask what a build would say that has nothing to do."""
    stamp = stamp_of(showcase.workspace, settings)
    return said_of_the_same(showcase.workspace, stamp, showcase.clock.now())


def test_the_same_is_said_of_the_same(showcase: LivingShowcase) -> None:
    """Lines, warnings and the exit code come back as they were."""
    remembered(showcase)
    assert said(showcase) == SAID


@pytest.mark.parametrize("number", range(len(SETTINGS)))
def test_each_setting_is_a_reason_to_build(showcase: LivingShowcase, number: int) -> None:
    """What was asked for otherwise is made otherwise."""
    remembered(showcase)
    other = (*SETTINGS[:number], "another", *SETTINGS[number + 1 :])
    assert said(showcase, other) is None
    assert said(showcase) == SAID


def test_another_program_is_a_reason_to_build(showcase: LivingShowcase) -> None:
    """Other code says other things of the same facts."""
    stamp = remembered(showcase)
    other = replace(stamp, program="another")
    assert said_of_the_same(showcase.workspace, other, showcase.clock.now()) is None


def test_each_package_beside_it_is_part_of_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library that was installed, updated or taken out may make other bytes."""
    monkeypatch.syspath_prepend(tmp_path)
    found = [fingerprint()]
    for version in ("1", "2"):
        record = tmp_path / f"nh3-{version}.dist-info"
        record.mkdir()
        found.append(fingerprint())
        record.rmdir()
    assert len({*found, fingerprint()}) == len(found)


def test_facts_of_the_future_are_for_a_build_to_judge(showcase: LivingShowcase) -> None:
    """Where the clock went back, what was remembered says nothing."""
    remembered(showcase)
    stamp = stamp_of(showcase.workspace, SETTINGS)
    earlier = showcase.clock.now() - timedelta(seconds=1)
    assert said_of_the_same(showcase.workspace, stamp, earlier) is None


def inputs_of(showcase: LivingShowcase) -> dict[str, Path]:
    """Name a file of each kind that a build reads or proves its site by."""
    place, glossary = showcase.workspace, showcase.workspace.registry.with_name("words.yaml")
    judgements = place.registry.with_name("judgements.jsonl")
    return {
        "registry": place.registry,
        "more of the registry": place.registry.parent / "registry.d" / "more.yaml",
        "glossary": glossary,
        "judgements": judgements,
        "facts": place.database,
        "facts not yet written back": place.database.with_name(f"{place.database.name}-wal"),
        "template": showcase.templates / "deep" / "base.html",
        "style": showcase.templates / "static" / "own.css",
        "proof beside the facts": place.proof,
        "page": place.output / "about" / "index.html",
        "list of our files": place.output / MARKER,
        "file of the community": place.output / "CNAME",
        "file of nobody": place.output / "projects" / "notes.txt",
        "left by a dead build": place.output.parent / ".output.new-0123456789abcdef" / "half",
        "memory of the site": place.manifest,
    }


READ = (
    *("registry", "more of the registry", "glossary", "judgements"),
    *("facts", "facts not yet written back"),
    *("template", "style"),
)
KINDS = (
    *READ,
    *("proof beside the facts", "page", "list of our files", "memory of the site"),
    *("file of the community", "file of nobody", "left by a dead build"),
)


def test_every_kind_of_input_is_asked_for(showcase: LivingShowcase) -> None:
    """The list for the next test is the whole one."""
    assert set(KINDS) == inputs_of(showcase).keys()


@pytest.mark.parametrize("kind", KINDS)
def test_each_input_that_came_went_or_changed_is_a_reason_to_build(
    showcase: LivingShowcase, kind: str
) -> None:
    """Also a file that is named and was not there yet."""
    path = inputs_of(showcase)[kind]
    before = path.read_bytes() if path.exists() else None
    named = inputs_of(showcase)
    stamp = remembered(showcase, named["glossary"], named["judgements"])
    assert said(showcase) == SAID
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\n" + (before or b""))
    try:
        assert said(showcase) is None, "changed, or came"
        if kind in READ:
            remember(showcase.workspace, stamp, SAID, showcase.clock.now())
            assert said(showcase) is None, "nobody knows whether what changed meanwhile was read"
        path.unlink()
        assert said(showcase) is None or before is None, "went"
    finally:
        path.unlink(missing_ok=True)
        if before is not None:
            path.write_bytes(before)
        elif kind == "left by a dead build":
            path.parent.rmdir()
        showcase.build()


@pytest.mark.parametrize("there", [True, False])
def test_a_file_that_is_named_may_come_and_go(showcase: LivingShowcase, there: bool) -> None:
    """A glossary that is named before it is written is read once it is there."""
    glossary = showcase.workspace.registry.with_name("later.yaml")
    if there:
        glossary.write_text("RTT: waiting")
    remembered(showcase, glossary)
    assert said(showcase) == SAID
    if there:
        glossary.unlink()
    else:
        glossary.write_text("RTT: waiting")
    assert said(showcase) is None
    glossary.unlink(missing_ok=True)


def test_a_key_changes_with_each_part_of_what_a_file_is_made_from(
    showcase: LivingShowcase,
) -> None:
    """Its recipe, and each value as it stands in its place, but not its path."""

    def recipe(_: object) -> bytes:
        return b""

    def other(_: object) -> bytes:
        return b""

    stamp = Stamp("program", ("settings",), {"file": "sum"})
    base = File("a", (stamp, "text", b"bytes", 1), recipe)
    changed: dict[str, Callable[[], File]] = {
        "recipe": lambda: replace(base, recipe=other),
        "first field": lambda: replace(
            base, values=(replace(stamp, program="p"), "text", b"bytes", 1)
        ),
        "last field": lambda: replace(base, values=(replace(stamp, files={}), "text", b"bytes", 1)),
        "text": lambda: replace(base, values=(stamp, "other", b"bytes", 1)),
        "bytes": lambda: replace(base, values=(stamp, "text", b"other", 1)),
        "number": lambda: replace(base, values=(stamp, "text", b"bytes", 2)),
        "kind of a value": lambda: replace(base, values=(stamp, "text", b"bytes", "1")),
        "order": lambda: replace(base, values=("text", stamp, b"bytes", 1)),
        "one less": lambda: replace(base, values=(stamp, "text", b"bytes")),
    }
    keys = {what: make().key for what, make in changed.items()}
    assert base.key not in keys.values()
    assert len(set(keys.values())) == len(keys), keys
    assert replace(base, path="b").key == base.key


def test_the_memory_names_the_files_of_the_site_and_no_others(showcase: LivingShowcase) -> None:
    """A page that is gone is forgotten, with the name of the project that it was of."""
    place = showcase.workspace
    gone = showcase.entries[-1]["repo"]
    CHANGES["take_out"](showcase, len(showcase.entries) - 1)
    showcase.build()
    known = Manifest(place.manifest, fingerprint(), place.output).known()
    assert known.keys() == tree(place.output).keys() - {MARKER}
    assert not [path for path in known if gone in path]
    CHANGES["put_in"](showcase, len(showcase.spare) - 1)
    showcase.build()


def test_what_another_program_or_another_folder_has_is_not_known(
    showcase: LivingShowcase, tmp_path: Path
) -> None:
    """Equal keys mean equal bytes of one program, and times those of one folder."""
    place, program = showcase.workspace, fingerprint()
    assert Manifest(place.manifest, program, place.output).known()
    assert not Manifest(place.manifest, "another", place.output).known()
    assert not Manifest(place.manifest, program, tmp_path).known()
