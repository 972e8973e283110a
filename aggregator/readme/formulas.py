r"""Formulas in Markdown: what GitHub takes for one, kept from the parser until the page is a tree.

    $a_1 * b_1$ -> hidden from Markdown -> <code class="math"> -> `mathml`

Markdown would take `_` and `*` in a formula for emphasis and `\\` for an escape. So each formula
goes through the parser in letters of a private range of Unicode, which mean nothing to it, and is
read back wherever it comes out: as a formula in text, as it was written in code and addresses.
The rules are GitHub's, as its documentation and years of questions about it tell them:
https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/writing-mathematical-expressions
"""

import re
from collections.abc import Callable
from urllib.parse import quote, unquote

from turbohtml import Element, Text

INLINE, DISPLAY = "math", "math-display"
_AS_WRITTEN = "code,kbd,samp,pre,tt"
# A letter and the one that it is hidden as: the last of Unicode's planes, which nobody writes in.
_FIRST = 0x100000
_HIDDEN = re.compile("[\U00100000-\U0010fffd]+")
# The same where it is only looked for: what begins with one letter of a set passes others at once.
_HIDDEN_LETTER = re.compile("[\U00100000-\U0010fffd]")
_HIDDEN_DOLLAR = chr(_FIRST + ord("$"))
_HIDEABLE = re.compile("[\x01-\uffef]+")
_QUOTED = re.compile("(?:%F4%8[0-9A-F]%[89AB][0-9A-F]%[89AB][0-9A-F])+")

_MATH_BLOCK = re.compile(r"^( {0,3})\$\$[ \t]*\n((?:.*\n){0,200}?) {0,3}\$\$[ \t]*$", re.MULTILINE)
_MATH_FENCE = r"\1```math\n\2\1```"
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})", re.MULTILINE)
# Where something begins that is no plain text, or a formula.
# Each way begins with a letter of its own (so "``*" and not "`+"): all others are passed at once.
_NEXT = re.compile(r"\\.|``*|<[A-Za-z/!?]|\]\(|https?://|\$", re.DOTALL)
_TAG = re.compile(r"<!--.*?-->|<[/!?]?[A-Za-z][^<>]*>", re.DOTALL)
_ADDRESS = re.compile(r"(?:\]\(|https?://)[^\s<>)]*")
_FORMULA = re.compile(
    r"""\$`(?P<ticked>[^`\n]+)`\$ |
        \$\$(?!\$)(?P<display>(?:[^$\\\n]|\\.|\n(?![ \t]*\n))+)\$\$(?!\$) |
        \$(?![\s$])(?P<inline>(?:[^$\\\n]|\\.)*[^$\\\s]|(?:[^$\\\n]|\\.)*\\\S)\$(?![A-Za-z0-9_$])
    """,
    re.VERBOSE,
)
_FORM = re.compile(r"\$(`|\$?)(.*?)\1\$", re.DOTALL)


def hide_formulas(text: str) -> str:
    """Hide the formulas of a Markdown text from its parser; `$$` on lines of their own are fences.

    Args:
        text: Markdown; one that is written in the private range itself has no formulas.
    """
    if "$" not in text or _HIDDEN_LETTER.search(text):
        return text
    if "$$" in text:
        text = _outside_fences(text, lambda part: _MATH_BLOCK.sub(_MATH_FENCE, part))
    return _outside_fences(text, _hide)


def _outside_fences(text: str, change: Callable[[str], str]) -> str:
    parts, start, fence = [], 0, ""
    for match in _FENCE.finditer(text):
        if not fence:
            parts.append(change(text[start : match.start()]))
            start, fence = match.start(), match[1]
        elif match[1].startswith(fence):
            parts.append(text[start : match.end()])
            start, fence = match.end(), ""
    rest = text[start:]
    return "".join([*parts, rest if fence else change(rest)])


def _hide(text: str) -> str:
    if "$" not in text:  # as between most fences
        return text
    parts, done, place = list[str](), 0, 0
    spans = _Spans(text)
    while match := _NEXT.search(text, place):
        start, place = match.span()
        if match[0][0] == "`":
            place = spans.end_of(start, place)
        elif match[0][0] == "<":
            tag = _TAG.match(text, start)
            place = tag.end() if tag else place
        elif match[0] == "$":
            formula = _FORMULA.match(text, start) if _may_begin(text, start) else None
            if formula and _HIDEABLE.fullmatch(formula[0]):
                place = formula.end()
                parts += [text[done:start], "".join(chr(_FIRST + ord(one)) for one in formula[0])]
                done = place
        elif match[0][0] != "\\":
            address = _ADDRESS.match(text, start)
            place = address.end() if address else place
    return "".join([*parts, text[done:]])


def _may_begin(text: str, place: int) -> bool:
    """Tell whether a dollar stands where a formula may begin: not inside a word or an amount."""
    before = text[place - 1] if place else " "
    return before not in "$_" and not (before.isascii() and before.isalnum())


class _Spans:
    """Where spans of code end: at as many backticks as they began with."""

    def __init__(self, text: str) -> None:
        self._ends: dict[int, list[int]] = {}
        for run in re.finditer("`+", text):
            self._ends.setdefault(len(run[0]), []).append(run.end())
        for ends in self._ends.values():
            ends.reverse()

    def end_of(self, start: int, after: int) -> int:
        """Give the place behind the span that begins so; just behind its backticks where none does.

        Asked in the order of the text.
        """
        ends = self._ends.get(after - start, [])
        while ends and ends[-1] <= after:
            ends.pop()
        return ends[-1] if ends else after


def show_formulas(root: Element, html: str) -> None:
    """Bring the hidden formulas of a README back, each as `<code class="math">` in its text.

    Args:
        root: The README.
        html: What it was read from.
    """
    if _HIDDEN_DOLLAR not in html and quote(_HIDDEN_DOLLAR) not in html:
        return
    for element in list(root.iter_elements()):
        for name in list(element.attrs):
            written = element.attr(name)
            if written and ("%F4%8" in written or _HIDDEN.search(written)):
                element.attrs[name] = _HIDDEN.sub(_as_written, _QUOTED.sub(_quoted, written))
    for node in [node for node in root.descendants if isinstance(node, Text)]:
        if _HIDDEN.search(node.data):
            _bring_back(node)


def _quoted(match: re.Match[str]) -> str:
    return quote(_HIDDEN.sub(_as_written, unquote(match[0])))


def _as_written(match: re.Match[str]) -> str:
    return "".join(chr(ord(one) - _FIRST) for one in match[0]).replace("\0", "\ufffd")


def _bring_back(node: Text) -> None:
    written = node.data
    if node.closest(_AS_WRITTEN):
        node.data = _HIDDEN.sub(_as_written, written)
        return
    done = 0
    for match in _HIDDEN.finditer(written):
        node.insert_before(Text(written[done : match.start()]))
        done = match.end()
        shown = _as_written(match)
        form = _FORM.fullmatch(shown)
        if form is None:  # nobody hid it but an author who wrote these letters
            node.insert_before(Text(shown))
        else:
            kind = DISPLAY if form[1] == "$" else INLINE
            node.insert_before(Element("code", {"class": kind}, [Text(form[2])]))
    node.data = written[done:]
