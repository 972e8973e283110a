"""How to start a project, in the words of its README: the one piece of code to begin with.

Blocks of code are read in order, each with the heading that it stands under; what one line of them
means is judged in `commands`. The best way for a stranger wins (a package before a copy of the
repository), then the first. Sections for people who change the program, and those about leaving or
releasing it, are passed over. When nothing is sure there is nothing.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from turbohtml import Element

from aggregator.readme.commands import Way, best_way, installs, is_in_r, own_lines, way_of
from aggregator.readme.markup import HEADINGS
from aggregator.readme.own_names import OwnNames
from aggregator.readme.readme import Start

_MOST_BADGES = 60
_LOOKED_AT = 200  # blocks of code
_MOST_LINES = 5
_LONGEST_BLOCK = 4_000  # characters
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
    r"python\d? [\w./-]+\.py|streamlit|flask|uvicorn|jupyter|Rscript|quarto|mkdocs|make|"
    r"(?:npm|yarn|pnpm) (?:start|run|dev)|docker|bundle exec|(?:shiny::)?run|snakemake|nextflow|"
    r"(?:poetry|uv) run"
)
_BADGE_PAGES = re.compile(
    r"https?://(?:pypi\.(?:org|python\.org)/(?:project|pypi)/|(?:www\.)?npmjs\.com/package/"
    r"|badge\.fury\.io/(?:py|js|rb)/|img\.shields\.io/(?:pypi|npm|cran|conda)/[\w-]+/(?:conda-forge/)?"
    r"|(?:www\.)?r-pkg\.org/badges/(?:[\w-]+/)+|(?:cran\.r-project\.org/(?:web/packages/|package=|"
    r"web/checks/check_results_))|anaconda\.org/[\w-]+/|crates\.io/crates/|rubygems\.org/gems/)"
    r"([\w.@-]+?)(?:\.svg|\.html|\.png)?(?:[/?#&].*)?",
    re.IGNORECASE,
)


def packages_of(root: Element) -> tuple[str, ...]:
    """Name the packages that the badges of a README lead to, before they are taken out."""
    addresses = list[str]()
    for image in islice(root.find_all("img"), _MOST_BADGES):
        link = image.closest("a")
        addresses += [image.attr("src") or "", (link.attr("href") or "") if link else ""]
    found = (_BADGE_PAGES.fullmatch(address) for address in addresses)
    return tuple(dict.fromkeys(match[1] for match in found if match))


def find_start(root: Element, names: OwnNames) -> Start | None:
    """Give the code to begin with, and the heading under which it stands; None for no such code.

    Args:
        root: The README, its headings anchored.
        names: What the project is called.
    """
    best: tuple[Way, int] | None = None
    blocks = list(_blocks(root, names))
    for place, block in enumerate(blocks):
        way = block.way
        if way is not None and (best is None or way < best[0]):
            best = way, place
    if best is None:
        return None
    way, place = best
    block = blocks[place]
    lines = block.lines_of(way)
    if (way is Way.COPY and len(lines) < _MOST_LINES) or (way is Way.INSIDE and not block.is_whole):
        lines = (*lines, *_next_steps(lines, blocks[place + 1 :], block))[:_MOST_LINES]
    return Start(
        "\n".join(lines),
        block.heading,
        block.anchor,
        in_r=is_in_r(lines[0]),
        in_copy=way is Way.INSIDE,
    )


class _Block:
    """A block of code, or a word of it in a sentence, with the heading above."""

    def __init__(
        self, code: Element, heading: Element | None, names: OwnNames, *, is_first: bool
    ) -> None:
        self.is_first = is_first
        named = " ".join(heading.text.split()) if heading else ""
        self.heading = named if len(named) <= _LONGEST_HEADING else ""
        self.anchor = (heading.attr("id") or "") if heading else ""
        self.is_whole = code.tag == "pre"
        text = code.text if len(code.text) <= _LONGEST_BLOCK else ""
        self.lines = own_lines(text)
        self.ways = tuple(way_of(line, names) for line in self.lines[:40])

    @property
    def way(self) -> Way | None:
        """The best way in it that starts something by itself."""
        way = best_way(self.ways)
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
            if each is None or len(kept) == _MOST_LINES or not _may_follow(line, each, kept):
                break
            kept.append(line)
        return tuple(kept)

    @property
    def is_a_word(self) -> bool:
        """Whether it is no command of any kind: the name of a file, or of a program."""
        return self.way is None and all(" " not in line for line in self.lines)

    def _starts_inside(self) -> bool:
        """Tell whether it says how to begin in a copy: under such a heading, from its first line.

        What comes after something that is not passed on is not the beginning.
        """
        is_called_so = not self.heading or _STARTS.search(self.heading) is not None
        return is_called_so and self.is_first and self.ways[0] is not None


def _blocks(root: Element, names: OwnNames) -> Iterator[_Block]:
    above: list[Element] = []
    codes = root.select(f"{HEADINGS},pre,code")
    seen, is_first = 0, True
    for element in codes:
        if element.tag not in {"pre", "code"}:
            level = int(element.tag[1])
            above = [*(one for one in above if int(one.tag[1]) < level), element]
            continue
        if element.tag == "code" and element.closest("pre"):
            continue
        if any(_is_for_others(heading.text) for heading in above[1:] or above):
            continue
        seen += 1
        if seen > _LOOKED_AT:
            return
        block = _Block(element, above[-1] if above else None, names, is_first=is_first)
        # What cannot be passed on, before it, leaves a gap in what it says.
        is_said = None in block.ways and not block.is_a_word
        is_gap = is_said and _STARTS.search(block.heading)
        is_first = is_first and not is_gap
        yield block


def _is_for_others(heading: str) -> bool:
    return _OTHERS.search(heading) is not None and not re.search(
        r"\binstall|\bus(?:e|age|ing)\b", heading, re.IGNORECASE
    )


def _next_steps(
    lines: Sequence[str], following: Sequence[_Block], first: _Block
) -> tuple[str, ...]:
    """Go on with the steps that come next, up to the first that is no plain command."""
    found = list(lines)
    for block in following:
        if block.anchor != first.anchor and not _STARTS.search(block.heading):
            break
        if block.is_a_word:
            continue
        for line, way in zip(block.lines, block.ways, strict=False):
            if way is None or way < Way.INSIDE or not _may_follow(line, way, found):
                return tuple(found[len(lines) :])
            found.append(line)
    return tuple(found[len(lines) :])


def _may_follow(line: str, way: Way, before: Sequence[str]) -> bool:
    """Tell whether somebody can go on with a line after the others, in one terminal.

    What runs the project is the last; what installs it once more is a choice and no step; in a new
    copy nothing works before one stands in its folder.
    """
    if line in before or is_in_r(line) != is_in_r(before[0]) or any(map(_runs, before)):
        return False
    is_copied = before[0].startswith(("git clone", "gh "))
    is_inside = any(re.search(r"(?:\A|&& )cd ", each) for each in before)
    if is_copied and (is_inside == line.startswith("cd ") or (way is Way.INSIDE and not is_inside)):
        return False
    return not (installs(line) and any(map(installs, before)))


def _runs(line: str) -> bool:
    return _RUNS.match(line) is not None
