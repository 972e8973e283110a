"""The documents as a test reads them: their blocks, the commands in these, and which are not run.

A command that cannot be run here is named in `NOT_RUN` with the reason; what is asked of it instead
is that the program which it calls, or the file that it names, knows its words.
"""

import ast
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
import yaml

from aggregator.cli.app import command_of
from tests.conftest import ROOT

PAGES = sorted([*ROOT.glob("[!.]*.md"), *(ROOT / "docs").glob("*.md")])
SHELL = ("sh", "console")
_FENCE = re.compile(r"^( *)(`{3,})(\w*)\n(.*?)^\1\2$", re.MULTILINE | re.DOTALL)
_UNITS = ROOT / "deploy" / "systemd"


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block of a page."""

    page: str
    language: str
    text: str

    @property
    def commands(self) -> tuple[str, ...]:
        """Each command of a block for the shell, on one line, without what a program answers."""
        text = self.text.replace("\\\n", " ")
        if self.language == "console":
            return tuple(re.findall(r"^\$ (.*)$", text, re.MULTILINE))
        return tuple(line for line in text.splitlines() if shlex.split(line, comments=True))


def blocks_of(page: Path) -> tuple[Block, ...]:
    """Read the blocks of a page, each without the indent of the list that it stands in."""
    found = []
    for indent, _, language, body in _FENCE.findall(page.read_text(encoding="utf-8")):
        text = re.sub(rf"^{indent}", "", body, flags=re.MULTILINE)
        found.append(Block(page.name, language, text))
    return tuple(found)


def options_of(words: list[str]) -> None:
    """Let a command of ours read its words; it raises for one that it does not know."""
    name, *rest = words
    command_of(name).make_context(name, rest)


# Instead of running it


def _ours(words: list[str]) -> None:
    """The command reads its words, with an address for what stands for one."""
    try:
        options_of([word.replace("$REGISTRY_FROM", "/srv/registry.git") for word in words[1:]])
    except click.UsageError as problem:
        raise AssertionError(f"{words}: {problem.format_message()}") from problem


def _by_its_help(*program: str) -> Callable[[list[str]], None]:
    """A module of Python's explains each option that is given to it."""

    def read(words: list[str]) -> None:
        called = [sys.executable, "-m", *program, "--help"]
        done = subprocess.run(called, cwd=ROOT, capture_output=True, text=True, check=True)
        named = {word.partition("=")[0] for word in words if word.startswith("-")}
        assert named - set(re.findall(r"(?<![\w-])--?[\w-]+", done.stdout)) == set()

    return read


def _by_make(words: list[str]) -> None:
    """The Makefile has such a target."""
    done = subprocess.run(
        ["make", "--dry-run", *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def _names_files(words: list[str]) -> None:
    """Files of ours that are named are there; so are units, services, and our own words."""
    ours = [word for word in words if re.match(r"deploy/(?!\.env)|constraints\.txt$", word)]
    units = [word for word in words if re.fullmatch(r"[\w-]+\.(timer|service)", word)]
    assert [word for word in ours if not (ROOT / word).exists()] == []
    assert [word for word in units if not (_UNITS / word).exists()] == []
    if "aggregator" in words:
        services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_bytes())["services"]
        at = words.index("aggregator")
        assert words[at - 1] in services
        _ours(words[at:])


def _by_its_text(words: list[str]) -> None:
    """A script says at its top how it is called: with these options, or with this word."""
    script = next(word for word in words if word.endswith(".py"))
    told = ast.get_docstring(ast.parse((ROOT / script).read_text(encoding="utf-8"))) or ""
    assert f"python {script}" in told
    assert [word for word in words if word.startswith("--") and word not in told] == []
    if words[0] == "py":
        assert f"python {' '.join(words[1:])} " in told


def _module(words: list[str]) -> None:
    assert (ROOT / f"{words[2].replace('.', '/')}.py").is_file()


def _package(words: list[str]) -> None:
    assert words[-1] == "community-showcase"


def _nothing_to_read(words: list[str]) -> None:
    """Its words are those of a program that is not here; the page says where they come from."""
    assert len(words) > 1


@dataclass(frozen=True, slots=True)
class NotRun:
    """Commands that begin alike and are not run here, why, and what is asked of them instead."""

    begins: str
    because: str
    reads: Callable[[list[str]], None]


_STAYS = "stays until it is ended; tests of its own run it"
_INDEX = "asks a package index"
_MINUTES = "takes minutes"
NOT_RUN = (
    NotRun("aggregator serve", _STAYS, _ours),
    NotRun("aggregator schedule", _STAYS, _ours),
    NotRun("aggregator sandbox", _STAYS, _ours),
    NotRun("aggregator mcp", _STAYS, _ours),
    NotRun("aggregator build --crew dask", "tests/crew/test_cluster.py has a cluster", _ours),
    NotRun("dask scheduler", _STAYS, _by_its_help("dask", "scheduler")),
    NotRun("dask worker", _STAYS, _by_its_help("dask", "worker")),
    NotRun("pip install", _INDEX, _by_its_help("pip", "install")),
    NotRun("pipx install", _INDEX, _package),
    NotRun("git clone", "asks GitHub", _nothing_to_read),
    NotRun("cd NAME", "nothing was cloned", _nothing_to_read),
    NotRun("make", "would run this test again, and all others", _by_make),
    NotRun(".venv/bin/pytest", "would run this test again", _by_its_help("pytest")),
    NotRun(".venv/bin/python -m benchmarks", _MINUTES, _module),
    NotRun("python benchmarks/", _MINUTES, _by_its_text),
    NotRun("python releasing.py", "no such release is ready; it has tests", _by_its_text),
    NotRun("py ", "is there on Windows alone", _by_its_text),
    NotRun("gh attestation", "asks GitHub about a file of a release", _nothing_to_read),
    NotRun("sudo", "needs the rights of root", _names_files),
    NotRun("editor", "waits for a person", _names_files),
    NotRun("docker", "needs an engine, and builds for minutes", _names_files),
)


def why_not_run(command: str) -> NotRun | None:
    """Say which of the reasons not to run it a command has, if any."""
    return next((one for one in NOT_RUN if command.startswith(one.begins)), None)
