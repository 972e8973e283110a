"""How long a large registry takes to load, sound and broken.

Run: python -m benchmarks.registry [ENTRIES]
"""

import sys
import tempfile
import time
from pathlib import Path

from aggregator.registry.loader import load

ENTRIES = 2_000
LIMIT_SECONDS = 2.0

_ENTRY = """\
  - repo: owner-{n}/project-{n}
    title: Project number {n}
    summary: "Counts the beds of ward {n}: every night, for those who plan the next day."
    organisation: trust-{o}
    stage: in use
    tags: [beds, planning, ward-{o}]
    people: [person-{n}]
    added: 2026-11-22
    story: |
      It began with a spreadsheet on ward {n}.

      Then it grew.
    links: {{docs: https://example.org/{n}/, demo: "https://example.org/{n}/demo"}}
"""


def registry_text(entries: int, *, broken: bool) -> str:
    """Write a registry with full entries; broken, each tenth one is not YAML."""
    bodies = "".join(f"  - {{slug: trust-{o}, name: Trust {o}}}\n" for o in range(50))
    listed = (_ENTRY.format(n=n, o=n % 50) for n in range(entries))
    if broken:
        listed = (
            text.replace('"Counts', "Counts") if n % 10 == 0 else text
            for n, text in enumerate(listed)
        )
    head = "showcase:\n  title: Large\n  stages: [in use]\norganisations:\n"
    return f"{head}{bodies}projects:\n{''.join(listed)}"


def seconds_to_load(text: str) -> tuple[float, int, int]:
    """Load a text from disk: seconds, projects, mistakes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "registry.yaml"
        path.write_text(text, encoding="utf-8")
        began = time.perf_counter()
        registry = load(path)
        return time.perf_counter() - began, len(registry.projects), len(registry.mistakes)


def main() -> None:
    """Print the figures."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    for broken in (False, True):
        seconds, projects, mistakes = seconds_to_load(registry_text(entries, broken=broken))
        kind = "each tenth entry broken" if broken else "sound"
        print(
            f"{entries:,} full entries, {kind}: {seconds:.2f} s, "
            f"{projects:,} projects, {mistakes:,} mistakes (limit {LIMIT_SECONDS:g} s)"
        )


if __name__ == "__main__":
    main()
