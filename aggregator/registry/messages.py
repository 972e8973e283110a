"""Words for what the models refuse: what is wrong with which field, and the cure.

Takes the errors of pydantic and the tree they came from; gives mistakes with their places. Which
fields there are, and by what other names, is read from their declarations and listed nowhere here;
words about single values stand beside what is asked of them, in `rules`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from aggregator.registry.declaration import declared_fields, field_names
from aggregator.registry.mistakes import Mistake, shown
from aggregator.registry.models import MODELS
from aggregator.registry.tree import Node, Scalar, Table, follow
from aggregator.words.names import meant_repo, names_a_repo
from aggregator.words.phrases import listed

_OTHER_WORDS = {
    word: field.name
    for model in MODELS
    for field in declared_fields(model)
    for word in field.about.also
}


def near(word: str, known: Sequence[str]) -> str | None:
    """Find the known word that somebody most likely meant."""
    # Reversed, so that the first of two names that differ only in capitals stays.
    folded = {name.lower(): name for name in reversed(known)}
    key = word.strip().lower().replace("-", "_").replace(" ", "_")
    for candidate in (word.strip().lower(), key, _OTHER_WORDS.get(key, "")):
        if candidate in folded:
            return folded[candidate]
    if len(word) > 100 or len(folded) > 600:
        return None  # comparing letter by letter would take for ever
    # Above difflib's own 0.6, which takes `page` for `stage`: wrong advice is worse than a list.
    close = get_close_matches(word.lower(), list(folded), n=1, cutoff=0.7)
    return folded[close[0]] if close else None


def explain_refusal(
    errors: Sequence[ErrorDetails], node: Node, model: type[BaseModel]
) -> list[Mistake]:
    """Turn the errors about one part of the registry into mistakes with places.

    Args:
        errors: What pydantic found.
        node: The part of the tree that was judged.
        model: The model that it should be.
    """
    refusals = [_Refusal(error, node, model) for error in errors]
    # A field under another name is not missing as well.
    meant = {refusal.meant for refusal in refusals if refusal.is_unknown}
    told = (one for one in refusals if not (one.kind == "missing" and one.name in meant))
    return [mistake for refusal in told if (mistake := refusal.mistake())]


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
    # In every answer below, a text that somebody wrote is moved somewhere and never just deleted.
    if cure := _place_for(name, text, known, value, beside or {}):
        return what, cure
    if " " in name:
        goes_on = "if this goes on from the line above, put all of that text in double quotes"
        return what, f"{goes_on}, or begin it with `|` and indent what follows"
    one_of = f"use one of {listed(known, 20)}"
    if not text and (value is None or isinstance(value, Scalar)):
        return what, f"delete it, or {one_of}"
    home = next((word for word in ("story", "about") if word in known), "")
    words = f"move what it says into `{home}`" if home else "keep what it says in a comment (#)"
    return what, f"{one_of}; where none fits, {words}"


def _place_for(
    name: str, text: str, known: Sequence[str], value: Node | None, beside: Mapping[str, Node]
) -> str | None:
    """Find the field that a value under an unknown name belongs to, by what it looks like."""
    if field := _repo_field(known, value):
        return _repo_place(field, text, beside.get(field))
    if by_looks := _place_by_looks(text, known):
        return by_looks
    meant = near(name, known)
    if meant and meant in beside:
        return f"`{meant}` is there already: keep one of the two, or put both into it"
    if _is_address(text) and meant not in {"url", "home", "links", "docs", "demo"}:
        if "links" in known:
            return f"write `links: {{{near(name, ('docs', 'demo', 'paper')) or 'demo'}: {text}}}`"
        meant = next((word for word in ("url", "home") if word in known), meant)
    if meant == "links" and text:
        return f"write `links: {{docs: {text}}}`, with demo or paper for docs where that fits"
    return f"did you mean `{meant}`?" if meant else None


def _is_address(text: str) -> bool:
    return re.match(r"https?://\S+$", text) is not None


def _repo_field(known: Sequence[str], value: Node | None) -> str | None:
    """Name the field for a repository, where there is one and the value is a repository."""
    field = next((name for name in ("repo", "repository") if name in known), None)
    return field if isinstance(value, Scalar) and names_a_repo(value.text) else None


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


@dataclass(frozen=True)
class _Refusal:
    """One error of pydantic, in the part of the tree that it is about."""

    error: ErrorDetails
    node: Node
    model: type[BaseModel]

    @property
    def kind(self) -> str:
        return self.error["type"]

    @property
    def name(self) -> str:
        return str(self.error["loc"][-1])

    @property
    def is_unknown(self) -> bool:
        # `where` is a field to pydantic, of a type that no text can be, and none to members.
        return self.kind in {"extra_forbidden", "is_instance_of"}

    @cached_property
    def known(self) -> tuple[str, ...]:
        """The fields that there are where the error is."""
        return field_names(_model_at(self.model, self.error["loc"][:-1]))

    @cached_property
    def value(self) -> Node | None:
        found, _, is_there = follow(self.node, self.error["loc"])
        return found if is_there else None

    @property
    def meant(self) -> str | None:
        """The field that an unknown name stands for."""
        if meant_repo(self.name):
            return "repo"
        return _repo_field(self.known, self.value) or near(self.name, self.known)

    def mistake(self) -> Mistake | None:
        """Say it; None where the reader of the tree has found fault with the value already."""
        found, name, is_there = follow(self.node, self.error["loc"])
        if self.is_unknown:
            around, _, _ = follow(self.node, self.error["loc"][:-1])
            beside = around.fields if isinstance(around, Table) else {}
            words = unknown_field(self.name, self.known, self.value, beside)
            return Mistake(name if is_there else found.place, *words)
        if is_there and isinstance(found, Scalar) and not found.sound:
            return None
        what, cure = self._words()
        names = [part for part in self.error["loc"] if isinstance(part, str)]
        if names and self.kind != "missing":
            what = f"{'.'.join(names)}: {what}"
        return Mistake(found.place, what, cure)

    def _words(self) -> tuple[str, str]:
        context, written = self.error.get("ctx", {}), str(self.error["input"])
        if self.kind.startswith(("int_", "greater_", "less_")):
            return f"{shown(written)} does not fit", f"write {self._bounds()}"
        match self.kind:
            case "registry":  # one of our own, from `rules`
                words = context["what"], context["cure"]
            case "not_a_list":
                words = "this must be a list", self._as_list(written)
            case "missing":
                words = self._missing()
            case "too_long":
                words = _too_long(self.error["input"], int(context["max_length"]))
            case "literal_error":
                words = _not_one_of(written, str(context["expected"]))
            case _:
                words = "this must be a group of fields", self._as_fields()
        return words

    def _missing(self) -> tuple[str, str]:
        what = f"`{self.name}` is missing"
        fields = self.node.fields if self.name == "repo" and isinstance(self.node, Table) else {}
        for other, value in fields.items():
            if other in self.model.model_fields and _repo_field(("repo",), value):
                repo = meant_repo(value.text) if isinstance(value, Scalar) else None
                cure = f"write `repo: {repo}` in place of `{other}`"
                return f"{what}, and `{other}` holds the name of a repository", cure
        declared = (one for one in declared_fields(self.model) if one.name == self.name)
        example = next((one.example for one in declared), None)
        return what, f"add it, for example `{self.name}: {example}`" if example else "add it"

    def _bounds(self) -> str:
        limits = {
            name: value
            for rule in self.model.model_fields[str(self.error["loc"][0])].metadata
            for name in ("ge", "le")
            if (value := getattr(rule, name, None)) is not None
        }
        return f"a whole number from {limits.get('ge', 0)} to {limits.get('le', 'any')}"

    def _as_list(self, written: str) -> str:
        if _model_at(self.model, self.error["loc"][:1]) is not self.model:
            fields = ", ".join(self._inner)
            return f"begin each one with a dash on its own line, with the fields {fields}"
        parts = ", ".join(part.strip() for part in written.split(",") if part.strip())
        return f"write it in square brackets: [{shown(parts, 120).strip('`')}]"

    def _as_fields(self) -> str:
        if isinstance(self.value, Scalar) and _is_address(self.value.text):
            first, *others = self._inner
            return (
                f"write `{self.name}: {{{first}: {self.value.text}}}`, or {listed(others)} for docs"
            )
        return f"indent these below it, each with a colon: {listed(self._inner)}"

    @property
    def _inner(self) -> tuple[str, ...]:
        """The fields of what should stand there."""
        return field_names(_model_at(self.model, self.error["loc"]))


def _model_at(model: type[BaseModel], path: Sequence[int | str]) -> type[BaseModel]:
    for step in path:
        if isinstance(step, str) and step in model.model_fields:
            model = next(_models_in(model.model_fields[step].annotation), model)
    return model


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models_in(inner)


def _too_long(value: object, limit: int) -> tuple[str, str]:
    if isinstance(value, str):
        length = len(" ".join(value.split()))
        return f"this is {length:,} characters long; there is room for {limit:,}", "shorten it"
    return f"there are more than {limit} here", f"keep the {limit} that matter most"


def _not_one_of(value: str, expected: str) -> tuple[str, str]:
    known = [word.strip("' ") for word in expected.replace(" or ", ",").split(",")]
    meant = near(value, known) or near(value.replace(" ", "-"), known)
    cure = f"did you mean {meant}?" if meant else f"write one of {listed(known)}"
    return f"{shown(value)} is not a choice here", cure
