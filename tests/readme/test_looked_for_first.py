"""The words that are looked for before a list of patterns is, and what of a README they tell."""

from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from aggregator.readme import rendering
from aggregator.readme.prose import Prose
from aggregator.readme.rendering import render
from tests.readme.cases import source_of

FOLDER = Path(rendering.__file__).parent
_MODULES = [
    import_module(f"aggregator.readme.{name}")
    for name in sorted(file.stem for file in FOLDER.glob("*.py"))
    if "Prose" in (FOLDER / f"{name}.py").read_text("utf-8")
]
_LISTS = [
    pytest.param(value, id=name)
    for module in _MODULES
    for name, value in vars(module).items()
    if isinstance(value, Prose) and value.holding
]


def _surely(parts: Iterable[Any], words: Iterable[str]) -> Iterator[bool]:
    """Tell of each part of a pattern whether all that it fits holds one of these words."""
    written = ""
    for kind, inside in parts:
        written = f"{written}{chr(inside)}" if str(kind) == "LITERAL" else ""
        yield any(word in written for word in words)
        if str(kind) == "BRANCH":
            yield all(any(_surely(way, words)) for way in inside[1])
        elif str(kind) == "SUBPATTERN":
            yield any(_surely(inside[3], words))
        elif str(kind) in {"MAX_REPEAT", "MIN_REPEAT"} and inside[0] > 0:
            yield any(_surely(inside[2], words))


@pytest.mark.parametrize("said", _LISTS)
def test_all_that_a_list_fits_holds_a_word_that_is_looked_for_first(said: Prose) -> None:
    """No sentence is passed over for want of a word: each line of a list asks for one of them."""
    assert any(_surely(parser.parse(said.regex.pattern), said.holding))


def test_a_list_without_such_a_word_is_told() -> None:
    """The test above sees a line that asks for none of the words."""
    assert not any(_surely(parser.parse("not to|may be"), ("not ",)))
    assert not any(_surely(parser.parse("(?:not )?used"), ("not ",)))
    assert any(_surely(parser.parse("(?:not (?:to )?|cannot )be"), ("not ",)))


@pytest.mark.parametrize("count", [3, 60])
def test_what_a_project_is_unfit_for_is_heard_wherever_it_stands(count: int) -> None:
    """A warning and the need for data are shown whether they stand at the top or far below."""
    filler = "\n\n".join(f"Wards of floor {n} have their own rotas." for n in range(count))
    unfit = "This package must not be used for decisions on care."
    needs = "The input data is held by each hospital."
    readme = render(source_of(f"# rotas\n\n{filler}\n\n{unfit}\n\n{needs}\n".encode()))
    assert readme.caution
    assert readme.caution.text == unfit
    assert readme.needs
    assert readme.needs.text == needs


@pytest.mark.parametrize("heading", ["Status", "Known limitations of it"])
def test_a_section_that_warns_is_heard_to_its_end(heading: str) -> None:
    """Below a heading that warns each sentence counts, also one that is no news elsewhere."""
    filler = "\n\n".join(f"Wards of floor {n} have their own rotas." for n in range(60))
    text = f"# rotas\n\n{filler}\n\n## {heading}\n\nThis package is experimental.\n"
    readme = render(source_of(text.encode()))
    assert readme.caution
    assert readme.caution.text == "This package is experimental."


def test_a_section_on_data_is_heard_wherever_it_stands() -> None:
    """Below a heading that is about data a sentence on data is shown, whatever it says of them."""
    filler = "\n\n".join(f"Wards of floor {n} have their own rotas." for n in range(60))
    said = "The database of rotas is public."
    readme = render(source_of(f"# rotas\n\n{filler}\n\n## Data\n\n{said}\n".encode()))
    assert readme.needs
    assert readme.needs.text == said


@pytest.mark.parametrize(("lines", "is_long"), [(108, False), (109, True), (5_000, True)])
def test_a_readme_is_long_above_three_screens(lines: int, *, is_long: bool) -> None:
    """A README is folded from the first line above three screens on, however long it is."""
    code = "ward count\n" * lines
    assert render(source_of(f"```\n{code}```\n".encode())).is_long is is_long


@pytest.mark.parametrize("fence", ["```", "``` ", "~~~", "~~~~ \t"])
def test_a_chunk_of_r_markdown_is_named_like_a_fence(fence: str) -> None:
    """Whatever stands between a fence and its braces, what is in them is not shown as a name."""
    ending = fence.rstrip()
    html = render(source_of(f"{fence}{{r, echo=FALSE}}\nx <- mean(1)\n{ending}\n".encode())).html
    assert "echo" not in str(html)
    assert "code-" in str(html)
