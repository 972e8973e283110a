"""Processes are started when it pays, survive what happens to some of them, and end with us."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from aggregator.run import processes
from aggregator.run.crews import IN_PLACE, open_crew
from aggregator.run.processes import PRELOADED, ProcessCrew
from aggregator.words.errors import OperatorError, UsageError
from tests.crew import tasks
from tests.program import ROOT, clean_environment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


def test_a_few_items_are_done_here() -> None:
    """A small showcase never waits for processes to start."""
    with ProcessCrew(2) as crew:
        assert set(crew.map(tasks.process_of, range(100))) == {os.getpid()}


def test_processes_are_started_once_the_work_is_worth_it() -> None:
    """What one call took counts for the next, and the order stays across the change."""
    with ProcessCrew(2, worth_a_start=0.05) as crew:
        assert list(crew.map(tasks.squared_slowly, range(40))) == [n * n for n in range(40)]
        assert os.getpid() not in set(crew.map(tasks.process_of, range(10)))


def test_one_processor_works_alone() -> None:
    """There is nobody to share with."""
    with open_crew("processes", 1) as crew:
        assert crew is IN_PLACE


def test_a_script_that_asks_for_workers_is_not_run_by_them(tmp_path: Path) -> None:
    """No guard is needed, and what stands in the script itself is done where it stands."""
    (tmp_path / "script.py").write_text(
        "import os\n"
        "from aggregator.run.processes import ProcessCrew\n"
        "from tests.crew.tasks import process_of\n"
        "print('begun')\n"
        "def here(_):\n"
        "    return os.getpid()\n"
        "with ProcessCrew(2, worth_a_start=0) as crew:\n"
        "    print(os.getpid() in set(crew.map(process_of, range(20))))\n"
        "    print(set(crew.map(here, range(20))) == {os.getpid()})\n"
    )
    done = subprocess.run(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        env=clean_environment() | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout.split(), done.stderr) == (["begun", "False", "True"], "")


def test_a_killed_process_costs_nothing_but_time(tmp_path: Path) -> None:
    """What it was doing is done again by another one."""
    items = [(number, tmp_path / "flag") for number in range(200)]
    with ProcessCrew(2, worth_a_start=0) as crew:
        assert list(crew.map(tasks.killed_once, items)) == list(range(200))
    assert (tmp_path / "flag").exists()


def test_an_item_that_always_kills_is_named() -> None:
    """Its neighbours are done, it is tried alone, and then the error says which it was."""
    with ProcessCrew(2, worth_a_start=0) as crew:
        results = crew.map(tasks.killed_always, range(60))
        assert [next(results) for _ in range(13)] == list(range(13))
        with pytest.raises(OperatorError, match=r"died each time at 13: .*memory"):
            next(results)
        assert list(crew.map(tasks.squared, range(3))) == [0, 1, 4]


def test_where_no_process_can_be_started_the_work_is_done_here(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Some hosts allow no semaphores, and some no further process."""

    def refused(_: int) -> None:
        raise OSError("[Errno 38] Function not implemented")

    monkeypatch.setattr(processes, "_Pool", refused)
    with ProcessCrew(2, worth_a_start=0) as crew:
        assert set(crew.map(tasks.process_of, range(10))) == {os.getpid()}
    assert "no worker processes can be started" in caplog.text


def test_an_error_that_cannot_travel_is_told_all_the_same() -> None:
    """Its kind, its words and where it was raised are there."""
    with (
        ProcessCrew(2, worth_a_start=0) as crew,
        pytest.raises(RuntimeError, match="OddError: this and that") as raised,
    ):
        list(crew.map(tasks.failing_oddly, range(3)))
    assert "failing_oddly" in "\n".join(raised.value.__notes__)


def _is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2]
    except OSError:
        return False
    return state.split()[0] != "Z"


def _soon(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + 20
    while not true() and time.monotonic() < until:
        time.sleep(0.05)
    return true()


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")
@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_the_program(ended_by: signal.Signals, tmp_path: Path) -> None:
    """Neither Ctrl-C nor kill -9 leaves anybody behind who would write on."""
    (tmp_path / "script.py").write_text(
        "from aggregator.run.processes import ProcessCrew\n"
        "from tests.crew.tasks import process_of_slowly\n"
        "with ProcessCrew(2, worth_a_start=0) as crew:\n"
        "    for one in crew.map(process_of_slowly, range(1_000_000)):\n"
        "        print(one, flush=True)\n"
    )
    running = subprocess.Popen(
        [sys.executable, "script.py"],
        cwd=tmp_path,
        env=clean_environment() | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout
    workers = {int(running.stdout.readline()) for _ in range(100)}
    assert len(workers) == 2
    assert all(map(_is_alive, workers))
    running.send_signal(ended_by)
    _, said = running.communicate(timeout=30)
    assert _soon(lambda: not any(map(_is_alive, workers)))
    assert "KeyboardInterrupt" in said or ended_by is signal.SIGKILL


@pytest.mark.parametrize("module", PRELOADED)
def test_what_is_loaded_before_workers_fork_is_there(module: str) -> None:
    """A renamed module would cost each worker its own loading, and nobody would notice."""
    assert import_module(module)


def test_a_scheduler_without_a_cluster_is_a_mistake() -> None:
    """Half of an order is not carried out in silence."""
    with pytest.raises(UsageError, match="--scheduler is given without --crew dask"):
        open_crew("processes", 2, "tcp://127.0.0.1:1")
