"""Markdown to HTML with GitHub's own parser; the result is still unsafe."""

import re

from cmarkgfm import cmark

_OPTIONS = (
    cmark.Options.CMARK_OPT_UNSAFE
    | cmark.Options.CMARK_OPT_FOOTNOTES
    | cmark.Options.CMARK_OPT_GITHUB_PRE_LANG
)
_EXTENSIONS = ("table", "autolink", "strikethrough", "tasklist")

# Jekyll's and R Markdown's header: `---`, lines, then `---` or `...`; only at the very top.
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_YAML_KEY = re.compile(r"^[\w\"'][^\n:]*:(?:\s|$)", re.MULTILINE)
_MATH_BLOCK = re.compile(r"^( {0,3})\$\$[ \t]*\n((?:.*\n){0,200}?) {0,3}\$\$[ \t]*$", re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})", re.MULTILINE)
# ```{r setup, echo=FALSE}: a chunk of R Markdown or Quarto, named like a code fence.
_CHUNK = re.compile(r"^([ \t]*(?:`{3,}|~{3,}))[ \t]*\{\.?([A-Za-z]\w*)[^}\n]*\}", re.MULTILINE)
_HIDDEN_CHUNK = re.compile(
    r"^(`{3,})[ \t]*\{\w+[^}\n]*\binclude[ \t]*=[ \t]*F(?:ALSE)?\b[^}\n]*\}[ \t]*\n"
    r"(?:.*\n){0,200}?\1[ \t]*$",
    re.MULTILINE,
)


def to_html(text: str) -> str:
    r"""Render GitHub Flavored Markdown as cmark-gfm does, raw HTML included.

    Args:
        text: Markdown with `\n` line ends and no NUL.
    """
    html: str = cmark.markdown_to_html_with_extensions(_prepare(text), _OPTIONS, _EXTENSIONS)
    return html


def _prepare(text: str) -> str:
    text = drop_front_matter(text)
    if "{" in text and ("`{" in text or "` {" in text or "~{" in text):
        text = _CHUNK.sub(r"\1\2", _HIDDEN_CHUNK.sub("", text))
    if "$$" in text:
        text = fence_math(text)
    return text


def drop_front_matter(text: str) -> str:
    """Remove the YAML header that some tools put above the README's first line."""
    if not text.startswith("---"):
        return text
    match = _FRONT_MATTER.match(text)
    return text[match.end() :] if match and _YAML_KEY.search(match[0]) else text


def fence_math(text: str) -> str:
    """Turn blocks between lines of `$$` into math fences, so that `_` and `*` in them stay."""
    parts = []
    for is_code, part in _split_fences(text):
        parts.append(part if is_code else _MATH_BLOCK.sub(r"\1```math\n\2\1```", part))
    return "".join(parts)


def _split_fences(text: str) -> list[tuple[bool, str]]:
    """Split text into what stands inside code fences and what does not."""
    parts, start, fence = [], 0, ""
    for match in _FENCE.finditer(text):
        if not fence:
            parts.append((False, text[start : match.start()]))
            start, fence = match.start(), match[1]
        elif match[1].startswith(fence):
            parts.append((True, text[start : match.end()]))
            start, fence = match.end(), ""
    parts.append((bool(fence), text[start:]))
    return parts
