"""What a command costs, and what it changed: shared by the benchmarks of building.

CPU is of the process and all its children that ended, the clock is the wall's, memory is that of
the largest process, which the system counts.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

Tree = Mapping[str, tuple[str, int, int, int]]  # path -> digest, inode, time of writing, bytes


@dataclass(frozen=True, slots=True)
class Cost:
    """What one command took."""

    cpu: float  # seconds
    wall: float  # seconds
    memory: float  # MB


@dataclass(frozen=True, slots=True)
class Changed:
    """What a build did to a folder.

    Args:
        files: how many there are.
        size: their bytes.
        touched: files that were written anew, the same bytes or not.
        differ: files whose bytes are others than before, and those that are gone.
    """

    files: int
    size: int
    touched: int
    differ: int


# A process apart starts the command: the system counts the memory of whoever starts a process to
# that process (execve(2) keeps the high-water mark), and whoever measures has grown large.
_STARTS = """
import ctypes, json, os, sys, time
if sys.platform == "linux":  # what a command leaves behind becomes ours: prctl(2)
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
began = time.perf_counter()
child = os.fork()
if not child:
    os.execvp(sys.argv[2], sys.argv[2:])
_, status, usage = os.wait4(child, 0)
wall, usages = time.perf_counter() - began, [usage]
try:  # the server that forks workers ends just after the command
    while True:
        usages.append(os.wait4(-1, 0)[2])
except ChildProcessError:
    cpu = sum(each.ru_utime + each.ru_stime for each in usages)
took = [cpu, wall, max(each.ru_maxrss for each in usages)]
with open(sys.argv[1], "w") as file:
    json.dump(took, file)
sys.exit(os.waitstatus_to_exitcode(status) and 1)
"""


class FailedCommand(SystemExit):
    """A command failed, with what it said; whoever can go on without it catches this."""


def cost_of(command: Sequence[str], folder: Path = ROOT) -> Cost:
    """Run a command to its end.

    Raises:
        FailedCommand: the command failed; unless somebody catches it, the program ends with it.
    """
    with tempfile.NamedTemporaryFile("r") as told:
        starting = [sys.executable, "-IS", "-c", _STARTS, told.name, *command]
        done = subprocess.run(
            starting, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        if done.returncode:
            said = done.stdout.decode("utf-8", "replace")
            raise FailedCommand(f"{' '.join(command[:4])} failed: {said[-4000:]}")
        cpu, wall, memory = json.load(told)
    # Linux counts KB, macOS bytes: getrusage(2) of each.
    return Cost(cpu, wall, memory / (2**20 if sys.platform == "darwin" else 2**10))


def tree_of(folder: Path) -> Tree:
    """Look at every file of a folder."""
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            (stat := path.stat()).st_ino,
            stat.st_mtime_ns,
            stat.st_size,
        )
        for path in folder.rglob("*")
        if path.is_file()
    }


def changed(before: Tree, after: Tree) -> Changed:
    """Hold a folder against what it was."""
    touched = sum(before.get(path, ())[1:3] != found[1:3] for path, found in after.items())
    differ = sum(before.get(path, ("",))[0] != found[0] for path, found in after.items())
    size = sum(found[3] for found in after.values())
    return Changed(len(after), size, touched, differ + len(before.keys() - after.keys()))
