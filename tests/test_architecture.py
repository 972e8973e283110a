"""The shape of the program: imports run one way, and the edges are where they should be."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "aggregator"

# Each line may import from the lines above it, and a module from its own package.
LAYERS = (
    ("words",),
    ("facts",),
    ("registry", "readme", "search"),
    ("store",),
    ("github", "fetch", "demo"),
    ("catalogue",),
    ("joining",),
    ("site",),
    ("run",),
    ("cli",),
    ("__main__",),
)
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}

# Who alone may import what touches the network.
NETWORK = {"github", "requests", "requests_cache", "urllib3"}
NETWORK_MODULES = ("github",)
# Who alone may read the surroundings; the sandbox stands for GitHub, which has its own clock.
EDGE = ("cli", "demo")


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def ours(path: Path) -> set[str]:
    parts = (name.split(".") for name in imports(path) if name.startswith("aggregator."))
    return {part[1] for part in parts if part[1] in RANK} - {name_of(path)}


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    """Each module knows only the layers below its own, so a change never travels upwards."""
    assert name_of(path) in RANK, "a new module: give it a place in LAYERS"
    backwards = {name for name in ours(path) if RANK[name] >= RANK[name_of(path)]}
    assert not backwards


def test_only_one_package_talks_to_the_network() -> None:
    """Nothing but `github` imports an HTTP library, so a build cannot reach out."""
    offenders = [
        str(path.relative_to(PACKAGE))
        for path in modules()
        if name_of(path) not in NETWORK_MODULES
        and NETWORK & {name.partition(".")[0] for name in imports(path)}
    ]
    assert offenders == []


@pytest.mark.parametrize("words", ["environ", "getenv"])
def test_the_environment_is_read_at_the_edge(words: str) -> None:
    """Only the command line reads environment variables."""
    assert _who_names(words) == []


@pytest.mark.parametrize("words", ["now", "today", "utcnow"])
def test_the_clock_is_read_at_the_edge(words: str) -> None:
    """Only the command line asks what time it is; the sandbox keeps a clock of its own."""
    assert _who_names(words, called_on={"datetime", "date"}) == []


def _who_names(attribute: str, called_on: set[str] | None = None) -> list[str]:
    found = set()
    for path in modules():
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Attribute)
                and node.attr == attribute
                and name_of(path) not in EDGE
                and isinstance(node.value, ast.Name)
                and (called_on is None or node.value.id in called_on)
            ):
                found.add(str(path.relative_to(PACKAGE)))
    return sorted(found)


def test_functions_are_short() -> None:
    """Half of all functions have fewer than ten lines and none has more than sixty."""
    lengths = {
        f"{path.relative_to(PACKAGE)}:{function.name}": length(function)
        for path in modules()
        for function in functions(path)
    }
    assert median(lengths.values()) < 10
    assert {name: lines for name, lines in lengths.items() if lines > 60} == {}


def test_modules_are_small() -> None:
    """A module can be read in one sitting: none has more than four hundred lines."""
    lines = {
        str(path.relative_to(PACKAGE)): path.read_text(encoding="utf-8").count("\n")
        for path in modules()
    }
    assert {name: count for name, count in lines.items() if count > 400} == {}


def test_every_module_says_what_lives_there() -> None:
    """The first lines of each module tell a stranger what it holds."""
    silent = [
        str(path.relative_to(PACKAGE))
        for path in modules()
        if path.stat().st_size and not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_every_test_is_a_promise() -> None:
    """Each test says in one sentence what the product promises."""
    tests = Path(__file__).resolve().parent
    silent = [
        f"{path.relative_to(tests)}:{function.name}"
        for path in sorted(tests.rglob("test_*.py"))
        for function in functions(path)
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]
    assert silent == []
