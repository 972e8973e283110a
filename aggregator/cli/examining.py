"""The command `doctor`: looks at each thing by itself and says how all of them are.

    token, site, disk, packages, registry, memory, nights --each looked at here--> run.doctor

Whatever cannot be looked at keeps nobody from looking at the rest, and nothing is changed.
"""

import platform
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aggregator import __version__
from aggregator.cli.console import say, say_json
from aggregator.cli.environment import Environment, endpoint, environment, utc_now
from aggregator.cli.loading import located
from aggregator.cli.options import (
    output_option,
    registry_option,
    state_option,
)
from aggregator.registry.loader import load
from aggregator.registry.registry import Registry
from aggregator.run import doctor
from aggregator.run.doctor import Diagnosis, SiteSeen
from aggregator.run.guard import Guard
from aggregator.run.proof import Proof, newest, read_proof
from aggregator.run.run_history import last_record
from aggregator.run.schedule import last_run
from aggregator.run.workspace import PUBLISHED_PROOF, Workspace
from aggregator.site.contents import LAST_RUN
from aggregator.store.locking import hold
from aggregator.store.store import read_snapshot
from aggregator.words.causes import Grade
from aggregator.words.errors import AbsentError, AggregatorError, RegistryError, StateError
from aggregator.words.phrases import listed

if TYPE_CHECKING:
    from aggregator.facts.snapshot import Snapshot
    from aggregator.github.download import Downloaded
    from aggregator.github.standing import Asker, ShowcaseHome

_LARGEST_PROOF = 50_000_000
_LONGEST_WORKFLOW = 200_000
_CRON = re.compile(r"""^\s*-\s*cron:\s*["']?([^"'#\n]+)""", re.MULTILINE)
# What a workflow that makes the site has in it: the command, the action's, or what publishes.
_MAKES_THE_SITE = re.compile(
    r"\baggregator (?:run|merge)\b|^\s*command: run\b|actions/deploy-pages@", re.MULTILINE
)


@click.command("doctor")
@registry_option
@state_option
@output_option
@click.option("--offline", is_flag=True, help="Ask neither GitHub nor the site.")
@click.option("--json", "as_json", is_flag=True, help="Write the findings as JSON.")
def doctor_command(registry: Path, state: Path, output: Path, offline: bool, as_json: bool) -> int:
    """Look at everything that a showcase needs, and say what to do where something is wrong."""
    now = utc_now()
    looking = _Looking(Workspace(registry, state, output), environment(), now, offline=offline)
    findings = tuple(looking.findings())
    if as_json:
        say_json(doctor.as_json(findings, now))
    else:
        say(doctor.as_lines(findings))
    return doctor.exit_code(findings)


@dataclass(frozen=True, slots=True)
class _Looking:
    """One look at one showcase."""

    workspace: Workspace
    surroundings: Environment
    now: datetime
    offline: bool = False

    def findings(self) -> Iterator[Diagnosis]:
        """Look at everything in turn."""
        registry, registry_said = self._registry()
        snapshot, memory_said, unreadable = self._memory()
        asker = self._asker()
        repository = registry.showcase.repository
        workflows = self._workflows()
        home = self._home(registry, next(iter(workflows), ""))
        site = self._site(registry)
        here = self._proof_here()
        yield from doctor.of_token(asker, has_token=bool(self.surroundings.token))
        yield from doctor.of_limits(asker, len(registry.projects))
        ours = Guard(repository_id=self.surroundings.repository_id).community(registry, snapshot)
        yield from doctor.of_site(site, registry, ours, here, self.now)
        name = str(repository) if repository else None
        yield from doctor.of_pages(home, name)
        servers = {"GitHub": asker.server_time if asker else None, "the site": site.server_time}
        yield from doctor.of_clock(self.now, servers, snapshot.fetched_at)
        yield from self._disk()
        yield from doctor.of_versions(__version__, platform.python_version(), _misfits())
        yield from registry_said
        yield from memory_said
        stale_after = registry.showcase.stale_after_days
        last, run = last_run(self.workspace.state), last_record(self.workspace.state)
        known = None if unreadable else snapshot
        yield from doctor.of_runs(known, last, run, stale_after, self.now)
        yield from doctor.of_schedule(workflows, home, name, self.now)

    def _registry(self) -> tuple[Registry, Sequence[Diagnosis]]:
        path = self.workspace.registry
        try:
            registry = located(load(path), self.surroundings)
        except RegistryError as problem:
            unreadable = doctor.unreadable_registry(str(path), problem.cause, problem.cure)
            return located(Registry(), self.surroundings), [unreadable]
        return registry, list(doctor.of_registry(registry, str(path)))

    def _memory(self) -> tuple["Snapshot", Sequence[Diagnosis], bool]:
        """Give the memory, what there is to say of it, and whether it cannot be read."""
        from aggregator.facts.snapshot import Snapshot

        state = self.workspace.state
        busy = list(self._busy())
        try:
            snapshot = read_snapshot(self.workspace.database)
        except StateError as problem:
            free = shutil.disk_usage(state if state.exists() else Path()).free
            return Snapshot(), [*busy, doctor.unreadable_memory(problem, free)], True
        return snapshot, [*busy, *doctor.of_memory(snapshot, str(state))], False

    def _busy(self) -> Iterator[Diagnosis]:
        """Say which of the locks another process holds; none is made where none is."""
        output, state = self.workspace.output.resolve(), self.workspace.state
        locks = {
            output.parent / f".{output.name}.lock": str(self.workspace.output),
            state / "catalogue.lock": str(self.workspace.database),
        }
        for lock, what in locks.items():
            if lock.is_file():
                try:
                    with hold(lock, 0.0, what):
                        pass
                except StateError as problem:
                    yield doctor.failed("memory", problem, Grade.LOOK)

    def _asker(self) -> "Asker | None":
        if self.offline:
            return None
        from aggregator.github.standing import ask_who_asks

        return ask_who_asks(endpoint(self.surroundings))

    def _home(self, registry: Registry, workflow: str) -> "ShowcaseHome | None":
        repository = registry.showcase.repository
        if self.offline or repository is None:
            return None
        from aggregator.github.standing import ask_about_home

        name = Path(workflow).name or "publish.yml"
        return ask_about_home(endpoint(self.surroundings), repository, name)

    def _site(self, registry: Registry) -> SiteSeen:
        url = registry.showcase.url
        if url is None or self.offline:
            return SiteSeen(url, doctor.OFFLINE)
        from aggregator.github.download import download

        base = url.rstrip("/")

        def bring(path: str) -> "Downloaded":
            return download(f"{base}/{path}", _LARGEST_PROOF)

        try:
            at = bring("").server_time
            try:
                shown = bring(PUBLISHED_PROOF).content
                night = _or_nothing(lambda: bring(f"data/{LAST_RUN}").content)
                return SiteSeen(url, "", read_proof(shown, url, self.now, night), at)
            except (AbsentError, StateError):  # a site stands there, and it is no showcase
                return SiteSeen(url, server_time=at)
        except AggregatorError as problem:
            return SiteSeen(url, problem.cause or problem.what)

    def _proof_here(self) -> Proof | None:
        found = []
        for path in filter(Path.is_file, self.workspace.proofs):
            with suppress(StateError, OSError):
                beside = path.with_name(LAST_RUN)
                night = beside.read_bytes() if beside.is_file() else None
                found.append(read_proof(path.read_bytes(), str(path), self.now, night))
        return newest(found)

    def _disk(self) -> Iterator[Diagnosis]:
        place = self.workspace.output.resolve()
        standing = next(path for path in (place, *place.parents) if path.exists())
        taken = sum(map(_size_of, (self.workspace.output, self.workspace.state)))
        try:
            free = shutil.disk_usage(standing).free
        except OSError as problem:
            yield doctor.not_asked("disk", problem.strerror or str(problem))
            return
        yield from doctor.of_disk(free, taken, str(standing))

    def _workflows(self) -> dict[str, str]:
        """Give the times of the workflows beside the registry that make the site."""
        folder = self.workspace.registry.resolve().parent
        found = {}
        for path in sorted(folder.glob(".github/workflows/*.y*ml")):
            with suppress(OSError), path.open("rb") as stream:
                text = stream.read(_LONGEST_WORKFLOW).decode("utf-8", errors="replace")
                times = [time.strip() for time in _CRON.findall(text)]
                if times and _MAKES_THE_SITE.search(text):
                    found[path.relative_to(folder).as_posix()] = listed(times)
        return found


def _or_nothing(bring: Callable[[], bytes]) -> bytes | None:
    try:
        return bring()
    except AggregatorError:
        return None


def _size_of(folder: Path) -> int:
    """Add up what lies in a folder; a file that goes meanwhile counts as nothing."""
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            total += path.lstat().st_size
    return total


def _misfits() -> list[str] | None:
    """Name the packages that this program asks for and that are not here; None for no package."""
    from packaging.requirements import Requirement

    # Whatever the package is called, it brings the command; so does an editable installation.
    commands = entry_points(group="console_scripts", name="aggregator")
    package = next((one.dist for one in commands if one.dist), None)
    if package is None:
        return None
    misfits = []
    for one in map(Requirement, package.requires or ()):
        if one.marker and not one.marker.evaluate({"extra": ""}):
            continue
        try:
            here = version(one.name)
        except PackageNotFoundError:
            misfits.append(f"{one.name} is missing")
            continue
        if not one.specifier.contains(here, prereleases=True):
            misfits.append(f"{one.name} {here} is no {one.specifier}")
    return misfits
