"""Code fences: syntax colours at build, and names for what GitHub draws and this site does not.

Works on the HTML cmark writes, before it is parsed, because that is where a fence's language still
stands beside it and where replacing text costs least.
"""

import re
from functools import lru_cache
from html import escape, unescape
from typing import Any

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, Token
from pygments.util import ClassNotFound

_FENCE = re.compile(r'<pre lang="([^"\s]*)[^"]*"><code>(.*?)</code></pre>', re.DOTALL)
_LABELS = {
    "mermaid": "Diagram, as Mermaid source",
    "math": "Formula, as LaTeX source",
    "geojson": "Map, as GeoJSON source",
    "topojson": "Map, as TopoJSON source",
    "stl": "3D model, as STL source",
}
# Colouring a long listing costs more than it helps anybody to read it.
MAX_COLOURED = 8_000
# Names GitHub knows and Pygments does not.
_ALIASES = {"jsonc": "json", "rmd": "r", "jsonl": "json", "shell": "bash", "zsh": "bash"}
# Plain names, punctuation and spaces look like their surroundings: no element for them.
_UNCOLOURED = frozenset(
    {Token, Token.Text, Token.Text.Whitespace, Token.Punctuation, Token.Name, Token.Other}
    | {Token.Name.Other, Token.Operator, Token.Generic, Token.Generic.Output, Token.Error}
)
_INLINE_MATH = re.compile(r"\$<code>([^<]*)</code>\$")


def colour_fences(html: str) -> str:
    """Replace the fences of cmark's HTML by coloured or labelled ones."""
    if "<pre lang=" in html:
        html = _FENCE.sub(_redraw, html)
    if "$<code>" in html:
        html = _INLINE_MATH.sub(r'<code class="math">\1</code>', html)
    return html


def _redraw(match: re.Match[str]) -> str:
    language = unescape(match[1]).strip("{}.").lower()
    label = _LABELS.get(language)
    if label:
        return (
            f'<div class="readme-source"><p class="readme-source-label">{label}</p>'
            f"<pre><code>{match[2]}</code></pre></div>"
        )
    return f"<pre><code>{_coloured(match[2], language)}</code></pre>"


def _coloured(escaped: str, language: str) -> str:
    lexer = _lexer(_ALIASES.get(language, language)) if len(escaped) <= MAX_COLOURED else None
    return highlight(unescape(escaped), lexer) if lexer else escaped


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language)
    except ClassNotFound:
        return None


def highlight(code: str, lexer: Lexer) -> str:
    """Wrap the tokens of code in spans with Pygments' short class names."""
    parts: list[str] = []
    for _, kind, value in lexer.get_tokens_unprocessed(code):
        if kind in _UNCOLOURED or not value.strip():
            parts.append(escape(value, quote=False))
        else:
            name = _class_of(kind)
            parts.append(f'<span class="{name}">{escape(value, quote=False)}</span>')
    return "".join(parts)


@lru_cache(maxsize=256)
def _class_of(kind: Any) -> str:
    while kind not in STANDARD_TYPES:
        kind = kind.parent
    return STANDARD_TYPES[kind]
