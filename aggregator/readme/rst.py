"""reStructuredText to HTML with docutils; still unsafe, raw HTML included as on GitHub.

No word is lost: directives and roles of Sphinx show theirs (`directives`), and whatever docutils
still refuses is shown as it was written. Sphinx's own meaning (tabs that switch, lists that are
generated) needs Sphinx. Nothing is read from files.
"""

import re
from collections.abc import Iterable
from copy import deepcopy
from functools import cache
from html import escape
from typing import Any

from docutils import nodes
from docutils.core import Publisher, publish_parts
from docutils.parsers.rst import Parser, states
from docutils.readers import standalone
from docutils.transforms import Transform
from docutils.utils import new_document
from docutils.utils.math import pick_math_environment
from docutils.writers import html5_polyglot

from aggregator.readme.directives import Folded, FoldedTitle, LinkPlaces, know_names_of
from aggregator.readme.formats import UnreadableError
from aggregator.readme.labels import ADMONITIONS, TOO_DEEP, TOO_LONG_LINES
from aggregator.readme.markup import film_kind
from aggregator.words.speech import say

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
    "toc_backlinks": False,
    "warning_stream": False,
}
_CLASS = re.compile(r' class="([^"]*)"')
_ALIGNED = re.compile(r"\balign-(left|center|right)\b")
_ADMONITION = re.compile(
    r'<aside class="admonition([^"]*)">\s*<p class="admonition-title">([^<]{0,100})'
)
# What docutils calls an admonition, in GitHub's five kinds; any other is a note.
_KINDS = {
    **{name: name for name in ("caution", "important", "tip", "warning")},
    "attention": "important",
    "danger": "caution",
    "error": "caution",
    "hint": "tip",
}
_ALERT_TITLE = "readme-alert-title"
# CSS pixels: https://www.w3.org/TR/css-values-3/#absolute-lengths, with a letter 16 pixels high.
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "em": 16.0, "ex": 8.0}
_PIXELS |= {"cm": 96 / 2.54, "mm": 96 / 25.4, "%": 1.0}
_MEASURE = re.compile(r"\s*(\d{1,5}(?:\.\d*)?|\.\d+)\s*([a-z]*|%)\s*", re.IGNORECASE)
_NO_LANGUAGE = frozenset({"code", "literal-block", "number-lines"})
# The title stands in the page all the same when only the line under it is too short.
_NOT_LOST = ("Title underline too short", "Title overline too short")


def rst_to_html(text: str) -> str:
    r"""Render reStructuredText; what docutils does not know is shown as text or as its source.

    Args:
        text: The document with `\n` line ends.

    Raises:
        UnreadableError: docutils would give nothing back.
    """
    if max(map(len, text.split("\n"))) >= MAX_LINE:
        raise UnreadableError(say(TOO_LONG_LINES))
    know_names_of(text, new_document("README", _settings()))
    try:
        parts = publish_parts(text, writer=_Writer(), settings=_settings())
    except RecursionError as error:
        raise UnreadableError(say(TOO_DEEP)) from error
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
    title = say(ADMONITIONS[match[2]]) if match[2] in ADMONITIONS else match[2]
    return f'<div class="{names}" role="note"><p class="{_ALERT_TITLE}">{title}'


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
        tex = node.astext()
        if pick_math_environment(tex).startswith("align"):  # several lines, as docutils draws them
            tex = f"\\begin{{aligned}}\n{tex}\n\\end{{aligned}}"
        self._show_code("math", nodes.literal_block(tex, tex))

    def visit_rubric(self, node: nodes.rubric) -> None:
        self.body.append(self.starttag(node, "p", "") + "<strong>")

    def depart_rubric(self, _: nodes.rubric) -> None:
        self.body.append("</strong></p>\n")

    # docutils finds these by the names of the nodes.
    def visit_Folded(self, _: Folded) -> None:  # noqa: N802 - docutils looks for it
        self.body.append("<details>\n")

    def depart_Folded(self, _: Folded) -> None:  # noqa: N802 - docutils looks for it
        self.body.append("</details>\n")

    def visit_FoldedTitle(self, _: FoldedTitle) -> None:  # noqa: N802 - docutils looks for it
        self.body.append("<summary>")

    def depart_FoldedTitle(self, _: FoldedTitle) -> None:  # noqa: N802 - docutils looks for it
        self.body.append("</summary>\n")

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
        return [*super().get_transforms(), LinkPlaces, _ShowRefused]


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
