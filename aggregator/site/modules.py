"""Joins a script with all modules that it imports into one, so that a browser asks once for all.

What is joined is sent without its remarks and indents, and style sheets without their remarks.

    page.js --imports, depth first--> each module as a function of its own --> page.js in one file

Each module keeps its names to itself: it becomes a function that is called where the file begins
and gives what the module exports. Only the plain forms are understood, each at the beginning of a
line: `import { a, b as c } from "./x.js"`, and `export` before a `const` or a `function`. Where
anything else is written, as a community's own script may, the modules stay apart and work as well,
only later. Pure; called by `assets`.
"""

import re
from collections.abc import Mapping
from functools import partial
from posixpath import dirname, join, normpath

# What may stand in a style sheet and look like a remark without being one is kept as it is.
_REMARK = re.compile(
    rb"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|url\([^)]*\))|/\*.*?\*/\s*""", re.DOTALL
)
# An empty line or one that is only a remark, and the indent of any other.
_LINE_BEGINS = re.compile(r"^[ \t]*(?://.*)?\n|^[ \t]+", re.MULTILINE)
_IMPORT = re.compile(r'^import \{([\w$,\s]+)\} from "(\.[^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|function|async function) ([\w$]+))", re.MULTILINE)
# What is left of a form that is not understood. What is imported while a script runs may stay.
_OTHER = re.compile(r"^\s*(?:import\b(?!\s*[.(])|export\b)", re.MULTILINE)


def without_remarks(style: bytes) -> bytes:
    """Give a style sheet without its remarks: readers of the code need them, browsers load them."""
    return _REMARK.sub(lambda found: found[1] or b"", style)


def joined(name: str, modules: Mapping[str, bytes]) -> bytes | None:
    """Give a script and all that it imports as one; None where that is not possible.

    Args:
        name: the script, such as "search/page.js".
        modules: every script, by name.
    """
    order = _in_order(name, modules)
    if order is None:
        return None
    called = {each: f"module{at}" for at, each in enumerate(order)}
    texts = []
    for each in order:
        body = _IMPORT.sub(partial(_taken, each, called), _text(modules[each]))
        if _OTHER.search(_EXPORT.sub("", body)):
            return None
        texts.append(_lean(body if each == name else _closed(body, called[each])))
    return "".join(texts).encode()


def _lean(text: str) -> str:
    """Leave out what only readers of the code need, unless a text goes over several lines."""
    goes_on = any(line.count("`") % 2 for line in text.splitlines())
    return text if goes_on else _LINE_BEGINS.sub("", text)


def _in_order(name: str, modules: Mapping[str, bytes]) -> list[str] | None:
    """Name a script and those that it imports, each after what it needs itself."""
    found: list[str] = []
    begun: set[str] = set()

    def visit(each: str) -> bool:
        if each in found:
            return True
        if each in begun or each not in modules:  # a circle, or not ours
            return False
        begun.add(each)
        imported = [_place(each, target) for _, target in _IMPORT.findall(_text(modules[each]))]
        if not all(map(visit, imported)):
            return False
        found.append(each)
        return True

    return found if visit(name) else None


def _text(data: bytes) -> str:
    return data.decode(errors="replace").replace("\r\n", "\n").rstrip("\n") + "\n"


def _place(importer: str, target: str) -> str:
    return normpath(join(dirname(importer), target))


def _taken(importer: str, called: Mapping[str, str], found: re.Match[str]) -> str:
    """Take from a module what was imported from it."""
    names = [re.sub(r"\s+as\s+", ": ", each.strip()) for each in found[1].split(",")]
    given = called[_place(importer, found[2])]
    return f"const {{ {', '.join(filter(None, names))} }} = {given};"


def _closed(body: str, called: str) -> str:
    """Keep the names of a module to itself, but for those that it exports."""
    exported = ", ".join(_EXPORT.findall(body))
    inside = _EXPORT.sub("", body)
    return f"const {called} = (() => {{\n{inside}return {{ {exported} }};\n}})();\n"
