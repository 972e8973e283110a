"""Code: names for what GitHub draws and this site does not, and formulas in a line.

Code is shown in one colour. Spans for its tokens took nearly a third of the time of rendering, in
the lexers and again in the sanitiser.
"""

import re
from collections.abc import Iterable

from aggregator.readme.pieces import Pieces, Span, attributes_of

_LABELS = {
    "mermaid": "Diagram, as Mermaid source",
    "math": "Formula, as LaTeX source",
    "geojson": "Map, as GeoJSON source",
    "topojson": "Map, as TopoJSON source",
    "stl": "3D model, as STL source",
}
_INLINE_MATH = re.compile(r"\$<code>([^<]*)</code>\$")


def mark_formulas(html: str) -> str:
    """Mark formulas that stand in a line of cmark's HTML."""
    return _INLINE_MATH.sub(r'<code class="math">\1</code>', html) if "$<code>" in html else html


def label_fences(pieces: Pieces, code: Iterable[Span]) -> None:
    """Label the fences that GitHub would draw, and drop the languages and leading lines of all."""
    for start, end in code:
        # Every parser drops the first line end, and would drop another one each time.
        pieces[start + 1] = pieces[start + 1].lstrip("\n")
        if pieces[start].startswith("<pre lang=") and pieces[start + 2] == "<code>":
            written = attributes_of(pieces[start]).get("lang", "").split()
            label = _LABELS.get(written[0].strip("{}.").lower()) if written else None
            pieces[start] = f"{_opening(label)}<pre>" if label else "<pre>"
            pieces[end] = "</pre></div>" if label else "</pre>"


def _opening(label: str) -> str:
    return f'<div class="readme-source"><p class="readme-source-label">{label}</p>'
