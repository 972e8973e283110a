"""Finds words of pages that no translation can reach.

    python -m tests.outputs.unsaid

A site is built whose language puts every message in brackets; what stands outside of them, and in
no text of a member, is printed with the page that has it.
"""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from babel.messages.pofile import write_po

from aggregator.catalogue.types import Catalogue
from aggregator.site.renderers import render_site
from aggregator.site.theme import load_theme
from aggregator.words.speech import speaking
from tests.outputs import factory
from tests.outputs.messages import gathered

LANGUAGE = "eo"
_OPEN, _CLOSE = "⟦", "⟧"
_SPOKEN_ATTRIBUTES = {"alt", "aria-label", "placeholder", "title", "data-label"}
_SILENT = {"script", "style", "pre", "code", "kbd", "template", "svg"}
_WORD = re.compile(r"[^\W\d_]{2,}")


def bracketed(folder: Path) -> Path:
    """Write a language in which every message is its English in brackets; give the templates."""
    catalog = gathered()
    catalog.locale = LANGUAGE
    for message in catalog:
        if isinstance(message.id, tuple):
            message.string = tuple(f"{_OPEN}{form}{_CLOSE}" for form in message.id)
        elif message.id:
            message.string = f"{_OPEN}{message.id}{_CLOSE}"
    written = BytesIO()
    write_po(written, catalog)
    (folder / "languages").mkdir()
    (folder / "languages" / f"{LANGUAGE}.po").write_bytes(written.getvalue())
    return folder


def unsaid(make: Callable[[], Catalogue]) -> Iterator[tuple[str, str]]:
    """Give each page with a text of it that is in no brackets and no member's.

    Args:
        make: assembles the catalogue; what the same gives in English tells what members wrote.
    """
    with TemporaryDirectory() as folder:
        theme = load_theme("#225faa", bracketed(Path(folder)), LANGUAGE)
        with speaking(theme.speech):
            catalogue = make()
        known = " ".join(_written(catalogue))
        for file in render_site(catalogue, theme):
            if file.path.endswith(".html"):
                reader = _Texts()
                reader.feed(file.data.decode())
                for text in outside("".join(reader.texts)):
                    if text not in known:
                        yield file.path, text


def _written(catalogue: Catalogue) -> Iterator[str]:
    """Give what members and GitHub wrote, of which no word is the site's."""
    yield repr((factory.registry(None), factory.snapshot(), factory.README, factory.STORY))
    for project in catalogue.projects:
        yield repr((project.title, project.facts, project.celebrations, project.talks))
    yield repr((catalogue.talks, catalogue.paths, catalogue.described))
    yield " ".join(p.readme.html for p in catalogue.projects if p.readme) + factory.STORY


def outside(text: str) -> Iterator[str]:
    """Give the pieces with words in them that stand outside of brackets."""
    depth, piece = 0, ""
    for sign in f"{text}\n":
        if sign == _OPEN or (sign in "\n·,:;" and not depth):
            if _WORD.search(piece):
                yield piece.strip(" .,;:·()“”\"'")
            piece = ""
            depth += sign == _OPEN
        elif sign == _CLOSE:
            depth -= 1
        elif not depth:
            piece += sign


class _Texts(HTMLParser):
    """Gathers what a page says to people, each text on a line."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        self.texts += [f"\n{v}\n" for name, v in attrs if name in _SPOKEN_ATTRIBUTES and v]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(" ".join(data.split(" ")))


def main() -> None:
    """Print what was found, each text once, with the first page that has it."""
    found: dict[str, str] = {}
    for path, text in unsaid(factory.rich):
        found.setdefault(text, path)
    for text, path in found.items():
        print(f"{path}: {text}")
    print(len(found), "texts that no translation reaches")


if __name__ == "__main__":
    main()
