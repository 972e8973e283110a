"""From one part of the tree to one model, with every mistake in that part.

One walk over the part, along the declarations of its fields. What cannot be used is reported and
put aside, and the rest of the part goes on. Words that YAML took for a comment are missed here,
where it is known which fields hold words. Whether the parts fit together is asked by `crosscheck`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from aggregator.registry.declaration import (
    FieldDeclaration,
    RefusedError,
    Written,
    declared_fields,
    field_names,
)
from aggregator.registry.messages import meant_field, unknown_field
from aggregator.registry.mistakes import Mistake, Mistakes, Place, Severity, shown
from aggregator.registry.slips import FIELDS, in_quotes, unindented, unindented_block
from aggregator.registry.tree import Items, Node, Scalar, Table, node_of, place_in
from aggregator.words.names import CURLY_QUOTES, meant_repo, names_a_repo
from aggregator.words.phrases import listed

M = TypeVar("M", bound=Written)


@dataclass(frozen=True, slots=True)
class Reading(Generic[M]):
    """What could be read of one part, and from where; `flawless` when nothing in it is wrong."""

    value: M
    node: Table
    flawless: bool

    def place(self, *path: int | str) -> Place:
        """Find where a value of it stands, or what there is of the way to it."""
        return place_in(self.node, path)

    def place_of(self, name: str, part: Written, field: str) -> Place:
        """Find a field of one of the groups under a name; some of them may not have been usable."""
        groups = self.node.fields.get(name)
        for group in groups.items if isinstance(groups, Items) else ():
            if group.place == part.where:
                return place_in(group, (field,))
        return part.where


def read_values(model: type[M], values: Mapping[str, Any]) -> tuple[M | None, list[Mistake]]:
    """Read fields that were asked for in a form, by the very rules of the file.

    Args:
        model: What they belong to.
        values: Texts, lists and maps of such, by the names of the fields; None for no answer.

    Returns:
        The part, None where that is impossible; and the errors, which stand nowhere.
    """
    validator = Validator(lambda _: "", Mistakes())
    reading = validator.one(node_of(values), model)
    errors = [mistake for mistake in validator.mistakes if mistake.severity == "error"]
    return reading.value if reading else None, errors


@dataclass
class Validator:
    """Reads parts of one registry, and gathers what is wrong with them.

    Args:
        line_at: Gives the text of the line at a place.
    """

    line_at: Callable[[Place], str]
    mistakes: Mistakes

    def each(self, nodes: Iterable[Node], model: type[M]) -> Iterator[Reading[M]]:
        """Read the items of a list; one of which nothing can be read is only reported."""
        for node in nodes:
            if isinstance(node, Scalar) and node.blank:
                what, cure = "there is nothing after this dash", "fill it in, or delete the dash"
                self.mistakes.add(node.place, what, cure, "hint")
            elif not isinstance(node, Table):
                cure = f"write fields with a colon: {', '.join(field_names(model)[:4])} ..."
                if isinstance(node, Scalar) and names_a_repo(node.text):
                    cure = "if it is a project, put the line below `projects:`"
                self.mistakes.add(node.place, "this is not an entry", cure)
            elif reading := self.one(node, model):
                yield reading

    def one(self, node: Table, model: type[M]) -> Reading[M] | None:
        """Read one part without the fields that are wrong.

        Returns:
            None when what makes it that part, such as the repository, is missing or wrong.
        """
        before = len(self.mistakes)
        values, wrong = self._fields(node, model, is_sound=node.sound)
        # For a field that cannot be read, what shows least, where the default shows more.
        meant = {meant_field(name, model) for name in wrong}
        values |= {
            field.name: field.fallback
            for field in declared_fields(model)
            if field.fallback is not None and field.name in meant
        }
        if any(field.required and field.name not in values for field in declared_fields(model)):
            return None
        is_wrong = any(mistake.severity == "error" for mistake in self.mistakes[before:])
        return Reading(_made(model, node.place, values), node, node.sound and not is_wrong)

    def _fields(
        self, node: Table, model: type[Written], path: str = "", *, is_sound: bool
    ) -> tuple[dict[str, Any], set[str]]:
        """Read the fields of a part; give the values, and the names of what is wrong."""
        declared = {field.name: field for field in declared_fields(model)}
        values: dict[str, Any] = {}
        wrong: set[str] = set()
        unknown: list[str] = []
        for name, value in self._filled_in(node, is_sound=is_sound):
            if not value.sound:
                wrong.add(name)  # which was reported, and may not say what was meant
            elif name not in declared:
                unknown.append(name)
            elif not self._is_cut(declared[name], value):
                found = self._value(value, declared[name], path, is_sound=is_sound)
                if found is None:
                    wrong.add(name)
                else:
                    values[name] = found
        # In a part that is not sound, what is missing may stand on a line that was reported, and
        # a field under another name is not missing as well.
        meant = {meant_field(name, model, node.fields[name]) for name in unknown}
        for field in declared.values() if is_sound else ():
            if field.required and field.name not in {*values, *wrong, *meant}:
                # Beside its name, if that is there; else where the part begins.
                place = place_in(node, (field.name,))
                self.mistakes.add(place, *_missing(field, node, declared))
        for name in unknown:
            self.mistakes.add(node.keys[name], *unknown_field(name, [*declared], node.fields))
        return values, wrong | {*unknown}

    def _filled_in(self, node: Table, *, is_sound: bool) -> Iterator[tuple[str, Node]]:
        """Give the fields in which something is written, and report the others."""
        is_stray = False
        for name, value in node.fields.items():
            # The text of a field that announced one, when it was not indented, reads like fields.
            is_stray = is_stray and name not in FIELDS
            if is_stray:
                continue
            if self._is_hollow(node.keys[name], value):
                is_stray = True
                self.mistakes.add(node.keys[name], *unindented(name))
            elif not isinstance(value, Scalar) or not value.blank or "/" in name:
                yield name, value
            elif is_sound:  # else the value may have been set aside with a line that is reported
                self._report_blank(name, node.keys[name])

    def _value(self, node: Node, field: FieldDeclaration, path: str, *, is_sound: bool) -> Any:
        """Read what stands in a field; None when that is impossible, which is reported."""
        name = f"{path}{field.name}"
        if not field.is_list:
            return self._item(node, field, name, is_sound=is_sound)
        if not isinstance(node, Items):
            return self._refuse(node, name, "this must be a list", _as_list(node, field))
        kept = [item for item in node.items if not self._is_cut(field, item, in_list=True)]
        items = [self._item(item, field, name, is_sound=is_sound) for item in kept]
        if field.inner:
            # One talk has nothing to do with the next, so a bad one goes alone.
            items = [item for item in items if item is not None] or [None] * bool(items)
        # All or none: which of ten tags were meant is not ours to guess.
        if any(item is None for item in items):
            return None
        values = tuple(dict.fromkeys(items)) if field.once else tuple(items)
        if field.at_most and len(values) > field.at_most:
            what = f"there are more than {field.at_most} here"
            return self._refuse(node, name, what, f"keep the {field.at_most} that matter most")
        return values

    def _item(self, node: Node, field: FieldDeclaration, name: str, *, is_sound: bool) -> Any:
        """Read one value, or one group of fields; None when that is impossible."""
        if isinstance(field.rule, type):
            if not isinstance(node, Table):
                what = "this must be a group of fields"
                return self._refuse(node, name, what, _as_group(node, field))
            values, wrong = self._fields(node, field.rule, f"{name}.", is_sound=is_sound)
            required = (one.name for one in declared_fields(field.rule) if one.required)
            usable = not wrong and all(one in values for one in required)
            return _made(field.rule, node.place, values) if usable else None
        if not isinstance(node, Scalar):
            cure = "write a single text after the colon, not a list"
            return self._refuse(node, name, "this must be one piece of text", cure)
        limit = None if field.is_list else field.at_most
        try:
            return field.rule.value_of(self._unquoted(node), limit)
        except RefusedError as refused:
            return self._refuse(node, name, refused.what, refused.cure)

    def _refuse(self, node: Node, name: str, what: str, cure: str) -> None:
        # The reader of the tree has found fault with what is not sound.
        if node.sound or not isinstance(node, Scalar):
            self.mistakes.add(node.place, f"{name}: {what}", cure)

    def _is_hollow(self, key: Place, value: Node) -> bool:
        """Tell whether a text was announced by | or >, and stands below without being indented."""
        if not isinstance(value, Scalar) or value.text:
            return False
        lines = [self.line_at(replace(key, line=key.line + below)) for below in range(5)]
        return next(unindented_block(lines), (1, 0))[0] == 0

    def _unquoted(self, node: Scalar) -> str:
        text = node.text.strip()
        if len(text) < 2 or text[0] not in CURLY_QUOTES or text[-1] not in CURLY_QUOTES:
            return node.text
        bare = text.strip(CURLY_QUOTES)
        what = "the curly quotes around this are no quotation marks to YAML"
        self.mistakes.add(node.place, what, f"write {shown(bare)} without them", "hint")
        return bare

    def _is_cut(self, field: FieldDeclaration, node: Node, *, in_list: bool = False) -> bool:
        """Report words that YAML takes for a comment; tell whether the value is spoilt by it."""
        if isinstance(field.rule, type) or not field.rule.free_text or not isinstance(node, Scalar):
            return False
        severity = None if node.blank else cut_by_comment(node)
        if severity is None:
            return False
        text = f"{node.text}{node.comment}"
        whole = in_quotes(text)
        if field.is_list and not in_list:
            words = ", ".join(re.findall(r"[^\s,#]+", text))
            whole = f"{field.name}: [{words}]"
        lost = f"everything after a space and # is a comment, so {shown(node.comment)}"
        cure = f"if it belongs to the text, write {shown(whole, 320)}; if not, put two spaces"
        what = f"{field.name}: {lost} is not read"
        self.mistakes.add(node.place, what, f"{cure} before `# `", severity)
        return severity == "error" and not field.required  # that would take all the others along

    def _report_blank(self, name: str, place: Place) -> None:
        line = self.line_at(place)
        _, sign, comment = line.partition("#")
        if "{" in line and not re.fullmatch(r"\w+", name):
            what = f"{shown(name)}: in braces, a comma ends a text, so this is not read"
            self.mistakes.add(place, what, "put double quotes around all of that text")
        elif sign:
            what = f"{name}: everything after # is a comment, so nothing is written here"
            cure = f'put it in quotes, as `{name}: "#{comment.strip()[:60]}"`'
            self.mistakes.add(place, what, cure)
        else:
            what = f"{name}: nothing is written here"
            self.mistakes.add(place, what, "fill it in, or delete the line", "hint")


def _made(model: type[M], place: Place, values: Mapping[str, Any]) -> M:
    """Make a part of the values of its fields, which are by their names in the file."""
    names = {field.name: field.attribute for field in declared_fields(model)}
    return model(where=place, **{names[name]: value for name, value in values.items()})


def _missing(
    field: FieldDeclaration, node: Table, declared: Mapping[str, FieldDeclaration]
) -> tuple[str, str]:
    what = f"`{field.name}` is missing"
    for other, value in node.fields.items() if field.name == "repo" else ():
        if other in declared and isinstance(value, Scalar) and names_a_repo(value.text):
            cure = f"write `repo: {meant_repo(value.text)}` in place of `{other}`"
            return f"{what}, and `{other}` holds the name of a repository", cure
    return what, f"add it, for example `{field.name}: {field.example}`"


def _as_list(node: Node, field: FieldDeclaration) -> str:
    if field.inner:
        fields = ", ".join(field.inner)
        return f"begin each one with a dash on its own line, with the fields {fields}"
    words = node.text.split(",") if isinstance(node, Scalar) else getattr(node, "fields", ())
    parts = ", ".join(word.strip() for word in words if word.strip())
    return f"write it in square brackets: [{shown(parts, 120).strip('`')}]"


def _as_group(node: Node, field: FieldDeclaration) -> str:
    first, *others = field.inner
    if isinstance(node, Scalar) and "repo" in field.inner and names_a_repo(node.text):
        return f"write `{first}:` with a sentence and `repo: {meant_repo(node.text)}` below it"
    if isinstance(node, Scalar) and re.match(r"https?://\S+$", node.text) and not field.is_list:
        return f"write `{field.name}: {{{first}: {node.text}}}`, or {listed(others)} for {first}"
    return f"indent these below it, each with a colon: {listed(field.inner)}"


def cut_by_comment(node: Scalar) -> Severity | None:
    """Judge whether what YAML takes for a comment beside a text was meant as text.

    Two spaces, a # and a space are how comments are written, and so is any # after a closing
    quotation mark. `#1`, `C # and`, `Ward # 3` are words, and losing them is an error; what could
    be either, such as `text # a note`, is kept as a comment and said.
    """
    words = node.comment.strip()
    lone = len(node.comment) - len(node.comment.lstrip()) == 1
    glued = re.match(r"#+[^\s#]", words) is not None
    if not words or (node.quoted and not (glued and lone)):
        return None
    is_text = re.match(r"#\s*\d", words) or re.search(r"(^|\s)[CFJ]$", node.text)
    if not node.quoted and lone and (glued or is_text):
        return "error"
    return "hint" if glued or lone else None
