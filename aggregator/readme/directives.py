"""Directives and roles that docutils does not know: what a reader would see of them.

READMEs are written for Sphinx, PyPI and GitHub at once, so many hold what only Sphinx or one of its
extensions can read. What is inside a directive is rendered as if the directive were not there, its
arguments and captions in front of it; a role gives its words. Nothing is read from files, and
nothing depends on the day.
"""

import re
from collections import defaultdict
from typing import Any, ClassVar
from urllib.parse import quote

from docutils import nodes
from docutils.parsers.rst import Directive, directives, roles, states
from docutils.parsers.rst.directives import admonitions, body, images, tables
from docutils.parsers.rst.languages import en as _english
from docutils.transforms import Transform

from aggregator.readme.labels import TITLES, VERSIONS
from aggregator.readme.markup import film_kind
from aggregator.words.speech import say

_NAME = re.compile(
    r"^[ \t>|*+-]*\.\.[ \t]+(?:\|[^|\n]{1,80}\|[ \t]+)?([\w:.+-]{1,60})::", re.MULTILINE
)
_ROLE = re.compile(r":([\w:.+-]{1,60}):`|`:([\w:.+-]{1,60}):")
# More names than these are an attack.
_MOST_NAMES = 200
# Their arguments and content are for Sphinx, not for readers.
_SILENT = frozenset(
    {
        "todolist",
        "tags",
        "highlight",
        "index",
        "currentmodule",
        "py:currentmodule",
        "tabularcolumns",
        "default-domain",
    }
)
_NO_TITLE = frozenset({"only", "ifconfig", "grid", "tab-set", "tabs", "container", "card-carousel"})
# Lines of their content belong as they are.
_AS_WRITTEN_NAMES = """
    code code-block sourcecode highlightlang prompt console ipython ipython3 jupyter-execute
    testcode testsetup testcleanup testoutput doctest mermaid graphviz digraph graph plantuml uml
    program-output command-output tikz blockdiag productionlist execute_code runblock shell bash
    parsed-text code-cell exec pyscript altair-plot vega-lite try_examples code-include
"""
_AS_WRITTEN = frozenset(_AS_WRITTEN_NAMES.split())
# Names of extensions that show code, such as `exec_code`.
_OF_CODE = re.compile(r"code|exec(?:ute)?(?:$|[_-])")
_CODES = frozenset({"code-block", "sourcecode", "code-cell", "prompt"})
_FOLDED = frozenset({"collapse", "details", "dropdown", "spoiler", "toggle"})
# Films by their number there: https://sphinxcontrib-youtube.readthedocs.io/
_FILMS = {"youtube": "https://www.youtube.com/watch?v=", "vimeo": "https://vimeo.com/"}
_PRESSED = frozenset({"button", "button-link"})
_LISTS = frozenset({"toctree", "autosummary", "hlist"})
_CAPTIONS = ("caption", "title", "header", "alt")
_ADDRESS = re.compile(r"https?://\S+")
_INCLUDES = frozenset({"include", "literalinclude", "mdinclude"})
# `text <target>`, as in :ref:`the guide <guide>`.
_TITLED = re.compile(r"(.+?)\s*<([^<>]*)>", re.DOTALL)
# Names of a place in the document, which Sphinx shows by its title.
_PLACE_ROLES = frozenset({"ref", "numref"})
_WORDS_ROLES = frozenset(
    {"doc", "term", "any", "abbr", "dfn", "menuselection", "guilabel", "eq"} | {"label"}
)
_LINK_ROLES = frozenset({"doc", "download", "pep", "rfc"})
# What docutils calls a language is a module of words.
_ENGLISH: Any = _english


def _as_given(value: str | None) -> str | None:
    return value


class _Shown(Directive):
    """A directive of which only the words are known."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[Any] = defaultdict(lambda: _as_given, name=_as_given)

    def run(self) -> list[nodes.Node]:
        """Give what a reader would see of it, in the order it was written."""
        name = self.name.lower()
        if name in _SILENT:
            return []
        if isinstance(self.state, states.SubstitutionDef):  # no place for more than words
            return [nodes.Text(" ".join(self.arguments) or self.options.get("alt", name))]
        if name in _INCLUDES:
            return [_link(self.arguments[0])] if self.arguments else []
        if name in _PRESSED and self.arguments and _ADDRESS.fullmatch(self.arguments[0]):
            return [_link(self.arguments[0], " ".join(" ".join(self.content).split()))]
        if name in _FOLDED:
            return [self._folded()]
        captions = map(self.options.get, _CAPTIONS)
        shown = [node for text in captions for node in self._paragraph(text)]
        return [*self._picture(), *self._title(name), *shown, *self._inside(name)]

    def _folded(self) -> nodes.Node:
        argument = " ".join(" ".join(self.arguments).split()) or self.options.get("title") or ""
        title = self._paragraph(argument or "\u2026")
        return Folded("", FoldedTitle("", "", *title[0].children), *title[1:], *self._inside(""))

    def _picture(self) -> list[nodes.Node]:
        uri = self.options.get("img-top") or self.options.get("img-background")
        return [nodes.image("", uri=uri.strip(), alt="")] if uri else []

    def _title(self, name: str) -> list[nodes.Node]:
        argument = " ".join(" ".join(self.arguments).split())
        if name in _AS_WRITTEN or name in _NO_TITLE:
            return []
        if name in VERSIONS:
            number, _, text = argument.partition(" ")
            ending = f": {text}" if text else "."
            return self._paragraph(f"{say(VERSIONS[name], version=number)}{ending}")
        if name in TITLES:
            title = nodes.paragraph("", "", nodes.strong("", say(TITLES[name])))
            return [title, *self._paragraph(argument)]
        if leads_to := self._address(name, argument):
            return [leads_to]
        paragraph = self._paragraph(argument)
        if self.content and len(argument) < 100 and paragraph:
            strong = nodes.strong("", "", *paragraph[0].children)
            return [nodes.paragraph("", "", strong), *paragraph[1:]]
        return paragraph

    def _address(self, name: str, argument: str) -> nodes.Node | None:
        """Link an argument that is an address, names a film, or is the title of a card."""
        if name in _FILMS and argument:
            return _link(_FILMS[name] + quote(argument))
        if _ADDRESS.fullmatch(argument) or film_kind(argument):
            return _link(argument)
        address = (self.options.get("link") or "").strip()
        return _link(address, argument) if argument and _ADDRESS.fullmatch(address) else None

    def _inside(self, name: str) -> list[nodes.Node]:
        if not self.content:
            return []
        if name in _AS_WRITTEN or _OF_CODE.search(name):
            text = "\n".join(self.content)
            classes = ["code", *self.arguments[:1]] if name in _CODES else ["code", name]
            return [nodes.literal_block(text, text, classes=classes)]
        if name in _LISTS:
            entries = [line.strip() for line in self.content if line.strip()]
            return [nodes.bullet_list("", *map(_listed, entries))]
        around = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, around, match_titles=False)
        return around.children

    def _paragraph(self, text: str | None) -> list[nodes.Node]:
        if not text:
            return []
        inline, messages = self.state.inline_text(text, self.lineno)
        return [nodes.paragraph(text, "", *inline), *messages]


def _link(address: str, words: str = "") -> nodes.Node:
    reference = nodes.reference("", words or address, refuri=address.strip())
    return nodes.paragraph("", "", reference)


def _listed(entry: str) -> nodes.list_item:
    """Show an entry of a `toctree`: its title where it has one, and no name of a document then."""
    titled = _TITLED.fullmatch(entry)
    if not titled:
        return nodes.list_item("", nodes.paragraph("", entry))
    if _ADDRESS.fullmatch(titled[2]):
        return nodes.list_item("", _link(titled[2], titled[1]))
    return nodes.list_item("", nodes.paragraph("", titled[1]))


def _role(
    name: str, rawtext: str, text: str, *_: Any, **__: Any
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """Give the words of a role: as text where it names words, as code where it names code."""
    text = re.sub(r"\x00|\\(?=\s)", "", text).replace("\\", "")
    titled = _TITLED.fullmatch(text)
    shown = titled[1] if titled else text
    short = name.lower().rpartition(":")[2]
    if short in _PLACE_ROLES:
        return [
            PlaceName(rawtext, shown, place=titled[2] if titled else shown, bare=not titled)
        ], []
    if short in _LINK_ROLES and titled and _ADDRESS.fullmatch(titled[2]):
        return [nodes.reference(rawtext, shown, refuri=titled[2])], []
    if short in _WORDS_ROLES or titled or " " in shown:
        return [nodes.Text(shown)], []
    shown = shown.removeprefix("!")
    if shown.startswith("~"):  # Sphinx shows the last part only of `~package.module.name`
        shown = shown.rpartition(".")[2].lstrip("~")
    return [nodes.literal(rawtext, shown)], []


_ROLE_FUNCTION: Any = _role


class PlaceName(nodes.Inline, nodes.TextElement):
    """Words that name a place of the document; a link by the time it is written."""


class Folded(nodes.General, nodes.Element):
    """What a visitor unfolds: a `FoldedTitle`, then blocks."""


class FoldedTitle(nodes.Part, nodes.TextElement):
    """The words of what is folded."""


class LinkPlaces(Transform):
    """Makes links of the names of places: `:ref:`, which Sphinx follows through all documents."""

    default_priority = 700  # when docutils has followed its own references

    def apply(self) -> None:
        """Replace each name by a link to its place, or by its words where that is elsewhere."""
        for found in list(self.document.findall(PlaceName)):
            place = self.document.nameids.get(nodes.fully_normalize_name(found["place"]))
            words = found.astext()
            if place is None:
                found.replace_self(nodes.Text(words))
                continue
            at = self.document.ids[place]
            if found["bare"] and isinstance(at, nodes.section):
                words = at[0].astext()
            found.replace_self(nodes.reference("", words, refid=place))


def know_names_of(text: str, document: nodes.document) -> None:
    """Teach docutils the names of directives and roles in a text that it does not know.

    docutils keeps both in tables of its process. A name means the same in every document, so what
    one of them taught changes nothing for the next; the roles that a document defined for itself
    are forgotten.

    Args:
        text: What will be parsed.
        document: An empty one with the settings that will be used.
    """
    vars(roles)["_roles"].clear()
    document.reporter.report_level = 4
    for name in sorted(set(_NAME.findall(text)))[:_MOST_NAMES]:
        if directives.directive(name, _ENGLISH, document)[0] is None:
            directives.register_directive(name.lower(), _Shown)
    found = {one or other for one, other in _ROLE.findall(text)} | {"any", "ref"}
    for name in sorted(found)[:_MOST_NAMES]:
        if roles.role(name, _ENGLISH, 0, document.reporter)[0] is None:
            roles.register_canonical_role(name.lower(), _ROLE_FUNCTION)


class _Day(Directive):
    """The day of rendering, which would be another one each night: its name as it was written."""

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[Any] = {"alt": _as_given}

    def run(self) -> list[nodes.Node]:
        """Give the name that the document has for it."""
        return [nodes.Text(f"|{self.options.get('alt') or 'date'}|")]


_ADMONITIONS = "admonition attention caution danger error hint important note tip warning"
# docutils' own directives refuse an option they do not know, and all that is in them with it.
_TOLERANT: dict[str, type[Directive]] = {
    "image": images.Image,
    "figure": images.Figure,
    "table": tables.RSTTable,
    "csv-table": tables.CSVTable,
    "list-table": tables.ListTable,
    "math": body.MathBlock,
    "parsed-literal": body.ParsedLiteral,
    "topic": body.Topic,
    "sidebar": body.Sidebar,
    **{name: getattr(admonitions, name.capitalize()) for name in _ADMONITIONS.split()},
}
directives.register_directive("date", _Day)
for _name in sorted({*_AS_WRITTEN, *_INCLUDES} - {"parsed-literal"}):
    directives.register_directive(_name, _Shown)
for _name, _base in _TOLERANT.items():
    _options = defaultdict(lambda: _as_given, _base.option_spec or {})
    _tolerant = type(_base.__name__, (_base,), {"option_spec": _options})
    directives.register_directive(_name, _tolerant)
