"""Jupyter notebooks to HTML: the cells as they were saved; nothing is ever executed."""

import json
import re
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

_MAX_CELLS = 500
_MAX_OUTPUT = 4_000


class NotANotebookError(ValueError):
    """The file's name says notebook and its content does not."""


def notebook_to_html(text: str, markdown_to_html: Callable[[str], str]) -> str:
    """Render the Markdown, code and text outputs of a notebook.

    Args:
        text: The notebook's JSON, nbformat 3 or 4.
        markdown_to_html: Renders one Markdown cell.

    Raises:
        NotANotebookError: The text is not the JSON of a notebook.
    """
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotANotebookError("its notebook is not valid JSON") from error
    cells = _cells(notebook)
    language = _language(notebook)
    return "\n".join(_cell(cell, language, markdown_to_html) for cell in cells[:_MAX_CELLS])


def _cells(notebook: Any) -> list[dict[str, Any]]:
    if isinstance(notebook, dict):
        sheet = _first_sheet(notebook.get("worksheets")) or notebook
        found = sheet.get("cells")
        if isinstance(found, list):
            return [cell for cell in found if isinstance(cell, dict)]
    raise NotANotebookError("its notebook has no cells")


def _first_sheet(sheets: Any) -> dict[str, Any] | None:
    """Find the one sheet that notebooks before version 4 kept their cells in."""
    first = sheets[0] if isinstance(sheets, list) and sheets else None
    return first if isinstance(first, dict) else None


def _language(notebook: dict[str, Any]) -> str:
    metadata = notebook.get("metadata")
    info = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    name = info.get("language") if isinstance(info, dict) else None
    return name if isinstance(name, str) and name.isalnum() else "python"


def _cell(cell: dict[str, Any], language: str, markdown_to_html: Callable[[str], str]) -> str:
    written = _joined(cell.get("source", cell.get("input")))
    kind = cell.get("cell_type")
    if kind == "markdown":
        return markdown_to_html(written)
    if kind == "code":
        code = markdown_to_html(_fenced(written, language)) if written.strip() else ""
        return "\n".join([code, *_outputs(cell)])
    return f"<pre>{escape(written, quote=False)}</pre>" if kind == "raw" and written else ""


def _fenced(code: str, language: str) -> str:
    fence = "`" * max(3, _longest_run(code) + 1)
    return f"{fence}{language}\n{code.rstrip()}\n{fence}\n"


def _longest_run(code: str) -> int:
    return max(map(len, re.findall("`+", code)), default=0)


def _outputs(cell: dict[str, Any]) -> Iterator[str]:
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else []:
        shown = _output_text(output) if isinstance(output, dict) else ""
        if shown.strip():
            yield f"<pre>{escape(shown[:_MAX_OUTPUT], quote=False)}</pre>"


def _output_text(output: dict[str, Any]) -> str:
    """Give an output's plain form: its HTML and images need scripts and styles we do not keep."""
    data = output.get("data")
    if isinstance(data, dict):
        return "" if "text/html" in data or "image/png" in data else _joined(data.get("text/plain"))
    return _joined(output.get("text"))


def _joined(lines: Any) -> str:
    if isinstance(lines, list):
        return "".join(line for line in lines if isinstance(line, str))
    return lines if isinstance(lines, str) else ""
