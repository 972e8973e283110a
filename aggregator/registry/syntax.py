"""Why a piece of the registry is not YAML, in the words of somebody who mends it.

The YAML library names the character it stumbled over; this module looks at the
lines around it for what people really type. It is asked only about pieces that
could not be read, so a rule may be generous.
"""

import re
from collections.abc import Callable, Iterator, Sequence

import yaml

from aggregator.registry.fields import field_names
from aggregator.registry.habits import FIELD, HABITS, Finding, quoted, write
from aggregator.registry.mistakes import Mistake, Place
from aggregator.registry.models import Entry, Links, Organisation, Showcase, Talk
from aggregator.registry.parts import ENTRY_DASH
from aggregator.registry.rules import shown

FIRST_FIELD = re.compile(r" *- +(?=[A-Za-z_]+ *:(?:\s|$))")
BARE_NAME = re.compile(r"( *- +)([\w.-]+/[\w.-]+)\s*$")
BLOCK_TEXT = re.compile(r"( *)(?:- +)?[A-Za-z_]+: *[|>][+-]?\d?\s*(#.*)?$")
KEY = re.compile(r" *(?:- +)?([A-Za-z_][\w ]*?) *:(?:\s|$)")
STRAY_LIMIT = 500  # lines of one text, so that no file takes for ever
# The names of all fields, to tell them from words that end in a colon.
FIELDS = frozenset(
    name for model in (Entry, Organisation, Showcase, Talk, Links) for name in field_names(model)
) | {"showcase", "organisations", "projects"}
SPECIAL = {
    "@": "a value cannot begin with @",
    "`": "a value cannot begin with a backtick",
    "%": "a value cannot begin with %",
    "*": "a value cannot begin with *",
    "&": "a value cannot begin with &",
    "!": "a value cannot begin with !",
    ",": "a value cannot begin with a comma",
}


def unindented(name: str) -> tuple[str, str]:
    """Say that the text of a field is there, but does not begin further in than its name."""
    what = f"the text below `{name}: |` must begin further in than `{name}`"
    return what, f"begin each of its lines two spaces further in than `{name}`"


def unindented_block(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Find text that follows `story: |` without being indented: its header and its last line."""
    for index, line in enumerate(lines[:-1]):
        header = BLOCK_TEXT.match(line)
        below = (
            _stray_lines(lines[index + 1 : index + STRAY_LIMIT], len(header[1])) if header else 0
        )
        if below:
            yield index, index + below


def _stray_lines(lines: Sequence[str], indent: int) -> int:
    """Count the lines that are neither indented nor the beginning of anything else."""
    last = 0
    for number, line in enumerate(lines, 1):
        own = len(line) - len(line.lstrip(" "))
        name = KEY.match(line)
        begins = (name and name[1].strip() in FIELDS) or ENTRY_DASH.match(line)
        if line.strip() and ((own > indent and not last) or begins or line.startswith("#")):
            break
        last = number if line.strip() else last
    return last


def findings(lines: Sequence[str]) -> Iterator[tuple[int, Finding]]:
    """Find the known slips in lines that could not be read, each with its line's index."""
    out_of_line = dict(_out_of_line(lines))
    stray = dict(unindented_block(lines))
    for index, line in _outside_block_text(lines):
        if index in stray:
            name = line.split(":")[0].strip(" -")
            yield index, Finding(line.index(name) + 1, *unindented(name))
        if any(header < index <= last for header, last in stray.items()):
            continue
        found = next((found for rule in RULES if (found := rule(line))), out_of_line.get(index))
        found = found or _cut_short(line, lines[index + 1 : index + 2])
        if found is not None:
            yield index, found


def _cut_short(line: str, below: Sequence[str]) -> Finding | None:
    """Find a text that goes on below, but that a space and # ended."""
    goes_on = any(text.strip() and not FIELD.match(text) for text in below)
    hash_sign = re.search(r"(?<=[^\s\"'\]])\s+#\w", line)
    if not goes_on or hash_sign is None or below[0].lstrip().startswith(("-", "#")):
        return None
    what = "a space and # end the text here, so the line below belongs to nothing"
    return Finding(hash_sign.start() + 1, what, "put all of the text in double quotes")


def explain(lines: Sequence[str], error: yaml.YAMLError, file: str, offset: int) -> list[Mistake]:
    """Turn a failed reading of some lines into mistakes, at least one.

    Args:
        lines: The lines that could not be read.
        error: What the YAML library said, with positions inside these lines.
        file: The name that places carry.
        offset: How many lines stand above them in the file.
    """
    found = [
        Mistake(Place(file, offset + index + 1, finding.column), finding.what, finding.cure)
        for index, finding in findings(lines)
    ]
    return found or [_library_words(lines, error, file, offset)]


def _outside_block_text(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    indent: int | None = None
    for index, line in enumerate(lines):
        own = len(line) - len(line.lstrip(" "))
        if indent is not None and (own > indent or not line.strip()):
            continue
        block = BLOCK_TEXT.match(line)
        indent = len(block[1]) if block else None
        if line.strip() and not line.lstrip().startswith("#"):
            yield index, line


def _out_of_line(lines: Sequence[str]) -> Iterator[tuple[int, Finding]]:
    """Find fields of an entry that begin in another column than its first one."""
    bare = BARE_NAME.match(lines[0]) if lines else None
    below = next((found for line in lines[1:] if (found := FIELD.match(line))), None)
    if bare and below and below["key"] != "repo":
        what = "fields follow this name, so the name needs its own field"
        yield 0, Finding(bare.end(1) + 1, what, f"write `- repo: {bare[2]}`")
    first = FIRST_FIELD.match(lines[0]) if lines else None
    if first is None and bare is None:
        return
    column = first.end() if first else bare.end(1) if bare else 0
    parent_is_open = False
    for index, line in _outside_block_text(lines):
        found = FIELD.match(line)
        own = len(line) - len(line.lstrip(" "))
        if index == 0 or found is None or line.lstrip().startswith("-"):
            parent_is_open = bool(found and not found["value"].strip())
        elif found["key"] == "repo" and (bare or own != column):
            yield index, second_entry(own + 1, found["value"])
            return
        elif own == column:
            parent_is_open = not found["value"].strip()
        elif own < column or not parent_is_open:
            what = f"this field begins after {own} spaces, the first of its entry after {column}"
            yield (
                index,
                Finding(own + 1, what, f"put exactly {column} spaces before {found['key']}"),
            )


def second_entry(column: int, value: str) -> Finding:
    """Answer a `repo:` inside another entry, which is an entry whose dash was forgotten."""
    what = "another project begins here, but there is no dash before it"
    return Finding(
        column, what, f"write {shown(f'- repo: {value}')}, with the dash below the others"
    )


def _library_words(lines: Sequence[str], error: yaml.YAMLError, file: str, offset: int) -> Mistake:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "this cannot be read as YAML"
    line = min(mark.line, len(lines) - 1) if mark else 0
    place = Place(file, offset + line + 1, mark.column + 1 if mark and line == mark.line else 1)
    what, cure = _plain_words(problem)
    return Mistake(place, what, cure)


def _plain_words(problem: str) -> tuple[str, str]:
    if "expected key" in problem or "expected '-'" in problem:
        return (
            "this line does not line up with the ones above it",
            "begin it in the same column as the other fields of its entry, with spaces",
        )
    if "nested too deeply" in problem:
        return problem, "look at the examples in docs/registry.md and write it like one of them"
    if "mapping values" in problem:
        return "a colon stands where none can", "put the value in double quotes"
    if "end of stream" in problem or "expected ','" in problem:
        return (
            "something that was opened is not closed",
            "look for a missing quote, square bracket or brace on this line or above",
        )
    if "expected ':'" in problem:
        return (
            "a line here is neither a field nor a part of the value above it",
            "write `field: value`, and several values in square brackets: [one, two]",
        )
    return f"this cannot be read ({problem})", "put the value in double quotes"


def _tab(line: str) -> Finding | None:
    lead = re.match(r"[ ]*(-[ ]*)?\t", line)
    if lead is None:
        return None
    return Finding(lead.end(), "there is a tab before the text", "replace it with spaces")


def _no_break_space(line: str) -> Finding | None:
    lead = re.match(r"[ \t-]*\u00a0", line)
    if lead is None:
        return None
    what = "there is a space from a web page or a word processor before the text"
    return Finding(lead.end(), what, "delete the spaces at the start of the line and type them")


def _left_edge(line: str) -> Finding | None:
    if re.match(r"[\s#\-}\]]|\.\.\.", line) or FIELD.match(line):
        return None
    cure = "put spaces before it, so that it begins further in than the field it belongs to"
    return Finding(1, "this line stands at the left edge, so it belongs to nothing", cure)


def _no_gap_after_dash(line: str) -> Finding | None:
    found = re.match(r"( *)-(?=[A-Za-z])", line)
    if found is None:
        return None
    return Finding(
        found.end(), "there is no space after the dash", f"write `- {line[found.end() :][:40]}`"
    )


def _no_gap_after_key(line: str) -> Finding | None:
    found = re.match(r"( *(?:- +)?)([a-z_]+):(?=[^\s/])(.*)", line)
    if found is None:
        return None
    column = found.end(2) + 2
    return Finding(column, "there is no space after the colon", write(found[2], found[3]))


def _no_colon(line: str) -> Finding | None:
    found = re.match(
        r"( *(?:- +)?)(repo|title|summary|organisation|stage|tags|people) +([^:\s].*)", line
    )
    if found is None or ": " in found[3]:
        return None
    return Finding(
        found.end(2) + 1, "there is no colon after the field's name", write(found[2], found[3])
    )


def _equals_sign(line: str) -> Finding | None:
    found = re.match(r"( *(?:- +)?)([a-z_]+) ?= ?(.*)", line)
    if found is None:
        return None
    return Finding(found.end(2) + 1, "a field's name is followed by =", write(found[2], found[3]))


def _value_rule(test: Callable[[str], tuple[str, str] | None]) -> Callable[[str], Finding | None]:
    def rule(line: str) -> Finding | None:
        found = FIELD.match(line)
        problem = test(found["value"].rstrip()) if found else None
        if found is None or problem is None:
            return None
        what, repaired = problem
        return Finding(found.start("value") + 1, what, write(found["key"], repaired))

    return rule


def _colon_inside(value: str) -> tuple[str, str] | None:
    if value[:1] in {'"', "'", "[", "{", "|", ">"} or not re.search(r":(\s|$)", value):
        return None
    return "the value contains a colon followed by a space", quoted(value)


def _special_start(value: str) -> tuple[str, str] | None:
    return (SPECIAL[value[0]], quoted(value)) if value[:1] in SPECIAL else None


def _bracket_start(value: str) -> tuple[str, str] | None:
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


def _quote_trouble(value: str) -> tuple[str, str] | None:
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


def _list_item_start(line: str) -> Finding | None:
    found = re.match(r"( *- +)([@`%*&!])(\S.*)", line)
    if found is None:
        return None
    bare = found[3] if found[2] == "@" else f'"{found[2]}{found[3]}"'
    return Finding(found.end(1) + 1, SPECIAL[found[2]], f"write `- {bare}`")


RULES: tuple[Callable[[str], Finding | None], ...] = (
    _tab,
    _no_break_space,
    *HABITS,
    _value_rule(_colon_inside),
    _value_rule(_special_start),
    _value_rule(_bracket_start),
    _value_rule(_quote_trouble),
    _list_item_start,
    _no_gap_after_dash,
    _no_gap_after_key,
    _equals_sign,
    _no_colon,
    _left_edge,
)
