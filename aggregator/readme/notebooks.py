"""Notebooks to HTML: their words, code and outputs as they were saved; still unsafe.

Nothing is ever executed. Of each output the form is shown that says most without a script: a table,
a picture, a formula, then words, without the colours and the overwriting of terminals.
"""

import binascii
import json
import re
from base64 import b64decode
from collections.abc import Iterator
from html import escape
from typing import Any

from aggregator.readme.formats import UnreadableError
from aggregator.readme.labels import NO_CELLS, NO_JSON, OUTPUT
from aggregator.readme.markdown import markdown_to_html
from aggregator.readme.markup import parse
from aggregator.readme.pictures import Pictures
from aggregator.readme.quarto import quarto_to_markdown
from aggregator.words.speech import say

_MAX_CELLS = 500
_MAX_OUTPUT = 4_000  # characters of words
_MAX_HTML = 60_000  # characters of a table
_MAX_TABLES = 300_000  # of all of them
_MAX_PICTURE = 1_000_000  # characters of base64
_DOTS = ("image/png", "image/jpeg", "image/gif")
# Sequences that colour a terminal, move in it, or name its window: ECMA-48, 5.4 and 5.6.
_ESCAPES = re.compile(
    r"\x1b(?:\[[0-9:;<=>?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[ -/]*[0-~])"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ATTACHED = re.compile(r"\battachment:([^\s)\"'>]{1,200})")
# What Python calls a thing that has no words of its own.
_OBJECT = re.compile(r"<[\w. ]+ object(?: at \w+)?>")
_LANGUAGE = re.compile(r"[\w#+-]{1,30}")


def notebook_to_html(text: str, pictures: Pictures) -> str:
    """Render the Markdown, code and outputs of a notebook.

    Args:
        text: The notebook's JSON, nbformat 3 or 4.
        pictures: Takes the pictures among its outputs and attachments.

    Raises:
        UnreadableError: The text is not the JSON of a notebook, or nested too deeply.
    """
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableError(say(NO_JSON)) from error
    # Notebooks before version 4 kept their cells in the first of their sheets.
    sheets = _inside(notebook, "worksheets")
    sheet = sheets[0] if isinstance(sheets, list) and sheets else None
    cells = _inside(sheet if isinstance(sheet, dict) and sheet else notebook, "cells")
    if not isinstance(cells, list):
        raise UnreadableError(say(NO_CELLS))
    shown = [cell for cell in cells if isinstance(cell, dict)][:_MAX_CELLS]
    reader = _Reader(_language_of(notebook), pictures)
    return "\n".join(reader.cell(cell, is_first=cell is shown[0]) for cell in shown)


def _language_of(notebook: Any) -> str:
    for names in (("kernelspec", "language"), ("language_info", "name")):
        language = _inside(notebook, "metadata", *names)
        if isinstance(language, str) and _LANGUAGE.fullmatch(language):
            return language
    return "python"


class _Reader:
    """Renders the cells of one notebook, with what they may come to together."""

    def __init__(self, language: str, pictures: Pictures) -> None:
        self._language = language
        self._pictures = pictures
        self._tables = _MAX_TABLES

    def cell(self, cell: dict[str, Any], *, is_first: bool) -> str:
        """Render a cell; a raw one at the top is what Quarto reads as a header."""
        written = _joined(cell.get("source", cell.get("input")))
        kind = cell.get("cell_type")
        if kind == "heading":  # before version 4
            level = cell.get("level")
            marks = "#" * (level if isinstance(level, int) and 1 <= level <= 6 else 1)
            return markdown_to_html(f"{marks} {' '.join(written.split())}\n")
        if kind == "markdown" or (kind == "raw" and is_first and written.startswith("---\n")):
            return markdown_to_html(quarto_to_markdown(self._with_attachments(written, cell)))
        if kind == "code":
            code = markdown_to_html(_fenced(written, self._language)) if written.strip() else ""
            return "\n".join([code, *self._outputs(cell)])
        return f"<pre>{escape(written, quote=False)}</pre>" if kind == "raw" and written else ""

    def _with_attachments(self, written: str, cell: dict[str, Any]) -> str:
        def placed(match: re.Match[str]) -> str:
            taken = self._dots(_inside(cell, "attachments", match[1]))
            return taken[0] if taken else match[0]

        return _ATTACHED.sub(placed, written) if "attachment:" in written else written

    def _outputs(self, cell: dict[str, Any]) -> Iterator[str]:
        outputs = cell.get("outputs")
        for output in outputs if isinstance(outputs, list) else []:
            if not isinstance(output, dict):
                continue
            data = output.get("data")
            # Before version 4 the forms stood in the output itself, under shorter names.
            forms = data if isinstance(data, dict) else _forms_of_version_3(output)
            yield self._rich(forms) or _words(_said(output, forms))

    def _rich(self, forms: dict[str, Any]) -> str:
        """Show the form of an output that says more than its words; "" where there is none."""
        html = _joined(forms.get("text/html"))
        if "<table" in html and len(html) <= min(_MAX_HTML, self._tables):
            self._tables -= len(html)
            return parse(html).inner_html  # closed: what follows is not in its table
        svg = _joined(forms.get("image/svg+xml"))
        taken = (svg and self._pictures.take_svg(svg)) or self._dots(forms)
        if taken:
            address, size = taken
            sized = "".join(f' {name}="{value}"' for name, value in size.items())
            return f'<p><img src="{address}" alt="{_alternative(forms)}"{sized}></p>'
        marked = _joined(forms.get("text/latex")) or _joined(forms.get("text/markdown"))
        return markdown_to_html(marked[:_MAX_OUTPUT]) if marked else ""

    def _dots(self, forms: Any) -> tuple[str, dict[str, str]] | None:
        for kind in _DOTS if isinstance(forms, dict) else ():
            written = _joined(forms.get(kind))
            if 0 < len(written) <= _MAX_PICTURE:
                try:
                    return self._pictures.take(b64decode(written))
                except (binascii.Error, ValueError):  # it is no base64, or not whole
                    return None
        return None


def _forms_of_version_3(output: dict[str, Any]) -> dict[str, Any]:
    names = {"html": "text/html", "svg": "image/svg+xml", "png": "image/png", "jpeg": "image/jpeg"}
    names |= {"latex": "text/latex"}
    return {form: output[name] for name, form in names.items() if name in output}


def _said(output: dict[str, Any], forms: dict[str, Any]) -> str:
    """Give the words of an output: what was printed, what came out, what went wrong."""
    if output.get("output_type") in {"error", "pyerr"}:
        lines = output.get("traceback")
        traceback = (
            [line for line in lines if isinstance(line, str)] if isinstance(lines, list) else []
        )
        return "\n".join(traceback) or f"{output.get('ename', '')}: {output.get('evalue', '')}"
    words = _joined(forms.get("text/plain")) or _joined(output.get("text"))
    # Such as `<Figure size 640x480 with 1 Axes>`, which tells nobody anything.
    is_name = re.fullmatch(r"\s*<[^<>\n]*>\s*", words) and len(forms) > 1
    return "" if is_name else words


def _words(text: str) -> str:
    shown = "\n".join(_overwritten(line) for line in text[: 4 * _MAX_OUTPUT].split("\n"))
    shown = _CONTROLS.sub("", shown)[:_MAX_OUTPUT]
    return f"<pre>{escape(shown, quote=False)}</pre>" if shown.strip() else ""


def _overwritten(line: str) -> str:
    """Give what a terminal shows of a line in the end: a bar of progress is drawn over itself."""
    plain = _ESCAPES.sub("", line).rstrip("\r")
    return plain.rpartition("\r")[2]


def _alternative(forms: dict[str, Any]) -> str:
    words = " ".join(_joined(forms.get("text/plain"))[:200].split())
    told = "" if _OBJECT.fullmatch(words) else words.strip("<>")
    return escape(told or say(OUTPUT))


def _fenced(code: str, language: str) -> str:
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", code)), default=0))
    return f"{fence}{language}\n{code.rstrip()}\n{fence}\n"


def _inside(value: Any, *names: str) -> Any:
    """Follow names into JSON of any shape; None where they do not lead on."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _joined(lines: Any) -> str:
    if isinstance(lines, list):
        return "".join(line for line in lines if isinstance(line, str))
    return lines if isinstance(lines, str) else ""
