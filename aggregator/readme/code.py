"""Code fences: names for what GitHub draws and this site does not, and formulas in a line.

Code is shown in one colour. Spans for its tokens took nearly a third of the time of rendering, in
the lexers and again in the sanitiser.

Works on the HTML cmark writes, before it is parsed, because that is where a fence's language still
stands beside it and where replacing text costs least.
"""

import re
from html import unescape

_FENCE = re.compile(r'<pre lang="([^"\s]*)[^"]*"><code>')
_LABELLED = re.compile(r'<pre lang="([^"\s]*)[^"]*">(<code>[^<]*</code></pre>)')
_LABELS = {
    "mermaid": "Diagram, as Mermaid source",
    "math": "Formula, as LaTeX source",
    "geojson": "Map, as GeoJSON source",
    "topojson": "Map, as TopoJSON source",
    "stl": "3D model, as STL source",
}
_INLINE_MATH = re.compile(r"\$<code>([^<]*)</code>\$")


def label_fences(html: str) -> str:
    """Label the fences of cmark's HTML that GitHub would draw, and mark formulas."""
    if "<pre lang=" in html:
        html = _FENCE.sub("<pre><code>", _LABELLED.sub(_label, html))
    if "$<code>" in html:
        html = _INLINE_MATH.sub(r'<code class="math">\1</code>', html)
    return html


def _label(match: re.Match[str]) -> str:
    label = _LABELS.get(unescape(match[1]).strip("{}.").lower())
    if label is None:
        return f"<pre>{match[2]}"
    return (
        f'<div class="readme-source"><p class="readme-source-label">{label}</p>'
        f"<pre>{match[2]}</div>"
    )
