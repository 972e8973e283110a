"""Finds words of pages that no translation can reach.

    python -m tests.outputs.unsaid

A site is built whose language puts every message in brackets; what stands outside of them, and in
no text of a member, is printed with the page that has it. `unsaid_in` looks for the same in the
source of one template, where nothing comes from anywhere else.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, cached_property
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from babel.messages.pofile import write_po
from jinja2 import nodes
from pydantic import BaseModel

from aggregator.catalogue.types import Catalogue
from aggregator.site.recipes import File
from aggregator.site.renderers import render_site
from aggregator.site.theme import load_theme
from aggregator.words.speech import locale_of, speaking
from tests.outputs import factory
from tests.outputs.messages import gathered, template_environment

LANGUAGE = "eo"
_OPEN, _CLOSE = "⟦", "⟧"
_SPOKEN_ATTRIBUTES = {"alt", "aria-label", "placeholder", "title", "data-label"}
# What a page says of itself to programs that show it to people.
_TOLD_TO_OTHERS = {"description", "og:title", "og:description", "og:image:alt"}
_SILENT = {"script", "style", "pre", "code", "kbd"}
_ENDS = "\n·,:;()[]“”"
_WORD = re.compile(r"[^\W\d_]{2,}")
# Addresses, names of files, of repositories and of a service, and the number of a version.
_NO_WORDS = re.compile(
    r"\w+://\S+|[\w.+-]+@[\w-]+\.[\w.-]+|\b[\w.-]+/[\w.-]+\b"
    r"|\b[\w.-]+\.(?:json|csv|db|xml|md|cff|html|ics|py|toml|yaml)\b|\bv\d[\d.]*\b|GitHub Actions"
)
# What is called the same everywhere: forms of data, and the clock of the world.
_NAMES = {
    *("Atom", "BibTeX", "CodeMeta", "CSV", "DOI", "GitHub", "JSON", "ORCID", "README", "RIS"),
    *("oEmbed", "RSS", "SQLite", "URL", "UTC", "GMT", "BST"),
}
# A piece of so few words is a member's only where it is all that they wrote.
_FEW = 2


def bracketed(folder: Path) -> Path:
    """Write a language in which every message is its English in brackets; give the templates."""
    (folder / "languages").mkdir()
    (folder / "languages" / f"{LANGUAGE}.po").write_bytes(_messages_in_brackets())
    return folder


@cache
def _messages_in_brackets() -> bytes:
    catalog = gathered()
    catalog.locale = LANGUAGE
    for message in catalog:
        if isinstance(message.id, tuple):
            message.string = tuple(f"{_OPEN}{form}{_CLOSE}" for form in message.id)
        elif message.id:
            message.string = f"{_OPEN}{message.id}{_CLOSE}"
    written = BytesIO()
    write_po(written, catalog)
    return written.getvalue()


def unsaid(make: Callable[[], Catalogue]) -> Iterator[tuple[str, str]]:
    """Give each page with a text of it that is in no brackets and no member's.

    Args:
        make: assembles the catalogue; what the same gives in English tells what members wrote.
    """
    theirs = Theirs(make())
    for file in in_brackets(make):
        if file.path.endswith(".html"):
            for text in outside(spoken_texts(file.data.decode())):
                if not theirs.wrote(text):
                    yield file.path, text


def in_brackets(make: Callable[[], Catalogue]) -> list[File]:
    """Make the site of a catalogue in the language of brackets."""
    with TemporaryDirectory() as folder:
        theme = load_theme("#225faa", bracketed(Path(folder)), LANGUAGE)
        with speaking(theme.speech):
            catalogue = make()
        return list(render_site(catalogue, theme))


def unsaid_in(template: Path) -> list[str]:
    """Give the words that a template writes by itself and that are no message."""
    tree = template_environment().parse(template.read_text(encoding="utf-8"))
    source = "".join(filter(None, map(_written_by, tree.find_all(nodes.Output))))
    return [text for text in outside(spoken_texts(source)) if not _is_no_word(text)]


def _written_by(output: nodes.Output) -> str:
    """Give what one place of a template writes: its own text, and words that it chooses between."""
    parts = []
    for node in output.nodes:
        if isinstance(node, nodes.TemplateData):
            parts.append(node.data)
        elif isinstance(node, nodes.CondExpr | nodes.Or | nodes.Const):
            parts += [f" {one.value} " for one in _constants(node)]
        else:
            parts.append("0")
    return "".join(parts)


def _constants(node: nodes.Node) -> Iterator[nodes.Const]:
    """Give the texts that an expression may come to; what it compares is none of them."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node
    elif isinstance(node, nodes.CondExpr):
        yield from _constants(node.expr1)
        yield from _constants(node.expr2) if node.expr2 else ()
    elif isinstance(node, nodes.Or):
        yield from _constants(node.left)
        yield from _constants(node.right)


@dataclass(frozen=True)
class Theirs:
    """What members and GitHub wrote, of which no word is the site's."""

    catalogue: Catalogue

    def wrote(self, text: str) -> bool:
        """Tell whether a text is theirs, or a day or a name that needs no translation."""
        plain, is_cut = _plain(text), text.endswith("…")
        if _is_no_word(text) or plain in self._pieces:
            return True
        return (is_cut or len(plain.split()) > _FEW) and plain in self._all

    @cached_property
    def _pieces(self) -> frozenset[str]:
        pieces = (piece for text in self._texts() for piece in outside(spoken_texts(text)))
        return frozenset(map(_plain, (*pieces, *self._texts())))

    @cached_property
    def _all(self) -> str:
        texts = (text for one in self._texts() for text in (one, spoken_texts(one)))
        return "\n".join(map(_plain, texts))

    def _texts(self) -> Iterator[str]:
        """Give what they wrote; of what is assembled only what is passed on as it stood."""
        for project in self.catalogue.projects:
            yield from _strings((project.title, project.repo, project.links, project.tags))
            yield from _strings((project.organisation, project.facts))
            yield from _strings((project.celebrations, project.talks, project.readme))
            yield from filter(None, (project.licence_label, project.story_html))
            yield from (project.summary.text,) if project.summary else ()
        yield from _strings((factory.registry(None), factory.snapshot()))
        yield from (factory.README.html, factory.STORY)
        told = self.catalogue
        yield str(told.about_html)
        yield from _strings((told.talks, told.paths, told.described, told.terms, told.showcase))


def _strings(value: object) -> Iterator[str]:
    """Give every text within a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _strings([*value.keys(), *value.values()])
    elif isinstance(value, Iterable) and not isinstance(value, bytes | BaseModel):
        for one in value:
            yield from _strings(one)
    else:
        yield from _strings([getattr(value, name) for name in _names_in(value)])


def _names_in(value: Any) -> Iterable[str]:
    if isinstance(value, BaseModel):
        return type(value).model_fields
    if is_dataclass(value):
        return [field.name for field in fields(value)]
    return ()


def _plain(text: str) -> str:
    """Give a text without case and numbers, which stand beside many a name."""
    return " ".join(re.sub(r"\d+", "", text).split()).strip(" ./…").casefold()


def _is_no_word(text: str) -> bool:
    """Tell whether a text is a date, a name that all languages share, or the like."""
    locale = locale_of(LANGUAGE)
    said = {*locale.months["format"]["wide"].values(), locale.list_patterns["standard"]["2"]}
    said = {word.strip("{}01 ") for word in said}
    return not {*_WORD.findall(_NO_WORDS.sub("", text))} - said - _NAMES


def outside(text: str) -> Iterator[str]:
    """Give the pieces with words in them that stand outside of brackets."""
    depth, piece = 0, ""
    for sign in f"{text}\n":
        if sign == _OPEN or (sign in _ENDS and not depth):
            if _WORD.search(piece):
                yield piece.strip(" .\"'")
            piece = ""
            depth += sign == _OPEN
        elif sign == _CLOSE:
            depth -= 1
        elif not depth:
            piece += sign


def spoken_texts(html: str) -> str:
    """Give what a page says to people, each of its texts on a line; addresses are left out."""
    reader = _Texts()
    reader.feed(html)
    return _NO_WORDS.sub("", "".join(reader.texts))


class _Texts(HTMLParser):
    """Gathers what a page says to people, each text on a line."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        given = dict(attrs)
        told = given.get("name") or given.get("property")
        spoken = {"content"} if tag == "meta" and told in _TOLD_TO_OTHERS else _SPOKEN_ATTRIBUTES
        self.texts += ["\n", *(f"{given[name]}\n" for name in spoken & given.keys())]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT
        self.texts.append("\n")

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
