"""The page docs/messages.md: what each exit code, sentence of a run, and error means.

Written from the codes, the causes, the doctor's sentences, the outcomes and the code itself, where
each error is raised, so that it cannot drift. Run as
`python -m aggregator.cli.explained docs/messages.md`; a test compares.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from aggregator.words import errors
from aggregator.words.causes import Cause, said_in_logs
from aggregator.words.exits import MEANINGS
from aggregator.words.outcomes import Outcome, words_of
from aggregator.words.symptoms import NOT_ASKED, TOPICS

_PACKAGE = Path(__file__).resolve().parent.parent
_GAP = "…"
_OPENING = """# What a message means

Look a message up by its first words; `…` stands for what differs. This page is written from the
code (`make generated`). An error is one line that says what, why and what to do; for a run on a bad
night begin with `aggregator doctor`.

## Exit codes

| exit code | meaning |
| --- | --- |
"""
_RUNS = """
## What a run says

These stand in the log, in the report and on the page of the job.

| it says | what it means | what to do |
| --- | --- | --- |
"""
_DOCTOR = """
## What the doctor says

`aggregator doctor` changes nothing. It exits 1 when something is broken, else 0. What could not be
looked at is told as that, and nothing is claimed about it: {not_asked}.
"""
_OUTCOMES = """
## How the last look at an entry ended

As `aggregator status`, the status page and `data/status.json` tell it.

| outcome | in a report | on the pages | what visitors read |
| --- | --- | --- | --- |
"""
_ERRORS = """
## Errors, by who can mend them

Every error that the program names. Mistakes in the registry are not among them: each names its
file, its line and the cure.
"""
_KINDS: Mapping[str, str] = {
    "RegistryError": "A member mends it, in the registry (exit code 2)",
    "UsageError": "On the command line or in a setting (exit code 2)",
    "StateError": "In the state folder, or in what was published (exit code 1)",
    "LostTextError": "In the cache; making it anew mends that (exit code 1)",
    "SourceError": "At GitHub or another server, or on the way there (exit code 1)",
    "AbsentError": "Nothing is at an address (exit code 1)",
    "PublishError": "Where the site is written (exit code 1)",
    "OperatorError": "Whoever runs the showcase must look (exit code 1)",
}


def explained() -> str:
    """Write the page."""
    codes = [f"| {code} | {meaning} |\n" for code, meaning in MEANINGS.items()]
    runs = [_row(_open(cause.says), cause.means, cause.cure) for cause in said_in_logs()]
    not_asked = f"“{_open(NOT_ASKED.says)}”"
    doctor = [part for topic, causes in TOPICS.items() for part in _topic(topic, causes)]
    parts = [_OPENING, *codes, _RUNS, *runs, _DOCTOR.format(not_asked=not_asked), *doctor]
    return "".join([*parts, _OUTCOMES, *_outcomes(), _ERRORS, *_errors()])


def _topic(topic: str, causes: Iterable[Cause]) -> Iterator[str]:
    yield f"\n### {topic}\n\n| | it says | what it means | what to do |\n"
    yield "| --- | --- | --- | --- |\n"
    for cause in causes:
        yield _row(cause.grade, *map(_open, (cause.says, cause.means, cause.cure)))


def _outcomes() -> Iterator[str]:
    for outcome in Outcome:
        told = {words_of(outcome, ever_found): ever_found for ever_found in (False, True)}
        for words, ever_found in sorted(told.items(), key=lambda pair: not pair[1]):
            name = outcome if ever_found else f"{outcome}, never found"
            yield _row(f"`{name}`", words.report, words.state, words.text)


def _errors() -> Iterator[str]:
    """List what is raised, by kind; the same three texts once."""
    known: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for path in sorted(_PACKAGE.rglob("*.py")):
        for kind, texts in raised_in(path.read_text(encoding="utf-8")):
            known[kind].add(texts)
    for kind, heading in _KINDS.items():
        rows = sorted(known[kind], key=lambda texts: [text.strip(f"{_GAP} ") for text in texts])
        yield f"\n### {heading}\n\n| what | why | what to do |\n| --- | --- | --- |\n"
        yield from (_row(*texts) for texts in rows)


def raised_in(source: str) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """Give each error that a module makes: its kind, and what, cause and cure as far as they stand.

    Args:
        source: The text of a module.
    """
    tree = ast.parse(source)
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and _is_error(node.func):
            given = dict(zip(("what", "cause", "cure"), node.args, strict=False))
            given |= {word.arg: word.value for word in node.keywords if word.arg}
            texts = tuple(
                _shape(given[name], constants) if name in given else ""
                for name in ("what", "cause", "cure")
            )
            # Where neither what nor why has a word of its own, nobody can look it up.
            if any(re.search(r"\w", text) for text in texts[:2]):
                yield node.func.id, (texts[0], texts[1], texts[2])


def _is_error(name: ast.Name) -> bool:
    found = getattr(errors, name.id, None)
    return isinstance(found, type) and issubclass(found, errors.AggregatorError)


def _shape(node: ast.expr, constants: Mapping[str, ast.expr]) -> str:
    """Read a text from the code that makes it, with a gap where a value comes in."""
    match node:
        case ast.Constant(value=str(text)):
            found = text
        case ast.JoinedStr(values=parts):
            found = "".join(_shape(part, constants) for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            found = _shape(left, constants) + _shape(right, constants)
        case ast.IfExp(body=one, orelse=other):
            either = {_shape(one, constants), _shape(other, constants)}
            found = either.pop() if len(either) == 1 else _GAP
        case ast.Name(id=name) if name in constants:
            found = _shape(constants[name], {})
        case ast.Attribute(value=ast.Name(id=name), attr="says"):
            found = _said(name)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="saying")):
            found = _said(name)
        case _:
            found = _GAP
    return re.sub(f"{_GAP}(?:{_GAP})+", _GAP, found)


def _said(name: str) -> str:
    """Give the sentence of a cause by the name that it has in the code."""
    from aggregator.words import causes

    found = getattr(causes, name, None)
    return _open(found.says) if isinstance(found, Cause) else _GAP


def _open(text: str) -> str:
    """Leave a gap where a value is filled in."""
    return re.sub(r"\{\w+\}", _GAP, text)


def _row(*cells: str) -> str:
    shown = (" ".join(cell.split()).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(shown)} |\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(explained(), encoding="utf-8")
