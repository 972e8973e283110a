"""reStructuredText to HTML with docutils, files and raw markup switched off; still unsafe."""

import re
from html import escape

from docutils import nodes
from docutils.core import publish_parts
from docutils.writers import html5_polyglot

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
    "raw_enabled": False,
    "report_level": 5,
    "smart_quotes": False,
    "strip_comments": True,
    "syntax_highlight": "none",
    "warning_stream": False,
}
_CLASS = re.compile(r' class="([^"]*)"')
_ADMONITION = re.compile(r'<aside class="admonition[ -](\w+)[^"]*">\s*<p class="admonition-title">')
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


class UnreadableError(ValueError):
    """A document that docutils refuses to read."""


class _Translator(html5_polyglot.HTMLTranslator):
    """Docutils' HTML, with inline literals as code."""

    def visit_literal(self, node: nodes.literal) -> None:
        self.body.append(f"<code>{escape(node.astext(), quote=False)}</code>")
        raise nodes.SkipNode


class _Writer(html5_polyglot.Writer):
    """Writes with the translator above."""

    def __init__(self) -> None:
        super().__init__()
        self.translator_class = _Translator


def rst_to_html(text: str) -> str:
    r"""Render reStructuredText; directives of Sphinx and mistakes are left out silently.

    Args:
        text: The document with `\n` line ends.

    Raises:
        UnreadableError: docutils would give nothing back.
    """
    if max(map(len, text.split("\n"))) >= MAX_LINE:
        raise UnreadableError("it has lines too long to be read")
    parts = publish_parts(text, writer=_Writer(), settings_overrides=_SETTINGS)
    html = _CLASS.sub(_keep_meaning, str(parts["html_body"]))
    return _ADMONITION.sub(_open_alert, html).replace("</aside>", "</div>")


def _keep_meaning(match: re.Match[str]) -> str:
    """Drop docutils' own class names but those of admonitions."""
    return match[0] if match[1].startswith("admonition") else ""


def _open_alert(match: re.Match[str]) -> str:
    kind = _KINDS.get(match[1], "note")
    names = f"readme-alert readme-alert-{kind}"
    return f'<div class="{names}" role="note"><p class="readme-alert-title">'
