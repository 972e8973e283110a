"""What a rendering adds to a README is in the language of the pages that it stands on."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.readme import labels
from aggregator.readme.labels import ALL, said_in
from aggregator.readme.rendering import render
from aggregator.readme.workers import open_renderer
from aggregator.words.speech import Speech
from tests.readme.cases import source_of

ROOM = Path(labels.__file__).parent
BRACKETED = tuple((message, f"[[{message}]]") for message in sorted(ALL))

MARKDOWN = b"""# Wards

> [!NOTE]
> Read this first.

- [x] beds
- [ ] boards

| bed | ward |
|---|---|
| 1 | A |

```geojson
{}
```

![A walk](walk.mp4)
"""
RESTRUCTURED = b"""
Wards
=====

.. danger:: The roof leaks.

.. versionadded:: 2.0

.. seealso:: The handbook.
"""
QUARTO = b"# Wards\n\n::: {.callout-tip}\nOpen a window.\n:::\n"


def _said(path: Path) -> Iterator[ast.expr]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"say", "later"}:
            yield node.args[0]


def test_every_label_travels_with_the_readme() -> None:
    """No word of a rendering is written anywhere else, and none is left out of the list."""
    written = {node.value for node in _said(ROOM / "labels.py") if isinstance(node, ast.Constant)}
    assert written == ALL
    for path in sorted(ROOM.glob("*.py")):
        if path.name != "labels.py":
            assert not [node for node in _said(path) if isinstance(node, ast.Constant)], path.name


@pytest.mark.parametrize(
    ("data", "path", "expected"),
    [
        (
            MARKDOWN,
            "README.md",
            ["Note", "Done", "Not done", "Table 1", "Map, as GeoJSON source", "Video: A walk"],
        ),
        (RESTRUCTURED, "README.rst", ["!DANGER!", "Added in version 2.0", "See also"]),
        (QUARTO, "README.qmd", ["Tip"]),
        (b"\x89PNG\r\n\x1a\n", "README.md", ["Read it on GitHub"]),
        (b"{", "README.ipynb", ["Read it on GitHub"]),
        (b"= Wards\n\nBeds of wards, drawn on a board.\n", "README.adoc", ["Read it on GitHub"]),
    ],
)
def test_labels_are_said_in_the_language_of_the_pages(
    data: bytes, path: str, expected: list[str]
) -> None:
    """A label is translated wherever it stands, and nothing else of the README is."""
    source = source_of(data, path)
    english, foreign = render(source).html, render(replace(source, words=BRACKETED)).html
    for label in expected:
        assert label in str(english)
        assert f"[[{label}]]" in str(foreign)
    assert re.sub(r"\[\[|\]\]", "", str(foreign)) == english


def test_a_readme_is_remembered_for_each_language(tmp_path: Path) -> None:
    """A site that changes its language shows no labels of the former one."""
    source = source_of(MARKDOWN)
    for told in ((), BRACKETED, ()):
        with open_renderer(tmp_path, 1) as renderer:
            shown = renderer.render_all({"a": replace(source, words=told)})["a"]
        assert str(shown.html) == render(replace(source, words=told)).html
        assert ("[[Note]]" in str(shown.html)) == bool(told)


def test_what_cannot_be_rendered_says_so_in_the_language_of_the_pages() -> None:
    """The note above a README that is shown as text is translated with its reason."""
    source = replace(source_of(b"*wards*", "docs/README.md"), words=BRACKETED)
    with open_renderer(None, 1, "tests.readme.odd_workers:dying") as renderer:
        shown = renderer.render_all({"a": replace(source, data=b"deadly")})["a"]
    assert shown.notes == (
        "[[This README is shown as plain text: [[rendering it failed (its worker ended)]].]]",
    )
    assert "[[Read it on GitHub]]" in str(shown.html)


def test_only_what_a_language_says_otherwise_travels() -> None:
    """English needs no words of its own, and a message without a translation stays English."""
    messages = b'msgid "Note"\nmsgstr "Nodyn"\n\nmsgid "Tip"\nmsgstr "Tip"\n'
    assert said_in(Speech()) == ()
    assert said_in(Speech("cy", messages)) == (("Note", "Nodyn"),)
