"""From the trees of the files to the settings and entries in them, whatever frame they were given.

A file that is YAML may still lack the line `projects:`, a dash, or the name of its list. Which
entries are meant is plain all the same, so they are read as if the frame were there, and the member
is told. Trees in, trees out; what a field may hold is asked later, in `validation`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from aggregator.registry.declaration import field_names
from aggregator.registry.messages import unknown_field
from aggregator.registry.mistakes import NOWHERE, Mistakes, Place, shown
from aggregator.registry.models import Entry
from aggregator.registry.outline import SECTIONS, SETTINGS, TERMS
from aggregator.registry.settings import Showcase
from aggregator.registry.tree import Items, Node, Scalar, Table, one_list
from aggregator.words.names import is_owner, is_slug, meant_repo, names_a_repo, slug_of

# Sections an entry of which is known when it stands alone; a title or a name tells nothing.
_TELLING = ("repo", "slug", "login")
# Sections named like a field of an entry, in which members list words.
_WORDS = ("people", *TERMS)
_ENTRY_FIELDS = frozenset(field_names(Entry))
TITLE_IS_MISSING = "`title` is missing"


@dataclass
class Sections:
    """What stands in the files of one registry, section by section."""

    mistakes: Mistakes
    settings: Table = field(default_factory=lambda: Table(NOWHERE))
    lists: dict[str, list[Node]] = field(default_factory=lambda: {name: [] for name in SECTIONS})

    def take(self, node: Node | None, start: Place, *, is_main: bool) -> bool:
        """Take in one file.

        Args:
            node: All that is in it.
            start: Where it begins.
            is_main: It is registry.yaml; only there stand settings.

        Returns:
            Whether this is anything like a registry.
        """
        known = (SETTINGS, *SECTIONS) if is_main else (*SECTIONS,)
        root = self._with_name(node, start)
        if root is None:
            return False
        root = self._with_frame(root, known)
        for name, section in root.fields.items():
            if name not in {SETTINGS, *SECTIONS}:
                self.mistakes.add(root.keys[name], *unknown_field(name, known, {name: section}))
            elif name not in known:
                what = "settings stand in registry.yaml only"
                self.mistakes.add(root.keys[name], what, f"move `{name}` there")
            elif isinstance(section, Scalar) and section.blank:
                continue
            elif name == SETTINGS:
                self._take_settings(section)
            else:
                self._take_list(name, self._entries(name, section))
        return True

    def _take_list(self, name: str, items: Sequence[Node]) -> None:
        """Take in what is listed, as much as there is room for."""
        here, most = self.lists[name], SECTIONS[name].at_most
        room = len(items) if most is None else max(most - len(here), 0)
        if len(items) > room:
            what = f"only the first {most:,} of `{name}` are read"
            self.mistakes.add(items[room].place, what, "delete those that nobody needs")
        here.extend(items[:room])

    def _take_settings(self, node: Node) -> None:
        if not isinstance(node, Table):
            cure = f"indent fields below it: {', '.join(field_names(Showcase)[:3])} ..."
            self.mistakes.add(node.place, "`showcase` must be a group of fields", cure)
            return
        self.settings = node
        if "title" not in node.fields and node.sound:
            cure = "add it, for example `title: Our projects`"
            self.mistakes.add(node.place, TITLE_IS_MISSING, cure)

    def _with_name(self, node: Node | None, start: Place) -> Table | None:
        """Read a list, a lone name or nothing at all as the map that a file should be."""
        if isinstance(node, Table):
            return node
        if isinstance(node, Items):
            cure = "put the line `projects:` above the list"
            self.mistakes.add(node.place, "this list has no name", cure)
        elif node is None or node.blank:
            cure = "list your first project below the line `projects:`"
            self.mistakes.add(start, "this file is empty", cure, "hint")
            return Table(start)
        elif names_a_repo(node.text):
            cure = f"write `projects:` above it, and below that `- {node.text.strip()}`"
            self.mistakes.add(start, f"{shown(node.text)} has no list around it", cure)
            node = Items(start, (node,))
        else:
            return None
        return Table(start, {"projects": node}, {"projects": start})

    def _with_frame(self, root: Table, known: Sequence[str]) -> Table:
        """Put the line `projects:` around an entry that stands alone in its file."""
        loose = {name: node for name, node in root.fields.items() if name not in known}
        section = _section_of(loose)
        if section is not None:
            if section == "projects" and "projects" not in root.fields:
                # `tags` and the like are fields of the entry before they are sections.
                loose = {n: v for n, v in root.fields.items() if n in loose or n in _ENTRY_FIELDS}
            first = next(iter(loose))
            cure = f"begin the file with `{section}:`, put `- ` before `{first}`"
            more = " and two spaces before each other field" if len(loose) > 1 else ""
            what = "this entry stands alone, without a list around it"
            self.mistakes.add(root.keys[first], what, f"{cure}{more}")
            entries: Sequence[Node] = (replace(root, place=root.keys[first], fields=loose),)
        else:
            loose = {name: node for name, node in loose.items() if names_a_repo(name)}
            if not loose:
                return root
            section, lone = "projects", replace(root, fields=loose)
            entries = self._entries(section, lone, before="begin with `projects:`, and ")
        fields = {name: node for name, node in root.fields.items() if name not in loose}
        framed: Node = Items(root.place, tuple(entries))
        fields[section] = one_list(fields[section], framed) if section in fields else framed
        return replace(root, fields=fields, keys={section: root.place} | root.keys)

    def _entries(self, section: str, node: Node, before: str = "") -> Sequence[Node]:
        """Read a list, or what somebody wrote instead of one.

        Args:
            section: The name of a list.
            node: What stands below it.
            before: What to do before the cure of each mistake.
        """
        if _lists_words(section, node):
            self.mistakes.add(node.place, *_words_of_an_entry(section))
            return ()
        if isinstance(node, Items):
            return [_as_entry(one) for one in node.items] if section == "projects" else node.items
        what, cure = f"`{section}` must be a list", "put each one on its own line, after a dash"
        place, entries = node.place, list[Node]()
        if isinstance(node, Table) and SECTIONS[section].key not in node.fields:
            for name, value in node.fields.items():
                entry, cure = _from_key(section, name, value, node.keys[name])
                each = f"{what}, with a dash before each"
                self.mistakes.add(node.keys[name], each, f"{before}{cure}")
                entries += [entry] if entry else []
            return entries
        if isinstance(node, Table):
            first = next(iter(node.fields))
            cure = f"put `- ` before `{first}`, and two spaces before each field below it"
            place, entries = node.keys[first], [node]
        else:
            names = [word for word in re.split(r"[,;\s]+", node.text) if word]
            if section == "projects" and names and all(map(names_a_repo, names)):
                cure = f"put each on its own line, after a dash: `- {names[0]}`"
                entries = [_as_entry(replace(node, text=name)) for name in names]
        self.mistakes.add(place, what, f"{before}{cure}")
        return entries


def _beginning(table: Table, name: str, value: Node) -> Table:
    """Put a field first in a map, unless it is there."""
    fields, keys = {name: value} | table.fields, {name: value.place} | table.keys
    return replace(table, fields=fields, keys=keys)


def _section_of(loose: Mapping[str, Node]) -> str | None:
    """Tell where an entry without a list around it belongs, by what it is known by."""
    if "slug" in loose and "steps" in loose:
        return "paths"
    keys = ((name, section.key) for name, section in SECTIONS.items())
    return next((name for name, key in keys if key in _TELLING and key in loose), None)


def _lists_words(section: str, node: Node) -> bool:
    """Tell whether words stand where there should be entries: a field that lost its indentation."""
    if section not in _WORDS or isinstance(node, Table):
        return False
    items = node.items if isinstance(node, Items) else (node,)
    return bool(items) and all(isinstance(one, Scalar) and not one.blank for one in items)


def _words_of_an_entry(section: str) -> tuple[str, str]:
    """Answer such a field: it belongs to a project or to the settings, or describes words."""
    home = "the settings" if section == "stages" else "a project"
    about = SECTIONS[section]
    what = f"on the left edge, `{section}` describes words, each in an entry of its own"
    cure = f"begin each with `- {about.key}:` and write `{about.said}:` below it"
    if section != "kinds":
        cure = f"if it belongs to {home}, indent the line as far as the others there; else {cure}"
    return what, cure


def _from_key(section: str, name: str, value: Node, place: Place) -> tuple[Table | None, str]:
    """Read `owner/name: ...`, one of a map that should be a list, and say how to write it."""
    key, repo = SECTIONS[section].key, meant_repo(name) if section == "projects" else None
    inner = value if isinstance(value, Table) else Table(place)
    if repo is None and key in inner.fields:
        return inner, f"write a dash in place of `{name}:`, with the fields after and below it"
    if repo is None and not _can_be_key(section, name):
        return None, "put each one on its own line, after a dash"
    cure = f"write `- {key}: {repo or name}`"
    if inner.fields:
        cure += ", with its fields below that, each under the `r` of repo" if repo else ""
    elif isinstance(value, Scalar) and not value.blank:
        said = SECTIONS[section].said
        inner = Table(place, {said: value}, {said: value.place})
        cure += f" and below it {shown(f'{said}: {value.text}', 320)}"
    entry = _beginning(inner, key, Scalar(place, str(repo or name)))
    return replace(entry, place=place, sound=value.sound), cure


def _can_be_key(section: str, name: str) -> bool:
    """Tell whether a name can be that by which an item of a section is known."""
    if section == "people":
        return is_owner(name)
    return bool(slug_of(name)) if section in TERMS else section != "projects" and is_slug(name)


def _as_entry(item: Node) -> Node:
    """Read a bare owner/name, and `- owner/name:` with fields below it, as the map it is."""
    if isinstance(item, Scalar) and not item.blank:
        return replace(_beginning(Table(item.place), "repo", item), sound=item.sound)
    if not isinstance(item, Table) or "repo" in item.fields:
        return item
    names = [name for name in item.fields if names_a_repo(name)]
    if len(names) != 1:
        return item
    # The name stays as a field that does not exist, which is how it is reported.
    entry = _beginning(item, "repo", Scalar(item.place, str(meant_repo(names[0]))))
    inner = item.fields[names[0]]
    if not isinstance(inner, Table):
        return entry
    return replace(entry, fields=entry.fields | inner.fields, keys=entry.keys | inner.keys)
