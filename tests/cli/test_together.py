"""Several processes in one folder, and files of the community in it: nothing torn, nothing lost."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aggregator.registry.loader import load
from aggregator.run.site_folder import MARKER
from aggregator.store.locking import hold
from benchmarks.together import Place, open_place, problems_of, soak
from tests.program import clean_environment, run_program

Run = Callable[..., subprocess.CompletedProcess[str]]
# benchmarks/together.py tries hundreds. In these six each command but the demo takes part, and of
# those that end by themselves four are killed: restore, build, update and run.
COMBINATIONS, SEED = 6, 142


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A small showcase with a site, a state, and files of the community."""
    with open_place(tmp_path_factory.mktemp("together"), clean_environment()) as opened:
        yield opened


@pytest.fixture
def run(place: Place) -> Run:
    """Run a command there, as a person would."""

    def command(*words: object) -> subprocess.CompletedProcess[str]:
        return run_program([*map(str, words)], place.folder, place.environment)

    return command


@pytest.mark.timeout(600)
def test_whatever_works_at_once_and_dies_leaves_a_whole_site(place: Place) -> None:
    """Commands at once, some killed: the site is whole and the catalogue readable after each."""
    figures = soak(place, COMBINATIONS, SEED)
    assert figures.combinations == COMBINATIONS
    assert figures.killed
    assert figures.problems == []


def test_a_torn_site_would_be_seen(place: Place, run: Run) -> None:
    """The look that the other tests trust finds a lost page, a changed one and a dead link."""
    assert run("build").returncode == 0
    assert problems_of(place.site) == []
    page = place.site / "about" / "index.html"
    page.unlink()
    assert "about/index.html is missing" in problems_of(place.site)
    page.write_text('<a href="../nowhere/">?</a>')
    assert problems_of(place.site) == [
        "about/index.html is not as it was written",
        "about/index.html links to ../nowhere/",
    ]
    assert run("build").returncode == 0
    assert problems_of(place.site) == []


def test_two_builds_of_one_folder_both_end_well(place: Place) -> None:
    """The second build waits for the first, and both leave the same whole site."""
    builds = [place.start("build") for _ in range(2)]
    said = [process.communicate(timeout=120)[1] for process in builds]
    assert [process.returncode for process in builds] == [0, 0], said
    assert problems_of(place.site) == []


def test_an_update_says_who_holds_the_catalogue(place: Place) -> None:
    """Whoever comes second is told which command, process and host it waits for."""
    lock = place.folder / ".aggregator" / "catalogue.lock"
    with hold(lock, 0, "the catalogue"):
        second = place.start("update")
        _, said = second.communicate(timeout=120)
    assert second.returncode == 1
    assert "another process is at work on the catalogue" in said
    assert ", process " in said
    assert " since 20" in said
    assert "try again" in said


def test_files_of_the_community_survive_every_build(place: Place, run: Run) -> None:
    """What is kept by habit or by name is left; any other stranger is left, named and exit 1."""
    (place.site / "notes").mkdir()
    (place.site / "notes" / "mine.txt").write_text("mine")
    done = run("build")
    assert done.returncode == 1
    assert "notes/mine.txt: they were left where they are; name them under showcase.keep" in (
        done.stderr
    )
    assert "CNAME" not in done.stderr
    assert (place.site / "notes" / "mine.txt").read_text() == "mine"
    assert (place.site / ".git" / "HEAD").read_text() == "ref"
    assert (place.site / ".well-known" / "security.txt").is_file()
    (place.site / "notes" / "mine.txt").unlink()
    assert run("build").returncode == 0


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("../secrets", "not a path inside"),
        ("/etc/passwd", "not a path inside"),
        ("a/../../b", "not a path inside"),
        ("C:\\keys", "not a path inside"),
        ("~/keys", "not a path inside"),
        ("a//b", "not a path inside"),
        ("'**'", "old pages would never go away"),
        ("'*/**'", "old pages would never go away"),
        ("x" * 300, "200"),
    ],
)
def test_check_refuses_to_keep_what_is_not_in_the_folder(
    tmp_path: Path, pattern: str, said: str
) -> None:
    """A setting that names files elsewhere, or all files, is a mistake with its line."""
    registry = tmp_path / "registry.yaml"
    registry.write_text(
        f"showcase:\n  title: Together\n  keep:\n    - CNAME\n    - {pattern}\nprojects: []\n"
    )
    done = run_program(["check", "--registry", str(registry)], tmp_path, clean_environment())
    assert done.returncode == 2, done.stdout
    assert "registry.yaml:5" in done.stdout
    assert said in done.stdout


@pytest.mark.parametrize("pattern", ["./proof-*.html", "'**/notes.txt'", ".well-known/", "a/b/c"])
def test_check_takes_what_is_in_the_folder(tmp_path: Path, pattern: str) -> None:
    """Files, folders and patterns below the output folder can be kept."""
    registry = tmp_path / "registry.yaml"
    registry.write_text(f"showcase:\n  title: Together\n  keep: [{pattern}]\nprojects: []\n")
    assert run_program(["check"], tmp_path, clean_environment()).returncode == 0
    assert len(load(registry).showcase.keep) == 1


def test_projects_added_at_once_are_all_listed(tmp_path: Path, place: Place) -> None:
    """Two members at one registry lose no entry, and one that both add stands once."""
    registry = tmp_path / "registry.yaml"
    registry.write_text("projects:\n  - wren/first\n")
    names = [f"wren/{letter}" for letter in "abc"]
    adds = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "aggregator", "add", name, "wren/both"),
                *("--yes", "--offline", "--registry", str(registry)),
            ],
            env=dict(place.environment),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for name in names
    ]
    for process in adds:
        process.wait(120)
    loaded = load(registry)
    listed = [str(entry.repo) for entry in loaded.projects]
    assert sorted(listed) == sorted(["wren/both", "wren/first", *names])
    assert loaded.mistakes == ()
    assert [path.name for path in tmp_path.iterdir()] == ["registry.yaml"]


def test_no_unfinished_copy_of_a_readme_outlives_the_next_build(place: Place, run: Run) -> None:
    """What a killed build left half-written in the state is gone after the next one."""
    state = place.folder / ".aggregator"
    left = [state / "cache" / "0123.4567.tmp", state / "published.db", state / "published.db.part"]
    for file in left:
        file.write_bytes(b"words of a README")
    assert run("build").returncode == 0
    assert [file.name for file in left if file.exists()] == []


def test_a_build_killed_while_it_waits_leaves_the_first_alone(place: Place) -> None:
    """A process that dies while it waits for its turn takes nothing with it."""
    first, second = place.start("build"), place.start("build")
    time.sleep(1)
    second.kill()
    second.communicate()
    _, said = first.communicate(timeout=120)
    assert first.returncode == 0, said
    assert problems_of(place.site) == []
    assert (place.site / MARKER).is_file()
