"""Markdown to HTML with GitHub's own parser; the result is still unsafe."""

import re

import yaml
from cmarkgfm import cmark

_OPTIONS = (
    cmark.Options.CMARK_OPT_UNSAFE
    | cmark.Options.CMARK_OPT_FOOTNOTES
    | cmark.Options.CMARK_OPT_GITHUB_PRE_LANG
)
_EXTENSIONS = ("table", "autolink", "strikethrough", "tasklist")

# Jekyll's and R Markdown's header: `---`, lines, then `---` or `...`; only at the very top.
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n((?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
# A longer header, or one with more brackets, is not one that somebody wrote.
_LONGEST_HEADER = 50_000
_MOST_BRACKETS = 1_000
_DEEPEST_DASHES = re.compile(r"(?:[-?:] ){50}")
# "Note: this project has moved" between two rules is YAML too, and meant for readers.
_NOTICE = re.compile(
    r"(?:please\s+)?(?:note|nb|important|warning|caution|attention|notice|disclaimer|danger|tip|info|"
    r"update|news|announcement|deprecat\w+|archived|moved|status|hint|reminder|todo)\b[^:]*",
    re.IGNORECASE,
)
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
    return text[match.end() :] if match and _is_header(match[1]) else text


def _is_header(written: str) -> bool:
    """Tell a YAML mapping from prose between two rules, which stays."""
    if len(written) > _LONGEST_HEADER or _DEEPEST_DASHES.search(written):
        return False
    if written.count("[") + written.count("{") > _MOST_BRACKETS:
        return False
    try:
        # Composed, not constructed: nothing is made of what the header says.
        node = yaml.compose(written, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError):
        return False
    if not isinstance(node, yaml.MappingNode) or not node.value:
        return False
    keys = [str(key.value).strip() for key, _ in node.value]
    if any(map(_NOTICE.fullmatch, keys[:1])):
        return False
    # Nobody leaves a line free above a header; prose is written so, and begins with a capital.
    return written[0] != "\n" or all(key[:1].islower() for key in keys)


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
