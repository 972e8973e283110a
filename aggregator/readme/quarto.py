"""What Quarto and R Markdown add to Markdown, as Markdown and HTML that say the same.

    header -> title   ::: callout -> an alert   {#fig-a width=50%} -> its width   #| echo: obeyed

Only what a reader would notice is read; the rest of what is written between braces is for programs
and goes. Nothing is executed, and what is included from other files is a link to them.
"""

import re
from collections.abc import Iterator
from html import escape
from itertools import takewhile
from typing import Any

from aggregator.readme.labels import ALERTS, REFERENCES
from aggregator.words.speech import say

_HEADER = re.compile(r"\A---[ \t]*\n((?:.*\n){1,200}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_LONGEST_HEADER = 20_000
_TITLE = re.compile(r"^(title|subtitle|description|abstract)[ \t]*:[ \t]*(.*)$", re.MULTILINE)
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})[ \t]*(.*)")
_LANGUAGE = re.compile(r"\{+\s*\.?([A-Za-z][\w+-]{0,30})\b([^{}\n]{0,500})\}+")
_OPTION = re.compile(r"[ \t]*(?:#|//|--|%%)\|[ \t]*([\w.-]+)[ \t]*:[ \t]*(.*)")
_IN_BRACES = re.compile(r"\b(include|echo)[ \t]*=[ \t]*(\w+)")
_NO = frozenset({"false", "f", "no"})
_CAPTIONS = ("fig-cap", "tbl-cap", "lst-cap")
_DIV = re.compile(r" {0,3}(:{3,})[ \t]*(\{[^\n]{0,500}\}|[\w.-]{1,60})?[ \t]*:*[ \t]*")
_CALLOUT = re.compile(r"\.callout-(note|tip|important|warning|caution)\b")
_QUOTED = r"[ \t]*=[ \t]*(?:\"([^\"]{0,300})\"|'([^']{0,300})'|([^\s}]{1,100}))"
_TITLE_OF = re.compile(rf"\btitle{_QUOTED}")
_WIDTH = re.compile(rf"\bwidth{_QUOTED}")
_FOLDED = re.compile(r"\bcollapse[ \t]*=[ \t]*[\"']?(?:true|yes|1)\b")
_UNSEEN = re.compile(r"\.content-hidden(?=[\s}])(?![^}]*(?:unless|when)-)|\.hidden(?=[\s}])")
_DEEPEST = 20
# Nobody writes longer ones; how long they take to read grows with the square.
_LONGEST_LINE = 10_000
_MOST_TICKS = 200
_TITLE_LINE = re.compile(r"#{1,6}[ \t]+(.*?)[ \t]*(?:\{[^{}]*\})?[ \t]*")
# `![words](place){...}`, `[words](place){...}`, `[words]{.class}` and `# words {#id}`.
_IMAGE = re.compile(
    r"!\[([^\[\]\n]{0,500})\]\(([^\s()]{1,500})(?:[ \t]+\"[^\"\n]{0,200}\")?\)\{([^{}\n]{1,500})\}"
)
_BRACED = re.compile(r"(\]\([^()\n]{1,500}\))\{[^{}\n]{1,500}\}")
_SPAN = re.compile(r"(?<!\])\[([^\[\]\n]{1,500})\]\{[.#\w][^{}\n]{0,300}\}")
_HEADING = re.compile(r"( {0,3}#{1,6}[ \t].*?)[ \t]*\{[#.\-\w][^{}\n]{0,300}\}[ \t]*")
_SHORTCODE = re.compile(r"\{\{<[ \t]*([\w-]{1,30})[ \t]*([^<>\n]{0,300}?)[ \t]*>\}\}")
# `{#fig-plan}`, `#| label: fig-plan` and `@fig-plan`: https://quarto.org/docs/authoring/cross-references.html
_KINDS = "(?:fig|tbl|eq|lst)"
_LABELLED = re.compile(
    rf"(?:\{{#|^[ \t]*(?:#|//|--|%%)\|[ \t]*label:[ \t]*[\"']?)({_KINDS}-[a-z0-9][\w-]{{0,60}})",
    re.MULTILINE,
)
_REFERENCE = re.compile(
    rf"(?<![\w@/.-])(\[)?(-?)@([Ff]ig-[\w-]{{1,60}}|{_KINDS}-[\w-]{{1,60}})(?(1)\](?!\())"
)
_LABEL = re.compile(rf"[ \t]*\{{#{_KINDS}-[^{{}}\n]{{0,300}}\}}[ \t]*\Z")
_LEADING = frozenset({"include", "embed", "video"})
_SILENT = frozenset({"pagebreak", "fa", "bi", "iconify"})
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


def quarto_to_markdown(text: str) -> str:
    r"""Turn what only Quarto and R Markdown know into what GitHub's Markdown knows.

    Args:
        text: A `.qmd` or `.Rmd` file, or a cell of a notebook, with `\n` line ends.
    """
    header = _HEADER.match(text)
    title = _title_of(header[1]) if header else ""
    lines = text[header.end() :] if header and title else text
    return title + "\n".join(_Reader(_numbers_of(lines)).read(lines.split("\n")))


def _numbers_of(text: str) -> dict[str, int]:
    """Number what the text refers to, each kind from 1 in the order of the text, as Quarto does."""
    numbers, last = dict[str, int](), dict[str, int]()
    for match in _LABELLED.finditer(text):
        label, kind = match[1], match[1].partition("-")[0]
        if label not in numbers:
            last[kind] = numbers[label] = last.get(kind, 0) + 1
    return numbers


def _title_of(header: str) -> str:
    """Write the title of a header as a heading, what it says further as paragraphs."""
    if len(header) > _LONGEST_HEADER or not _TITLE.search(header):
        return ""
    import yaml  # noqa: PLC0415 - few READMEs begin with a header, and each worker starts with this

    try:
        node = yaml.compose(header, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError):
        return ""
    said = _texts_of(node) if isinstance(node, yaml.MappingNode) else {}
    title = f"# {said['title']}\n\n" if "title" in said else ""
    further = (said[name] for name in ("subtitle", "description", "abstract") if name in said)
    return title + "".join(f"{text}\n\n" for text in further)


def _texts_of(node: Any) -> dict[str, str]:
    texts = (
        (str(key.value), " ".join(value.value.split()))
        for key, value in node.value
        if isinstance(value.value, str)
    )
    return {name: text for name, text in texts if text}


class _Reader:
    """Reads lines in their order: it knows what is open."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self._numbers = numbers
        self._open: list[str] = []  # what ends each `:::`
        self._unseen = 0  # so many of them are around what no reader sees

    def read(self, lines: list[str]) -> Iterator[str]:
        """Give the lines as Markdown."""
        place = 0
        while place < len(lines):
            line = lines[place]
            place += 1
            if fence := _FENCE.fullmatch(line):
                end = _end_of_fence(lines, place, fence[1])
                if not self._unseen:
                    yield from _chunk(line, fence, lines[place:end], lines[end : end + 1])
                place = end + 1
            elif div := _DIV.fullmatch(line):
                title = _title_line(lines[place : place + 2]) if _is_untitled(div[2]) else 0
                named = _TITLE_LINE.fullmatch(lines[place + title - 1]) if title else None
                place += title
                yield from self._turn(div[2] or "", named[1] if named else "")
            elif not self._unseen:
                yield _line(line, self._numbers)
        yield from reversed([end for end in self._open if end])

    def _turn(self, attributes: str, title: str) -> Iterator[str]:
        """Open a block, or close the last one that was opened."""
        if not attributes:
            end = self._open.pop() if self._open else ""
            self._unseen -= end == "unseen"
            yield from ("", end if end != "unseen" else "", "")
        elif len(self._open) < _DEEPEST:
            begin, end = _block(attributes, title)
            self._open.append(end)
            self._unseen += end == "unseen"
            yield from ("", begin, "")


def _end_of_fence(lines: list[str], place: int, fence: str) -> int:
    while place < len(lines) and not (
        lines[place].strip().startswith(fence) and not lines[place].strip().strip(fence[0])
    ):
        place += 1
    return place


def _block(attributes: str, named: str) -> tuple[str, str]:
    """Give the HTML that begins a block and the one that ends it."""
    if _UNSEEN.search(attributes):
        return "", "unseen"
    callout = _CALLOUT.search(attributes)
    if not callout:
        return "", ""
    titled = _TITLE_OF.search(attributes)
    title = escape(_value(titled)) if titled else escape(named) or escape(say(ALERTS[callout[1]]))
    names = f"readme-alert readme-alert-{callout[1]}"
    begin = f'<div class="{names}" role="note">'
    if _FOLDED.search(attributes):
        return f"{begin}<details><summary>{title}</summary>", "</details></div>"
    return f'{begin}<p class="readme-alert-title">{title}</p>', "</div>"


def _is_untitled(attributes: str | None) -> bool:
    return bool(attributes and _CALLOUT.search(attributes) and not _TITLE_OF.search(attributes))


def _title_line(lines: list[str]) -> int:
    """Tell which of the next two lines, counted from 1, is a heading that titles a callout."""
    found = (
        number
        for number, line in enumerate(lines, 1)
        if _TITLE_LINE.fullmatch(line) and not any(map(str.strip, lines[: number - 1]))
    )
    return next(found, 0)


def _value(match: re.Match[str]) -> str:
    return next(filter(None, match.groups()), "")


def _chunk(line: str, fence: re.Match[str], code: list[str], end: list[str]) -> Iterator[str]:
    """Give a block of code without its options, and not at all where they hide it."""
    language = _LANGUAGE.fullmatch(fence[2].strip())
    if not language:
        yield from (line, *code, *end)
        return
    written = list(takewhile(bool, map(_OPTION.fullmatch, code)))
    options = dict(_IN_BRACES.findall(language[2]))
    options |= {one[1]: one[2].strip().strip("\"'") for one in written if one}
    kept = code[len(written) :]
    if options.get("include", "").lower() not in _NO and options.get("echo", "").lower() not in _NO:
        yield from (f"{line[: line.index(fence[1])]}{fence[1]}{language[1]}", *kept, *end)
    yield from (f"\n{options[name]}" for name in _CAPTIONS if options.get(name))


def _line(line: str, numbers: dict[str, int]) -> str:
    """Read a line of text, but not the code in it."""
    if (
        not ("{" in line or "@" in line)
        or len(line) > _LONGEST_LINE
        or line.count("`") > _MOST_TICKS
    ):
        return line
    heading = _HEADING.fullmatch(line)
    parts, done = [], 0
    text = heading[1] if heading else line
    for code in _CODE.finditer(text):
        parts += [_prose(text[done : code.start()], numbers), code[0]]
        done = code.end()
    return "".join([*parts, _prose(text[done:], numbers)])


def _prose(text: str, numbers: dict[str, int]) -> str:
    if numbers and "@" in text:
        text = _REFERENCE.sub(lambda match: _referred(match, numbers), text)
    if "{" not in text:
        return text
    text = _SHORTCODE.sub(_shortcode, _BRACED.sub(r"\1", _IMAGE.sub(_image, text)))
    return _LABEL.sub("", _SPAN.sub(r"\1", text))


def _referred(match: re.Match[str], numbers: dict[str, int]) -> str:
    """Say which figure a reference leads to; one to what the text does not hold stays."""
    label = match[3].rstrip("-")
    if label.lower() not in numbers:
        return match[0]
    number = str(numbers[label.lower()])
    said = say(REFERENCES[label.lower().partition("-")[0]], number=number)
    return (number if match[2] else said) + match[3][len(label) :]


def _image(match: re.Match[str]) -> str:
    width = _WIDTH.search(match[3])
    if not width:
        return match[0][: match.start(3) - match.start() - 1]
    words, address, wide = map(escape, (match[1], match[2], _value(width)))
    return f'<img src="{address}" alt="{words}" width="{wide}">&#32;'  # no line of HTML alone


def _shortcode(match: re.Match[str]) -> str:
    name, place = match[1], match[2].split(" ")[0].strip("\"'")
    if name in _SILENT:
        return ""
    return f"[{place}]({place})" if name in _LEADING and place else match[0]
