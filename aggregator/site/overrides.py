"""What in a community's own templates does nothing, or is missing: blocks and macros that are gone.

A block that no template above has is never shown, and Jinja says nothing of it; a macro that a page
asks for and a replaced file lacks stops the build. Both are found here before they are missed, each
with file, line and cure. What a theme may rely on is listed in docs/theming.md, which a test holds
against the templates. Pure; called by `run`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from jinja2 import TemplateSyntaxError, nodes

from aggregator.site.theme import Theme
from aggregator.words.phrases import listed


@dataclass(frozen=True)
class TemplateForm:
    """What a template offers and asks for, each name with its line.

    Args:
        place: its file.
        own: whether it is the community's.
        above: the template that it extends; "" for none.
        blocks: all in it.
        filled: those that stand in no other block of it: what it gives to the template above.
        macros: what others may import from it.
        imports: what it imports, by the name of the template and of the macro.
    """

    place: str
    own: bool
    above: str
    blocks: Mapping[str, int]
    filled: Mapping[str, int]
    macros: Mapping[str, int]
    imports: Mapping[tuple[str, str], int]


def override_notices(theme: Theme) -> tuple[str, ...]:
    """Say what in the templates of a community leads nowhere; nothing where it has none."""
    if theme.override is None:
        return ()
    checked = _Templates(forms_of(theme))
    return tuple(dict.fromkeys((*checked.lost_blocks(), *checked.missing_macros())))


def forms_of(theme: Theme) -> Mapping[str, TemplateForm]:
    """Read what each template of a theme offers, by name; what is no template is left out."""
    forms = {}
    for name, text in theme.templates.items():
        try:
            tree = theme.environment.parse(text.source.decode())
        except (TemplateSyntaxError, UnicodeDecodeError):
            continue  # whoever makes the page says where it is wrong
        own = theme.override is not None and Path(text.place).is_relative_to(theme.override)
        forms[name] = _form(tree, text.place, own=own)
    return forms


def _form(tree: nodes.Template, place: str, *, own: bool) -> TemplateForm:
    above = next((_text(node.template) for node in tree.find_all(nodes.Extends)), "")
    blocks = {node.name: node.lineno for node in tree.find_all(nodes.Block)}
    inner = {
        node.name
        for outer in tree.find_all(nodes.Block)
        for child in outer.body
        for node in (child, *child.find_all(nodes.Block))
        if isinstance(node, nodes.Block)
    }
    imports = {
        (_text(node.template), name if isinstance(name, str) else name[0]): node.lineno
        for node in tree.find_all(nodes.FromImport)
        for name in node.names
    }
    return TemplateForm(
        place,
        own,
        above,
        blocks,
        {name: line for name, line in blocks.items() if name not in inner},
        {node.name: node.lineno for node in tree.find_all(nodes.Macro)},
        imports,
    )


def _text(node: nodes.Expr) -> str:
    """Give the name of a template; "" where it is worked out while a page is made."""
    return str(node.value) if isinstance(node, nodes.Const) else ""


@dataclass(frozen=True)
class _Templates:
    forms: Mapping[str, TemplateForm]

    @cached_property
    def _offered(self) -> Mapping[str, Mapping[str, int]]:
        """Give the blocks of all templates above each."""
        return {name: self._above(form) for name, form in self.forms.items()}

    def _above(self, form: TemplateForm) -> dict[str, int]:
        found: dict[str, int] = {}
        seen: set[str] = set()
        while form.above in self.forms and form.above not in seen:
            seen.add(form.above)
            form = self.forms[form.above]
            found |= form.blocks
        return found

    def _owners_above(self, form: TemplateForm) -> list[TemplateForm]:
        found: list[TemplateForm] = []
        while form.above in self.forms and len(found) < len(self.forms):
            form = self.forms[form.above]
            found.append(form)
        return [one for one in found if one.own]

    def lost_blocks(self) -> Iterator[str]:
        """Find blocks that are filled and never shown."""
        for name, form in self.forms.items():
            offered = self._offered[name]
            lost = [block for block in form.filled if block not in offered] if form.above else []
            if form.own:
                for block in lost:
                    yield (
                        f"{form.place}:{form.filled[block]}: no template above has a block "
                        f"{block}, so what stands in it is never shown: {_meant(block, offered)}"
                    )
            elif lost and (owners := self._owners_above(form)):
                yield (
                    f"{owners[0].place}: it lacks the block {listed(lost)}, which {name} fills: "
                    "add it, or take the file away to use ours"
                )

    def missing_macros(self) -> Iterator[str]:
        """Find macros that are imported from where they are not."""
        for name, form in self.forms.items():
            for (where, macro), line in form.imports.items():
                there = self.forms.get(where)
                if there is None or macro in there.macros:
                    continue
                if form.own:
                    cure = _meant(macro, there.macros)
                    yield f"{form.place}:{line}: {where} has no macro {macro}: {cure}"
                elif there.own:
                    yield (
                        f"{there.place}: it lacks the macro {macro}, which {name} shows: "
                        "copy it from the file that yours stands in front of"
                    )


def _meant(word: str, known: Mapping[str, int]) -> str:
    close = get_close_matches(word, known, n=1)
    return f"did you mean {close[0]}?" if close else f"there are {listed(sorted(known))}"
