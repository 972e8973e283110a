"""What somebody looked for, from a form to lines for the search: judgements, and words for a miss.

    answers --_sought_in--> what was typed and meant --_lines_for--> edits of judgements.jsonl, and,
                            where none of that was shown, of the glossary or of `does` --> Proposal

The answers are anybody's. They pass the rules of the files that they go into, and what is proposed
is read by a person before it counts. Values in, values or complaints out; `from_issue` calls it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aggregator.joining.answers import entries_called, is_nothing, repos_in
from aggregator.joining.editor import edit_entry
from aggregator.joining.forms import JUDGE
from aggregator.joining.proposal import Edit, Proposal, UnclearError
from aggregator.joining.renderings import escaped
from aggregator.registry.glossary import USUAL_NAME, glossary_file, glossary_name, read_glossary
from aggregator.registry.judgements import (
    BEST,
    LONGEST_QUERY,
    JudgedQuery,
    judgements_file,
    read_judgements,
)
from aggregator.registry.judgements import USUAL_NAME as JUDGEMENTS
from aggregator.registry.mistakes import UNREADABLE, shown
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry
from aggregator.registry.tree import TextFile
from aggregator.registry.validation import read_values
from aggregator.words.errors import RegistryError
from aggregator.words.names import RepoName
from aggregator.words.phrases import listed

_LABELS = {one.id: one.label for one in JUDGE.fields}
_MOST_NAMED = 10
_HELPS = 2  # the grade of what is named after the first
_OTHER_WORDS_LENGTH = 100
_ANSWER_LENGTH = 5_000  # more than ten addresses take
# What YAML takes for nothing but a text, wherever it stands.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[ -][A-Za-z0-9]+)*")
_PAGE = re.compile(r"/projects/([\w-]+/[\w.-]*\w)")


@dataclass(frozen=True, slots=True)
class _Sought:
    """What somebody typed, what they meant, and what they were shown.

    Args:
        query: what they typed.
        entries: what answers it, the best first.
        other_words: what a project calls it, where that is something else.
        missed: nothing of it was among what they were shown.
    """

    query: str
    entries: tuple[Entry, ...]
    other_words: str
    missed: bool


@dataclass(frozen=True, slots=True)
class _Change:
    file: Path
    edit: Edit
    note: str


def propose_judgement(answers: Mapping[str, str], registry: Registry, path: Path) -> Proposal:
    """Propose what the search should find, and for a miss the words by which it would.

    Args:
        answers: of the form, by the ids of its fields.
        registry: as it is.
        path: its file, beside which the others stand.

    Raises:
        UnclearError: The answers cannot be used, or say nothing new.
    """
    sought = _sought_in(answers, registry)
    changes = list(_changes_for(sought, registry, path))
    if not changes:
        raise UnclearError("Just this was said of that search before: there is nothing to add.")
    told = "".join(f"\n- It {change.note}." for change in changes)
    return Proposal(
        f"Thank you! This is on its way:\n{told}",
        "Say what a search should find",
        {change.file: change.edit for change in changes},
        f"Whoever wrote this looked for something here. Please see whether it fits:\n{told}",
        begins=frozenset({judgements_file(path), path.with_name(USUAL_NAME)}),
    )


def _sought_in(answers: Mapping[str, str], registry: Registry) -> _Sought:
    query, other = (_one_line(answers[name]) for name in ("searched", "other_words"))
    named = answers["looked_for"][:_ANSWER_LENGTH]
    problems = []
    if not query or len(query) > LONGEST_QUERY or UNREADABLE.search(query):
        cure = f"write it as one line of at most {LONGEST_QUERY} letters"
        problems.append(f"{_LABELS['searched']}: {cure}.")
    if len(other) > _OTHER_WORDS_LENGTH or UNREADABLE.search(other):
        problems.append(f"{_LABELS['other_words']}: at most {_OTHER_WORDS_LENGTH} letters.")
    entries = tuple({one.repo: one for one in _entries_in(named, registry)}.values())[:_MOST_NAMED]
    if not entries:
        unknown = listed([str(repo) for repo in repos_in(named)], _MOST_NAMED)
        what = f"{shown(unknown)} is not in the showcase" if unknown else "it names no project"
        problems.append(
            f"{_LABELS['looked_for']}: {what}. Name one that is, as owner/name or by the address "
            "of its page; for one that is not there yet, use the form that adds it."
        )
    if problems:
        raise UnclearError(*problems)
    seen = repos_in(answers["shown"][:_ANSWER_LENGTH])
    missed = not any(entry.repo in seen for entry in entries)
    return _Sought(query, entries, other, missed)


def _changes_for(sought: _Sought, registry: Registry, path: Path) -> Iterator[_Change]:
    """Give what is not there already."""
    before = next((j for j in registry.judgements if _is_same(j.query, sought.query)), None)
    now = {e.repo: _HELPS if place else BEST for place, e in enumerate(sought.entries)}
    judged = JudgedQuery(sought.query, {**(before.grades if before else {}), **now})
    if before is None or before.grades != judged.grades:
        note = f"judges the search {escaped(sought.query)}, in {JUDGEMENTS}"
        yield _Change(judgements_file(path), partial(_with_judgement, judged), note)
    if sought.missed:
        words = _glossary_line(sought, registry, path) or _task_line(sought, path)
        yield from filter(None, [words])


def _one_line(text: str) -> str:
    return "" if is_nothing(text) else " ".join(text[:_ANSWER_LENGTH].split())


def _entries_in(text: str, registry: Registry) -> Iterator[Entry]:
    """Find the listed projects that a text names, line by line, in any of the ways."""
    for line in text.splitlines():
        said = line.strip().lstrip("-*+\u2022 ")
        pages = [RepoName.parse(name) for name in _PAGE.findall(said) if _is_listable(name)]
        found = [registry.entry(repo) for repo in (*repos_in(said), *pages)]
        yield from filter(None, found) if any(found) else entries_called(said, registry)


def _is_listable(name: str) -> bool:
    try:
        RepoName.parse(name)
    except ValueError:
        return False
    return True


def _is_same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _with_judgement(judged: JudgedQuery, text: str) -> str:
    """Add a line, or put it in the place of that of the same search, of which the rest stays."""
    lines = text.rstrip("\n").split("\n") if text.strip() else []
    for same in read_judgements(TextFile("", text))[0]:
        if _is_same(same.query, judged.query):
            at = same.where.line - 1
            told = json.loads(lines[at])
            told.pop("judgements", None)
            told["judgments"] = {str(repo): grade for repo, grade in judged.grades.items()}
            lines[at] = json.dumps(told, ensure_ascii=False)
            break
    else:
        lines.append(judged.as_line())
    return "\n".join(lines) + "\n"


def _glossary_line(sought: _Sought, registry: Registry, path: Path) -> _Change | None:
    """Propose a line of the glossary, where somebody says what a project calls it."""
    name = glossary_name(path, registry.showcase.glossary) or USUAL_NAME
    known = {term.casefold() for term in registry.glossary}
    if not sought.other_words or sought.query.casefold() in known:
        return None
    try:
        text = glossary_file(path, name).text
    except RegistryError:
        text = ""
        if name != USUAL_NAME or path.with_name(name).exists():
            return None  # the check tells its people; a second file would not be read
    edit = partial(_with_term, sought.query, sought.other_words)
    if not _reads(edit(text), text):
        return None
    note = f"lets {escaped(sought.query)} lead to {escaped(sought.other_words)}, in {name}"
    return _Change(path.parent / name, edit, note)


def _with_term(term: str, meaning: str, text: str) -> str:
    line = f"{_as_yaml(term)}: [{_as_yaml(meaning)}]"
    return f"{text.rstrip()}\n{line}\n" if text.strip() else f"{line}\n"


def _as_yaml(text: str) -> str:
    """Write a text so that YAML reads just that; what JSON quotes, YAML reads."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _reads(after: str, before: str) -> bool:
    """Tell whether a glossary holds one term more than before, and no mistake more."""
    (new, found), (old, known) = (read_glossary(TextFile("", text)) for text in (after, before))
    return len(new) == len(old) + 1 and old.items() <= new.items() and len(found) == len(known)


def _task_line(sought: _Sought, path: Path) -> _Change | None:
    """Propose that the project says of itself what was typed, where that is a few words long."""
    entry = sought.entries[0]
    does = [*entry.does, sought.query]
    _, mistakes = read_values(Entry, {"repo": str(entry.repo), "does": does})
    if mistakes or " " not in sought.query or sought.query in entry.does:
        return None
    note = f"lets {escaped(str(entry.repo))} say that it does {escaped(sought.query)}"
    file = Path(entry.where.file) if entry.where.file else path
    return _Change(file, lambda text: edit_entry(text, entry, {"does": does}), note)
