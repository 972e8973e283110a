"""Markdown to HTML with GitHub's own parser; the result is still unsafe."""

import re

from cmarkgfm import cmark

from aggregator.readme.formats import UnreadableError
from aggregator.readme.formulas import hide_formulas
from aggregator.readme.labels import TOO_DEEP
from aggregator.readme.markup import MAX_DEPTH
from aggregator.words.speech import say

_OPTIONS = (
    cmark.Options.CMARK_OPT_UNSAFE
    | cmark.Options.CMARK_OPT_FOOTNOTES
    | cmark.Options.CMARK_OPT_GITHUB_PRE_LANG
)
_EXTENSIONS = ("table", "autolink", "strikethrough", "tasklist")

# A tower of quotes or lists on one line: this many markers, then the exact count. It takes the
# parser minutes; what these miss is stopped by the time limit of the worker.
_MAX_OPEN_BRACKETS = 5_000
_TOWER_HINTS = (
    *(">>>>>>>>", "> > > > > > > >", "- - - - - - - -", "* * * * * * * *", "+ + + + + + + +"),
    "1. 1. 1. 1. 1. 1. ",
)
_TOWER = re.compile(
    rf"^(?: {{0,3}}(?:>|[-+*][ \t]|\d{{1,9}}[.)][ \t]) ?){{{MAX_DEPTH}}}", re.MULTILINE
)
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
# ```{r setup, echo=FALSE}: a chunk of R Markdown or Quarto, named like a code fence. The first of
# these patterns passes over all other texts at once.
_OPENS_CHUNK = re.compile(r"(?:```|~~~)[ \t]*\{")
_CHUNK = re.compile(r"^([ \t]*(?:`{3,}|~{3,}))[ \t]*\{\.?([A-Za-z]\w*)[^}\n]*\}", re.MULTILINE)
_HIDDEN_CHUNK = re.compile(
    r"^(`{3,})[ \t]*\{\w+[^}\n]*\binclude[ \t]*=[ \t]*F(?:ALSE)?\b[^}\n]*\}[ \t]*\n"
    r"(?:.*\n){0,200}?\1[ \t]*$",
    re.MULTILINE,
)


def markdown_to_html(text: str) -> str:
    r"""Render GitHub Flavored Markdown as cmark-gfm does, raw HTML included, formulas hidden.

    Args:
        text: Markdown with `\n` line ends and no NUL.

    Raises:
        UnreadableError: Its quotes or lists are nested too deeply to be parsed in time.
    """
    if _is_tower(text):
        raise UnreadableError(say(TOO_DEEP))
    header = _FRONT_MATTER.match(text)
    if header and _is_header(header[1]):
        text = text[header.end() :]
    if _OPENS_CHUNK.search(text):
        text = _CHUNK.sub(r"\1\2", _HIDDEN_CHUNK.sub("", text))
    html: str = cmark.markdown_to_html_with_extensions(hide_formulas(text), _OPTIONS, _EXTENSIONS)
    return html


def _is_tower(text: str) -> bool:
    opened = text.count("[")
    if opened > _MAX_OPEN_BRACKETS and opened - text.count("]") > _MAX_OPEN_BRACKETS:
        return True
    return any(hint in text for hint in _TOWER_HINTS) and _TOWER.search(text) is not None


def _is_header(written: str) -> bool:
    """Tell a YAML mapping from prose between two rules, which stays."""
    if len(written) > _LONGEST_HEADER or _DEEPEST_DASHES.search(written):
        return False
    if written.count("[") + written.count("{") > _MOST_BRACKETS:
        return False
    import yaml  # noqa: PLC0415 - few READMEs begin with a header, and each worker starts with this

    try:
        # Composed, not constructed: nothing is made of what the header says.
        node = yaml.compose(written, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError):
        return False
    if not isinstance(node, yaml.MappingNode) or not node.value:
        return False
    keys = [str(key.value).strip() for key, _ in node.value]
    if _NOTICE.fullmatch(keys[0]):
        return False
    # Nobody leaves a line free above a header; prose is written so, and begins with a capital.
    return written[0] != "\n" or all(key[:1].islower() for key in keys)
