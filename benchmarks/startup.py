"""How long a command takes before it does anything: CPU seconds beyond those of bare Python.

    python benchmarks/startup.py

Each is the least of several runs, since a busy machine only ever adds to it; the wall clock is left
out for the same reason. Read the ratios: a slow machine is slow at both. The first run of each
compiles what it imports and the others find that, as with every installed program.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
RUNS = 7
PROGRAM = (sys.executable, "-m", "aggregator")
COMMANDS = {
    "bare Python": (sys.executable, "-c", "pass"),
    "--help": (*PROGRAM, "--help"),
    "--version": (*PROGRAM, "--version"),
    "check": (*PROGRAM, "check"),
    "status": (*PROGRAM, "status"),
}


def main() -> None:
    """Print a table."""
    with TemporaryDirectory() as compiled:
        surroundings = os.environ | {"PYTHONPYCACHEPREFIX": compiled}
        surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
        seconds = {
            name: min(_cpu_seconds(words, surroundings) for _ in range(RUNS))
            for name, words in COMMANDS.items()
        }
    bare = seconds["bare Python"]
    print(f"{'command':<12} {'CPU s':>7} {'beyond':>7} {'times bare':>11}")
    for name, spent in seconds.items():
        print(f"{name:<12} {spent:>7.3f} {spent - bare:>7.3f} {spent / bare:>11.1f}")


def _cpu_seconds(words: tuple[str, ...], surroundings: Mapping[str, str]) -> float:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(words, cwd=ROOT, env=surroundings, stdout=quiet, stderr=quiet)
    _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
