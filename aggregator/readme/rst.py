"""reStructuredText to HTML with docutils; still unsafe, raw HTML included as on GitHub.

READMEs are written for Sphinx, PyPI and GitHub at once, so many hold directives and roles that
docutils does not know. What is inside one is rendered as if the directive were not there, its
arguments and captions in front of it, so that a reader loses no word; whatever docutils still
refuses is shown as it was written. Sphinx's own meaning (tabs that switch, lists that are
generated) needs Sphinx. Nothing is read from files.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from copy import deepcopy
from functools import cache
from html import escape
from typing import Any, ClassVar

from docutils import nodes
from docutils.core import Publisher, publish_parts
from docutils.parsers.rst import Directive, Parser, directives, roles, states
from docutils.parsers.rst.directives import admonitions, body, images, tables
from docutils.parsers.rst.languages import en as _english
from docutils.readers import standalone
from docutils.transforms import Transform
from docutils.utils import new_document
from docutils.writers import html5_polyglot

from aggregator.readme.formats import UnreadableError
from aggregator.readme.markup import film_kind

# https://docutils.sourceforge.io/docs/howto/security.html
MAX_LINE = 10_000
_SETTINGS = {
    "_disable_config": True,
    "cloak_email_addresses": False,
    "doctitle_xform": True,
    "embed_stylesheet": False,
    "file_insertion_enabled": False,
    "halt_level": 5,
    "image_loading": "link",
    "initial_header_level": 2,
    "input_encoding": "unicode",
    "line_length_limit": MAX_LINE,
    "math_output": "LaTeX",
    "raw_enabled": True,
    "report_level": 5,
    "smart_quotes": False,
    "strip_comments": True,
    "syntax_highlight": "none",
    "warning_stream": False,
}
_CLASS = re.compile(r' class="([^"]*)"')
_ALIGNED = re.compile(r"\balign-(left|center|right)\b")
_ADMONITION = re.compile(r'<aside class="admonition([^"]*)">\s*<p class="admonition-title">')
# What docutils calls an admonition, in GitHub's five kinds; any other is a note.
_KINDS = {
    **{name: name for name in ("caution", "important", "tip", "warning")},
    "attention": "important",
    "danger": "caution",
    "error": "caution",
    "hint": "tip",
}
_ALERT_TITLE = "readme-alert-title"
ALERT_CLASSES = frozenset(
    {_ALERT_TITLE, *(f"readme-alert readme-alert-{kind}" for kind in {*_KINDS.values(), "note"})}
)
# CSS pixels: https://www.w3.org/TR/css-values-3/#absolute-lengths, with a letter 16 pixels high.
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "em": 16.0, "ex": 8.0}
_PIXELS |= {"cm": 96 / 2.54, "mm": 96 / 25.4, "%": 1.0}
_MEASURE = re.compile(r"\s*(\d{1,5}(?:\.\d*)?|\.\d+)\s*([a-z]*|%)\s*", re.IGNORECASE)
# The title stands in the page all the same when only the line under it is too short.
_NOT_LOST = ("Title underline too short", "Title overline too short")

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
_CODES = frozenset({"code-block", "sourcecode", "code-cell", "prompt"})
_NO_LANGUAGE = frozenset({"code", "literal-block", "number-lines"})
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
    {"ref", "doc", "term", "numref", "any", "abbr", "dfn", "menuselection", "guilabel", "eq"}
    | {"label"}
)
_LINK_ROLES = frozenset({"doc", "download", "pep", "rfc"})
# What docutils calls a language is a module of words.
_ENGLISH: Any = _english


def rst_to_html(text: str) -> str:
    r"""Render reStructuredText; what docutils does not know is shown as text or as its source.

    Args:
        text: The document with `\n` line ends.

    Raises:
        UnreadableError: docutils would give nothing back.
    """
    if max(map(len, text.split("\n"))) >= MAX_LINE:
        raise UnreadableError("it has lines too long to be read")
    _know_names_of(text)
    try:
        parts = publish_parts(text, writer=_Writer(), settings=_settings())
    except RecursionError as error:
        raise UnreadableError("its markup is nested too deeply") from error
    html = _CLASS.sub(_meaning_of_class, str(parts["html_body"]))
    return _ADMONITION.sub(_open_alert, html).replace("</aside>", "</div>")


def _settings() -> Any:
    """Give settings of their own to each document; to work them out takes longer than some."""
    return deepcopy(_worked_out())


@cache
def _worked_out() -> Any:
    publisher = Publisher(standalone.Reader(), Parser(), _Writer())
    publisher.process_programmatic_settings(None, _SETTINGS, None)
    return publisher.settings


def _meaning_of_class(match: re.Match[str]) -> str:
    """Drop docutils' own class names but those of admonitions and of alignment."""
    if match[1].startswith("admonition"):
        return match[0]
    if match[1] == "math":
        return match[0]
    aligned = _ALIGNED.search(match[1])
    return f' align="{aligned[1]}"' if aligned else ""


def _open_alert(match: re.Match[str]) -> str:
    kind = next((_KINDS[word] for word in match[1].split() if word in _KINDS), "note")
    names = f"readme-alert readme-alert-{kind}"
    return f'<div class="{names}" role="note"><p class="{_ALERT_TITLE}">'


class _States(dict[str, Any]):
    """States of a machine by name, each made when it is first asked for."""

    def __init__(self, machine: states.NestedStateMachine, kinds: Iterable[type]) -> None:
        super().__init__()
        self._machine = machine
        self._kinds = {kind.__name__: kind for kind in kinds}

    def __missing__(self, name: str) -> Any:
        made = self[name] = self._kinds[name](self._machine, self._machine.debug)
        if hasattr(self._machine, "memo"):  # it runs already
            made.runtime_init()
        return made


class _Machine(states.NestedStateMachine):
    """Parses a list or a block; docutils would make all fifteen states for each, to use two."""

    def add_states(self, state_classes: Iterable[type]) -> None:
        self.states = _States(self, state_classes)


states.RSTState.nested_sm = _Machine


class _ShowRefused(Transform):
    """Shows the source of what docutils refused, before its messages are thrown away."""

    default_priority = 850  # before universal.Messages

    def apply(self) -> None:
        for message in list(self.document.findall(nodes.system_message)):
            if not message.astext().startswith(_NOT_LOST):
                source = [node for node in message if isinstance(node, nodes.literal_block)]
                if source:
                    message.replace_self(source)


class _Translator(html5_polyglot.HTMLTranslator):
    """Docutils' HTML: inline literals as code, sizes of images as in HTML."""

    def visit_literal(self, node: nodes.literal) -> None:
        self.body.append(f"<code>{escape(node.astext(), quote=False)}</code>")
        raise nodes.SkipNode

    def visit_literal_block(self, node: nodes.literal_block) -> None:
        names = [name for name in node["classes"] if name not in _NO_LANGUAGE]
        if "code" not in node["classes"] or not names:
            super().visit_literal_block(node)
        else:
            self._show_code(names[0], node)

    def visit_doctest_block(self, node: nodes.doctest_block) -> None:
        self._show_code("pycon", node)

    def visit_math(self, node: nodes.math) -> None:
        self.body.append(f'<code class="math">{escape(node.astext(), quote=False)}</code>')
        raise nodes.SkipNode

    def visit_math_block(self, node: nodes.math_block) -> None:
        self._show_code("math", node)

    def _show_code(self, language: str, node: nodes.Element) -> None:
        code = escape(node.astext(), quote=False)
        self.body.append(f'<pre lang="{escape(language)}"><code>{code}</code></pre>\n')
        raise nodes.SkipNode

    def visit_raw(self, node: nodes.raw) -> None:
        if "html" in node.get("format", "").split():
            self.body.append(node.astext())
        raise nodes.SkipNode

    def visit_image(self, node: nodes.image) -> None:
        written = {"alt": node.get("alt", ""), "src": node["uri"], **_size(node)}
        if "align" in node:
            written["align"] = node["align"]
        inside = "".join(f' {name}="{escape(value)}"' for name, value in written.items())
        is_inline = isinstance(node.parent, nodes.TextElement) and film_kind(node["uri"]) is None
        self.body.append(f"<img{inside} />" + ("" if is_inline else "\n"))
        raise nodes.SkipNode


class _Writer(html5_polyglot.Writer):
    """Writes with the translator above."""

    def __init__(self) -> None:
        super().__init__()
        self.translator_class = _Translator

    def get_transforms(self) -> list[type[Transform]]:
        return [*super().get_transforms(), _ShowRefused]


def _size(node: nodes.image) -> dict[str, str]:
    """Give the size as attributes of `<img>`; no file is looked into, as docutils would."""
    factor = node.get("scale", 100) / 100
    if "width" not in node and "height" not in node:
        return {"width": f"{100 * factor:.0f}%"} if factor < 1 else {}
    size = {}
    for name in ("width", "height"):
        match = _MEASURE.fullmatch(node.get(name, ""))
        if match and (unit := match[2].lower()) in _PIXELS:
            pixels = f"{float(match[1]) * factor * _PIXELS[unit]:.0f}"
            size[name] = f"{pixels}%" if unit == "%" else pixels
    return size


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
        if name in _INCLUDES:
            return [_link(self.arguments[0])] if self.arguments else []
        captions = map(self.options.get, _CAPTIONS)
        shown = [node for text in captions for node in self._paragraph(text)]
        return [*self._title(name), *shown, *self._inside(name)]

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
        if _ADDRESS.fullmatch(argument) or film_kind(argument):
            return [_link(argument)]
        paragraph = self._paragraph(argument)
        if self.content and len(argument) < 100 and paragraph:
            strong = nodes.strong("", "", *paragraph[0].children)
            return [nodes.paragraph("", "", strong), *paragraph[1:]]
        return paragraph

    def _inside(self, name: str) -> list[nodes.Node]:
        if not self.content:
            return []
        if name in _AS_WRITTEN or name.startswith("code"):
            text = "\n".join(self.content)
            classes = ["code", *self.arguments[:1]] if name in _CODES else ["code", name]
            return [nodes.literal_block(text, text, classes=classes)]
        if name in _LISTS:
            entries = [line.strip() for line in self.content if line.strip()]
            items = [nodes.list_item("", nodes.paragraph("", entry)) for entry in entries]
            return [nodes.bullet_list("", *items)]
        around = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, around, match_titles=False)
        return around.children

    def _paragraph(self, text: str | None) -> list[nodes.Node]:
        if not text:
            return []
        inline, messages = self.state.inline_text(text, self.lineno)
        return [nodes.paragraph(text, "", *inline), *messages]


def _link(address: str) -> nodes.Node:
    return nodes.paragraph("", "", nodes.reference("", address, refuri=address.strip()))


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
    if short in _WORDS_ROLES or titled or " " in shown:
        return [nodes.Text(shown)], []
    shown = shown.removeprefix("!")
    if shown.startswith("~"):  # Sphinx shows the last part only of `~package.module.name`
        shown = shown.rpartition(".")[2].lstrip("~")
    return [nodes.literal(rawtext, shown)], []


_ROLE_FUNCTION: Any = _role


def _know_names_of(text: str) -> None:
    """Teach docutils the names of directives and roles in a document that it does not know.

    docutils keeps both in tables of its process. A name means the same in every document, so what
    one of them taught changes nothing for the next.
    """
    document = new_document("README", _settings())
    document.reporter.report_level = 4
    for name in sorted(set(_NAME.findall(text)))[:_MOST_NAMES]:
        if directives.directive(name, _ENGLISH, document)[0] is None:
            directives.register_directive(name.lower(), _Shown)
    found = {one or other for one, other in _ROLE.findall(text)} | {"any", "ref"}
    for name in sorted(found)[:_MOST_NAMES]:
        if roles.role(name, _ENGLISH, 0, document.reporter)[0] is None:
            roles.register_canonical_role(name.lower(), _ROLE_FUNCTION)


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
for _name in sorted({*_AS_WRITTEN, *_INCLUDES} - {"parsed-literal"}):
    directives.register_directive(_name, _Shown)
for _name, _base in _TOLERANT.items():
    _options = defaultdict(lambda: _as_given, _base.option_spec or {})
    _tolerant = type(_base.__name__, (_base,), {"option_spec": _options})
    directives.register_directive(_name, _tolerant)
