"""A command waits for nothing that it does not need."""

import subprocess
import sys

import pytest

# Each costs tens or hundreds of milliseconds to import. Figures: benchmarks/startup.py.
FOR_SITES = ("cmarkgfm", "docutils", "jinja2", "nh3", "turbohtml")
FOR_GITHUB = ("github", "graphql", "requests", "requests_cache")
FOR_FEW = ("apscheduler", "rich", "watchfiles")
FOR_THE_REGISTRY = ("yaml",)
FOR_MODELS = ("annotated_types", "pydantic")
FOR_MISHAPS = ("difflib", "idna", "sqlite3")
LOADED = """
import sys
from aggregator.cli.app import main
try:
    main(sys.argv[1:])
except SystemExit as ended:
    print(ended.code, *sorted(name for name in sys.modules if "." not in name), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("words", "needless"),
    [
        (["--help"], (*FOR_SITES, *FOR_GITHUB, *FOR_FEW, *FOR_MODELS, *FOR_THE_REGISTRY)),
        (["--version"], (*FOR_SITES, *FOR_GITHUB, *FOR_FEW, *FOR_MODELS, *FOR_THE_REGISTRY)),
        (["search", "--help"], (*FOR_SITES, *FOR_GITHUB, *FOR_FEW, *FOR_MODELS, *FOR_THE_REGISTRY)),
        (["check"], (*FOR_SITES, *FOR_GITHUB, *FOR_FEW, *FOR_MODELS, *FOR_MISHAPS)),
        (["status"], (*FOR_SITES, *FOR_GITHUB)),
    ],
    ids=lambda words: words[0],
)
def test_a_command_loads_only_what_it_needs(words: list[str], needless: tuple[str, ...]) -> None:
    """Whoever asks for help or checks a line does not wait for what builds a site."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *words], capture_output=True, text=True, check=False
    )
    code, *loaded = done.stderr.splitlines()[-1].split()
    assert code == "0", done.stderr
    assert set(needless) & set(loaded) == set()
