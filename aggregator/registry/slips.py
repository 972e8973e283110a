"""Slips of the pen in lines that are not YAML, in the words of somebody who mends them.

The YAML library names the character it stumbled over; this module looks at the lines around it for
what people really type: what YAML trips over, and habits from Markdown, chat, mail and the
settings of other programs. It is asked only about lines that could not be read, so a rule may be
generous. Lines in, mistakes out; it reads nothing and mends nothing.
"""

import re
from collections.abc import Callable, Iterator, Sequence

import yaml

from aggregator.registry.declaration import declared_fields, field_names
from aggregator.registry.mistakes import Mistake, Place, shown
from aggregator.registry.models import Entry
from aggregator.registry.outline import MODELS, SECTIONS, SETTINGS
from aggregator.registry.tree import BARE_NAME, SWALLOWED, no_dash, second_entry
from aggregator.words.names import CURLY_QUOTES, meant_repo, names_a_repo

FIELD = re.compile(r"[ \t\u00a0]*(?:- +)?(?P<key>[A-Za-z_]+):(?:[ \t\u00a0]+|$)(?P<value>.*)")
ENTRY_DASH = re.compile(r" *- +(?:repo *:|slug *:|[\w.-]+/[\w.-]+ *$)")
# The names of all fields, to tell them from words that end in a colon.
FIELDS = frozenset(name for model in MODELS for name in field_names(model)) | {
    SETTINGS,
    *SECTIONS,
}
# Fields that people write as words in a row.
LISTS = frozenset(
    field.name for field in declared_fields(Entry) if field.is_list and not field.inner
)
_FIRST_FIELD = re.compile(r" *- +(?=[A-Za-z_]+ *:(?:\s|$))")
_BLOCK_TEXT = re.compile(r"( *)(?:- +)?[A-Za-z_]+: *[|>][+-]?\d?\s*(#.*)?$")
_KEY = re.compile(r" *(?:- +)?([A-Za-z_][\w ]*?) *:(?:\s|$)")
_STRAY_LIMIT = 500  # lines of one text, so that no file takes for ever

# Where it begins, counted from 0; what is wrong; the cure.
_Slip = tuple[int, str, str]
_Cure = str | Callable[[re.Match[str]], str | None]


def explain(lines: Sequence[str], error: yaml.YAMLError, file: str, offset: int) -> list[Mistake]:
    """Turn a failed reading of some lines into mistakes, at least one.

    Args:
        lines: The lines that could not be read.
        error: What the YAML library said, with positions inside these lines.
        file: The name that places carry.
        offset: How many lines stand above them in the file.
    """
    found = [
        Mistake(Place(file, offset + index + 1, column + 1), what, cure)
        for index, (column, what, cure) in _slips(lines)
    ]
    return found or [_library_words(lines, error, file, offset)]


def in_quotes(value: str) -> str:
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


def _slips(lines: Sequence[str]) -> Iterator[tuple[int, _Slip]]:
    """Find the known slips in lines that could not be read, each with its line's index."""
    out_of_line = dict(_out_of_line(lines))
    stray = dict(unindented_block(lines))
    for index, line in _outside_block_text(lines):
        if index in stray:
            name = line.split(":")[0].strip(" -")
            yield index, (line.index(name), *unindented(name))
        if any(header < index <= last for header, last in stray.items()):
            continue
        found = _known_slip(line) or out_of_line.get(index)
        if found := found or _cut_short(line, lines[index + 1 : index + 2]):
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


def _cut_short(line: str, below: Sequence[str]) -> _Slip | None:
    """Find a text that goes on below, but that a space and # ended."""
    goes_on = any(text.strip() and not FIELD.match(text) for text in below)
    hash_sign = re.search(r"(?<=[^\s\"'\]])\s+#\w", line)
    if not goes_on or hash_sign is None or below[0].lstrip().startswith(("-", "#")):
        return None
    what = "a space and # end the text here, so the line below belongs to nothing"
    return hash_sign.start(), what, "put all of the text in double quotes"


def _out_of_line(lines: Sequence[str]) -> Iterator[tuple[int, _Slip]]:
    """Find fields of an entry that begin in another column than its first one."""
    bare = BARE_NAME.match(lines[0]) if lines else None
    below = next((found for line in lines[1:] if (found := FIELD.match(line))), None)
    if bare and below and below["key"] != "repo":
        what = "fields follow this name, so the name needs its own field"
        yield 0, (bare.end(1), what, f"write `- repo: {bare[2]}`")
    first = _FIRST_FIELD.match(lines[0]) if lines else None
    if first is None and bare is None:
        return
    column = first.end() if first else bare.end(1) if bare else 0
    parent_is_open = False
    for index, line in _outside_block_text(lines):
        found = FIELD.match(line)
        own = _indent(line)
        is_nested = parent_is_open and own >= column
        if index and is_nested and line.lstrip().startswith("- "):
            continue  # one of a list below its parent, with fields of its own
        if index and (bare or own <= column) and names_a_repo(line):
            yield index, (own, *no_dash(str(meant_repo(line))))
            continue
        if index == 0 or found is None or line.lstrip().startswith("-"):
            parent_is_open = bool(found and not found["value"].strip())
        elif found["key"] == "repo" and (bare or own != column) and not (is_nested and index > 1):
            yield index, (own, *second_entry(found["value"]))
            return
        elif own == column:
            parent_is_open = not found["value"].strip()
        elif own < column or not parent_is_open:
            what = f"this field begins after {own} spaces, the first of its entry after {column}"
            yield index, (own, what, f"put exactly {column} spaces before {found['key']}")


# What the library says, what that means to a member, and what to do.
_LIBRARY_WORDS = {
    SWALLOWED: (
        "this line was meant as an entry, but it goes on from the text above it",
        "begin its dash in the same column as the other dashes",
    ),
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


def _known_slip(line: str) -> _Slip | None:
    for pattern, what, cure in _KNOWN_SLIPS:
        if found := re.match(pattern, line):
            words = found.groupdict()
            remedy = cure(found) if callable(cure) else cure.format(**words)
            if remedy:
                return found.start("here"), what.format(**words), remedy
    return None


def _write(key: str, value: str) -> str:
    return f"write {shown(f'{key}: {value}', 120)}"


def _write_field(found: re.Match[str]) -> str:
    return _write(found["key"], found["value"])


def _of_value(pattern: str, what: str, repair: Callable[[str], str]) -> tuple[str, str, _Cure]:
    """Make a row about the value of a field, of what the value looks like and what to write."""
    field = r"[ \t\u00a0]*(?:- +)?(?P<key>[A-Za-z_]+):[ \t\u00a0]++"
    return (
        rf"{field}(?P<here>{pattern})",
        what,
        lambda found: _write(found["key"], repair(found["here"].rstrip())),
    )


def _list_in_brackets(found: re.Match[str]) -> str:
    words = re.split(r"[\s,;]+", found["here"].replace("@", ""))
    return _write(found["key"], f"[{', '.join(filter(None, words))}]")


def _linked_repo(found: re.Match[str]) -> str | None:
    repo = meant_repo(found["address"])
    return f"write `- repo: {repo}`" if repo else None


_BULLET = "[*+\u2022\u2013\u2014\u2212]"
_USUAL_FIELDS = "repo|title|summary|organisation|stage|tags|people"
# Up to a bracket and on to what closes it, to a quotation mark, or to a space and #. Nothing is
# tried twice: a line may have a million brackets.
_OPENED = r"[^\[{]*+[\[{]\s*+(?:[^\]}\"'\s]|\s++(?!#\w))*+"
_TEXT_FOLLOWS = r"(?!\s*$|\s* #).*"
# What a line looks like, with `here` where the slip is; what is wrong, and what to do: words with
# the groups in them, or what makes such words, and None when it is no slip after all. The first
# that answers is right: a line that trips over two of these is mended one at a time, and what hides
# the others, such as a tab, comes before them.
_KNOWN_SLIPS: tuple[tuple[str, str, _Cure], ...] = (
    (r" *(?:- *)?(?P<here>\t)", "there is a tab before the text", "replace it with spaces"),
    (
        r"[ \t-]*(?P<here>\u00a0)",
        "there is a space from a web page or a word processor before the text",
        "delete the spaces at the start of the line and type them",
    ),
    (
        rf" *(?P<here>{_BULLET}){_BULLET}* *(?P<rest>(?=[\w\"'\[]).*)",
        "an entry begins with a hyphen, not with another bullet",
        lambda found: f"write {shown('- ' + found['rest'], 120)}",
    ),
    (
        r" *- +(?:repo *: *)?(?P<here>\[)[^\]]*\]\((?P<address>[^)\s]+)\)",
        "this is a link in Markdown",
        _linked_repo,
    ),
    (
        rf"[ \t\u00a0]*(?:- +)?(?P<key>{'|'.join(LISTS)}):[ \t\u00a0]+(?P<here>[@&*!].*)",
        "{key}: this must be a list, and no value can begin with {here[0]}",
        _list_in_brackets,
    ),
    _of_value(
        r"\[(?:.*[\[,\s])?#\w.*",
        "everything after # is a comment, so the list is never closed",
        lambda value: value.replace("#", ""),
    ),
    (
        rf"(?:{_OPENED}(?![\]}}]?\s++#\w)[\]}}\"'])*+{_OPENED}[\]}}]?\s++(?P<here>#\w)",
        "everything after a space and # is a comment, so the bracket is never closed",
        "put the text with the # in double quotes",
    ),
    (
        r"[ \t\u00a0]*(?:- +)?links:\s+(?P<here>(?P<key>docs|demo|paper)): +(?P<url>\S+)\s*$",
        "links: two fields cannot stand on one line like this",
        "write `links: {{{key}: {url}}}`",
    ),
    (
        r" *(?:- +)?repo: +[\w.-]+/[\w.-]+[,;]? +(?P<here>)(?P<key>[a-z_]+): .*",
        "two fields cannot stand on one line",
        "begin a line with `{key}:` below `repo:`, in the same column",
    ),
    _of_value(
        r"(?![\"'\[{|>]).*:(?:\s.*|$)", "the value contains a colon followed by a space", in_quotes
    ),
    # https://yaml.org/spec/1.2.2/#indicator-characters
    _of_value(r"[@%*&!].*", "a value cannot begin with {here[0]}", in_quotes),
    _of_value("`.*", "a value cannot begin with a backtick", in_quotes),
    _of_value(",.*", "a value cannot begin with a comma", in_quotes),
    _of_value(r"\[[^\]]*$", "the [ is never closed", lambda value: f"{value}]"),
    _of_value(r"{[^}]*$", "the {{ is never closed", lambda value: f"{value}}}"),
    _of_value(r"\[(?!(?:(?! #).)*\]\s*(?: #.*)?$).*", "text follows the closing ]", in_quotes),
    _of_value(r"{(?!(?:(?! #).)*}\s*(?: #.*)?$).*", "text follows the closing }}", in_quotes),
    _of_value(
        r"[\[{].*@.*",
        "a value in a list cannot begin with @",
        lambda value: value.replace("@", ""),
    ),
    _of_value(
        r"""(?:"(?:[^"]|(?<=\\)")*|'[^']*)$""",
        "the quotation mark {here[0]} is never closed",
        lambda value: in_quotes(value[1:]),
    ),
    _of_value(
        r'"(?=.*\\[^0abt\tnvfre "/\\N_LPxuU]).*',
        "a backslash inside double quotes means something else",
        lambda value: f"'{value.strip(chr(34))}'",
    ),
    _of_value(
        r"'[^']*'[^']*'\s*$",
        "the apostrophe in it ends the quotation",
        lambda value: in_quotes(value[1:-1]),
    ),
    _of_value(
        rf"""(?:"(?:[^"]|(?<=\\)")*(?<!\\)"|'[^']*'){_TEXT_FOLLOWS}""",
        "text follows the closing quotation mark",
        in_quotes,
    ),
    (r" *- +(?P<here>@)(?P<rest>\S.*)", "a value cannot begin with @", "write `- {rest}`"),
    (
        r" *- +(?P<here>[%*&!])(?P<rest>\S.*)",
        "a value cannot begin with {here}",
        'write `- "{here}{rest}"`',
    ),
    (
        r" *- +(?P<here>`)(?P<rest>\S.*)",
        "a value cannot begin with a backtick",
        'write `- "{here}{rest}"`',
    ),
    (
        r" *(?P<here>-)(?P<rest>[A-Za-z].*)",
        "there is no space after the dash",
        "write `- {rest:.40}`",
    ),
    (
        r" *(?:- +)?(?P<key>[a-z_]+):(?P<here>)(?=[^\s/])(?P<value>.*)",
        "there is no space after the colon",
        _write_field,
    ),
    (
        r" *(?:- +)?(?P<key>[a-z_]+)(?P<here>) ?= ?(?P<value>.*)",
        "a field's name is followed by =",
        _write_field,
    ),
    (
        rf" *(?:- +)?(?P<key>{_USUAL_FIELDS})(?P<here>) +(?P<value>(?!.*: )[^:\s].*)",
        "there is no colon after the field's name",
        _write_field,
    ),
    (
        r"(?P<here>)(?P<repo>[\w.-]+/[\w.-]+)\s*$",
        no_dash("")[0],
        lambda found: no_dash(found["repo"])[1],
    ),
    (
        r"(?P<here>)(?![A-Za-z_]+:(?:[ \t\u00a0]|$))(?![\s#\-}\]]|\.\.\.)",
        "this line stands at the left edge, so it belongs to nothing",
        "put spaces before it, so that it begins further in than the field it belongs to",
    ),
)
