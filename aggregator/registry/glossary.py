"""Words that mean the same, for the search: the glossary beside the registry.

    SPC: [statistical process control, XmR]
    ED: emergency department

One bad line is reported and left out; the search goes on with the others.
"""

from pathlib import Path, PurePosixPath

import yaml

from aggregator.registry.judge import cut_by_comment
from aggregator.registry.mistakes import UNREADABLE, Mistake, Place
from aggregator.registry.rules import shown
from aggregator.registry.text import Source, read_source
from aggregator.registry.tree import Items, Node, Scalar, Table, read_tree
from aggregator.words.errors import RegistryError

TERM_LENGTH = 100
MEANINGS_LIMIT = 20
TERMS_LIMIT = 5_000

Glossary = dict[str, tuple[str, ...]]


def load_glossary(registry: Path, name: str | None, place: Place) -> tuple[Glossary, list[Mistake]]:
    """Load the glossary that the settings name.

    Args:
        registry: The file registry.yaml; the glossary stands in its folder or below.
        name: What the settings say, if anything.
        place: Where they say it.
    """
    if name is None:
        return {}, []
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts or "\\" in name or ":" in name:
        what = "glossary: this leads out of the registry's folder"
        return {}, [Mistake(place, what, "put the file beside the registry and name it here")]
    path = registry.parent / relative
    if not path.resolve().is_relative_to(registry.parent.resolve()):
        what = "glossary: this file is a link to another place"
        return {}, [Mistake(place, what, "put the file itself beside the registry")]
    try:
        return read_glossary(read_source(path))
    except RegistryError as error:
        what = f"glossary: {name}: {error.cause}"
        return {}, [Mistake(place, what, "make the file, or delete this line")]


def read_glossary(source: Source) -> tuple[Glossary, list[Mistake]]:
    """Read a glossary from its text."""
    try:
        node, mistakes = read_tree(source.text, source.file)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = f"this cannot be read ({getattr(error, 'problem', 'not YAML')})"
        cure = "put the value in double quotes, or line it up with the others"
        return {}, [_mistake(source, Place(source.file, line, column), what, cure)]
    found: Glossary = {}
    if node is not None and not isinstance(node, Table):
        cure = "write one term a line, as `SPC: statistical process control`"
        return {}, [*mistakes, _mistake(source, node.place, "this is not a glossary", cure)]
    for term, value in node.fields.items() if node else ():
        meanings = _meanings(value)
        cut = next((n for n in _nodes(value) if cut_by_comment(n) == "error"), None)
        if cut:
            what = (
                f"everything after a space and # is a comment, so {shown(cut.comment)} is not read"
            )
            cure = "if it belongs to the text, put all of it in double quotes"
            mistakes.append(_mistake(source, cut.place, what, cure))
        elif meanings and _fits(term) and len(found) < TERMS_LIMIT:
            found[term] = meanings
        else:
            what = f"{term[:TERM_LENGTH]!r} cannot be used"
            cure = f"give it 1 to {MEANINGS_LIMIT} short texts that mean the same"
            mistakes.append(_mistake(source, value.place, what, cure))
    return found, mistakes


def _meanings(node: Node) -> tuple[str, ...]:
    count = len(node.items) if isinstance(node, Items) else 1
    texts = [n.text.strip() for n in _nodes(node) if n.sound and not n.blank]
    fits = len(texts) == count <= MEANINGS_LIMIT and all(map(_fits, texts))
    return tuple(texts) if fits else ()


def _nodes(node: Node) -> list[Scalar]:
    nodes = node.items if isinstance(node, Items) else (node,)
    return [one for one in nodes if isinstance(one, Scalar)]


def _fits(text: str) -> bool:
    return 0 < len(text.strip()) <= TERM_LENGTH and not UNREADABLE.search(text)


def _mistake(source: Source, place: Place, what: str, cure: str) -> Mistake:
    lines = source.lines[place.line - 1 : place.line]
    return Mistake(place, what, cure, line_text=lines[0] if lines else "")
