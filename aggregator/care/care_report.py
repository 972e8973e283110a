"""The report on what could be mended: one issue in Markdown, and lines for a terminal. Pure.

Titles, addresses and names are strangers' words and escaped; lines to copy stand in fences, where
nothing is read as Markdown. The report begins with a mark, by which the workflow finds the issue
that it wrote last week.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from aggregator.care.mends import Mend, MendKind
from aggregator.joining.renderings import escaped, fenced
from aggregator.words.phrases import day_of, plural

CARE_MARK = "<!-- aggregator: care -->"
CARE_TITLE = "What could be mended in the showcase"
_LONGEST = 60_000  # GitHub keeps 65,536 characters
_MOST_OF_A_KIND = 40
# What nearly every entry of a young showcase could do with; all of it would hide the rest.
_FEW_OF: Mapping[MendKind, int] = {MendKind.ENTRY: 10, MendKind.LICENCE: 10}
_HEADINGS: Mapping[MendKind, str] = {
    MendKind.RENAMED: "Repositories with a new name",
    MendKind.GONE: "Repositories that are no longer there",
    MendKind.DEAD: "Websites that are no longer there",
    MendKind.PARKED: "Domains that are for sale",
    MendKind.ELSEWHERE: "Websites that lead to another domain",
    MendKind.MOVED: "Websites that have moved",
    MendKind.ARCHIVED: "Archived repositories",
    MendKind.LICENCE: "Repositories without a licence",
    MendKind.DIFFERS: "Two answers to one question",
    MendKind.ENTRY: "Entries that could say more",
}


def as_markdown(mends: Sequence[Mend], today: date, asked: date | None) -> str:
    """Write the body of the issue.

    Args:
        mends: What could be mended.
        today: The day of the report.
        asked: The day of the facts that it is drawn from.
    """
    facts = f", from what GitHub said on {day_of(asked)}" if asked else ""
    opening = (
        f"{CARE_MARK}\n{_headline(mends)} Written on {day_of(today)}{facts}, and again every week; "
        "what is mended leaves the list. Nothing here is anybody's fault, and nothing is urgent."
    )
    how = (
        "To take some of it, put the lines into the registry, or let them be written: "
        "`aggregator care --apply ID`, with the names in small letters, then a pull request. "
        "What is no good advice may stay as it is."
    )
    parts, length = [opening], len(opening) + len(how)
    for section in _sections(mends):
        if length + len(section) > _LONGEST:
            parts.append("There is more than an issue can hold: `aggregator care` tells all of it.")
            break
        parts.append(section)
        length += len(section) + 2
    return "\n\n".join([*parts, how] if mends else parts) + "\n"


def as_terminal_lines(mends: Sequence[Mend]) -> Iterator[str]:
    """Write the same for a terminal."""
    for kind, found in _by_kind(mends):
        yield f"{_HEADINGS[kind]} ({len(found)})"
        for mend in found:
            yield f"  {mend.id}"
            yield f"    {mend.about}: {mend.says}"
            yield f"    {mend.cure}"
            yield from (f"      {line}" for line in mend.lines.splitlines())
    yield _headline(mends)


def _headline(mends: Sequence[Mend]) -> str:
    if not mends:
        return "Nothing needs mending."
    ready = sum(mend.can_be_applied for mend in mends)
    things = plural(len(mends), "thing")
    return f"{things} could be mended, {ready} of them with lines that are ready."


def _by_kind(mends: Iterable[Mend]) -> Iterator[tuple[MendKind, list[Mend]]]:
    for kind in MendKind:
        if found := [mend for mend in mends if mend.kind is kind]:
            yield kind, found


def _sections(mends: Iterable[Mend]) -> Iterator[str]:
    for kind, found in _by_kind(mends):
        most = _FEW_OF.get(kind, _MOST_OF_A_KIND)
        items = [_item(mend) for mend in found[:most]]
        if len(found) > most:
            items.append(f"... and {len(found) - most} more: `aggregator care` tells all of them.")
        yield "\n\n".join([f"### {_HEADINGS[kind]}", *items])


def _item(mend: Mend) -> str:
    says = f"**{escaped(mend.about)}**: {escaped(mend.says, 1_000)} {escaped(mend.cure, 1_000)}"
    name = f"\n<sub>{escaped(mend.id, 200)}</sub>" if mend.can_be_applied else ""
    lines = f"\n\n{fenced(mend.lines, 'yaml')}" if mend.lines else ""
    return f"{says}{name}{lines}"
