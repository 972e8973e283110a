"""Change one entry in a file of the registry and leave every other byte alone.

Adds, edits and removes. A list that is written in the usual way, one dash a line, is edited as
text, because a round trip of the whole file would indent and fold lines that nobody touched; only
the entry itself goes through ruamel.yaml, which keeps its comments and quotes. Text in, text out;
every change is read back before it is given, and one that is not safe raises a `RegistryError`.
No file is touched here, and what a value may be is decided in `registry`.
"""

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import LiteralScalarString

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
        edited = _with_first_organisation(text, item)
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
    fields = items[0] if isinstance(items[0], CommentedMap) else CommentedMap(repo=str(items[0]))
    for name, value in changes.items():
        if value is None:
            fields.pop(name, None)
        else:
            _set(fields, name, value)
    items[0] = fields
    lines = text.split("\n")
    lines[item.offset : _end(item)] = _dumped(yaml, items)
    return _checked("\n".join(lines), {"repo": str(entry.repo)} | dict(changes))


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


def _with_first_organisation(text: str, item: CommentedMap) -> str:
    """Fill an empty list of organisations, or begin one above the projects and their comments."""
    lines, chunk = text.split("\n"), ["organisations:", *_dumped(_yaml(2), [item])]
    for at, line in enumerate(lines):
        if re.match(r"organisations *: *(\[\])?\s*$", line):
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


def _set(fields: CommentedMap, name: str, value: Value) -> None:
    """Set a field where it stands, or put it behind those that come before it in the models."""
    written: Any = value
    if name == "story":
        written = LiteralScalarString(str(value).strip() + "\n")
    elif name in _INLINE_LISTS and not isinstance(value, str):
        written = CommentedSeq(value)
        written.fa.set_flow_style()
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
