"""What a community says its search should find: judgements.jsonl beside the registry.

    {"query": "draw a control chart", "judgments": {"owner/name": 3, "owner/other": 1}}

A search and the projects that answer it, one such line each; builds score the search by them. A bad
line is reported and left out. Lines may hold more, such as an id, which nobody reads here.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from aggregator.registry.mistakes import UNREADABLE, Mistake, Mistakes, Place, shown
from aggregator.registry.tree import TextFile
from aggregator.words.names import RepoName
from aggregator.words.phrases import listed

USUAL_NAME = "judgements.jsonl"
LONGEST_QUERY = 300  # characters: more are not searched for
BEST = 3  # 3 is just what was looked for, 2 helps, 1 is near it
KIND = "asked"  # of a line that names no kind
_MOST_QUERIES = 2_000
_MOST_GRADES = 100
_LINE_LENGTH = 20_000
_KIND_LENGTH = 40
_MARK_DIGITS = 12
_EXAMPLE = '{"query": "draw a chart", "judgments": {"owner/name": 3}}'


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A search, and what it should find.

    Args:
        query: what somebody types.
        kind: what sort of search it is, in any word; figures are given by it.
        grades: how well each project answers it, 1 to 3; none where nothing here does.
        where: its line.
    """

    query: str
    grades: Mapping[RepoName, int]
    kind: str = KIND
    where: Place = field(default=Place("", 0, 0), compare=False)

    @property
    def mark(self) -> str:
        """Tell it from all others, and from itself when it is judged otherwise."""
        told = json.dumps([self.query, sorted((repo.key, n) for repo, n in self.grades.items())])
        return sha256(told.encode()).hexdigest()[:_MARK_DIGITS]

    def as_line(self) -> str:
        """Write it as a line of the file, without its end."""
        graded = {str(repo): grade for repo, grade in self.grades.items()}
        told = {"query": self.query, "kind": self.kind, "judgments": graded}
        return json.dumps(told, ensure_ascii=False)


class _RefusedError(Exception):
    """What is wrong with a line, and its cure."""


def judgements_file(registry: Path) -> Path:
    """Say where the judgements of a registry stand, if it has any."""
    return registry.with_name(USUAL_NAME)


def read_judgements(source: TextFile) -> tuple[tuple[JudgedQuery, ...], Mistakes]:
    """Read judged queries from the text of their file, and say what is wrong, line by line."""
    found: dict[str, JudgedQuery] = {}
    mistakes = Mistakes()
    for number, line in enumerate(source.lines, start=1):
        if not line.strip():
            continue
        place = Place(source.file, number, 1)
        if len(found) == _MOST_QUERIES:
            what = f"this line and those below are not read, because only {_MOST_QUERIES:,} are"
            mistakes.add(place, what, "take out what tells least")
            break
        try:
            judged = _judged(line, place)
        except _RefusedError as refused:
            mistakes.add(place, *refused.args)
            continue
        first = found.setdefault(judged.query.casefold(), judged)
        if first is not judged:
            what = f"line {first.where.line} judges this search already"
            mistakes.add(place, what, "join the two lines, or delete one")
    return tuple(found.values()), mistakes


def unlisted(
    judged: Iterable[JudgedQuery], entry: Callable[[RepoName], object | None]
) -> list[Mistake]:
    """Name the projects that no registry lists, so that nothing finds them; `entry` looks."""
    found = Mistakes()
    for each in judged:
        if strangers := [str(repo) for repo in each.grades if entry(repo) is None]:
            what = f"not listed here, and so counted for nothing: {listed(strangers)}"
            cure = "write each name as the registry does, or take out what has left it"
            found.add(each.where, what, cure, "hint")
    return found


def _judged(line: str, place: Place) -> JudgedQuery:
    told = _read(line)
    query = told.get("query")
    if not isinstance(query, str) or not query.strip():
        raise _RefusedError("this line has no `query`", f"write a line such as {_EXAMPLE}")
    if len(query) > LONGEST_QUERY or UNREADABLE.search(query):
        cure = f"write at most {LONGEST_QUERY} plain characters on one line"
        raise _RefusedError(f"{shown(query)} cannot be a search", cure)
    kind = told.get("kind", KIND)
    if not isinstance(kind, str) or not 0 < len(kind) <= _KIND_LENGTH or UNREADABLE.search(kind):
        cure = f"write a word of at most {_KIND_LENGTH} characters, or leave it out"
        raise _RefusedError("`kind` is not a word", cure)
    # Members of this community may well spell it as its file is called.
    graded = told.get("judgments", told.get("judgements"))
    if not isinstance(graded, dict):
        cure = f'write "judgments": {{"owner/name": {BEST}}}, or {{}} where nothing should be found'
        raise _RefusedError("this line has no `judgments`", cure)
    if len(graded) > _MOST_GRADES:
        cure = f"keep the best {_MOST_GRADES}"
        raise _RefusedError(f"this line judges {len(graded):,} projects", cure)
    return JudgedQuery(query.strip(), dict(_grades(graded)), kind, place)


def _read(line: str) -> dict[str, Any]:
    cure = f"write one search a line, as {_EXAMPLE}"
    if len(line) > _LINE_LENGTH:
        raise _RefusedError(f"this line is longer than {_LINE_LENGTH:,} characters", cure)
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        raise _RefusedError("this line is not JSON", cure) from None
    if not isinstance(told, dict):
        raise _RefusedError("this line is not a search with what it should find", cure)
    return told


def _grades(graded: Mapping[str, Any]) -> Iterator[tuple[RepoName, int]]:
    for name, grade in graded.items():
        try:
            repo = RepoName.parse(name)
        except ValueError:
            cure = "write owner/name, as in the address github.com/owner/name"
            raise _RefusedError(f"{shown(name)} is not the name of a repository", cure) from None
        if type(grade) is not int or not 1 <= grade <= BEST:
            cure = f"write {BEST} for just what was looked for, 2 for a help, 1 for what is near it"
            raise _RefusedError(f"{shown(str(grade))} is no grade of {repo}", cure)
        yield repo, grade
