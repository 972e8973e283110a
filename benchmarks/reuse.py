"""How often a project's page can say how to start, and whether it is ever wrong.

Run `python benchmarks/reuse.py [SHARED]`, where SHARED holds `corpus/`, the real READMEs. A person
read every one of them (`tests/cases/starts.jsonl`). Printed for each half: of the READMEs that hold
a start command, how many show the right one, and how many of those that show one show another than
was read. The half that was set aside had not been looked at when the rules were written; what went
wrong in it then (10 of 69) was mended by kind, and so was what strangers found wrong on pages of
both halves: 7 of 41 on those of 70 projects, later 5 of 71 on all 173. No figure here is that of a
stranger any more. A copy of a repository that nothing follows is no start command.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.conftest import SHARED
from tests.readme.start_readings import Reading, read_all


def report(title: str, readings: list[Reading]) -> None:
    """Print the two figures of one half."""
    with_one = [each for each in readings if each.expected]
    shown = [each for each in readings if each.shown]
    right = sum(each.is_right for each in with_one)
    unread = sum(each.is_unread for each in shown)
    found = right / (len(with_one) or 1)
    print(f"{title:22} {len(readings):4} READMEs, {len(with_one):3} with a command: ", end="")
    print(f"{right:3} right ({found:.0%}), {len(shown):3} shown, {unread} of them wrong or unread")


def main() -> None:
    """Read all and print."""
    shared = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    halves: dict[bool, list[Reading]] = {False: [], True: []}
    for is_aside, reading in read_all(shared / "corpus"):
        halves[is_aside].append(reading)
    report("rules written with", halves[False])
    report("set aside", halves[True])
    report("all", halves[False] + halves[True])


if __name__ == "__main__":
    main()
