"""Words for what the models refuse: what is wrong with which field, and the cure.

Takes the errors of pydantic and the tree they came from; gives mistakes with
their places. Which fields exist is read from the models, never listed here twice.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from aggregator.registry.fields import declared_fields, field_names
from aggregator.registry.mistakes import Mistake, Place
from aggregator.registry.models import Entry, Links, Organisation, Showcase, Talk
from aggregator.registry.rules import shown
from aggregator.registry.tree import Items, Node, Scalar, Table
from aggregator.words.names import meant_repo, names_a_repo

# What people write for a field when they have not read its name.
OTHER_WORDS = {
    word: field.name
    for model in (Entry, Organisation, Showcase, Talk, Links)
    for field in declared_fields(model)
    for word in field.about.also
}


def near(word: str, known: Sequence[str]) -> str | None:
    """Find the known word that somebody most likely meant."""
    folded = {name.lower(): name for name in reversed(known)}
    key = word.strip().lower().replace("-", "_").replace(" ", "_")
    for candidate in (word.strip().lower(), key, OTHER_WORDS.get(key, "")):
        if candidate in folded:
            return folded[candidate]
    if len(word) > 100 or len(folded) > 600:
        return None  # comparing letter by letter would take for ever
    close = get_close_matches(word.lower(), list(folded), n=1, cutoff=0.7)
    return folded[close[0]] if close else None


def listed(words: Sequence[str], limit: int = 12) -> str:
    """Name some words as in a sentence, and how many more there are."""
    head = ", ".join(words[:limit])
    return head if len(words) <= limit else f"{head} and {len(words) - limit} more"


def explain_refusal(
    errors: Sequence[ErrorDetails], node: Node, model: type[BaseModel]
) -> list[Mistake]:
    """Turn the errors about one part of the registry into mistakes with places.

    Args:
        errors: What pydantic found.
        node: The part of the tree that was judged.
        model: The model that it should be.
    """
    meant = {_meant(error, node, model) for error in errors if _is_unknown(error)}
    return [
        mistake
        for error in errors
        if not (error["type"] == "missing" and error["loc"][-1] in meant)
        and (mistake := _mistake(error, node, model)) is not None
    ]


def _meant(error: ErrorDetails, node: Node, model: type[BaseModel]) -> str | None:
    name, known = str(error["loc"][-1]), _known(model, error["loc"])
    field = _repo_field(known, _value_of(node, error["loc"]))
    return "repo" if meant_repo(name) else field or near(name, known)


def _value_of(node: Node, loc: Sequence[int | str]) -> Node | None:
    for part in loc:
        if isinstance(node, Table) and part in node.fields:
            node = node.fields[str(part)]
        elif isinstance(node, Items) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
        else:
            return None
    return node


def _repo_field(known: Sequence[str], value: Node | None) -> str | None:
    """Name the field for a repository, where there is one and the value is a repository."""
    field = next((name for name in ("repo", "repository") if name in known), None)
    return field if isinstance(value, Scalar) and names_a_repo(value.text) else None


def _is_unknown(error: ErrorDetails) -> bool:
    return error["type"] in {"extra_forbidden", "is_instance_of"}


def _mistake(error: ErrorDetails, node: Node, model: type[BaseModel]) -> Mistake | None:
    found, sound = locate(node, error["loc"], at_key=_is_unknown(error))
    if not sound:
        return None
    what, cure = _words(error, node, model)
    if _is_unknown(error) or error["type"] == "missing":
        return Mistake(found, what, cure)
    return Mistake(found, f"{_field(error['loc'])}{what}", cure)


def _field(loc: tuple[int | str, ...]) -> str:
    names = [str(part) for part in loc if isinstance(part, str)]
    return f"{'.'.join(names)}: " if names else ""


def locate(node: Node, loc: Sequence[int | str], *, at_key: bool = False) -> tuple[Place, bool]:
    """Find the place of a value, or of the innermost part that is there to be mended.

    Returns:
        The place, and whether the form of everything on the way to it is sound; what
        is not was already reported by the reader of the tree.
    """
    place = node.place
    for depth, part in enumerate(loc):
        if isinstance(node, Table) and part in node.fields:
            place = node.keys[str(part)]
            node = node.fields[str(part)]
            if at_key and depth == len(loc) - 1:
                return place, True
        elif isinstance(node, Items) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
        else:
            return place, True
        place = node.place
    return place, node.sound or not isinstance(node, Scalar)


def _known(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str, ...]:
    for part in loc[:-1]:
        if isinstance(part, str) and part in model.model_fields:
            model = next(_models_in(model.model_fields[part].annotation), model)
    return field_names(model)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models_in(inner)


def _words(error: ErrorDetails, node: Node, model: type[BaseModel]) -> tuple[str, str]:
    context = error.get("ctx", {})
    if error["type"] == "not_a_list":
        return "this must be a list", _as_list(str(error["input"]), model, error["loc"])
    if error["type"] == "registry":
        return context["what"], context["cure"]
    return _own_words(error, node, model, context)


def _own_words(
    error: ErrorDetails, node: Node, model: type[BaseModel], context: Mapping[str, Any]
) -> tuple[str, str]:
    kind, loc = error["type"], error["loc"]
    if _is_unknown(error):
        around = _value_of(node, loc[:-1])
        beside = around.fields if isinstance(around, Table) else {}
        return unknown_field(str(loc[-1]), _known(model, loc), _value_of(node, loc), beside)
    if kind == "missing":
        return _missing(str(loc[-1]), node, model)
    if kind == "too_long":
        return _too_long(error["input"], context)
    if kind == "literal_error":
        return _not_one_of(str(error["input"]), str(context["expected"]))
    if kind.startswith(("int_", "greater_", "less_")):
        return f"{shown(str(error['input']))} does not fit", f"write {_bounds(model, error)}"
    return "this must be a group of fields", _as_fields(model, loc, _value_of(node, loc))


def unknown_field(
    name: str,
    known: Sequence[str],
    value: Node | None = None,
    beside: Mapping[str, Node] | None = None,
) -> tuple[str, str]:
    """Say that no field has this name, and where its value belongs.

    Args:
        name: What was written.
        known: The fields there are.
        value: What stands after it; no advice loses it.
        beside: The fields around it.
    """
    what = f"there is no field {shown(name)} here"
    repo = meant_repo(name) if "/" in name else None
    if repo and "repo" in known:
        return what, f"write `repo: {repo}`"
    text = value.text.strip() if isinstance(value, Scalar) else ""
    cure = _place_for(name, text, known, value, beside or {})
    if cure:
        return what, cure
    if " " in name:
        goes_on = "if this goes on from the line above, put all of that text in double quotes"
        return what, f"{goes_on}, or begin it with `|` and indent what follows"
    if text or isinstance(value, Items | Table):
        home = next((word for word in ("story", "about") if word in known), "")
        words = f"move what it says into `{home}`" if home else "keep what it says in a comment (#)"
        return what, f"use one of {listed(known, 20)}; where none fits, {words}"
    return what, f"delete it, or use one of {listed(known, 20)}"


def _place_for(
    name: str, text: str, known: Sequence[str], value: Node | None, beside: Mapping[str, Node]
) -> str | None:
    """Find the field that a value under an unknown name belongs to, by what it looks like."""
    field = _repo_field(known, value)
    if field:
        return _repo_place(field, text, beside.get(field))
    by_looks = _place_by_looks(text, known)
    meant = near(name, known)
    if by_looks:
        return by_looks
    if meant and meant in beside:
        return f"`{meant}` is there already: keep one of the two, or put both into it"
    if re.match(r"https?://\S+$", text) and meant not in {"url", "home", "links", "docs", "demo"}:
        if "links" in known:
            return f"write `links: {{{near(name, ('docs', 'demo', 'paper')) or 'demo'}: {text}}}`"
        meant = next((word for word in ("url", "home") if word in known), meant)
    if meant == "links" and text:
        return f"write `links: {{docs: {text}}}`, with demo or paper for docs where that fits"
    return f"did you mean `{meant}`?" if meant else None


def _place_by_looks(text: str, known: Sequence[str]) -> str | None:
    """Find the field for a value that can only be one thing, under whatever name it stands."""
    if "links" in known and re.match(r"(doi:)?10\.\d{4,}/\S+$", text):
        return f"write `links: {{paper: https://doi.org/{text.removeprefix('doi:')}}}`"
    person = re.match(r"https?://(?:www\.)?github\.com/([\w-]+)/?$", text)
    return f"write `people: [{person[1]}]`" if person and "people" in known else None


def _repo_place(field: str, text: str, there: Node | None) -> str:
    repo = meant_repo(text)
    if there is None:
        return f"did you mean `{field}`? write `{field}: {repo}`"
    if isinstance(there, Scalar) and meant_repo(there.text) == repo:
        return f"`{field}` says that already, so this line can go"
    if field == "repo":
        return f"list that one too, on a line of its own: `- repo: {repo}`"
    return f"`{field}` is there already: keep the one that holds this registry"


def _missing(name: str, node: Node, model: type[BaseModel]) -> tuple[str, str]:
    fields = node.fields if name == "repo" and isinstance(node, Table) else {}
    for other, value in fields.items():
        if other in model.model_fields and isinstance(value, Scalar) and names_a_repo(value.text):
            cure = f"write `repo: {meant_repo(value.text)}` in place of `{other}`"
            return f"`{name}` is missing, and `{other}` holds the name of a repository", cure
    examples = model.model_fields[name].examples if name in model.model_fields else None
    example = f", for example `{name}: {examples[0]}`" if examples else ""
    return f"`{name}` is missing", f"add it{example}"


def _too_long(value: object, context: Mapping[str, Any]) -> tuple[str, str]:
    limit = int(context["max_length"])
    if isinstance(value, str):
        length = len(" ".join(value.split()))
        return f"this is {length:,} characters long; there is room for {limit:,}", "shorten it"
    return f"there are more than {limit} here", f"keep the {limit} that matter most"


def _not_one_of(value: str, expected: str) -> tuple[str, str]:
    known = [word.strip("' ") for word in expected.replace(" or ", ",").split(",")]
    meant = near(value, known) or near(value.replace(" ", "-"), known)
    cure = f"did you mean {meant}?" if meant else f"write one of {listed(known)}"
    return f"{shown(value)} is not a choice here", cure


def _bounds(model: type[BaseModel], error: ErrorDetails) -> str:
    limits = {
        name: value
        for rule in model.model_fields[str(error["loc"][0])].metadata
        for name in ("ge", "le")
        if (value := getattr(rule, name, None)) is not None
    }
    return f"a whole number from {limits.get('ge', 0)} to {limits.get('le', 'any')}"


def _as_list(value: str, model: type[BaseModel], loc: tuple[int | str, ...]) -> str:
    if next(_models_in(model.model_fields[str(loc[0])].annotation), None):
        return f"begin each one with a dash on its own line, with the fields {_fields(model, loc)}"
    parts = ", ".join(part.strip() for part in value.split(",") if part.strip())
    return f"write it in square brackets: [{shown(parts, 120).strip('`')}]"


def _as_fields(model: type[BaseModel], loc: tuple[int | str, ...], value: Node | None) -> str:
    if isinstance(value, Scalar) and re.match(r"https?://\S+$", value.text):
        names = _known(model, (*loc, ""))
        return f"write `{loc[-1]}: {{{names[0]}: {value.text}}}`, or {listed(names[1:])} for docs"
    return f"indent these below it, each with a colon: {_fields(model, loc)}"


def _fields(model: type[BaseModel], loc: tuple[int | str, ...]) -> str:
    return listed(_known(model, (*loc, "")))
