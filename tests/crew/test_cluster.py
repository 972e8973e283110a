"""A Dask cluster some of which is killed: the work is done, or it is said why not."""

import shutil
import sys
from pathlib import Path

import pytest

from aggregator.readme.readme import Readme
from aggregator.readme.readme_memo import open_readmes
from aggregator.run import cluster as subject
from aggregator.run.chunks import work
from aggregator.run.crews import open_crew
from aggregator.words.errors import OperatorError, UsageError
from tests.crew import tasks
from tests.crew.conftest import Cluster, bytes_in, cluster_in, needs_dask
from tests.program import clean_environment, run_program


@needs_dask
def test_a_worker_that_is_killed_in_the_middle_changes_nothing(brittle_cluster: Cluster) -> None:
    """The other one does what it was doing."""
    first, second = brittle_cluster.workers
    with open_crew("dask", scheduler=brittle_cluster.address) as crew:
        results = crew.map(tasks.process_of_slowly, range(600))
        begun = [next(results) for _ in range(100)]
        first.kill()
        rest = list(results)
    assert len(begun) + len(rest) == 600
    assert first.pid in begun
    assert rest[-1] == second.pid


@needs_dask
def test_an_item_that_kills_every_worker_is_named(tmp_path: Path) -> None:
    """Workers that a nurse starts again die of it until it is known which it is."""
    with (
        cluster_in(tmp_path, nursed=True) as running,
        open_crew("dask", scheduler=running.address) as crew,
    ):
        results = crew.map(tasks.killed_always, range(20))
        assert [next(results) for _ in range(13)] == list(range(13))
        with pytest.raises(OperatorError, match="died each time at 13: "):
            next(results)


@needs_dask
def test_without_any_worker_the_build_ends_after_a_while(
    brittle_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for ever for machines that do not come back."""
    monkeypatch.setattr(subject, "_LOOK", 0.2)
    monkeypatch.setattr(subject, "_ABANDONED", 1.0)
    with open_crew("dask", scheduler=brittle_cluster.address) as crew:
        results = crew.map(tasks.process_of_slowly, range(10_000))
        next(results)
        for worker in brittle_cluster.workers:
            worker.kill()
        with pytest.raises(OperatorError, match=r"no worker is left.*old site is untouched"):
            list(results)


@needs_dask
def test_a_scheduler_that_goes_away_is_one_clear_error(brittle_cluster: Cluster) -> None:
    """What a build of hours died of is told in a line."""
    with open_crew("dask", scheduler=brittle_cluster.address) as crew:
        results = crew.map(tasks.process_of_slowly, range(10_000))
        next(results)
        brittle_cluster.scheduler.kill()
        with pytest.raises(OperatorError, match=r"the Dask cluster does not work any more: .*site"):
            list(results)


@needs_dask
def test_a_worker_of_another_version_is_refused(tmp_path: Path) -> None:
    """One changed line in one file is another version: its pages could differ."""
    other = tmp_path / "other"
    shutil.copytree(Path(subject.__file__).parents[1], other / "aggregator")
    changed = other / "aggregator" / "words" / "phrases.py"
    changed.write_text(changed.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    with (
        cluster_in(tmp_path, workers=1, path=other) as running,
        pytest.raises(UsageError, match=r"has another version than this program: it runs .*; here"),
    ):
        open_crew("dask", scheduler=running.address).__enter__()


@needs_dask
def test_a_worker_without_the_program_is_refused(tmp_path: Path) -> None:
    """The message says what the worker cannot find."""
    empty = tmp_path / "empty" / "aggregator"
    empty.mkdir(parents=True)
    (empty / "__init__.py").touch()
    with (
        cluster_in(tmp_path, workers=1, path=empty.parent) as running,
        pytest.raises(UsageError, match=r"another version.*cannot run it: .*aggregator"),
    ):
        open_crew("dask", scheduler=running.address).__enter__()


@needs_dask
def test_a_piece_for_another_version_is_refused_by_whoever_gets_it() -> None:
    """A worker that joins later was not there to be asked at the beginning."""
    with pytest.raises(UsageError, match="another version"):
        subject.work_alike(b"", "0.0/another")


@needs_dask
def test_an_address_where_nobody_answers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cure is in the message."""
    monkeypatch.setattr(subject, "_ANSWER", 1.0)
    with pytest.raises(UsageError, match=r"no Dask scheduler answers at .*mend --scheduler"):
        open_crew("dask", scheduler="tcp://127.0.0.1:1").__enter__()


@needs_dask
@pytest.mark.parametrize(
    "address", ["nowhere at all", "http//x", "tcp://127.0.0.1:port", "127.0.0.1", "foo://x:1"]
)
def test_what_is_no_address_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip in the address is the operator's to mend, not a bug, and no client is begun for it."""

    def begun(*_: object, **__: object) -> None:
        pytest.fail("a client was begun, which then ends with a trace of its own")

    monkeypatch.setattr("distributed.Client", begun)
    with pytest.raises(UsageError, match="no Dask scheduler answers at"):
        open_crew("dask", scheduler=address).__enter__()


@needs_dask
def test_a_scheduler_without_workers_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody started the one and forgot the other."""
    monkeypatch.setattr(subject, "_ANSWER", 1.0)
    with (
        cluster_in(tmp_path, workers=0) as running,
        pytest.raises(UsageError, match=r"has no workers: .*dask worker"),
    ):
        open_crew("dask", scheduler=running.address).__enter__()


@needs_dask
def test_the_command_line_builds_the_same_site_with_a_cluster(
    sample: Path, cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Page for page, byte for byte; READMEs are rendered there, too."""
    shutil.copytree(sample, tmp_path, dirs_exist_ok=True)
    shutil.rmtree(tmp_path / ".aggregator" / "cache")
    monkeypatch.setattr("aggregator.readme.workers._by_threads", None)  # who renders them here
    words = ["build", "--output", "again", "--crew", "dask", "--scheduler", cluster.address]
    done = run_program(words, tmp_path, clean_environment())
    assert done.returncode == 0, done.stderr
    assert bytes_in(tmp_path / "again") == bytes_in(tmp_path / "output")


@pytest.mark.parametrize("kind", ["none", "processes"])
def test_the_command_line_refuses_half_an_order(kind: str, tmp_path: Path) -> None:
    """A scheduler without --crew dask is a slip, told before anything is made."""
    words = ["build", "--crew", kind, "--scheduler", "tcp://127.0.0.1:8786"]
    (tmp_path / "registry.yaml").write_text("showcase:\n  title: Ours\nprojects: []\n")
    done = run_program(words, tmp_path, clean_environment())
    assert (done.returncode, "add --crew dask" in done.stderr) == (2, True)


def test_texts_that_pages_name_go_along_to_machines_that_do_not_have_them(tmp_path: Path) -> None:
    """A worker elsewhere sees no cache of ours."""
    with open_readmes(tmp_path) as memo:
        kept = memo.keep({"key": Readme("<p>long</p>" * 100).to_fields()})["key"]
    chunk = subject._packed_whole(tasks.text_of, [kept.html])
    shutil.rmtree(tmp_path)
    assert work(chunk).made == ["<p>long</p>" * 100]


def test_dask_without_an_address_is_told() -> None:
    """Nothing is guessed."""
    with pytest.raises(UsageError, match="add --scheduler ADDRESS"):
        open_crew("dask").__enter__()


def test_without_the_extra_the_cure_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever installed no Dask learns how."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install 'community-showcase\[distributed\]'"):
        open_crew("dask", scheduler="tcp://127.0.0.1:8786").__enter__()


def test_the_print_of_the_code_names_version_python_and_libraries() -> None:
    """It stands in messages, so it is read by people."""
    version = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    assert version in subject.code_print()
