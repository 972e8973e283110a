"""Whether the site that stands there is the one that a build would make: looked at before any work.

    everything that a build reads --stamp_of--> Stamp --as at the last build?--> nothing to do

What the last build said is kept with its stamp, to be said again. Nothing that a build reads may be
missing here: registry, facts, templates, settings, the code itself, and what stands in the output
folder with the proofs of it.
"""

import json
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from aggregator.run.manifest import Manifest
from aggregator.run.publish import leavings
from aggregator.run.site_folder import MARKER, Stat, leaves, sum_of, sum_of_found, sum_of_leaves
from aggregator.run.workspace import Workspace
from aggregator.store.locking import write_whole

_PACKAGE = Path(__file__).resolve().parent.parent
_NOT_CODE = frozenset({"__pycache__", "site_templates"})
# In the wheel or beside it in a checkout, as `theme` looks for them; importing that takes longer
# than all that is done here.
_TEMPLATES = (_PACKAGE / "site_templates", _PACKAGE.parent / "site_templates")
_PLACE = "build.json"


@dataclass(frozen=True, slots=True)
class Said:
    """What a build told people, line by line, what it warned of, and its exit code."""

    lines: tuple[str, ...]
    warnings: tuple[str, ...]
    code: int


@dataclass(frozen=True, slots=True)
class Stamp:
    """All that a build reads, besides what it finds in the output folder.

    Args:
        program: names the code.
        settings: what was asked for, and what the surroundings say.
        files: the sum of each file.
    """

    program: str
    settings: tuple[str, ...]
    files: Mapping[str, str]

    def with_more(self, paths: Iterable[Path]) -> "Stamp":
        """Add files that the registry names; that one is not there is told as well."""
        more = {str(path): sum_of(path) if path.is_file() else "" for path in paths}
        return replace(self, files={**self.files, **more})


def stamp_of(workspace: Workspace, settings: Sequence[str]) -> Stamp:
    """Sum up what a build of a workspace reads."""
    return Stamp(fingerprint(), tuple(settings), _sums(_inputs(workspace)))


def said_of_the_same(workspace: Workspace, stamp: Stamp, now: datetime) -> Said | None:
    """Give what the last build said when another would make the same site, else None.

    `now` is the time: facts that are yet to come are for a build to judge.
    """
    # A memory that cannot be read, for whatever reason, only means building.
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        last = json.loads((workspace.cache / _PLACE).read_bytes())
        more = [Path(name) for name in last["stamp"]["files"] if name not in stamp.files]
        stamp = stamp.with_more(more)
        fetched_at = last["fetched_at"] and datetime.fromisoformat(last["fetched_at"])
        same = last["stamp"] == _plain(stamp) and last["stands"] == _stands(
            workspace, sum_of_leaves(workspace.output)
        )
        if same and (fetched_at is None or fetched_at <= now):
            said = last["said"]
            return Said(tuple(said["lines"]), tuple(said["warnings"]), int(said["code"]))
    return None


def remember(workspace: Workspace, stamp: Stamp, said: Said, fetched_at: datetime | None) -> None:
    """Keep what a build read and said; a disk that is full only means building again.

    Args:
        workspace: where everything is.
        stamp: what there was to read before the build.
        said: what it said.
        fetched_at: the time of its facts.
    """
    with suppress(OSError, ValueError):
        now = stamp_of(workspace, stamp.settings)
        if now.with_more(Path(name) for name in stamp.files if name not in now.files) != stamp:
            return  # something changed meanwhile, and nobody knows what of it was read
        content = {
            "stamp": _plain(stamp),
            "stands": _stands(workspace, sum_of_found(_as_written(workspace, stamp))),
            "fetched_at": fetched_at.isoformat() if fetched_at else None,
            "said": _plain(said),
        }
        workspace.cache.mkdir(parents=True, exist_ok=True)
        write_whole(workspace.cache / _PLACE, json.dumps(content).encode())


def fingerprint() -> str:
    """Name all code that a site is made by: equal names mean equal bytes of equal inputs.

    Two programs of one version number differ while somebody works on one of them, so the files
    themselves are summed up.
    """
    whole = sha256(f"{platform.python_version()} {sys.platform}\0".encode())
    for path in sorted(_PACKAGE.rglob("*")):
        inside = path.relative_to(_PACKAGE)
        if _NOT_CODE.isdisjoint(inside.parts) and path.is_file():
            whole.update(f"{inside.as_posix()}\0{sum_of(path)}\0".encode())
    # Packages are told with their versions by the folders of their records:
    # https://packaging.python.org/en/latest/specifications/recording-installed-packages/
    found = (p.name for folder in dict.fromkeys(sys.path) for p in Path(folder).glob("*.dist-info"))
    whole.update("\0".join(sorted(found)).encode())
    return whole.hexdigest()


def _inputs(workspace: Workspace) -> Iterator[Path]:
    registry, database = workspace.registry, workspace.database
    yield registry
    yield workspace.websites
    yield workspace.neighbours
    yield from database.parent.glob(f"{database.name}*")  # with what is not yet written back
    beside = (registry.parent / name for name in ("registry.d", "pages"))
    for folder in (*beside, workspace.templates, *_TEMPLATES):
        yield from folder.rglob("*") if folder else ()


def _sums(paths: Iterable[Path]) -> dict[str, str]:
    return {str(path): sum_of(path) for path in sorted(paths) if path.is_file()}


def _stands(workspace: Workspace, found: str) -> list[Any]:
    """Describe what stands, by the sum of the output folder, and what a build knows of it."""
    if leavings(workspace.output):
        raise ValueError("a build died, and the next one tidies up")
    # What a build that died left in the state is for the next one to erase.
    folders = (folder for folder in (workspace.state, workspace.cache) if folder.is_dir())
    names = sorted(path.name for folder in folders for path in folder.iterdir())
    # The manifest tells nothing that is not found above; one that changed is mended by a build.
    kept = workspace.manifest.stat() if workspace.manifest.is_file() else None
    known = [kept.st_size, kept.st_mtime_ns] if kept else []
    return [found, known, _sums([workspace.proof]), [n for n in names if n != _PLACE]]


def _as_written(workspace: Workspace, stamp: Stamp) -> Mapping[str, Stat | None]:
    """Give what stands in the output folder; ValueError where a page is not as it was written."""
    known = Manifest(workspace.manifest, stamp.program, workspace.output).known()
    found = leaves(workspace.output)
    if MARKER not in found or any(found.get(name) != one.stat for name, one in known.items()):
        raise ValueError("a page is not as it was written")
    return found


def _plain(value: Stamp | Said) -> Any:
    """Give a value as JSON gives it back."""
    return json.loads(json.dumps(asdict(value)))
