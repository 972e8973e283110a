"""The shape of the program: the picture in docs/architecture.md is the code.

Nothing here counts lines for their own sake: a module may not be so long that nobody reads it, nor
so short and little used that it belongs to the one that uses it.
"""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "aggregator"
PICTURE = ROOT / "docs" / "architecture.md"

# Who alone may import what touches the network.
NETWORK = {"github", "requests", "requests_cache", "urllib3"}
NETWORK_ROOM = "github"
# Who alone may read the surroundings; the demo stands for GitHub, which has its own clock.
EDGE = ("cli", "demo")
LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
# A module under this length that a single module imports is a part of that module.
BELONGS = 60


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")


def name_of(path: Path) -> str:
    """Name a module as the picture does: `site/pages/home`."""
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


def room_of(name: str) -> str:
    return name.partition("/")[0] if "/" in name else "the door"


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Give every name that a module imports, wherever in it; our own style has no relative one."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports relatively"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def imported() -> dict[str, set[str]]:
    """Give for each module those of ours that it imports, at full depth."""
    names = {f"aggregator.{name_of(path).replace('/', '.')}": name_of(path) for path in modules()}
    return {
        name_of(path): {names[one] for one in imports(path) if one in names} for path in modules()
    }


@cache
def picture() -> dict[str, list[str]]:
    """Read the rooms off the picture, from the top floor down, each with its modules in order."""
    rows = re.findall(
        r"^\| `([\w ]+)` \|[^|]*\|[^|]*\| ([^|]+) \|$", PICTURE.read_text("utf-8"), re.MULTILINE
    )
    return {
        room: [name if room == "the door" else f"{room}/{name}" for name in named.split(" · ")]
        for room, named in rows
    }


def as_it_is() -> str:
    """Draw each room's modules as the imports are today, to be pasted into the picture."""
    ordered: list[str] = []

    def visit(name: str) -> None:
        for other in sorted(imported()[name] - set(ordered)):
            visit(other)
        if name not in ordered:
            ordered.append(name)

    for path in modules():
        visit(name_of(path))
    rooms: dict[str, list[str]] = defaultdict(list)
    for name in reversed(ordered):
        rooms[room_of(name)].append(name.removeprefix(f"{room_of(name)}/"))
    return "\n".join(f"| `{room}` | ... | {' · '.join(named)} |" for room, named in rooms.items())


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def lines(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def test_the_picture_has_every_module_once() -> None:
    """Whoever looks for a module finds it in the picture, in the room that it lies in."""
    drawn = [name for named in picture().values() for name in named]
    assert sorted(drawn) == sorted(map(name_of, modules())), as_it_is()


def test_imports_run_one_way() -> None:
    """Each module imports only what the picture draws below it, inside its own room too."""
    floors = {name: at for at, name in enumerate(n for named in picture().values() for n in named)}
    upwards = [
        f"{name} imports {other}"
        for name, others in imported().items()
        for other in others
        if floors[other] <= floors[name]
    ]
    assert upwards == [], as_it_is()


def test_contributors_are_told_the_same_way() -> None:
    """The one line that CONTRIBUTING gives of the picture names every room, in its order."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    told = re.findall(r"\w+", "".join(re.findall(r"^    (?:words|->) .*$", text, re.MULTILINE)))
    assert told == [room for room in reversed(picture()) if room != "the door"]


def test_data_knows_no_pages() -> None:
    """What is written for programs does not hang on how pages look."""
    assert [
        f"{name} imports {other}"
        for name, others in imported().items()
        for other in others
        if name.startswith("site/data/") and other.startswith("site/pages/")
    ] == []


def test_no_public_class_name_means_two_things() -> None:
    """A reader who meets the name of a class knows which one it is; no alias is called so."""
    classes: Counter[str] = Counter()
    aliases: set[str] = set()
    for node in (node for path in modules() for node in tree(path).body):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            classes[node.name] += 1
        elif isinstance(node, ast.Assign):
            aliases.update(target.id for target in node.targets if isinstance(target, ast.Name))
    assert [name for name, count in classes.items() if count > 1 or name in aliases] == []


def test_the_glossary_names_what_is_there() -> None:
    """Each noun of the glossary is a class, and stands in the module that is named beside it."""
    rows = re.findall(
        r"^\| `(\w+)` \|.*\| `([\w/]+)` \|$", PICTURE.read_text("utf-8"), re.MULTILINE
    )
    defined = {
        (node.name, name_of(path))
        for path in modules()
        for node in tree(path).body
        if isinstance(node, ast.ClassDef)
    }
    assert len(rows) > 30
    assert [row for row in rows if row not in defined] == []


def test_no_file_name_means_two_things() -> None:
    """A reader who is told the name of a file finds one."""
    names = Counter(path.stem for path in modules() if path.name != "__main__.py")
    assert [name for name, count in names.items() if count > 1] == []


def test_packages_hand_nothing_on() -> None:
    """A name is imported from the module that defines it, so there is one way to import it."""
    busy = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("__init__.py")
        if path.parent != PACKAGE and len(tree(path).body) > 1
    ]
    assert busy == []


def test_what_only_its_neighbour_reads_is_part_of_the_neighbour() -> None:
    """No small module is there for one other module alone."""
    importers: dict[str, set[str]] = defaultdict(set)
    for name, others in imported().items():
        for other in others:
            importers[other].add(name)
    closets = [
        f"{name} belongs to {next(iter(importers[name]))}"
        for path in modules()
        if len(importers[name := name_of(path)]) == 1 and lines(path) < BELONGS
    ]
    assert closets == []


def test_members_words_are_rendered_where_that_can_be_stopped() -> None:
    """Only the workers run the renderer, so no text of anybody can keep a build for hours."""
    users = {name for name, others in imported().items() if "readme/rendering" in others}
    assert users == {"readme/answering", "readme/workers"}


def test_only_one_room_talks_to_the_network() -> None:
    """Nothing but `github` imports an HTTP library, so a build cannot reach out."""
    offenders = [
        name_of(path)
        for path in modules()
        if room_of(name_of(path)) != NETWORK_ROOM
        and NETWORK & {name.partition(".")[0] for name in imports(path)}
    ]
    assert offenders == []


@pytest.mark.parametrize("words", ["environ", "getenv"])
def test_the_environment_is_read_at_the_edge(words: str) -> None:
    """Only the command line reads environment variables."""
    assert _who_names(words) == []


@pytest.mark.parametrize("words", ["now", "today", "utcnow"])
def test_the_clock_is_read_at_the_edge(words: str) -> None:
    """Only the command line asks what time it is; the demo keeps a clock of its own."""
    assert _who_names(words, called_on={"datetime", "date"}) == []


def _who_names(attribute: str, called_on: set[str] | None = None) -> list[str]:
    found = set()
    for path in modules():
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Attribute)
                and node.attr == attribute
                and room_of(name_of(path)) not in EDGE
                and isinstance(node.value, ast.Name)
                and (called_on is None or node.value.id in called_on)
            ):
                found.add(name_of(path))
    return sorted(found)


def test_nothing_is_too_long_to_read() -> None:
    """A function fits on a screen and a module is read in one sitting."""
    functions_found = {
        f"{name_of(path)}:{function.name}": length(function)
        for path in modules()
        for function in functions(path)
    }
    assert {name for name, count in functions_found.items() if count > LONGEST_FUNCTION} == set()
    assert {name_of(path) for path in modules() if lines(path) > LONGEST_MODULE} == set()


def test_every_module_says_what_lives_there() -> None:
    """The first lines of each module tell a stranger what it holds."""
    silent = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if path.stat().st_size and not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_every_test_is_a_promise() -> None:
    """Each test says in one sentence what the product promises."""
    tests = ROOT / "tests"
    silent = [
        f"{path.relative_to(tests)}:{function.name}"
        for path in sorted(tests.rglob("test_*.py"))
        for function in functions(path)
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]
    assert silent == []
