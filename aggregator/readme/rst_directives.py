"""Directives and roles that docutils does not know: those of Sphinx, of its extensions, of anybody.

What is inside one is rendered as if the directive were not there, its arguments and captions in
front of it, so that a reader loses no word. Sphinx's own meaning (tabs that switch, lists that are
generated) needs Sphinx.
"""

import re
from collections.abc import Callable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive, directives, roles
from docutils.parsers.rst.directives import admonitions, body, images, tables
from docutils.parsers.rst.languages import en as _english
from docutils.utils import new_document

from aggregator.readme.films import kind_of

_NAME = re.compile(
    r"^[ \t>|*+-]*\.\.[ \t]+(?:\|[^|\n]{1,80}\|[ \t]+)?([\w:.+-]{1,60})::", re.MULTILINE
)
_ROLE = re.compile(r":([\w:.+-]{1,60}):`|`:([\w:.+-]{1,60}):")
# More names than these are an attack.
_MOST_NAMES = 200
# Their arguments and content are for Sphinx, not for readers.
_SILENT = frozenset(
    {"highlight", "index", "currentmodule", "py:currentmodule", "tabularcolumns", "default-domain"}
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
_LISTS = frozenset({"toctree", "autosummary", "hlist"})
_VERSIONS = {
    "versionadded": "Added in version",
    "versionchanged": "Changed in version",
    "deprecated": "Deprecated since version",
    "deprecated-removed": "Deprecated, removed in version",
    "versionremoved": "Removed in version",
}
_TITLES = {"seealso": "See also", "todo": "To do"}
_CAPTIONS = ("caption", "title", "header", "alt")
_ADDRESS = re.compile(r"https?://\S+")
_INCLUDES = frozenset({"include", "literalinclude", "mdinclude"})
# `text <target>`, as in :ref:`the guide <guide>`.
_TITLED = re.compile(r"(.+?)\s*<([^<>]*)>", re.DOTALL)
_WORDS_ROLES = frozenset(
    {
        "ref",
        "doc",
        "term",
        "numref",
        "any",
        "abbr",
        "dfn",
        "menuselection",
        "guilabel",
        "eq",
        "label",
    }
)
_LINK_ROLES = frozenset({"doc", "download", "pep", "rfc"})


class _AnyOption(dict[str, Any]):
    """Every option, whatever its name and value."""

    def __missing__(self, name: str) -> Callable[[str | None], str | None]:
        return _as_written

    def __bool__(self) -> bool:  # docutils does not look for options where there are none
        return True


def _as_written(value: str | None) -> str | None:
    return value


class _Shown(Directive):
    """A directive of which only the words are known."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[Any] = _AnyOption()

    def run(self) -> list[nodes.Node]:
        """Give what a reader would see of it, in the order it was written."""
        name = self.name.lower()
        if name in _SILENT:
            return []
        if name in _INCLUDES:
            return [self._link(self.arguments[0])] if self.arguments else []
        return [*self._title(name), *self._captions(), *self._inside(name)]

    def _title(self, name: str) -> list[nodes.Node]:
        argument = " ".join(" ".join(self.arguments).split())
        if name in _AS_WRITTEN or name in _NO_TITLE:
            return []
        if name in _VERSIONS:
            number, _, text = argument.partition(" ")
            ending = f": {text}" if text else "."
            return self._paragraph(f"{_VERSIONS[name]} {number}{ending}")
        if name in _TITLES:
            title = nodes.paragraph("", "", nodes.strong("", _TITLES[name]))
            return [title, *self._paragraph(argument)]
        if _ADDRESS.fullmatch(argument) or kind_of(argument):
            return [self._link(argument)]
        paragraph = self._paragraph(argument)
        is_title = bool(self.content) and len(argument) < 100
        if is_title and paragraph:
            strong = nodes.strong("", "", *paragraph[0].children)
            return [nodes.paragraph("", "", strong), *paragraph[1:]]
        return paragraph

    def _captions(self) -> list[nodes.Node]:
        written = [self.options.get(name) for name in _CAPTIONS]
        return [node for text in written if text for node in self._paragraph(text)]

    def _inside(self, name: str) -> list[nodes.Node]:
        if not self.content:
            return []
        if name in _AS_WRITTEN or name.startswith("code"):
            text = "\n".join(self.content)
            return [nodes.literal_block(text, text, classes=["code"])]
        if name in _LISTS:
            entries = [line.strip() for line in self.content if line.strip()]
            items = [nodes.list_item("", nodes.paragraph("", entry)) for entry in entries]
            return [nodes.bullet_list("", *items)]
        around = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, around, match_titles=False)
        return around.children

    def _paragraph(self, text: str) -> list[nodes.Node]:
        if not text:
            return []
        inline, messages = self.state.inline_text(text, self.lineno)
        return [nodes.paragraph(text, "", *inline), *messages]

    def _link(self, address: str) -> nodes.Node:
        link = nodes.reference("", address, refuri=address.strip())
        return nodes.paragraph("", "", link)


# docutils' own directives refuse an option they do not know, and all that is in them with it.
_TOLERANT: dict[str, type[Directive]] = {
    "image": images.Image,
    "figure": images.Figure,
    "admonition": admonitions.Admonition,
    "attention": admonitions.Attention,
    "caution": admonitions.Caution,
    "danger": admonitions.Danger,
    "error": admonitions.Error,
    "hint": admonitions.Hint,
    "important": admonitions.Important,
    "note": admonitions.Note,
    "tip": admonitions.Tip,
    "warning": admonitions.Warning,
    "table": tables.RSTTable,
    "csv-table": tables.CSVTable,
    "list-table": tables.ListTable,
    "math": body.MathBlock,
    "parsed-literal": body.ParsedLiteral,
    "topic": body.Topic,
    "sidebar": body.Sidebar,
}


def _role(
    name: str, rawtext: str, text: str, *_: Any, **__: Any
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """Give the words of a role: as text where it names words, as code where it names code."""
    text = re.sub(r"\x00|\\(?=\s)", "", text).replace("\\", "")
    titled = _TITLED.fullmatch(text)
    shown = titled[1] if titled else text
    short = name.lower().rpartition(":")[2]
    if short in _LINK_ROLES and titled and _ADDRESS.fullmatch(titled[2]):
        return [nodes.reference(rawtext, shown, refuri=titled[2])], []
    if short == "abbr":  # :abbr:`LOS (length of stay)`
        return [nodes.Text(shown)], []
    if short in _WORDS_ROLES or titled or " " in shown:
        return [nodes.Text(shown)], []
    shown = shown.removeprefix("!")
    if shown.startswith("~"):
        shown = shown.rpartition(".")[2].lstrip("~")
    return [nodes.literal(rawtext, shown)], []


# What docutils calls a language is a module of words.
_ENGLISH: Any = _english
_ROLE_FUNCTION: Any = _role


def know_directives_of(text: str) -> None:
    """Teach docutils the names of directives and roles in a document that it does not know.

    docutils keeps both in tables of its process. A name means the same in every document, so what
    one of them taught changes nothing for the next.
    """
    document = new_document("README")
    document.reporter.report_level = 4
    for name in sorted(set(_NAME.findall(text)))[:_MOST_NAMES]:
        if directives.directive(name, _ENGLISH, document)[0] is None:
            directives.register_directive(name.lower(), _Shown)
    found = {one or other for one, other in _ROLE.findall(text)} | {"any", "ref"}
    for name in sorted(found)[:_MOST_NAMES]:
        if roles.role(name, _ENGLISH, 0, document.reporter)[0] is None:
            roles.register_canonical_role(name.lower(), _ROLE_FUNCTION)


for _name in sorted({*_AS_WRITTEN, *_INCLUDES} - {"parsed-literal"}):
    directives.register_directive(_name, _Shown)
for _name, _base in _TOLERANT.items():
    _options = {"option_spec": _AnyOption(_base.option_spec or {})}
    directives.register_directive(_name, type(_base.__name__, (_base,), _options))
