"""How to start a project, in the words of its README: the one piece of code to begin with.

Blocks of code are read in order, each with the heading that it stands under; what one line of them
means is judged in `commands`. The best way for a stranger wins (a package before a copy of the
repository), then the one that is recommended, then the first. A copy is a start only with what
follows in it. Sections for people who change the program, and those about leaving or releasing it,
are passed over. When nothing is sure there is nothing: what one must do between two steps and no
command says ends them, and what runs on one system only comes last and says so.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from typing import NamedTuple

from turbohtml import Element

from aggregator.readme.calls_in_r import is_in_r
from aggregator.readme.code_places import (
    HeadingAbove,
    announces_steps,
    asks_for_more,
    codes_in,
    lines_of_code,
    number_of,
    system_above,
    words_in,
)
from aggregator.readme.commands import installs, sets_up, way_of
from aggregator.readme.markup import HEADINGS
from aggregator.readme.readme import Start
from aggregator.readme.ways import (
    OwnNames,
    System,
    Way,
    best_way,
    folder_of_copy,
    names_a_way,
    system_named,
    system_of,
)

_LOOKED_AT = 200  # blocks of code
_MOST_LINES = 6
_LONGEST_HEADING = 80
# Sections that are not for somebody who wants to begin.
_OTHERS = re.compile(
    r"\b(?:develop\w*|contribut\w+|tests?|testing|docs|documentation|releasing|"
    r"release (?:process|notes|checklist)|"
    r"publish\w*|uninstall\w*|remov\w+|upgrad\w+|updat\w+|deploy\w*|troubleshoot\w*|lint\w*|"
    r"pre-?commit|benchmark\w*|faq|cit(?:e|ing|ation)|clean\w*|known issues|debug\w*|"
    r"migrat\w+|legacy|deprecated|alternativ\w+|hooks?|formatting|maintain\w*|build(?:ing)?)\b",
    re.IGNORECASE,
)
_STARTS = re.compile(
    r"\b(?:install\w*|usage|us(?:e|ing)|quick ?-?start|get(?:ting)? started|set-? ?up|running|run|"
    r"how to|start|launch\w*|prereq\w*|requirements?|dependencies|instructions?|environments?|"
    r"configur\w*|steps?|download\w*|clon\w+|local\w*|python|conda|docker|reproduc\w+)\b",
    re.IGNORECASE,
)
_RUNS = re.compile(
    r"python\d? [\w./-]+\.py|streamlit|shiny run|flask|uvicorn|jupyter|Rscript|quarto|mkdocs|make|"
    r"(?:npm|yarn|pnpm) (?:start|run|dev)|docker|bundle exec|(?:shiny::)?run|snakemake|nextflow|"
    r"(?:poetry|uv) run|(?:\./)?(?:bin|scripts?)/(?:server|start|dev)"
)
# Sections for those who change a program, where a script that sets it up is for everybody.
_DEVELOPS = re.compile(r"\bdevelop\w*\b", re.IGNORECASE)
_RECOMMENDED = re.compile(r"\brecommended\b", re.IGNORECASE)
# What works only where something was installed before it.
_RUNS_WHAT_IS_INSTALLED = re.compile(
    r"(?:npm|yarn|pnpm) (?:start|run|dev)\b|bundle exec\b|poetry run\b"
)
_OPTIONAL = re.compile(r"\W*\(?optional", re.IGNORECASE)
# A template that was not filled in: "{LIST OF MAIN PACKAGES}". What may stand before it is asked
# behind its first letter: a pattern that begins with a letter passes over all others at once.
_SLOT = re.compile(
    r"\{(?<![$\\{]\{)[A-Z]+(?: [A-Z/&,]+)+\}|NO CODE AVAILABLE\b(?<!\wNO CODE AVAILABLE)()"
)
_SLOTS = 2
_TOP = ("", "")  # the heading and its anchor, above all headings


def find_start(root: Element, names: OwnNames) -> Start | None:
    """Give the code to begin with, and the heading under which it stands; None for no such code.

    Args:
        root: The README, its headings anchored.
        names: What the project is called.
    """
    if _is_unfilled(root):
        return None
    blocks = list(_blocks(root, names))
    if any(Way.INSIDE in block.ways for block in blocks):  # only of those it is asked
        _mark_first(blocks)
    ways = [(block.way, place) for place, block in enumerate(blocks)]
    known = [(way, place) for way, place in ways if way is not None]
    for way, place in sorted(known, key=lambda one: blocks[one[1]].rank(one[0])):
        lines = _all_lines(way, blocks, place)
        block = blocks[place]
        is_begun = way is not Way.COPY or any(way_of(line, names) is Way.INSIDE for line in lines)
        if is_begun and not _lacks_an_installation(lines):
            return Start(
                "\n".join(lines),
                block.heading,
                block.anchor,
                in_r=is_in_r(lines[0]),
                in_copy=way is Way.INSIDE,
                on_unix=block.system is System.UNIX or System.UNIX in map(system_of, lines),
                goes_on=block.goes_on
                if way < Way.COPY
                else _goes_on(lines, blocks[place + 1 :], block),
            )
    return None


def _lacks_an_installation(lines: Sequence[str]) -> bool:
    """Tell whether something is run by the tool that would have had to install it first."""
    found = next((n for n, each in enumerate(lines) if _RUNS_WHAT_IS_INSTALLED.match(each)), None)
    return found is not None and not any(map(installs, lines[:found]))


def _goes_on(lines: Sequence[str], following: Sequence["_Block"], first: "_Block") -> bool:
    """Tell whether more is to be typed: after the last line that was taken, in its section.

    Where nothing was run yet that may also be in a later one, as it may for the steps themselves.
    """
    anchor, is_run = first.anchor, any(map(_runs, lines))
    for block in following:
        if not block.is_aside and not set(lines).isdisjoint(block.lines):
            anchor = block.anchor
        if block.anchor != anchor and (is_run or not _STARTS.search(block.heading)):
            return False
        if block.is_aside or block.is_a_word or block.is_optional:
            continue
        more = [line for line in block.lines if line not in lines and not installs(line)]
        if any(not line.startswith("cd ") for line in more):
            return True
    return False


def _is_unfilled(root: Element) -> bool:
    """Tell whether a template was left as it was, or says that there is nothing to run yet."""
    words = root.text
    may_hold = "{" in words or "NO CODE" in words
    if not (may_hold and _SLOT.search(words)):  # as in most READMEs
        return False
    found = [
        match
        for block in root.select(f"{HEADINGS},p,li")
        for match in islice(_SLOT.finditer(block.text), _SLOTS)
    ]
    is_said = any(match[1] is not None for match in found)
    return is_said or len({match[0] for match in found}) >= _SLOTS


def _all_lines(way: Way, blocks: Sequence["_Block"], place: int) -> tuple[str, ...]:
    """Give the lines to begin with: those of a block, and the steps that follow where any must."""
    block = blocks[place]
    lines = block.lines_of(way)
    is_node = way is Way.INSIDE and installs(lines[-1]) in {"npm", "yarn", "pnpm"}
    if way is Way.COPY or (way is Way.INSIDE and not block.is_whole) or is_node:
        more = _next_steps(lines, blocks[place + 1 :], block)
        if block.is_whole and is_node:
            more = more if more[:1] and _runs(more[0]) else ()
        lines = (*lines, *more)[:_MOST_LINES]
    return lines


class _Place(NamedTuple):
    """Where a block of code stands.

    Args:
        heading: the heading above it, None for none.
        label: words in bold right above it, as good as a heading; "" without any.
        said: the blocks between it and what stands before it.
        is_aside: whether its section is not for somebody who wants to begin.
        is_developing: whether its section is for those who change the program.
    """

    heading: HeadingAbove | None
    label: str
    said: Sequence[Element]
    is_aside: bool
    is_developing: bool


class _Block:
    """A block of code, or a word of it in a sentence, with the heading above."""

    def __init__(self, code: Element, names: OwnNames, place: _Place) -> None:
        self.is_first = False  # until `_mark_first` says that all before it can be passed on
        self.is_aside = place.is_aside
        self.label = place.label
        named, self.anchor = (place.heading.text, place.heading.anchor) if place.heading else _TOP
        self.heading = named if len(named) <= _LONGEST_HEADING else ""
        self.is_whole = code.tag == "pre"
        self._code = code
        self._said = place.said
        self._is_developing = place.is_developing
        self.lines = lines_of_code(code)
        self.ways = tuple(way_of(line, names) for line in self.lines[:40])

    # What follows is asked of few blocks: of those with a way, and of those after the chosen one.
    @cached_property
    def system(self) -> System | None:
        """The one kind of machine that it is for."""
        named = system_above(self._code) if self.is_whole else None
        return named or system_named(self.heading)

    @cached_property
    def is_after_demand(self) -> bool:
        """Whether something is asked for, right before it, that no code does."""
        return asks_for_more(words_in(self._said))

    @cached_property
    def _item(self) -> Element | None:
        return self._code.closest("li")

    @cached_property
    def step(self) -> int:
        """The number of the item that it stands in, 0 for none."""
        return number_of(self._item) if self._item is not None else 0

    @cached_property
    def is_optional(self) -> bool:
        """Whether the item that it stands in says so."""
        return self._item is not None and _OPTIONAL.match(self._item.text) is not None

    @cached_property
    def goes_on(self) -> bool:
        """Whether more is to be done: a package may be only the first of several steps."""
        others = [line for line, way in zip(self.lines, self.ways, strict=False) if way is None]
        runs = any(_RUNS.search(line) and not names_a_way(line) for line in others)
        return announces_steps(words_in(self._said)) or runs

    @cached_property
    def way(self) -> Way | None:
        """The best way in it that starts something by itself."""
        way = None if self.is_aside else best_way(self.ways)
        if way is None or self.system is System.WINDOWS:
            return None
        if way is not Way.INSIDE:
            return way
        lines = self.lines_of(way) if self._starts_inside() else ()
        told = dict(zip(self.lines, self.ways, strict=False))
        return way if any(told[line] is way for line in lines) else None

    def lines_of(self, way: Way) -> tuple[str, ...]:
        """Give its lines that go this way: one, or all in a row where they are steps."""
        first = self.ways.index(way)
        if way < Way.COPY:
            return (self.lines[first],)
        if way is Way.INSIDE:
            first = 0
        kept = [self.lines[first]]
        for line, each in islice(zip(self.lines, self.ways, strict=False), first + 1, None):
            added = _added(line, each, kept)
            if not added or len(kept) + len(added) > _MOST_LINES:
                break
            kept += added
        return tuple(kept)

    def rank(self, way: Way) -> tuple[Way, bool, bool]:
        """Say how good a way of it is, the best first: for every system, and recommended."""
        is_for_one = self.system is not None or any(map(system_of, self.lines_of(way)))
        is_recommended = _RECOMMENDED.search(self.heading) is not None
        return way, is_for_one and way < Way.COPY, not is_recommended

    @property
    def is_a_word(self) -> bool:
        """Whether it is no command of any kind: the name of a file, or of a program."""
        return self.way is None and all(" " not in line for line in self.lines)

    @property
    def leaves_a_gap(self) -> bool:
        """Whether something in it, which must come first, cannot be passed on."""
        if self.is_aside and not self._is_developing:
            return False
        is_said = None in self.ways and not self.is_a_word
        return is_said and (self._is_developing or _STARTS.search(self.heading) is not None)

    def _starts_inside(self) -> bool:
        """Tell whether it says how to begin in a copy: under such a heading, from its first line.

        What comes after something that is not passed on is not the beginning.
        """
        named = self.label or self.heading
        is_called_so = not named or _STARTS.search(named) is not None
        is_called_so = is_called_so or all(map(sets_up, self.lines))
        return is_called_so and self.is_first and self.ways[0] is not None


def _blocks(root: Element, names: OwnNames) -> Iterator[_Block]:
    above: list[HeadingAbove] = []
    seen = 0
    is_for_others = is_developing = False
    for element, label, said in codes_in(root):
        if element.tag not in {"pre", "code"}:
            found = HeadingAbove.read(element)
            above = [*(one for one in above if one.level < found.level), found]
            others = [one.text for one in above[1:] or above if _is_for_others(one.text)]
            is_for_others = bool(others)
            is_developing = is_for_others and all(map(_DEVELOPS.search, others))
            continue
        is_aside = is_for_others and not (is_developing and _is_setup(element))
        seen += 1
        if seen > _LOOKED_AT:
            return
        place = _Place(above[-1] if above else None, label, said, is_aside, is_developing)
        yield _Block(element, names, place)


def _mark_first(blocks: Sequence[_Block]) -> None:
    """Mark the blocks before which nothing stands that must be done and cannot be passed on."""
    for block in blocks:
        if block.is_after_demand:
            return
        block.is_first = True
        if block.leaves_a_gap:
            return


def _is_setup(code: Element) -> bool:
    """Tell whether a block copies the project, or sets up all of a copy, and does no more."""
    lines = lines_of_code(code)
    return bool(lines) and all(
        sets_up(line) or line.startswith("cd ") or folder_of_copy(line) for line in lines
    )


# Headings are asked about once for each code below them.
@lru_cache(maxsize=500)
def _is_for_others(heading: str) -> bool:
    return _OTHERS.search(heading) is not None and not re.search(
        r"\binstall|\bus(?:e|age|ing)\b|\blocal(?:ly)?\b(?! (?:develop|test))",
        heading,
        re.IGNORECASE,
    )


def _next_steps(
    lines: Sequence[str], following: Sequence[_Block], first: _Block
) -> tuple[str, ...]:
    """Go on with the steps that come next, up to the first that is no plain command.

    A step with a number that says to do something else, and is no choice, is the end of it.
    """
    found, step = list(lines), first.step
    for block in following:
        if block.anchor != first.anchor and not _STARTS.search(block.heading):
            break
        if block.is_aside and block.is_whole:
            break
        if block.is_aside or block.is_a_word or (block.is_optional and block.way is None):
            continue
        if block.is_after_demand or (step and block.step > step + 1):
            break
        step = block.step
        for line, way in zip(block.lines, block.ways, strict=False):
            if line in found and line.startswith("cd "):
                continue
            added = _added(line, way, found) if way is None or way >= Way.INSIDE else ()
            if not added:
                return tuple(found[len(lines) :])
            found += added
    return tuple(found[len(lines) :])


def _added(line: str, way: Way | None, before: Sequence[str]) -> tuple[str, ...]:
    """Give what to add to the lines before, in one terminal, to go on with a line; () for an end.

    What runs the project is the last, unless that is a script of its own that sets it up; what
    installs it once more is a choice and no step. In a new copy nothing works before one stands in
    its folder, which is called as `git clone` calls it.
    """
    if way is None or line in before or is_in_r(line) != is_in_r(before[0]):
        return ()
    if any(map(_runs, before)) or (installs(line) and any(map(installs, before))):
        return ()
    cloned = before[0].startswith(("git clone", "gh "))
    is_inside = any(re.search(r"(?:\A|&& )cd ", each) for each in before)
    if cloned and line.startswith("cd "):
        return () if is_inside else (line,)
    is_anywhere = way is Way.STEP and line.startswith("conda ")
    if cloned and not is_inside and not is_anywhere:
        folder = folder_of_copy(before[0])
        return (f"cd {folder}", line) if folder else ()
    return (line,)


def _runs(line: str) -> bool:
    return _RUNS.match(line) is not None
