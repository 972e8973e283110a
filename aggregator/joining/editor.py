"""Change one entry in a file of the registry and leave every other byte alone.

Adds, edits, extends, removes. A list written in the usual way, one dash a line, is edited as text,
because a round trip of the whole file would indent and fold lines that nobody touched; only the
entry itself goes through ruamel.yaml, which keeps its comments and quotes. Text in, text out;
every change is read back before it is given, and one that is not safe raises a `RegistryError`.
No file is touched here, and what a value may be is decided in `registry`.
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from aggregator.registry.declaration import field_names
from aggregator.registry.layout import FilePart, dashed, has_dashes, sections
from aggregator.registry.loader import load_texts
from aggregator.registry.models import Entry, Organisation
from aggregator.registry.registry import Registry
from aggregator.registry.validation import read_values
from aggregator.words.errors import RegistryError
from aggregator.words.names import RepoName

Value = str | date | Sequence[str] | Mapping[str, str] | Sequence[Mapping[str, object]]
Fields = Mapping[str, Value | None]

_ORDER = field_names(Entry)
# Lists of single words, which people write on one line.
_INLINE_LISTS = frozenset({"tags", "people", "used_by"})
# Fields that name something of the rest of the registry, which may stand in another file.
_REFERENCES = frozenset({"organisation", "stage", "used_by"})


def add_entry(text: str, fields: Fields) -> str:
    """Add an entry, of its `repo` and whatever else is known, in its alphabetical place.

    Whoever keeps another order has a reason: in a list out of order it comes last.
    """
    listing, entry = _listing(text, "projects"), CommentedMap()
    for name in _ORDER:
        if value := fields.get(name):
            _set(entry, name, value)
    if listing is None:
        return _checked(_with_first_entry(text, entry), fields)
    # Beside bare names a bare name; in a list of full entries, `repo:`.
    is_bare = list(entry) == ["repo"] and any(":" not in item.lines[0] for item in _items(listing))
    item = entry["repo"] if is_bare else entry
    return _checked(_inserted(text, listing, str(fields["repo"]).lower(), item), fields)


def add_organisation(text: str, body: Organisation) -> str:
    """Add an organisation in its alphabetical place, or last when the list has another order."""
    item = CommentedMap(body.as_written())
    listing = _listing(text, "organisations")
    if listing is not None:
        edited = _inserted(text, listing, body.slug, item)
    else:
        edited = _with_first(text, "organisations", item)
    found = read_back(edited).organisation(body.slug)
    if found != body:
        raise _unsafe(f"the organisation {body.slug} cannot be read back afterwards")
    return edited


def edit_entry(text: str, entry: Entry, changes: Fields) -> str:
    """Set fields of an entry; comments and the other fields of it stay.

    Args:
        text: The file that the entry stands in.
        entry: The entry, as loaded from this text.
        changes: New values by field; None takes the field out.
    """
    item = _item_of(text, entry)
    yaml = _yaml(_indent(item))
    items = yaml.load(item.text + "\n")
    is_bare = not isinstance(items[0], CommentedMap)
    fields = CommentedMap(repo=str(items[0])) if is_bare else items[0]
    for name, value in changes.items():
        if value is None:
            fields.pop(name, None)
        else:
            _set(fields, name, value)
    items[0] = fields["repo"] if is_bare and list(fields) == ["repo"] else fields
    lines = text.split("\n")
    lines[item.offset : _end(item)] = _dumped(yaml, items)
    return _checked("\n".join(lines), {"repo": str(entry.repo)} | dict(changes))


def extend_entry(text: str, entry: Entry, name: str, fields: Mapping[str, Any]) -> str:
    """Add one to a list of an entry, such as a talk; what is listed there stays as it was written.

    Args:
        text: The file that the entry stands in.
        entry: The entry, as loaded from this text.
        name: The field that holds the list.
        fields: What to add, as a member would write it.
    """
    item = _item_of(text, entry)
    for extended in (_longer_text, _longer_list, _longer_above):
        lines = text.split("\n")
        lines[item.offset : _end(item)] = extended(item, name, fields)
        edited = "\n".join(lines)
        if _is_extended(read_back(text), read_back(edited), entry, name, fields):
            return edited
    raise _unsafe(f"what was added to {entry.repo} cannot be read back afterwards")


def _is_extended(
    before: Registry, after: Registry, entry: Entry, name: str, fields: Mapping[str, Any]
) -> bool:
    """Tell whether an entry has one more in a list, and everything else is as it was."""
    old, new = before.entry(entry.repo), after.entry(entry.repo)
    if old is None or new is None or len(getattr(new, name)) != len(getattr(old, name)) + 1:
        return False
    *others, added = getattr(new, name)
    same = replace(new, **cast("Any", {name: tuple(others)})) == old
    return same and str(added.as_written()) == str({**fields})


def _longer_text(item: FilePart, name: str, fields: Mapping[str, Any]) -> list[str]:
    """Put one more at the end of a list, or the list at the end of an entry, as lines."""
    lines, first = item.text.split("\n"), re.match(r" *- +", item.lines[0])
    column = len(first[0]) if first else 0
    head = re.compile(rf" {{{column}}}{name} *:\s*(#.*)?$")
    at = next((index for index, line in enumerate(lines) if head.match(line)), None)
    if at is None:
        bare = re.fullmatch(r"( *- +)([^\s:]+)( *(?:#.*)?)", lines[0])
        lines[0] = f"{bare[1]}repo: {bare[2]}{bare[3]}" if bare else lines[0]
        return [*lines, *_new_list(column, name, fields)]
    dash, end = column, at + 1
    for index, line in enumerate(lines[at + 1 :], at + 1):
        indent = len(line) - len(line.lstrip(" "))
        if line.strip() and indent <= column and not line.startswith("- ", column):
            break
        if index == at + 1:
            dash = indent
        if line.strip() and not line.lstrip().startswith("#"):
            end = index + 1
    return [*lines[:end], *_dumped(_yaml(dash), [_group(fields)]), *lines[end:]]


def _new_list(column: int, name: str, fields: Mapping[str, Any]) -> list[str]:
    chunk = _written(_yaml(2), {name: [_group(fields)]}).rstrip("\n").split("\n")
    return [f"{' ' * column}{line}" for line in chunk]


def _longer_above(item: FilePart, name: str, fields: Mapping[str, Any]) -> list[str]:
    """Begin the list right below the first line, where a story ends in what looks like a comment.

    Where such an entry ends cannot be told without reading it.
    """
    first, *others = item.text.split("\n")
    dash = re.match(r" *- +", first)
    return [first, *_new_list(len(dash[0]) if dash else 0, name, fields), *others]


def _longer_list(item: FilePart, name: str, fields: Mapping[str, Any]) -> list[str]:
    """Do the same through a round trip of the entry, for a list in brackets."""
    yaml = _yaml(_indent(item))
    items = yaml.load(item.text + "\n")
    written = items[0] if isinstance(items[0], CommentedMap) else CommentedMap(repo=str(items[0]))
    there = written.get(name)
    if isinstance(there, CommentedSeq):
        there.append(_group(fields))
    else:
        _set(written, name, [_group(fields)])
    items[0] = written
    return _dumped(yaml, items)


def add_talk(text: str, fields: Mapping[str, Any]) -> str:
    """Add a talk of no project behind those that there are."""
    listing, item = _listing(text, "talks"), _group(fields)
    if listing is None:
        edited = _with_first(text, "talks", item)
    else:
        items = _items(listing)
        lines, at = text.split("\n"), _end(items[-1])
        lines[at:at] = _dumped(_yaml(_indent(items[0])), [item])
        edited = "\n".join(lines)
    before, after = read_back(text), read_back(edited)
    if [str(talk.as_written()) for talk in after.talks[len(before.talks) :]] != [str({**fields})]:
        raise _unsafe("the talk cannot be read back afterwards")
    if after.projects != before.projects:
        raise _unsafe("the entries cannot be read back afterwards")
    return edited


def remove_entry(text: str, entry: Entry) -> str:
    """Take an entry out of the list."""
    item = _item_of(text, entry)
    lines = text.split("\n")
    del lines[item.offset : _end(item)]
    # The blank lines above and below it would be two in a row.
    around = lines[max(item.offset - 1, 0) : item.offset + 1]
    if len(around) == 2 and not any(line.strip() for line in around):
        del lines[item.offset]
    edited = "\n".join(lines)
    if read_back(edited).entry(entry.repo):
        raise _unsafe("the entry is still there afterwards")
    return edited


def read_back(text: str) -> Registry:
    """Read one file of a registry alone."""
    return load_texts({"registry.yaml": text})


def yaml_text(content: Mapping[str, Any], indent: int = 2) -> str:
    """Write a whole YAML file, lists indented by so many spaces."""
    return _written(_yaml(indent), content)


def _inserted(text: str, listing: FilePart, key: str, new: object) -> str:
    """Put an item in its alphabetical place, or last when the list has another order."""
    items = _items(listing)
    keys = [_key(item) for item in items]
    place = sum(known < key for known in keys) if keys == sorted(keys) else len(items)
    at = _end(items[place - 1]) if place else items[0].offset
    chunk = _dumped(_yaml(_indent(items[0])), [new])
    # Where blank lines separate most items, one separates the new one too.
    blank = sum(len(item.lines) > len(item.text.split("\n")) for item in items[:-1])
    gap = [""] if blank * 2 > len(items) - 1 else []
    lines = text.split("\n")
    lines[at:at] = [*gap, *chunk] if place else [*chunk, *gap]
    return "\n".join(lines)


def _with_first_entry(text: str, entry: CommentedMap) -> str:
    """Add to a file whose list is absent, empty or written in square brackets."""
    yaml = _yaml(2)
    root = yaml.load(text) or CommentedMap()
    if not isinstance(root, CommentedMap):
        raise _unsafe("it does not begin with a field such as `projects:`")
    projects = root.get("projects") or CommentedSeq()
    projects.fa.set_block_style()
    projects.append(entry["repo"] if list(entry) == ["repo"] else entry)
    root["projects"] = projects
    return _written(yaml, root)


def _with_first(text: str, section: str, item: CommentedMap) -> str:
    """Fill an empty list, or begin one above the projects and their comments."""
    lines, chunk = text.split("\n"), [f"{section}:", *_dumped(_yaml(2), [item])]
    for at, line in enumerate(lines):
        if re.match(rf"{section} *: *(\[\])?\s*$", line):
            lines[at : at + 1] = chunk
            return "\n".join(lines)
    at = next((i for i, line in enumerate(lines) if line.startswith("projects")), len(lines))
    while at and lines[at - 1].startswith("#"):
        at -= 1
    lines[at:at] = [*chunk, ""]
    return "\n".join(lines)


def _listing(text: str, name: str) -> FilePart | None:
    for section in sections(text.split("\n")):
        if section.lines[0].startswith(name) and has_dashes(section.body):
            return section
    return None


def _items(listing: FilePart) -> list[FilePart]:
    return [item for item in dashed(listing.body) if item.text.strip()]


def _item_of(text: str, entry: Entry) -> FilePart:
    listing = _listing(text, "projects")
    for item in dashed(listing.body) if listing else ():
        if item.offset < entry.where.line <= item.offset + len(item.lines):
            return item
    raise _unsafe(f"{entry.repo} was not found in the list `projects`")


def _end(item: FilePart) -> int:
    return item.offset + len(item.text.split("\n"))


def _indent(item: FilePart) -> int:
    return len(item.lines[0]) - len(item.lines[0].lstrip(" "))


def _key(item: FilePart) -> str:
    first = item.text.lstrip(" -").split("\n")[0].removeprefix("repo:").removeprefix("slug:")
    return first.split(" #")[0].strip().strip("\"'").lower()


def _group(fields: Mapping[str, Any]) -> CommentedMap:
    """Make a group of fields; a time in quotes, which some readers of YAML take for a number."""
    group = CommentedMap(fields)
    for name, value in fields.items():
        if isinstance(value, list):
            group[name] = CommentedSeq(value)
            group[name].fa.set_flow_style()
        elif name == "time":
            group[name] = DoubleQuotedScalarString(value)
        elif name == "date":
            group[name] = date.fromisoformat(value)  # as text it would stand in quotes
    return group


def _set(fields: CommentedMap, name: str, value: Value) -> None:
    """Set a field where it stands, or put it behind those that come before it in the models."""
    written: Any = value
    if name == "story":
        written = LiteralScalarString(str(value).strip() + "\n")
    elif name == "story_date":
        written = date.fromisoformat(str(value))
    elif name in _INLINE_LISTS and not isinstance(value, str):
        written = CommentedSeq(value)
        written.fa.set_flow_style()
    if isinstance(value, Mapping) and isinstance(there := fields.get(name), CommentedMap):
        for key in set(there) - set(value):
            del there[key]
        there.update(value)  # in its own order, with the comments that stand there
        return
    before = [known for known in _ORDER[: _ORDER.index(name)] if known in fields]
    after = list(fields).index(before[-1]) + 1 if before else 0
    if name in fields:
        fields[name] = written
    else:
        fields.insert(after, name, written)


def _yaml(indent: int) -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 100
    yaml.allow_duplicate_keys = False
    yaml.indent(mapping=2, sequence=indent + 2, offset=indent)
    return yaml


def _written(yaml: YAML, content: Mapping[str, Any]) -> str:
    stream = io.StringIO()
    yaml.dump(content, stream)
    return stream.getvalue()


def _dumped(yaml: YAML, items: Sequence[object]) -> list[str]:
    """Write the items of a list as lines; under a name, because ruamel indents no list without."""
    text = _written(yaml, {"list": items})
    return [line.rstrip() for line in text.rstrip("\n").split("\n")[1:]]


def _checked(text: str, fields: Fields) -> str:
    """Give the text back when the entry in it reads as it was meant."""
    entry = read_back(text).entry(RepoName.parse(str(fields["repo"])))
    meant, mistakes = read_values(Entry, fields)
    meant = None if mistakes else meant
    # Word by word, because writing tidies the white space of a story.
    words = [
        [str(getattr(one, name, "")).split() for name in sorted(set(fields) - _REFERENCES)]
        for one in (entry, meant)
    ]
    if entry is None or meant is None or words[0] != words[1]:
        raise _unsafe(f"{fields['repo']} cannot be read back afterwards")
    return text


def _unsafe(cause: str) -> RegistryError:
    cure = "run `aggregator check`, mend what it says, or edit the file by hand"
    return RegistryError("the registry was left as it is", cause, cure)
