"""The tables of docs/outputs.md, written from the exported fields and the list of pages.

`make generated` runs this after a field or a page was changed; a test fails until that is done.
"""

import re
from collections.abc import Iterator

from pydantic import BaseModel

from aggregator.site.contents import PAGES
from aggregator.site.data import exports, history, judged_search
from aggregator.site.data.pouring import Exported
from tests.conftest import ROOT

DOCUMENT = ROOT / "docs" / "outputs.md"
# A table stands between two comments, of which the first names its model.
_FIELDS = re.compile(r"<!-- fields of (\w+) -->\n.*?<!-- end -->", re.DOTALL)
_PAGES = re.compile(r"<!-- pages -->\n.*?<!-- end -->", re.DOTALL)


def models() -> dict[str, type[BaseModel]]:
    """Give every exported shape by its name, those of the other modules too."""
    for shape in (
        exports.ExportedStatus,
        history.ExportedHistory,
        judged_search.ExportedSearchQuality,
    ):
        assert shape in Exported.__subclasses__()
    return {model.__name__: model for model in Exported.__subclasses__()}


def table_of(model: type[BaseModel]) -> str:
    """Write the fields of a model as a Markdown table."""
    rows = [f"| `{name}` | {field.description} |" for name, field in model.model_fields.items()]
    return "\n".join(["| field | meaning |", "|---|---|", *rows])


def pages_table() -> str:
    """Write the pages as a Markdown table."""
    return "\n".join(["| address | what it shows |", "|---|---|", *_pages()])


def _pages() -> Iterator[str]:
    for kind in PAGES:
        own = [kind.folder or "index.html"] if kind.itself else []
        below = [f"{kind.folder}{kind.below}"] if kind.below else []
        addresses = ", ".join(f"`{address}`" for address in own + below)
        yield f"| {addresses} | **{kind.title}**: {kind.description} |"


def write_tables(text: str) -> str:
    """Put the current table between each pair of comments."""
    with_pages = _PAGES.sub(lambda _: f"<!-- pages -->\n{pages_table()}\n<!-- end -->", text)
    return _FIELDS.sub(lambda match: _block(match.group(1)), with_pages)


def _block(name: str) -> str:
    return f"<!-- fields of {name} -->\n{table_of(models()[name])}\n<!-- end -->"


if __name__ == "__main__":
    DOCUMENT.write_text(write_tables(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
