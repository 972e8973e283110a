"""The tables of docs/outputs.md, written from the models and the list of pages themselves.

Run `python -m aggregator.outputs.field_tables` in a checkout after changing a
model; a test fails until that is done.
"""

import re
from pathlib import Path

from pydantic import BaseModel

from aggregator.site.data import export_models
from aggregator.site.pages.contents import table

_DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "outputs.md"
# A table stands between these two comments, which name its model.
_BLOCK = re.compile(r"<!-- fields of (\w+) -->\n.*?<!-- end -->", re.DOTALL)


_PAGES = re.compile(r"<!-- pages -->\n.*?<!-- end -->", re.DOTALL)


def table_of(model: type[BaseModel]) -> str:
    """Write the fields of a model as a Markdown table."""
    rows = [f"| `{name}` | {field.description} |" for name, field in model.model_fields.items()]
    return "\n".join(["| field | meaning |", "|---|---|", *rows])


def write_tables(text: str) -> str:
    """Put the current table between each pair of comments."""
    with_pages = _PAGES.sub(lambda _: f"<!-- pages -->\n{table()}\n<!-- end -->", text)
    return _BLOCK.sub(lambda match: _block(match.group(1)), with_pages)


def _block(name: str) -> str:
    model: type[BaseModel] = getattr(export_models, name)
    return f"<!-- fields of {name} -->\n{table_of(model)}\n<!-- end -->"


if __name__ == "__main__":
    _DOCUMENT.write_text(write_tables(_DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
