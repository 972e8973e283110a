"""Words that mean the same, for the search: the glossary beside the registry.

    SPC: [statistical process control, XmR]
    ED: emergency department

One bad line is reported and left out; the search goes on with the others.
"""

from pathlib import Path, PurePosixPath

import yaml

from aggregator.registry.mistakes import UNREADABLE, Mistakes, shown
from aggregator.registry.slips import explain
from aggregator.registry.tree import Items, Node, Scalar, Table, TextFile, read_file, read_tree
from aggregator.registry.validation import cut_by_comment
from aggregator.words.errors import RegistryError

_TERM_LENGTH = 100
_MEANINGS_LIMIT = 20
_TERMS_LIMIT = 5_000

USUAL_NAME = "glossary.yaml"  # used where it stands beside the registry and no other is named

Glossary = dict[str, tuple[str, ...]]


def glossary_name(registry: Path, named: str | None) -> str | None:
    """Say which glossary a registry has: the one that its settings name, or else the usual one.

    None where neither is there.
    """
    return named or (USUAL_NAME if registry.with_name(USUAL_NAME).is_file() else None)


def glossary_file(registry: Path, name: str) -> TextFile:
    """Open the glossary that the settings name.

    Args:
        registry: The file registry.yaml; the glossary stands in its folder or below.
        name: What the settings say.

    Raises:
        RegistryError: It cannot be read, or is somewhere else.
    """
    # A pull request could name any file of the machine, and messages quote what stands in it.
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts or "\\" in name or ":" in name:
        cure = "put the file beside the registry and name it here"
        raise RegistryError(name, "this leads out of the registry's folder", cure)
    path = registry.parent / relative
    if not path.resolve().is_relative_to(registry.parent.resolve()):
        cure = "put the file itself beside the registry"
        raise RegistryError(name, "this file is a link to another place", cure)
    try:
        return read_file(path)
    except RegistryError as error:
        cure = "make the file, or delete this line"
        raise RegistryError(name, f"{name}: {error.cause}", cure) from None


def read_glossary(source: TextFile) -> tuple[Glossary, Mistakes]:
    """Read a glossary from its text."""
    found: Glossary = {}
    try:
        node, mistakes = read_tree(source.text, source.file)
    except yaml.YAMLError as error:
        return found, Mistakes(explain(source.lines, error, source.file, 0))
    if node is not None and not isinstance(node, Table):
        cure = "write one term a line, as `SPC: statistical process control`"
        mistakes.add(node.place, "this is not a glossary", cure)
        return found, mistakes
    for term, value in node.fields.items() if node else ():
        texts = [one for one in _nodes(value) if isinstance(one, Scalar)]
        cut = next((text for text in texts if cut_by_comment(text) == "error"), None)
        if cut:
            lost = shown(cut.comment)
            what = f"everything after a space and # is a comment, so {lost} is not read"
            cure = "if it belongs to the text, put all of it in double quotes"
            mistakes.add(cut.place, what, cure)
        elif _can_be_used(value) and _fits(term) and len(found) < _TERMS_LIMIT:
            found[term] = tuple(text.text.strip() for text in texts)
        else:
            what = f"{term[:_TERM_LENGTH]!r} cannot be used"
            cure = f"give it 1 to {_MEANINGS_LIMIT} short texts that mean the same"
            mistakes.add(value.place, what, cure)
    return found, mistakes


def _nodes(value: Node) -> tuple[Node, ...]:
    return value.items if isinstance(value, Items) else (value,)


def _can_be_used(value: Node) -> bool:
    nodes = _nodes(value)
    return 0 < len(nodes) <= _MEANINGS_LIMIT and all(
        isinstance(one, Scalar) and one.sound and not one.blank and _fits(one.text) for one in nodes
    )


def _fits(text: str) -> bool:
    return 0 < len(text.strip()) <= _TERM_LENGTH and not UNREADABLE.search(text)
