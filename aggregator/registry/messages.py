"""Words for a field that does not exist: what it is likely meant for, and where its value belongs.

Which fields there are, and by what other names, is read from their declarations and listed nowhere
here; words about single values stand beside what is asked of them, in `rules`.
"""

import re
from collections.abc import Mapping, Sequence

from aggregator.registry.declaration import Written, declared_fields, field_names
from aggregator.registry.mistakes import near, shown
from aggregator.registry.outline import MODELS, SECTIONS
from aggregator.registry.tree import Node, Scalar
from aggregator.words.names import meant_repo, names_a_repo
from aggregator.words.phrases import listed

_OTHER_WORDS = {
    word: field.name for model in MODELS for field in declared_fields(model) for word in field.also
}

# Names under which people write what nobody else may read.
_SECRET = re.compile(r"webhook|token|password|secret|api_?key", re.IGNORECASE)
_OTHER_SECTIONS = {word: name for name, section in SECTIONS.items() for word in section.also}


def meant_field(name: str, model: type[Written], value: Node | None = None) -> str | None:
    """Find the field that somebody most likely meant by a name, and by what they wrote there."""
    if value is not None and meant_repo(name):
        return "repo"
    known = field_names(model)
    return _repo_field(known, value) or near(name, known, _OTHER_WORDS)


def unknown_field(name: str, known: Sequence[str], written: Mapping[str, Node]) -> tuple[str, str]:
    """Say that no field has this name, and where its value belongs.

    Args:
        name: What was written.
        known: The fields there are.
        written: What was written under this name, and under those around it.
    """
    what, value = f"there is no field {shown(name)} here", written[name]
    if _SECRET.search(name):
        return what, (
            "take it out; everybody can read this file, so replace it where it is from by a new "
            "one, which a variable holds (docs/announcing.md)"
        )
    repo = meant_repo(name) if "/" in name else None
    if repo and "repo" in known:
        return what, f"write `repo: {repo}`"
    text = value.text.strip() if isinstance(value, Scalar) else ""
    # In every answer below, a text that somebody wrote is moved somewhere and never just deleted.
    if cure := _place_for(name, text, known, written):
        return what, cure
    if " " in name:
        goes_on = "if this goes on from the line above, put all of that text in double quotes"
        return what, f"{goes_on}, or begin it with `|` and indent what follows"
    one_of = f"use one of {listed(known, 20)}"
    if not text and isinstance(value, Scalar):
        return what, f"delete it, or {one_of}"
    home = next((word for word in ("story", "about") if word in known), "")
    words = f"move what it says into `{home}`" if home else "keep what it says in a comment (#)"
    return what, f"{one_of}; where none fits, {words}"


def _place_for(
    name: str, text: str, known: Sequence[str], written: Mapping[str, Node]
) -> str | None:
    """Find the field that a value under an unknown name belongs to, by what it looks like."""
    if field := _repo_field(known, written[name]):
        return _repo_place(field, text, written.get(field))
    if by_looks := _place_by_looks(text, known):
        return by_looks
    other_words = _OTHER_WORDS | _OTHER_SECTIONS if "projects" in known else _OTHER_WORDS
    meant = near(name, known, other_words)
    if meant and meant in written:
        return f"`{meant}` is there already: keep one of the two, or put both into it"
    if re.match(r"https?://\S+$", text) and meant not in {"url", "home", "links", "docs", "demo"}:
        if "links" in known:
            kind = near(name, ("docs", "demo", "paper"), _OTHER_WORDS) or "demo"
            return f"write `links: {{{kind}: {text}}}`"
        meant = next((word for word in ("url", "home") if word in known), meant)
    if meant == "links" and text:
        return f"write `links: {{docs: {text}}}`, with demo or paper for docs where that fits"
    return f"did you mean `{meant}`?" if meant else None


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
