"""Pages of the community's own: Markdown files in `pages/` beside the registry, with pictures.

    pages/*.md --header, text--> OwnPage    pages/**/*.png ... --judged by their bytes--> pictures

A page may begin with a header between two lines `---`. What is wrong with one page is reported with
file and line, and the others go on; links that lead to no page or picture are found here, and
rendered as words in `site/pages/own`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote

import yaml

from aggregator.registry import rules
from aggregator.registry.appearance import MENU_PAGES, PageHeader
from aggregator.registry.declaration import RefusedError
from aggregator.registry.mistakes import NOWHERE, Mistakes, Place, near, shown
from aggregator.registry.nearby import PICTURES, kind_of_bytes, read_nearby
from aggregator.registry.slips import explain
from aggregator.registry.tree import Table, TextFile, decode, read_tree
from aggregator.registry.validation import Validator
from aggregator.words.names import is_device, is_slug, slug_of

PAGES_FOLDER = "pages"
_MOST_PAGES, _LARGEST_PAGE = 100, 200_000
_MOST_PICTURES, _LARGEST_PICTURE, _ALL_PICTURES = 200, 1_000_000, 10_000_000
_ENDINGS = frozenset({f".{kind}" for kind in PICTURES} | {".jpeg"})
_HEADING = re.compile(r"\s*#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\n|\Z)")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"<[^<>]*>|[*`~]|(?<!\w)_+|_+(?!\w)")
_LONGEST_TITLE = 100  # characters
_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
_CODE = re.compile(r"`+[^`]*`+")
# Where Markdown says an address: beside words in brackets, as a reference, in an attribute.
_LINKS = re.compile(
    r"\]\(\s*<?([^)\s>]+)|^\s{0,3}\[[^\]]+\]:\s*<?([^\s>]+)|\b(?:href|src)=[\"']([^\"']+)"
)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """One page as it was written.

    Args:
        slug: its name in addresses.
        file: its file below `pages/`.
        text: its Markdown, without the header and without its heading.
        header: what it says of itself.
        where: its first line.
    """

    slug: str
    file: str
    title: str
    text: str = field(repr=False)
    header: PageHeader = field(default_factory=PageHeader)
    where: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class OwnPages:
    """All of them in the order of menus, and their pictures by path below `pages/`."""

    pages: tuple[OwnPage, ...] = ()
    pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False)


def read_own_pages(folder: Path, lines: dict[str, list[str]], mistakes: Mistakes) -> OwnPages:
    """Read the pages in a folder, which may be absent.

    Args:
        folder: `pages/`, beside the registry.
        lines: takes in the lines of each file, by the name that messages carry.
        mistakes: takes in what is wrong.
    """
    if folder.is_symlink():
        place = Place(folder.as_posix(), 1, 1)
        mistakes.add(place, "this folder is a link to another place", "put the folder itself here")
        return OwnPages()
    found = sorted(folder.rglob("*")) if folder.is_dir() else []
    names = [p.relative_to(folder).as_posix() for p in found if p.is_file()]
    names = [n for n in names if not any(part.startswith(".") for part in n.split("/"))]
    pictures = _pictures(folder, names, mistakes)
    pages: dict[str, OwnPage] = {}
    for name in _page_files(folder, names, mistakes):
        page = _page(folder, name, lines, mistakes)
        if page and page.slug in pages:
            what = f"{pages[page.slug].file} has the same address, {PAGES_FOLDER}/{page.slug}/"
            mistakes.add(page.where, what, "give one of the two files another name")
        elif page:
            pages[page.slug] = page
    for page in pages.values():
        _check_links(page, lines[page.where.file], frozenset(pages), pictures, mistakes)
    in_order = sorted(pages.values(), key=lambda one: (one.header.order, one.title.casefold()))
    return OwnPages(tuple(in_order), pictures)


def _page_files(folder: Path, names: list[str], mistakes: Mistakes) -> Iterator[str]:
    """Give the names of files that are pages, and report what may have been meant as one."""
    written = [name for name in names if name.lower().endswith((".md", ".markdown"))]
    at_top = [name for name in written if "/" not in name and name.lower() != "readme.md"]
    for name in written:
        if "/" in name:
            place = Place((folder / name).as_posix(), 1, 1)
            what = f"this page is not read, because it is not in {PAGES_FOLDER}/ itself"
            mistakes.add(place, what, f"move it up into {PAGES_FOLDER}/")
    for name in at_top[_MOST_PAGES:]:
        what = f"this page is not read, because only {_MOST_PAGES} are"
        mistakes.add(Place((folder / name).as_posix(), 1, 1), what, "join it with another")
    yield from at_top[:_MOST_PAGES]


def _pictures(folder: Path, names: list[str], mistakes: Mistakes) -> Mapping[str, bytes]:
    found: dict[str, bytes] = {}
    left = _ALL_PICTURES
    for name in names:
        if Path(name).suffix.lower() in _ENDINGS:
            try:
                found[name] = _picture(folder, name, left, is_room=len(found) < _MOST_PICTURES)
                left -= len(found[name])
            except RefusedError as refused:
                place = Place((folder / name).as_posix(), 1, 1)
                mistakes.add(place, refused.what, refused.cure)
    return found


def _picture(folder: Path, name: str, left: int, *, is_room: bool) -> bytes:
    if not is_room:
        raise RefusedError(f"only {_MOST_PICTURES} pictures are read", "remove some")
    if not re.fullmatch(r"[\w.-]+(?:/[\w.-]+)*", name, re.ASCII):
        what = "the name of this picture cannot stand in an address"
        raise RefusedError(what, "use letters, digits, dots and hyphens")
    data = read_nearby(folder, name, min(_LARGEST_PICTURE, left))
    if kind_of_bytes(data) not in PICTURES:
        what = "this is no picture that pages can show"
        raise RefusedError(what, "save it as PNG, JPEG, WebP, GIF or SVG")
    return data


def _page(
    folder: Path, name: str, lines: dict[str, list[str]], mistakes: Mistakes
) -> OwnPage | None:
    file = (folder / name).as_posix()
    start = Place(file, 1, 1)
    stem = name.rpartition(".")[0]
    try:
        slug = _slug(stem)
        source = TextFile(file, decode(read_nearby(folder, name, _LARGEST_PAGE)))
    except RefusedError as refused:
        mistakes.add(start, refused.what, refused.cure)
        return None
    lines[file] = source.lines
    header, text = _parted(source, mistakes)
    heading = _HEADING.match(text)
    named = _plain(heading[1]) if heading else ""
    title = header.title or named or " ".join(re.split(r"[-_\s]+", stem)).capitalize()
    if named and named.casefold() == title.casefold() and heading:
        text = text[heading.end() :]
    if not text.strip():
        mistakes.add(start, "there is no text on this page", "write some below its title", "hint")
    return OwnPage(slug=slug, file=name, title=title, text=text, header=header, where=start)


def _plain(heading: str) -> str:
    """Give a heading without its marks, on one line; nothing where it cannot be a title."""
    bare = _MARKS.sub("", _LINK.sub(r"\1", heading))
    try:
        title: str = rules.LINE.value_of(bare, _LONGEST_TITLE)
    except RefusedError:
        return ""
    return title


def _slug(stem: str) -> str:
    slug = stem if is_slug(stem) else slug_of(stem)
    if not slug or is_device(slug):
        what = f"{shown(stem)} cannot be part of a web address"
        raise RefusedError(what, "name the file in small letters: code-of-conduct.md")
    if slug in MENU_PAGES:
        what = f"the site has a page of its own that is called {shown(slug)}"
        raise RefusedError(what, "give the file another name")
    return slug


def _parted(source: TextFile, mistakes: Mistakes) -> tuple[PageHeader, str]:
    """Tell the header of a page from its text; one that cannot be read is reported and left out."""
    lines, start = source.lines, Place(source.file, 1, 1)
    if lines[0].rstrip() != "---":
        return PageHeader(), source.text
    ends = [at for at, line in enumerate(lines[1:], 1) if line.rstrip() in {"---", "..."}]
    if not ends:
        what = "the header of this page has no end"
        mistakes.add(start, what, "write --- on a line of its own below title and the like")
        return PageHeader(), source.text
    inner, text = lines[1 : ends[0]], "\n".join(lines[ends[0] + 1 :])
    try:
        node, found = read_tree("\n".join(inner), source.file, 1)
    except yaml.YAMLError as error:
        mistakes += explain(inner, error, source.file, 1)
        return PageHeader(), text
    mistakes += found
    if node is None:
        return PageHeader(), text
    if not isinstance(node, Table):
        mistakes.add(node.place, "this is not a header", "write `title: ...` between the lines ---")
        return PageHeader(), text

    def line_at(place: Place) -> str:
        return lines[place.line - 1] if 0 < place.line <= len(lines) else ""

    reading = Validator(line_at, mistakes).one(node, PageHeader)
    return reading.value if reading else PageHeader(), text


def _check_links(
    page: OwnPage,
    lines: list[str],
    slugs: frozenset[str],
    pictures: Mapping[str, bytes],
    mistakes: Mistakes,
) -> None:
    """Report each link to a page or picture beside this one that is not there."""
    is_code = False
    for number, line in enumerate(lines, 1):
        if _FENCE.match(line):
            is_code = not is_code
        words = "" if is_code else _CODE.sub(_blank, line)
        for link in _LINKS.finditer(words):
            written = next(filter(None, link.groups()))
            if written.startswith("/") or _ELSEWHERE.match(written):
                continue  # what stands elsewhere, or is made by the build, is not judged here
            target = target_of(page.file, written)
            if target.startswith("..") or target in pictures or page_named(target) in slugs:
                continue
            place = Place(page.where.file, number, link.start() + 1)
            meant = near(target, [*pictures, *(f"{slug}.md" for slug in slugs)])
            cure = f"did you mean {meant}?" if meant else f"name a file in {PAGES_FOLDER}/"
            mistakes.add(place, f"{shown(written)} leads to nothing here", cure)


def _blank(code: re.Match[str]) -> str:
    return " " * len(code[0])


def target_of(file: str, written: str) -> str:
    """Give the path below `pages/` to which a relative address in one of its files leads."""
    path = unquote(re.split("[?#]", written, maxsplit=1)[0])
    return normpath(join(dirname(file), path))


def page_named(target: str) -> str:
    """Give the slug of the page that a path below `pages/` names: its file, or its folder.

    "" for a path that leads further down or out, where no page of the community's stands.
    """
    stem = re.sub(r"(?:\.md|\.markdown|/|/index\.html)\Z", "", target, flags=re.IGNORECASE)
    if is_slug(stem):
        return stem
    return "" if "/" in stem or ".." in stem else slug_of(stem)
