"""Gathers what the pages say into `messages.pot`, and brings each translation up to date with it.

    python -m tests.outputs.messages

Python says a message with `say`, `say_many` or `later`; templates with `trans`, `_` and the filter
`plural`; scripts with `say`, `sayParts` and `sayMany`. The order is that of files and lines,
without line numbers, so that a change elsewhere moves nothing.
"""

from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_javascript, extract_python
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes
from jinja2.ext import extract_from_ast

from aggregator.site.theme import find_templates, load_theme
from aggregator.words.phrases import several_of

ROOT = Path(__file__).resolve().parent.parent.parent
LANGUAGES = find_templates() / "languages"
TEMPLATE = LANGUAGES / "messages.pot"
_SAID, _COUNTED = ("say", "sayParts", "later"), ("say_many", "sayMany", "plural")
_IN_CONTEXT = ("pgettext", "npgettext")
# Whose words stand on pages; what the others say is for the terminal.
_ROOMS = ("announcing", "catalogue", "facts", "readme", "registry", "searching", "site", "words")
_HEADER = """\
# What the pages say, for translators: `docs/languages.md` says how.
# Written by `make generated`."""

Message = str | tuple[str, ...]


def main() -> None:
    """Write all of it again."""
    LANGUAGES.mkdir(exist_ok=True)
    found = gathered()
    TEMPLATE.write_bytes(as_file(found))
    for path in sorted(LANGUAGES.glob("*.po")):
        path.write_bytes(as_file(updated(path, found)))


def gathered() -> Catalog:
    """Gather every message, with the files that say it."""
    catalog = Catalog(
        header_comment=_HEADER,
        project="Showcase",
        version="1",
        msgid_bugs_address="",
        last_translator="",
        language_team="",
        fuzzy=False,
    )
    for place, message, context in _messages():
        catalog.add(message, locations=[(place, 0)], context=context)
    return catalog


@cache
def template_environment() -> Environment:
    """Give what reads templates, with the marks of messages in them."""
    return load_theme("#225faa").environment


def updated(path: Path, found: Catalog) -> Catalog:
    """Give a translation with the messages that there are now."""
    catalog = read_po(BytesIO(path.read_bytes()))
    catalog.update(found, no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    return catalog


def as_file(catalog: Catalog) -> bytes:
    """Write a catalogue; nothing in it hangs on the day or the machine."""
    written = BytesIO()
    write_po(written, catalog, omit_header=False, width=100, include_lineno=False)
    moving = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By')
    lines = written.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(moving))


def _messages() -> Iterator[tuple[str, Message, str | None]]:
    for room in _ROOMS:
        for path in sorted((ROOT / "aggregator" / room).rglob("*.py")):
            yield from _written(path, extract_python)
    templates = find_templates()
    for path in sorted(templates.rglob("*.html")):
        yield from _in_template(path)
    for path in sorted((templates / "static").rglob("*.js")):
        yield from _written(path, extract_javascript)


def _written(path: Path, read: Callable[..., Any]) -> Iterator[tuple[str, Message, str | None]]:
    with path.open("rb") as opened:
        for _, function, given, _ in read(opened, [*_SAID, *_COUNTED], [], {}):
            texts = tuple(filter(None, given if isinstance(given, tuple) else (given,)))
            if texts:
                told = texts[0] if function in _SAID else texts
                yield _place(path), _several(told), None


def _in_template(path: Path) -> Iterator[tuple[str, Message, str | None]]:
    tree = template_environment().parse(path.read_text(encoding="utf-8"))
    for _, function, message in extract_from_ast(tree):
        texts = tuple(filter(None, (message,) if isinstance(message, str) else message))
        context = texts[0] if function in _IN_CONTEXT else None
        texts = texts[context is not None :]
        yield _place(path), texts[0] if len(texts) == 1 else texts, context
    for found in tree.find_all(nodes.Filter):
        if found.name == "plural":
            nouns = [arg.value for arg in found.args if isinstance(arg, nodes.Const)]
            yield _place(path), _several(tuple(nouns)), None


def _several(message: Message) -> Message:
    """Give both forms of a noun that is regular."""
    if isinstance(message, tuple):
        one, *rest = filter(None, message)
        return (one, rest[0] if rest else several_of(one))
    return message


def _place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    main()
