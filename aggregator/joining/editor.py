"""Change one entry in the text of a registry and leave every other byte alone.

Adds, edits and removes. A list that is written in the usual way, one dash a line,
is edited as text; the entry itself goes through ruamel.yaml, which keeps its
comments and quotes. Nothing is read or written here: text in, text out.
"""

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import LiteralScalarString

from aggregator.registry.layout import FilePart, dashed, has_dashes, sections
from aggregator.registry.loader import load_texts
from aggregator.registry.models import Entry, Organisation
from aggregator.registry.registry import Registry
from aggregator.words.errors import RegistryError
from aggregator.words.names import RepoName

FIELD_ORDER = tuple(name for name in Entry.model_fields if name != "where")
INLINE_LISTS = frozenset({"tags", "people", "used_by"})

ORGANISATION_ORDER = tuple(name for name in Organisation.model_fields if name != "where")

Value = str | date | Sequence[str] | Mapping[str, str] | Sequence[Mapping[str, object]]
Fields = Mapping[str, Value]


def is_listed(text: str, repo: RepoName) -> bool:
    """Tell whether a file of the registry lists a repository."""
    return _loaded(text).entry(repo) is not None


def add_entry(text: str, fields: Fields) -> str:
    """Add an entry in its alphabetical place, or last when the list has another order.

    Args:
        text: A file of the registry.
        fields: What to write; `repo` and whatever else is known.

    Raises:
        RegistryError: The file cannot be edited safely.
    """
    listing = _listing(text)
    if listing is None:
        return _checked(_without_list(text, fields), fields)
    parts = [part for part in dashed(listing.body) if part.text.strip()]
    names = [_key(part) for part in parts]
    in_order = names == sorted(names)
    key = str(fields["repo"]).lower()
    place = sum(name < key for name in names) if in_order else len(parts)
    chunk = _chunk(fields, _indent(parts[0]), bare=any(map(_is_bare, parts)))
    lines = text.split("\n")
    at = _end(parts[place - 1]) if place else parts[0].offset
    gap = [""] if _spaced(parts) else []
    lines[at:at] = [*gap, *chunk] if place else [*chunk, *gap]
    return _checked("\n".join(lines), fields)


def add_organisation(text: str, body: Organisation) -> str:
    """Add an organisation in its alphabetical place, or last when the list has another order.

    Raises:
        RegistryError: The file cannot be edited safely.
    """
    written = body.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    listing, lines = _listing(text, "organisations"), text.split("\n")
    parts = [part for part in dashed(listing.body) if part.text.strip()] if listing else []
    chunk = _dump(_yaml(_indent(parts[0]) if parts else 2), CommentedSeq([CommentedMap(written)]))
    if parts:
        slugs = [_key(part, "slug:") for part in parts]
        place = sum(slug < body.slug for slug in slugs) if slugs == sorted(slugs) else len(parts)
        at = _end(parts[place - 1]) if place else parts[0].offset
        gap = [""] if _spaced(parts) else []
        lines[at:at] = [*gap, *chunk] if place else [*chunk, *gap]
    else:
        at, until = _place_of_list(lines)
        lines[at:until] = ["organisations:", *chunk, *([] if at < until else [""])]
    edited = "\n".join(lines)
    found = _loaded(edited).organisation(body.slug)
    if found is None or found.model_dump() != body.model_dump():  # which leave out where it stands
        raise _unsafe(f"the organisation {body.slug} cannot be read back afterwards")
    return edited


def _place_of_list(lines: Sequence[str]) -> tuple[int, int]:
    """Find the line of an empty list of organisations, or where a new one goes: above the projects.

    Comments right above the projects stay with them.
    """
    empty = (i for i, line in enumerate(lines) if re.match(r"organisations *: *(\[\])?\s*$", line))
    at = next(empty, None)
    if at is not None:
        return at, at + 1
    at = next((i for i, line in enumerate(lines) if line.startswith("projects")), len(lines))
    while at and lines[at - 1].startswith("#"):
        at -= 1
    return at, at


def edit_entry(text: str, entry: Entry, changes: Mapping[str, Value | None]) -> str:
    """Set fields of an entry; comments and the other fields of it stay.

    Args:
        text: The file that the entry stands in.
        entry: The entry, as loaded from this text.
        changes: New values by field; None takes the field out.

    Raises:
        RegistryError: The file cannot be edited safely.
    """
    part = _part_of(text, entry)
    yaml = _yaml(_indent(part))
    items = yaml.load(part.text + "\n")
    fields = items[0] if isinstance(items[0], CommentedMap) else CommentedMap(repo=str(items[0]))
    for name, value in changes.items():
        if value is None:
            fields.pop(name, None)
        else:
            _set(fields, name, value)
    items[0] = fields
    lines = text.split("\n")
    lines[part.offset : _end(part)] = _dump(yaml, items)
    return _checked("\n".join(lines), {"repo": str(entry.repo)} | dict(changes))


def remove_entry(text: str, entry: Entry) -> str:
    """Take an entry out of the list.

    Raises:
        RegistryError: The file cannot be edited safely.
    """
    part = _part_of(text, entry)
    lines = text.split("\n")
    del lines[part.offset : _end(part)]
    around = lines[max(part.offset - 1, 0) : part.offset + 1]
    if len(around) == 2 and not any(line.strip() for line in around):
        del lines[part.offset]
    edited = "\n".join(lines)
    if _loaded(edited).entry(entry.repo) is not None:
        raise _unsafe("the entry is still there afterwards")
    return edited


def _listing(text: str, name: str = "projects") -> FilePart | None:
    for section in sections(text.split("\n")):
        if section.lines[0].startswith(name) and has_dashes(section.body):
            return section
    return None


def _part_of(text: str, entry: Entry) -> FilePart:
    listing = _listing(text)
    for part in dashed(listing.body) if listing else ():
        if part.offset < entry.where.line <= part.offset + len(part.lines):
            return part
    raise _unsafe(f"{entry.repo} was not found in the list `projects`")


def _end(part: FilePart) -> int:
    return part.offset + len(part.text.split("\n"))


def _indent(part: FilePart) -> int:
    return len(part.lines[0]) - len(part.lines[0].lstrip(" "))


def _is_bare(part: FilePart) -> bool:
    return ":" not in part.lines[0]


def _spaced(parts: Sequence[FilePart]) -> bool:
    """Tell whether blank lines separate the entries."""
    followed = parts[:-1]
    blank = sum(len(part.lines) > len(part.text.split("\n")) for part in followed)
    return len(followed) > 0 and blank * 2 > len(followed)


def _key(part: FilePart, field: str = "repo:") -> str:
    first = part.text.lstrip(" -").split("\n")[0].removeprefix(field)
    return first.split(" #")[0].strip().strip("\"'").lower()


def _chunk(fields: Fields, indent: int, *, bare: bool) -> list[str]:
    known = {name: fields[name] for name in FIELD_ORDER if fields.get(name)}
    if bare and set(known) == {"repo"}:
        return [f"{' ' * indent}- {known['repo']}"]
    entry = CommentedMap()
    for name, value in known.items():
        _set(entry, name, value)
    return _dump(_yaml(indent), CommentedSeq([entry]))


def _set(fields: CommentedMap, name: str, value: Value) -> None:
    before = [known for known in FIELD_ORDER[: FIELD_ORDER.index(name)] if known in fields]
    new = _as_yaml(name, value)
    if name in fields:
        fields[name] = new
    else:
        after = list(fields).index(before[-1]) + 1 if before else 0
        fields.insert(after, name, new)


def _as_yaml(name: str, value: Value) -> Any:
    if isinstance(value, str):
        return LiteralScalarString(value.strip() + "\n") if name == "story" else value
    if name in INLINE_LISTS and isinstance(value, Sequence):
        inline = CommentedSeq(value)
        inline.fa.set_flow_style()
        return inline
    return value


def _yaml(indent: int) -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 100
    yaml.allow_duplicate_keys = False
    yaml.indent(mapping=2, sequence=indent + 2, offset=indent)
    return yaml


def _dump(yaml: YAML, items: CommentedSeq) -> list[str]:
    stream = io.StringIO()
    yaml.dump({"projects": items}, stream)
    return [line.rstrip() for line in stream.getvalue().rstrip("\n").split("\n")[1:]]


def _without_list(text: str, fields: Fields) -> str:
    """Add to a file whose list is absent, empty or written in square brackets."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    root = yaml.load(text) or CommentedMap()
    if not isinstance(root, CommentedMap):
        raise _unsafe("it does not begin with a field such as `projects:`")
    entry: Any = CommentedMap()
    for name in FIELD_ORDER:
        if fields.get(name):
            _set(entry, name, fields[name])
    listed = root.get("projects") or CommentedSeq()
    listed.fa.set_block_style()
    listed.append(str(fields["repo"]) if list(entry) == ["repo"] else entry)
    root["projects"] = listed
    stream = io.StringIO()
    yaml.dump(root, stream)
    return stream.getvalue()


def _loaded(text: str) -> Registry:
    return load_texts({"registry.yaml": text})


def _checked(text: str, fields: Mapping[str, Value | None]) -> str:
    """Give the text back when the entry in it reads as it was meant."""
    entry = _loaded(text).entry(RepoName.parse(str(fields["repo"])))
    if entry is None or not _reads_as_meant(entry, fields):
        raise _unsafe(f"{fields['repo']} cannot be read back afterwards")
    return text


def _reads_as_meant(entry: Entry, fields: Mapping[str, Value | None]) -> bool:
    """Compare what stands in the file, but for references, which may lead to another file."""
    names = set(fields) - {"organisation", "stage", "used_by"}
    try:
        meant = Entry.model_validate({n: value for n, value in fields.items() if value is not None})
    except ValidationError:
        return False
    # Word by word, because writing tidies the white space of a story.
    return all(str(getattr(entry, n)).split() == str(getattr(meant, n)).split() for n in names)


def _unsafe(cause: str) -> RegistryError:
    cure = "run `aggregator check`, mend what it says, or edit the file by hand"
    return RegistryError("the registry was left as it is", cause, cure)
