"""Kills builds at random moments, and counts which site was left: the old one, or the new.

    python benchmarks/durability.py [--moments 200] [--seconds 1.5] [--seed 13]

Two states of a small community are built in turns into one folder, in a process that is killed
(SIGKILL) after a random time. What stands there has to be one of the two sites, whole; the next
build has to make of it what a clean one makes. Ends with 1 when that was not so once.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.law.community import living_showcase
from tests.law.interrupted import alternating, building

_NAMES = {0: "the first site", 1: "the second site", None: "neither, or half of one"}


def main(words: Sequence[str] | None = None) -> int:
    """Kill, look and mend as often as is asked for, and print what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--moments", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=1.5, help="the longest that a build lives")
    parser.add_argument("--seed", type=int, default=13)
    given = parser.parse_args(words)
    if sys.platform != "linux":
        print("left out: processes are forked and killed as Linux does it")
        return 0
    chance, stood, half, unmended = random.Random(given.seed), Counter[str](), 0, 0
    with tempfile.TemporaryDirectory(prefix="durability-") as folder, building() as builders:
        with living_showcase(Path(folder) / "community") as showcase:
            sites = alternating(showcase, builders)
        for number in range(given.moments):
            builders.build_in_turns(sites.places, chance.uniform(0.01, given.seconds))
            stood[_NAMES[sites.standing()]] += 1
            half += bool(sites.leavings())
            mended = builders.build(sites.places[number % 2]).code == 0
            unmended += not (mended and sites.standing() == number % 2 and not sites.leavings())
    told = ", ".join(f"{name} {count}" for name, count in sorted(stood.items()))
    print(f"{given.moments} kills: {told}; {half} left something half made beside the site")
    print(f"not as a clean build after the next one: {unmended}")
    return int(bool(unmended or stood[_NAMES[None]]))


if __name__ == "__main__":
    raise SystemExit(main())
