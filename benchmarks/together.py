"""Whether several processes in one folder always leave a whole site, killed or not.

Run: python -m benchmarks.together [COMBINATIONS] [SEED]

Each combination is two or three commands at once over one state and one output folder, some of
them killed half-way. After each the site must be whole: every file that its own list names and no
other, every link within it leads somewhere, what the community keeps is there, and the catalogue
can be read. While they run, readers must find the first page at every look.
"""

import hashlib
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from posixpath import normpath
from urllib.parse import unquote

from aggregator.run.serve import serving
from aggregator.run.site_folder import ALWAYS_KEPT, MARKER, NO_SUM
from aggregator.store.store import read_snapshot
from tests.stand_in.server import Server, serve
from tests.stand_in.world import sample_community

COMBINATIONS = 200
SEED = 20261129
_LISTED = (
    "carrowdale-community/frailty-flags",
    "eastmarch-care-modelling/fair-odds",
    "health-data-guild/acronym-soup",
    "larkmere-hospitals/theatre-tetris",
    "wrenford-icb/waiting-list-ladder",
)
_REGISTRY = "showcase:\n  title: Together\n  keep: [.well-known]\nprojects:\n"
# The demo has a registry of its own, which does not keep `.well-known`: it leaves it and says so.
_NAMED = "holds files that no build wrote"
_KEPT = {"CNAME": "a.example", ".git/HEAD": "ref", ".well-known/security.txt": "write to us"}
_ENDLESS = frozenset({"serve", "schedule"})
_WEIGHTS = {"build": 6, "run": 5, "serve": 4, "schedule": 3, "restore": 4, "update": 4, "demo": 1}
_WAITS = 120.0
_BUSY = re.compile(r"another process is at work on .+ process \d+ on .+ since 20")


@dataclass
class Figures:
    """What a soak found."""

    combinations: int = 0
    killed: int = 0
    refused: int = 0  # told who is at work
    ended: Counter[str] = field(default_factory=Counter)  # commands that ended by themselves
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """A folder with a state and a site, and what its commands may ask."""

    folder: Path
    published: str  # address that the catalogue can be restored from
    environment: Mapping[str, str]

    @property
    def site(self) -> Path:
        """The folder that readers see."""
        return self.folder / "output"

    def start(self, word: str) -> subprocess.Popen[str]:
        """Start a command as somebody else would."""
        more = {
            "serve": ["--port", "0"],
            "restore": [self.published],
            "schedule": ["--cron", "0 0 1 1 *"],
        }
        return subprocess.Popen(
            [sys.executable, "-m", "aggregator", word, *more.get(word, [])],
            cwd=self.folder,
            env=dict(self.environment),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )


def problems_of(site: Path) -> list[str]:
    """Say what is missing from a site, or too much in it, or leads nowhere."""
    marker = site / MARKER
    if not marker.is_file():
        return [f"{site} is no site"]
    found = re.findall(r"^([0-9a-f]{64})  (.+)$", marker.read_text(encoding="utf-8"), re.MULTILINE)
    listed = {name: digest for digest, name in found}
    there = {p.relative_to(site).as_posix(): p for p in site.rglob("*") if p.is_file()}
    ours = {n: p for n, p in there.items() if n != MARKER and not _is_kept(n)}
    wrong = [f"{name} is missing" for name in listed.keys() - ours.keys()]
    wrong += [f"{name} is too much" for name in ours.keys() - listed.keys()]
    for name in listed.keys() & ours.keys():
        if listed[name] not in {NO_SUM, hashlib.sha256(ours[name].read_bytes()).hexdigest()}:
            wrong.append(f"{name} is not as it was written")
    return sorted([*wrong, *_dead_links(site, set(listed))])


def _is_kept(name: str) -> bool:
    return name.partition("/")[0] in {*ALWAYS_KEPT, ".well-known"}


def _dead_links(site: Path, listed: set[str]) -> Iterator[str]:
    for page in sorted(name for name in listed if name.endswith(".html") and name != "404.html"):
        if not (site / page).is_file():
            continue
        text = (site / page).read_text(encoding="utf-8")
        for link in set(re.findall(r'(?:href|src|action)="([^"#?]+)', text)):
            if not re.match(r"[a-z]+:", link):
                target = normpath(f"{page.rpartition('/')[0]}/{unquote(unescape(link))}").lstrip(
                    "/"
                )
                if not {target, f"{target}/index.html".removeprefix("./").lstrip("/")} & listed:
                    yield f"{page} links to {link}"


@contextmanager
def open_place(folder: Path, surroundings: Mapping[str, str]) -> Iterator[Place]:
    """Make a first site, with files of the community in it, and a catalogue to restore from."""
    entries = "".join(f"  - {name}\n" for name in _LISTED)
    (folder / "registry.yaml").write_text(_REGISTRY + entries, encoding="utf-8")
    with serve(sample_community()) as github:
        first = Place(folder, "", {**surroundings, **_asking(github)})
        if problem := _finish(first.start("run")):
            raise RuntimeError(problem)
        _copy(first.site / "data" / "catalogue.db", folder / "before" / "data" / "catalogue.db")
        for name, text in _KEPT.items():
            (first.site / name).parent.mkdir(exist_ok=True)
            (first.site / name).write_text(text, encoding="utf-8")
        with serving(folder / "before", 0) as published:
            yield Place(folder, published, first.environment)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(source.read_bytes())


def _asking(github: Server) -> Mapping[str, str]:
    return {
        "GITHUB_API_URL": github.api_url,
        "GITHUB_GRAPHQL_URL": github.graphql_url,
        "GITHUB_TOKEN": "any-word",
    }


def soak(place: Place, combinations: int, seed: int) -> Figures:
    """Let random combinations of commands work at once, and look at the site after each."""
    chance = random.Random(seed)
    figures = Figures()
    for number in range(combinations):
        words = chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()), k=chance.choice((2, 2, 3)))
        found = [*_together(place, words, chance, figures), *_standing(place)]
        figures.combinations += 1
        figures.problems += [f"{number} {'+'.join(words)}: {problem}" for problem in found[:3]]
    problem = _finish(place.start("build"))
    figures.problems += [problem] if problem else []
    beside = {p.name for p in place.folder.iterdir() if p.name.startswith(".output.")}
    figures.problems += [f"{name} was left" for name in sorted(beside - {".output.lock"})]
    return figures


def _together(
    place: Place, words: Sequence[str], chance: random.Random, figures: Figures
) -> Iterator[str]:
    began = time.monotonic()
    running = {key: place.start(key[1]) for key in enumerate(words)}
    ends = {
        key: began + chance.uniform(0.5, 4.0)
        for key in running
        if key[1] in _ENDLESS or chance.random() < 0.4
    }
    waiting = dict(running)
    while waiting:
        if not (place.site / "index.html").is_file():
            yield "readers found no site"
            break
        for key, process in list(waiting.items()):
            if process.poll() is not None:
                del waiting[key]
            elif ends.get(key, began + _WAITS) < time.monotonic():
                process.send_signal(signal.SIGKILL if key in ends else signal.SIGABRT)
        time.sleep(0.005)
    for (_, word), process in running.items():
        yield from _judged(word, process, figures)


def _judged(word: str, process: subprocess.Popen[str], figures: Figures) -> Iterator[str]:
    _, said = process.communicate()
    if process.returncode == -signal.SIGKILL:
        figures.killed += 1
    elif process.returncode == 0 or (word == "demo" and _NAMED in said):
        figures.ended[word] += 1
    elif process.returncode == 1 and _BUSY.search(said) and "Traceback" not in said:
        figures.refused += 1
    else:
        yield f"{word} ended with {process.returncode}: {said.strip()[-300:]}"


def _standing(place: Place) -> Iterator[str]:
    yield from problems_of(place.site)
    for name, text in _KEPT.items():
        kept = place.site / name
        # A history is moved once the new site stands; a build killed just there leaves it beside.
        beside = place.folder.glob(f".output.new-*/{name}")
        if not any(p.is_file() and p.read_text() == text for p in (kept, *beside)):
            yield f"{name} of the community is gone"
    snapshot = read_snapshot(place.folder / ".aggregator" / "catalogue.db")
    lost = [name for name in _LISTED if not (r := snapshot.record(name)) or not r.facts]
    if lost:
        yield f"the catalogue lost {', '.join(lost)}"


def _finish(process: subprocess.Popen[str]) -> str:
    _, said = process.communicate(timeout=_WAITS)
    return "" if process.returncode == 0 else f"ended with {process.returncode}: {said[-300:]}"


def main(words: Sequence[str]) -> int:
    """Print how many combinations were tried and what was wrong."""
    combinations, seed = (*map(int, words), *(COMBINATIONS, SEED)[len(words) :])
    with (
        tempfile.TemporaryDirectory(prefix="together-") as folder,
        open_place(Path(folder), {"NO_COLOR": "1", "PATH": "/usr/bin:/bin"}) as place,
    ):
        figures = soak(place, combinations, seed)
    print(
        f"{figures.combinations} combinations (seed {seed}): {figures.killed} processes killed, "
        f"{figures.refused} told who is at work, {sum(figures.ended.values())} ended well "
        f"({', '.join(f'{n} {w}' for w, n in sorted(figures.ended.items()))}), "
        f"{len(figures.problems)} problems"
    )
    for problem in figures.problems:
        print(f"  {problem}")
    return 1 if figures.problems else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
