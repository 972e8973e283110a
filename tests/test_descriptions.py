"""What files and GitHub say of a project is its summary where it is of it, and says something."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.catalogue.descriptions import LONGEST_SUMMARY, of_a_package, says_little
from aggregator.facts.statement import Package
from aggregator.github.packages import LARGEST, read_packages
from aggregator.github.repository_files import PACKAGE_FILES

_WRITTEN = Path(__file__).parent / "cases" / "evidence" / "descriptions.txt"
DESCRIPTIONS = [line for line in _WRITTEN.read_text("utf-8").splitlines() if line[0] != "#"]
PLACES = list(PACKAGE_FILES.values())


def _package(text: str, name: str | None = "bed-board") -> Package:
    return Package(path="pyproject.toml", name=name, description=text)


@pytest.mark.parametrize("line", DESCRIPTIONS)
def test_the_text_of_a_template_is_no_description(line: str) -> None:
    """What nobody wrote of a project is not shown as what it does; what somebody wrote is."""
    (told,) = of_a_package(_package(line[2:]), ["wren/bed-board"])
    assert (told.refused == "") == (line[0] == "+"), told.refused


@pytest.mark.parametrize(
    ("package", "repository", "is_its_own"),
    [
        ("bed-board", "wren/bed-board", True),
        ("bed_board", "wren/Bed.Board", True),
        ("@wren/bed-board", "wren/bed-board", True),
        ("wren-board", "wren/board", True),
        ("pybedboard", "wren/bedboard", True),
        ("bed board", "wren/pilot-bed-board", True),
        ("board", "wren/bed-board", False),
        ("frontend", "wren/bed-board-frontend", False),
        ("prototype-kit", "wren/bed-board", False),
        (None, "wren/bed-board", True),
    ],
)
def test_a_package_describes_the_project_of_its_name(
    package: str | None, repository: str, is_its_own: bool
) -> None:
    """A copied file, and that of a part, say nothing of the project that holds them."""
    (told,) = of_a_package(_package("Draws a board of beds.", package), [repository])
    assert (told.refused == "") == is_its_own


def test_a_package_may_have_the_name_that_a_repository_had() -> None:
    """A repository that was renamed still holds its package."""
    (told,) = of_a_package(_package("Draws a board."), ["wren/ward-view", "wren/bed-board"])
    assert told.refused == ""


@pytest.mark.parametrize(
    ("description", "repository", "little"),
    [
        ("bed-board", "wren/bed-board", True),
        ("The Bed Board repository", "wren/bed-board", True),
        ("BedBoard API", "wren/bedboard", True),
        ("Wren website", "wren/web", True),
        ("Design.", "wren/design-notes", True),
        ("https://wren.example/bed-board", "wren/bed-board", True),
        ("Bed board for wards", "wren/bed-board", False),
        ("Beds, drawn", "wren/bed-board", False),
        ("Source code of the ward planner", "wren/bed-board", False),
        ("\u5e8a\u4f4d\u56fe\u8868\u7684\u5de5\u5177", "wren/bed-board", False),
    ],
)
def test_a_description_that_only_says_the_name_says_little(
    description: str, repository: str, little: bool
) -> None:
    """Who reads the name already learns nothing from it once more."""
    assert says_little(description, [repository]) == little


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Package `{bedboard}` draws _boards_ of beds.", "Package bedboard draws boards of beds."),
        ("Boards of [beds](https://a.example/x) for bed_board.", "Boards of beds for bed_board."),
        ("Boards after Fen <doi:10.1000/182>.", "Boards after Fen."),
    ],
)
def test_markup_is_left_out_of_a_description(written: str, shown: str) -> None:
    """Words stay as they are, without the signs that set them off."""
    (told,) = of_a_package(_package(written), ["wren/bed-board"])
    assert (told.value, told.stated, told.refused) == (shown, written, "")


@given(st.text(max_size=400), st.text(max_size=60))
def test_any_description_is_judged(text: str, name: str) -> None:
    """Whatever a package says, what is shown of it fits."""
    for told in of_a_package(_package(text, name), [f"wren/{name}", "wren/bed-board"]):
        assert told.refused or 0 < len(told.value) <= LONGEST_SUMMARY
    says_little(text, [f"wren/{name}"])


@given(st.sampled_from(PLACES), st.text(max_size=300))
def test_any_file_of_a_package_is_read(path: str, text: str) -> None:
    """No such file, however odd, stops a run."""
    for begun in ("", "[project]\n", "[metadata]\n", "Package: a\nVersion: 1\n", '{"name":'):
        read_packages(*(begun + text if place == path else None for place in PLACES))


@pytest.mark.parametrize("path", PLACES)
@pytest.mark.parametrize(
    "unit", ["a.", '"a".', "[a.b]\n", "a={", "[", "a = [", " ", "a ", "a:\n ", "{", '{"a":', "\\"]
)
def test_no_file_of_a_package_takes_long(path: str, unit: str) -> None:
    """A file that is built to keep its parser busy is left out, or read at once."""
    begun = {"setup.cfg": "[metadata]\n", "DESCRIPTION": "Package: a\nVersion: 1\n"}.get(path, "")
    for text in (begun + unit * (LARGEST // len(unit)), begun + "x" + unit * 30_000 + "x"):
        started = time.process_time()
        read_packages(*(text[:LARGEST] if place == path else None for place in PLACES))
        assert time.process_time() - started < 3


def test_a_file_is_read_as_far_as_anybody_writes() -> None:
    """One that is larger says nothing; one of that size does."""
    large = '[project]\nname = "a"\ndescription = "Draws."\n#'.ljust(LARGEST, "x")
    assert [one.description for one in read_packages(None, large, None, None)] == ["Draws."]
    assert read_packages(None, f"{large}x", None, None) == ()
