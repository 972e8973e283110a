"""reStructuredText to HTML with docutils; still unsafe, raw HTML included as on GitHub.

READMEs are written for Sphinx, PyPI and GitHub at once, so many hold directives and roles that
docutils does not know. `rst_directives` shows what is in them; whatever docutils still refuses is
shown as it was written. Nothing is read from files.
"""

import re
from dataclasses import dataclass
from html import escape

from docutils import nodes
from docutils.core import publish_parts
from docutils.transforms import Transform
from docutils.writers import html5_polyglot

from aggregator.readme.films import kind_of
from aggregator.readme.rst_directives import know_directives_of

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
# What docutils calls an admonition, in GitHub's five kinds.
_KINDS = {
    "attention": "important",
    "caution": "caution",
    "danger": "caution",
    "error": "caution",
    "hint": "tip",
    "important": "important",
    "tip": "tip",
    "warning": "warning",
}
_ALERT_TITLE = "readme-alert-title"
ALERT_CLASSES = frozenset(
    {_ALERT_TITLE, *(f"readme-alert readme-alert-{kind}" for kind in {*_KINDS.values(), "note"})}
)
# CSS pixels: https://www.w3.org/TR/css-values-3/#absolute-lengths, with a letter 16 pixels high.
_PIXELS = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 96 / 25.4,
    "em": 16.0,
    "ex": 8.0,
}
_MEASURE = re.compile(r"\s*(\d{1,5}(?:\.\d*)?|\.\d+)\s*([a-z]*|%)\s*", re.IGNORECASE)
# The title stands in the page all the same when only the line under it is too short.
_NOT_LOST = ("Title underline too short", "Title overline too short")


class UnreadableError(ValueError):
    """A document that docutils refuses to read."""


@dataclass(frozen=True, slots=True)
class RestructuredHtml:
    """What came of a document: its HTML, and the HTML that its author wrote in it."""

    html: str
    written: str


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
    """Docutils' HTML: inline literals as code, sizes of images as in HTML, raw HTML noted."""

    def __init__(self, document: nodes.document) -> None:
        super().__init__(document)
        self.written: list[str] = []

    def visit_literal(self, node: nodes.literal) -> None:
        self.body.append(f"<code>{escape(node.astext(), quote=False)}</code>")
        raise nodes.SkipNode

    def visit_raw(self, node: nodes.raw) -> None:
        if "html" in node.get("format", "").split():
            self.written.append(node.astext())
            self.body.append(node.astext())
        raise nodes.SkipNode

    def visit_image(self, node: nodes.image) -> None:
        alt = node.get("alt", "")
        written = {"alt": alt, "src": node["uri"], **_size(node)}
        if "align" in node:
            written["align"] = node["align"]
        inside = "".join(f' {name}="{escape(value)}"' for name, value in written.items())
        self.body.append(f"<img{inside} />" + ("" if self._is_inline(node) else "\n"))
        raise nodes.SkipNode

    def _is_inline(self, node: nodes.image) -> bool:
        return isinstance(node.parent, nodes.TextElement) and kind_of(node["uri"]) is None


def _size(node: nodes.image) -> dict[str, str]:
    """Give the size as attributes of `<img>`; no file is looked into, as docutils would."""
    factor = node.get("scale", 100) / 100
    size = {name: _measure(node[name], factor) for name in ("width", "height") if name in node}
    if not size and factor < 1:
        return {"width": f"{100 * factor:.0f}%"}
    return {name: value for name, value in size.items() if value}


def _measure(written: str, factor: float) -> str:
    match = _MEASURE.fullmatch(written)
    if not match:
        return ""
    number, unit = float(match[1]) * factor, match[2].lower()
    if unit == "%":
        return f"{number:.0f}%"
    return f"{number * _PIXELS[unit]:.0f}" if unit in _PIXELS else ""


class _Writer(html5_polyglot.Writer):
    """Writes with the translator above."""

    def __init__(self) -> None:
        super().__init__()
        self.translator_class = _Translator

    def get_transforms(self) -> list[type[Transform]]:
        return [*super().get_transforms(), _ShowRefused]


def rst_to_html(text: str) -> RestructuredHtml:
    r"""Render reStructuredText; what docutils does not know is shown as text or as its source.

    Args:
        text: The document with `\n` line ends.

    Raises:
        UnreadableError: docutils would give nothing back.
    """
    if max(map(len, text.split("\n"))) >= MAX_LINE:
        raise UnreadableError("it has lines too long to be read")
    know_directives_of(text)
    writer = _Writer()
    try:
        parts = publish_parts(text, writer=writer, settings_overrides=_SETTINGS)
    except RecursionError as error:
        raise UnreadableError("its markup is nested too deeply") from error
    html = _CLASS.sub(_keep_meaning, str(parts["html_body"]))
    html = _ADMONITION.sub(_open_alert, html).replace("</aside>", "</div>")
    visitor = writer.visitor
    written = visitor.written if isinstance(visitor, _Translator) else []
    return RestructuredHtml(html, "\n".join(written))


def _keep_meaning(match: re.Match[str]) -> str:
    """Drop docutils' own class names but those of admonitions and of alignment."""
    if match[1].startswith("admonition"):
        return match[0]
    aligned = _ALIGNED.search(match[1])
    return f' align="{aligned[1]}"' if aligned else ""


def _open_alert(match: re.Match[str]) -> str:
    kind = next((_KINDS[word] for word in match[1].split() if word in _KINDS), "note")
    names = f"readme-alert readme-alert-{kind}"
    return f'<div class="{names}" role="note"><p class="{_ALERT_TITLE}">'
