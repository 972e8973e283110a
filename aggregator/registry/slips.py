"""Slips of the pen in lines that are not YAML, in the words of somebody who mends them.

The YAML library names the character it stumbled over; this module looks at the lines around it for
what people really type: what YAML trips over, and habits from Markdown, chat, mail and the
settings of other programs. It is asked only about lines that could not be read, so a rule may be
generous. Lines in, mistakes out; it reads nothing and mends nothing.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import yaml

from aggregator.registry.declaration import declared_fields, field_names
from aggregator.registry.mistakes import Mistake, Place, shown
from aggregator.registry.models import MODELS, Entry
from aggregator.registry.tree import second_entry
from aggregator.words.names import CURLY_QUOTES, meant_repo

FIELD = re.compile(
    r"(?P<lead>[ \t\u00a0]*(?:- +)?)(?P<key>[A-Za-z_]+)(?P<gap>:(?:[ \t\u00a0]+|$))(?P<value>.*)"
)
ENTRY_DASH = re.compile(r" *- +(?:repo *:|slug *:|[\w.-]+/[\w.-]+ *$)")
BARE_NAME = re.compile(r"( *- +)([\w.-]+/[\w.-]+)\s*$")
# The names of all fields, to tell them from words that end in a colon.
FIELDS = frozenset(name for model in MODELS for name in field_names(model)) | {
    "showcase",
    "organisations",
    "projects",
}
# Fields that people write as words in a row.
LISTS = frozenset(
    field.name for field in declared_fields(Entry) if field.is_list and not field.inner
)
_FIRST_FIELD = re.compile(r" *- +(?=[A-Za-z_]+ *:(?:\s|$))")
_BLOCK_TEXT = re.compile(r"( *)(?:- +)?[A-Za-z_]+: *[|>][+-]?\d?\s*(#.*)?$")
_KEY = re.compile(r" *(?:- +)?([A-Za-z_][\w ]*?) *:(?:\s|$)")
_STRAY_LIMIT = 500  # lines of one text, so that no file takes for ever
_BULLET = "[*+\u2022\u2013\u2014\u2212]"
# https://yaml.org/spec/1.2.2/#indicator-characters
_SPECIAL = {
    sign: f"a value cannot begin with {name}"
    for sign, name in [*((one, one) for one in "@%*&!"), ("`", "a backtick"), (",", "a comma")]
}


@dataclass(frozen=True, slots=True)
class Slip:
    """What is wrong with one line; the column counts from 1."""

    column: int
    what: str
    cure: str


def explain(lines: Sequence[str], error: yaml.YAMLError, file: str, offset: int) -> list[Mistake]:
    """Turn a failed reading of some lines into mistakes, at least one.

    Args:
        lines: The lines that could not be read.
        error: What the YAML library said, with positions inside these lines.
        file: The name that places carry.
        offset: How many lines stand above them in the file.
    """
    found = [
        Mistake(Place(file, offset + index + 1, slip.column), slip.what, slip.cure)
        for index, slip in _slips(lines)
    ]
    return found or [_library_words(lines, error, file, offset)]


def quoted(value: str) -> str:
    """Put a value into double quotes, as YAML reads them back."""
    inner = value.strip().strip(CURLY_QUOTES).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'


def unindented(name: str) -> tuple[str, str]:
    """Say that the text of a field is there, but does not begin further in than its name."""
    what = f"the text below `{name}: |` must begin further in than `{name}`"
    return what, f"begin each of its lines two spaces further in than `{name}`"


def unindented_block(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Find text that follows `story: |` without being indented: its header and its last line."""
    for index, line in enumerate(lines[:-1]):
        if header := _BLOCK_TEXT.match(line):
            below = _stray_lines(lines[index + 1 : index + _STRAY_LIMIT], len(header[1]))
            if below:
                yield index, index + below


def _stray_lines(lines: Sequence[str], indent: int) -> int:
    """Count the lines that are neither indented nor the beginning of anything else."""
    last = 0
    for number, line in enumerate(lines, 1):
        name = _KEY.match(line)
        begins = (name and name[1].strip() in FIELDS) or ENTRY_DASH.match(line)
        if line.strip() and (
            (_indent(line) > indent and not last) or begins or line.startswith("#")
        ):
            break
        last = number if line.strip() else last
    return last


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _slips(lines: Sequence[str]) -> Iterator[tuple[int, Slip]]:
    """Find the known slips in lines that could not be read, each with its line's index."""
    out_of_line = dict(_out_of_line(lines))
    stray = dict(unindented_block(lines))
    for index, line in _outside_block_text(lines):
        if index in stray:
            name = line.split(":")[0].strip(" -")
            yield index, Slip(line.index(name) + 1, *unindented(name))
        if any(header < index <= last for header, last in stray.items()):
            continue
        found = next((slip for rule in _RULES if (slip := rule(line))), out_of_line.get(index))
        found = found or _cut_short(line, lines[index + 1 : index + 2])
        if found is not None:
            yield index, found


def _outside_block_text(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    indent: int | None = None
    for index, line in enumerate(lines):
        if indent is not None and (_indent(line) > indent or not line.strip()):
            continue
        block = _BLOCK_TEXT.match(line)
        indent = len(block[1]) if block else None
        if line.strip() and not line.lstrip().startswith("#"):
            yield index, line


def _cut_short(line: str, below: Sequence[str]) -> Slip | None:
    """Find a text that goes on below, but that a space and # ended."""
    goes_on = any(text.strip() and not FIELD.match(text) for text in below)
    hash_sign = re.search(r"(?<=[^\s\"'\]])\s+#\w", line)
    if not goes_on or hash_sign is None or below[0].lstrip().startswith(("-", "#")):
        return None
    what = "a space and # end the text here, so the line below belongs to nothing"
    return Slip(hash_sign.start() + 1, what, "put all of the text in double quotes")


def _out_of_line(lines: Sequence[str]) -> Iterator[tuple[int, Slip]]:
    """Find fields of an entry that begin in another column than its first one."""
    bare = BARE_NAME.match(lines[0]) if lines else None
    below = next((found for line in lines[1:] if (found := FIELD.match(line))), None)
    if bare and below and below["key"] != "repo":
        what = "fields follow this name, so the name needs its own field"
        yield 0, Slip(bare.end(1) + 1, what, f"write `- repo: {bare[2]}`")
    first = _FIRST_FIELD.match(lines[0]) if lines else None
    if first is None and bare is None:
        return
    column = first.end() if first else bare.end(1) if bare else 0
    parent_is_open = False
    for index, line in _outside_block_text(lines):
        found = FIELD.match(line)
        own = _indent(line)
        if index == 0 or found is None or line.lstrip().startswith("-"):
            parent_is_open = bool(found and not found["value"].strip())
        elif found["key"] == "repo" and (bare or own != column):
            yield index, Slip(own + 1, *second_entry(found["value"]))
            return
        elif own == column:
            parent_is_open = not found["value"].strip()
        elif own < column or not parent_is_open:
            what = f"this field begins after {own} spaces, the first of its entry after {column}"
            yield index, Slip(own + 1, what, f"put exactly {column} spaces before {found['key']}")


# What the library says, what that means to a member, and what to do.
_LIBRARY_WORDS = {
    r"expected (key|'-')": (
        "this line does not line up with the ones above it",
        "begin it in the same column as the other fields of its entry, with spaces",
    ),
    "nested too deeply": (
        "this is nested too deeply",
        "look at the examples in docs/registry.md and write it like one of them",
    ),
    "mapping values": ("a colon stands where none can", "put the value in double quotes"),
    "end of stream|expected ','": (
        "something that was opened is not closed",
        "look for a missing quote, square bracket or brace on this line or above",
    ),
    "expected ':'": (
        "a line here is neither a field nor a part of the value above it",
        "write `field: value`, and several values in square brackets: [one, two]",
    ),
}


def _library_words(lines: Sequence[str], error: yaml.YAMLError, file: str, offset: int) -> Mistake:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "this cannot be read as YAML"
    line = min(mark.line, len(lines) - 1) if mark else 0
    place = Place(file, offset + line + 1, mark.column + 1 if mark and line == mark.line else 1)
    unknown = f"this cannot be read ({problem})", "put the value in double quotes"
    known = (words for sign, words in _LIBRARY_WORDS.items() if re.search(sign, problem))
    return Mistake(place, *next(known, unknown))


def _write(key: str, value: str) -> str:
    return f"write {shown(f'{key}: {value}', 120)}"


_Rule = Callable[[str], Slip | None]
_Match = re.Match[str]


def _line_rule(pattern: str, what: str, cure: str | Callable[[_Match], str | None]) -> _Rule:
    """Make a rule of a pattern that a line begins with; its group `here` is where the slip is.

    Args:
        pattern: What the line looks like.
        what: What is wrong with it.
        cure: What to do, or what makes that of a match; None when it is no slip after all.
    """
    known = re.compile(pattern)

    def rule(line: str) -> Slip | None:
        found = known.match(line)
        remedy = cure(found) if found and callable(cure) else cure
        return Slip(found.start("here") + 1, what, str(remedy)) if found and remedy else None

    return rule


def _value_rule(test: Callable[[str, str], tuple[str, str] | None]) -> _Rule:
    """Make a rule of a test that takes a field's name and value, and gives what to write."""

    def rule(line: str) -> Slip | None:
        found = FIELD.match(line)
        problem = test(found["key"], found["value"].rstrip()) if found else None
        if found is None or problem is None:
            return None
        what, repaired = problem
        return Slip(found.start("value") + 1, what, _write(found["key"], repaired))

    return rule


def _list_without_brackets(key: str, value: str) -> tuple[str, str] | None:
    """Answer `people: @ann, bob`, which no value may begin with."""
    if key not in LISTS or value[:1] not in {"@", "&", "*", "!"}:
        return None
    words = ", ".join(word for word in re.split(r"[\s,;]+", value.replace("@", "")) if word)
    return f"{key}: this must be a list, and no value can begin with {value[0]}", f"[{words}]"


def _hashtags(_: str, value: str) -> tuple[str, str] | None:
    if value[:1] != "[" or not re.search(r"[\[,\s]#\w", value):
        return None
    return "everything after # is a comment, so the list is never closed", value.replace("#", "")


def _cut_bracket(line: str) -> Slip | None:
    """Answer `{repo: a/b, summary: We are #1}`, whose end is a comment."""
    found = re.search(r"[\[{][^\]}\"']*?[^\s\"']\s+(#\w)", line)
    if found is None or line.lstrip().startswith("#"):
        return None
    what = "everything after a space and # is a comment, so the bracket is never closed"
    return Slip(found.start(1) + 1, what, "put the text with the # in double quotes")


def _colon_inside(_: str, value: str) -> tuple[str, str] | None:
    if value[:1] in {'"', "'", "[", "{", "|", ">"} or not re.search(r":(\s|$)", value):
        return None
    return "the value contains a colon followed by a space", quoted(value)


def _special_start(_: str, value: str) -> tuple[str, str] | None:
    return (_SPECIAL[value[0]], quoted(value)) if value[:1] in _SPECIAL else None


def _bracket_start(_: str, value: str) -> tuple[str, str] | None:
    if value[:1] not in {"[", "{"}:
        return None
    closing = {"[": "]", "{": "}"}[value[0]]
    if closing not in value:
        return f"the {value[0]} is never closed", f"{value}{closing}"
    if not value.split(" #", maxsplit=1)[0].rstrip().endswith(closing):
        return f"text follows the closing {closing}", quoted(value)
    if "@" in value:
        return "a value in a list cannot begin with @", value.replace("@", "")
    return None


def _quote_trouble(_: str, value: str) -> tuple[str, str] | None:
    quote = value[:1]
    if quote not in {'"', "'"}:
        return None
    closings = [m.start() for m in re.finditer(r'(?<!\\)"' if quote == '"' else "'", value)][1:]
    if not closings:
        return f"the quotation mark {quote} is never closed", quoted(value[1:])
    if quote == '"' and re.search(r'\\[^0abt\tnvfre "/\\N_LPxuU]', value):
        return "a backslash inside double quotes means something else", f"'{value.strip(quote)}'"
    if quote == "'" and value.endswith(quote) and len(closings) == 2:
        return "the apostrophe in it ends the quotation", quoted(value[1:-1])
    if value[closings[0] + 1 :].split(" #", maxsplit=1)[0].strip():
        return "text follows the closing quotation mark", quoted(value)
    return None


def _markdown_link(found: _Match) -> str | None:
    repo = meant_repo(found["address"])
    return f"write `- repo: {repo}`" if repo else None


def _list_item(found: _Match) -> str:
    sign, rest = found["here"], found["rest"]
    return f"write `- {rest}`" if sign == "@" else f'write `- "{sign}{rest}"`'


def _as_field(found: _Match) -> str:
    return _write(found["key"], found["value"])


# The first that answers is right: a line that trips over two of these is mended one at a time, and
# what hides the others, such as a tab, comes before them.
_RULES: tuple[_Rule, ...] = (
    _line_rule(
        r" *(?:- *)?(?P<here>\t)", "there is a tab before the text", "replace it with spaces"
    ),
    _line_rule(
        r"[ \t-]*(?P<here>\u00a0)",
        "there is a space from a web page or a word processor before the text",
        "delete the spaces at the start of the line and type them",
    ),
    _line_rule(
        rf" *(?P<here>{_BULLET}){_BULLET}* *(?P<rest>(?=[\w\"'\[]).*)",
        "an entry begins with a hyphen, not with another bullet",
        lambda found: f"write {shown('- ' + found['rest'], 120)}",
    ),
    _line_rule(
        r" *- +(?:repo *: *)?(?P<here>\[)[^\]]*\]\((?P<address>[^)\s]+)\)",
        "this is a link in Markdown",
        _markdown_link,
    ),
    _value_rule(_list_without_brackets),
    _value_rule(_hashtags),
    _cut_bracket,
    _line_rule(
        r"[ \t\u00a0]*(?:- +)?links:[ \t\u00a0]+(?P<here>(?P<key>docs|demo|paper)): +"
        r"(?P<url>\S+)\s*$",
        "links: two fields cannot stand on one line like this",
        lambda found: f"write `links: {{{found['key']}: {found['url']}}}`",
    ),
    _value_rule(_colon_inside),
    _value_rule(_special_start),
    _value_rule(_bracket_start),
    _value_rule(_quote_trouble),
    *(
        _line_rule(rf" *- +(?P<here>{re.escape(sign)})(?P<rest>\S.*)", what, _list_item)
        for sign, what in _SPECIAL.items()
        if sign != ","
    ),
    _line_rule(
        r" *(?P<here>-)(?P<rest>[A-Za-z].*)",
        "there is no space after the dash",
        lambda found: f"write `- {found['rest'][:40]}`",
    ),
    _line_rule(
        r" *(?:- +)?(?P<key>[a-z_]+):(?P<here>)(?=[^\s/])(?P<value>.*)",
        "there is no space after the colon",
        _as_field,
    ),
    _line_rule(
        r" *(?:- +)?(?P<key>[a-z_]+)(?P<here>) ?= ?(?P<value>.*)",
        "a field's name is followed by =",
        _as_field,
    ),
    _line_rule(
        r" *(?:- +)?(?P<key>repo|title|summary|organisation|stage|tags|people)(?P<here>) +"
        r"(?P<value>[^:\s].*)",
        "there is no colon after the field's name",
        lambda found: None if ": " in found["value"] else _as_field(found),
    ),
    _line_rule(
        r"(?P<here>)(?![\s#\-}\]]|\.\.\.)",
        "this line stands at the left edge, so it belongs to nothing",
        lambda found: (
            None
            if FIELD.match(found.string)
            else "put spaces before it, so that it begins further in than the field it belongs to"
        ),
    ),
)
