"""What every test may ask for: real repositories, the browser, and what is made once for all."""

import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from types import CodeType
from unittest import mock

import jinja2
import pytest
import resvg_py
from filelock import FileLock
from hypothesis import settings
from jinja2.bccache import Bucket
from playwright.sync_api import Browser, sync_playwright

from aggregator.demo.sample import REGISTRY
from tests.program import NOBODY, ROOT, asking, clean_environment, run_program
from tests.stand_in.server import serve
from tests.stand_in.world import sample_community
from tests.warm_workers import WarmWorkers

# The tests start hundreds of processes, in which Python would compile the same again and again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# How long one made-up case takes says how busy a machine is; tests of speed count what they mean.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

SHARED = Path(os.environ.get("AGGREGATOR_SHARED", ROOT.parent / "shared"))
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


# Where whole sites are built, processes started, or thousands of cases tried: folders and modules
# of tests/. Of these and of what needs a browser or the real repositories, each test is `slow`;
# all others together are the unit tests.
SLOW = (
    "adopting/test_action.py",
    "adopting/test_built.py",
    "adopting/test_climate.py",
    "adopting/test_init.py",
    "adopting/test_quickstart.py",
    "adopting/test_upgrade.py",
    "browser/",
    "cli/",
    "crew/",
    "demo/",
    "fetch/test_faults.py",
    "fetch/test_figures.py",
    "fetch/test_outcomes.py",
    "fetch/test_policy.py",
    "fetch/test_shared_nights.py",
    "github/test_contract.py",
    "github/test_replay.py",
    "law/",
    "readme/test_attacks.py",
    "readme/test_bombs.py",
    "readme/test_workers.py",
    "registry/test_workflow_steps.py",
    "search/test_related.py",
    "store/test_kill.py",
    "test_api.py",
    "test_deploy.py",
    "test_outside_cases.py",
    "test_registry_from.py",
    "test_wheel.py",
)
KINDS = ("browser", "corpus", "slow")  # the first that a test has is the one it counts as


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow."""
    tests = ROOT / "tests"
    for item in items:
        path = item.path.relative_to(tests).as_posix()
        if path.startswith(SLOW) or any(map(item.get_closest_marker, KINDS)):
            item.add_marker(pytest.mark.slow)


def pytest_terminal_summary(terminalreporter: "pytest.TerminalReporter") -> None:
    """Say how many tests of each kind there were, and what they took together."""
    seconds, tests = Counter[str](), Counter[str]()
    for report in chain.from_iterable(terminalreporter.stats.values()):
        if isinstance(report, pytest.TestReport):
            kind = next((kind for kind in KINDS if kind in report.keywords), "unit")
            seconds[kind] += report.duration
            tests[kind] += report.when == "call"
    said = (f"{kind} {seconds[kind]:.0f} s for {tests[kind]}" for kind in sorted(tests))
    if tests:
        terminalreporter.write_line(f"seconds of tests, of all processes: {', '.join(said)}")


MakeOnce = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def make_once(tmp_path_factory: pytest.TempPathFactory) -> MakeOnce:
    """Make a folder that all processes of pytest-xdist share: whoever asks first fills it.

    Whoever changes something works on a copy.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def make(name: str, fill: Callable[[Path], None]) -> Path:
        folder = shared / name
        with FileLock(shared / f"{name}.lock"):
            if not folder.exists():
                begun = shared / f"{name}.begun"
                begun.mkdir()
                fill(begun)
                begun.rename(folder)
        return folder

    return make


@pytest.fixture(scope="session")
def sample(make_once: MakeOnce) -> Path:
    """The folder of the sample community: its registry, what GitHub said, and the site."""

    def fill(folder: Path) -> None:
        repositories = shutil.ignore_patterns("repositories")
        shutil.copytree(REGISTRY.parent, folder, dirs_exist_ok=True, ignore=repositories)
        with serve(sample_community()) as github:
            for word in ("update", "build"):
                done = run_program([word], folder, clean_environment() | asking(github))
                assert done.returncode == 0, done.stderr

    return make_once("sample", fill)


@pytest.fixture(scope="session")
def demo(make_once: MakeOnce) -> Path:
    """The folder in which `aggregator demo` was run in this process; `said` is what it said."""

    def fill(folder: Path) -> None:
        done = run_program(["demo"], folder, clean_environment() | NOBODY)
        assert done.returncode == 0, done.stderr
        (folder / "said").write_text(done.stdout, encoding="utf-8")

    return make_once("demo", fill)


class _Compiled(jinja2.BytecodeCache):
    """The templates that this process has compiled; Jinja compares their text before it takes one.

    A build compiles thirty of them, which takes as long as filling them for a small community.
    """

    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self.kept.get(bucket.key, (None, None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code:
            self.kept[bucket.key] = (bucket.checksum, bucket.code)


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once() -> Iterator[None]:
    """Let all builds of this process share what Jinja compiled."""
    with sharing_compiled_templates():
        yield


@contextmanager
def sharing_compiled_templates() -> Iterator[None]:
    """Let all builds share what Jinja compiled, as a program that serves does."""
    genuine, compiled = jinja2.Environment.__init__, _Compiled()

    def begin(self: jinja2.Environment, *args: object, **options: object) -> None:
        genuine(self, *args, **{"bytecode_cache": compiled} | options)  # type: ignore[arg-type]

    with mock.patch.object(jinja2.Environment, "__init__", begin):
        yield


@pytest.fixture(scope="session", autouse=True)
def cards_drawn_once() -> Iterator[None]:
    """Let all builds of this process share the cards that it has drawn: each takes 70 ms."""
    with mock.patch.object(resvg_py, "svg_to_bytes", _Drawn(resvg_py.svg_to_bytes)):
        yield


class _Drawn:
    """The pictures that were drawn, by all that they are drawn from."""

    def __init__(self, draw: Callable[..., bytes]) -> None:
        self._draw = draw
        self._kept: dict[str, bytes] = {}

    def __call__(self, **asked: object) -> bytes:
        key = repr(sorted(asked.items()))
        if key not in self._kept:
            self._kept[key] = self._draw(**asked)
        return self._kept[key]


@pytest.fixture(scope="session")
def warm_workers() -> Iterator[WarmWorkers]:
    """README workers that one build leaves for the next."""
    with closing(WarmWorkers()) as workers:
        yield workers


@pytest.fixture(scope="module")
def lent_workers(warm_workers: WarmWorkers) -> Iterator[None]:
    """Let all builds of a module's tests share their README workers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aggregator.readme.workers.subprocess", warm_workers)
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once: two of Playwright's own loops do not run beside each other.

    Without it the tests that ask for it are skipped with a reason, except where CI is set: there a
    missing browser is a failure.
    """
    if not Path(CHROMIUM).exists() and not os.environ.get("CI"):
        pytest.skip(f"there is no Chromium at {CHROMIUM} (set CHROMIUM to where it is)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(CHROMIUM_ARGS))
        yield chromium
        chromium.close()


def _present(path: Path, what: str) -> Path:
    if not path.exists():
        pytest.skip(f"{what} is not here (looked at {path}; set AGGREGATOR_SHARED to its folder)")
    return path


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real repositories, read where it is and never copied."""
    return _present(SHARED / "corpus", "the folder of real repositories")


@pytest.fixture(scope="session")
def github_schema() -> Path:
    """GitHub's published GraphQL schema, which `develop.py` fetches from npm."""
    path = ROOT / "build" / "github" / "schema.graphql"
    if not path.exists():
        pytest.skip("GitHub's GraphQL schema is not here (`make test` fetches it where npm is)")
    return path


@pytest.fixture(scope="session")
def judged_queries() -> Path:
    """The folder of judged search queries with the program that scores a run."""
    return _present(SHARED / "search", "the folder of judged search queries")
