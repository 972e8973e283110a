"""Each folder of tests/cases/dressing says beside its registry what the loader makes of it."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.joining.check import check
from aggregator.registry.declaration import RefusedError
from aggregator.registry.loader import load
from aggregator.registry.mistakes import Mistakes
from aggregator.registry.nearby import kind_of_bytes, may_move, read_nearby
from aggregator.registry.own_pages import read_own_pages
from aggregator.registry.registry import Registry
from aggregator.registry.settings import Showcase

CASES = Path(__file__).resolve().parent.parent / "cases" / "dressing"
FOLDERS = sorted(path.parent for path in CASES.glob("*/registry.yaml"))
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


def reading_of(folder: Path) -> str:
    """Say how a registry dresses its site, and every mistake, a line each."""
    registry = load(folder / "registry.yaml")
    said = [*_settings(registry), *_files(registry), *map(_told, registry.mistakes)]
    return "\n".join(said).replace(f"{folder.as_posix()}/", "") + "\n"


def _settings(registry: Registry) -> Iterator[str]:
    usual = Showcase()
    for name in ("title", "home", "url", "accent", "menu", "not_in_menus", "links"):
        value = getattr(registry.showcase, name)
        if value != getattr(usual, name):
            plain = [one.as_written() for one in value] if name in {"menu", "links"} else value
            yield f"{name}: {plain}"


def _files(registry: Registry) -> Iterator[str]:
    artwork = registry.artwork
    for name in ("logo", "logo_dark", "icon", "picture"):
        if file := getattr(artwork, name):
            yield f"{name}: {file.kind}"
    for face in artwork.fonts:
        yield f"font: {face.part} {face.weight} {face.style} {face.file.kind}"
    for page in registry.own.pages:
        header = page.header
        yield f"page: {page.slug}, {page.title!r}, {header.menu}, {header.order}"
    for entry in registry.projects:
        if picture := entry.story_picture:
            yield f"story: {picture.file}, {picture.shows!r}, {picture.credit!r}"
    if registry.own.pictures:
        yield f"pictures: {', '.join(registry.own.pictures)}"


def _told(mistake: object) -> str:
    return f"{getattr(mistake, 'severity', '')}: {mistake}"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_each_case_reads_as_its_text_says(folder: Path) -> None:
    """What a community may get wrong has one known answer, and costs nothing else."""
    assert reading_of(folder) == (folder / "reading.txt").read_text(encoding="utf-8")
    assert [str(entry.repo) for entry in load(folder / "registry.yaml").projects] == ["octo/first"]


@pytest.mark.parametrize(
    "inside",
    [
        "<script>1</script>",
        "<g onclick='x()'/>",
        "<a href='javascript:x()'><circle r='1'/></a>",
        "<a xlink:href='https://evil.example/'><circle r='1'/></a>",
        "<image href='https://evil.example/a.png'/>",
        "<use href='other.svg#a'/>",
        "<foreignObject/>",
        "<animate attributeName='href' to='javascript:x()'/>",
        "<set attributeName='onload' to='x()'/>",
        "<style>@import 'https://evil.example/a.css';</style>",
        "<rect style='fill: url(\"https://evil.example/\")'/>",
        "<rect fill='URL(//evil.example/)'/>",
        "<not closed",
    ],
)
def test_an_svg_that_runs_or_loads_is_refused(inside: str) -> None:
    """A logo that is opened by itself is a page of the site: it may do nothing."""
    with pytest.raises(RefusedError, match="this SVG"):
        kind_of_bytes(SVG.format(inside).encode())


@pytest.mark.parametrize(
    "inside",
    [
        "<circle r='1' fill='url(#leaf)'/>",
        "<rect style='fill: url(\"#leaf\")'/>",
        "<use xlink:href='#leaf'/>",
        "<image href='data:image/png;base64,AAAA'/>",
        "<style>.a { fill: red }</style>",
        "<!-- a remark --><title>An apple</title>",
    ],
)
def test_an_svg_that_only_draws_is_taken(inside: str) -> None:
    """What editors of drawings write is no danger."""
    assert kind_of_bytes(SVG.format(inside).encode()) == "svg"


@pytest.mark.parametrize(
    "machinery",
    [
        '<!DOCTYPE svg [<!ENTITY a "b">]>',
        '<?xml-stylesheet href="https://evil.example/a.css"?>',
    ],
)
def test_machinery_of_xml_is_refused(machinery: str) -> None:
    """Entities can be bombs, and a style sheet is loaded."""
    with pytest.raises(RefusedError, match="this SVG holds"):
        kind_of_bytes(f"{machinery}{SVG.format('')}".encode())


@pytest.mark.parametrize(
    ("data", "moves"),
    [
        (b"GIF89a", True),
        (b"RIFF\0\0\0\0WEBPVP8X\n\0\0\0\x02\0\0\0", True),
        (b"RIFF\0\0\0\0WEBPVP8X\n\0\0\0\x22\0\0\0ICCP" + b"\0" * 3_000 + b"ANIM", True),
        (b"RIFF\0\0\0\0WEBPVP8X\n\0\0\0\x20\0\0\0ANIM", False),
        (b"RIFF\0\0\0\0WEBPVP8X", False),
        (b"RIFF\0\0\0\0WEBPVP8 ", False),
        (b"\x89PNG\r\n\x1a\n\0\0\0\x08acTL", True),
        (b"\x89PNG\r\n\x1a\n\0\0\x20\0iCCP" + b"\0" * 0x2004 + b"\0\0\0\x08acTL", True),
        (b"\x89PNG\r\n\x1a\n\0\0\0\4IDAT" + b"\0" * 8 + b"\0\0\0\x08acTL", False),
        (b"\x89PNG\r\n\x1a\nIHDR", False),
        (b"<svg>ANIM acTL", False),
    ],
)
def test_a_picture_that_moves_is_told(data: bytes, moves: bool) -> None:
    """Nobody who reads a page could stop it: https://www.w3.org/TR/WCAG22/#pause-stop-hide."""
    assert may_move(data) is moves


def test_no_file_outside_the_folder_is_read(tmp_path: Path) -> None:
    """A pull request could name any file of the machine, or link to it."""
    (tmp_path / "secret.svg").write_text(SVG.format(""))
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "logo.svg").symlink_to(tmp_path / "secret.svg")
    with pytest.raises(RefusedError, match="out of the registry's folder"):
        read_nearby(tmp_path / "ours", "logo.svg", 1_000)


def test_a_file_that_is_too_large_is_not_read_whole(tmp_path: Path) -> None:
    """Logo and letters are loaded by everybody who comes."""
    (tmp_path / "logo.svg").write_bytes(b"x" * 2_001)
    with pytest.raises(RefusedError, match="larger than 2 kB"):
        read_nearby(tmp_path, "logo.svg", 2_000)


def test_a_setting_wins_over_the_brand(tmp_path: Path) -> None:
    """Whoever writes something into the registry means it."""
    (tmp_path / "_brand.yml").write_text('color: {primary: "#112233"}\nmeta: {name: Theirs}\n')
    (tmp_path / "registry.yaml").write_text(
        'showcase: {title: Ours, accent: "#445566"}\nprojects: [octo/first]\n'
    )
    showcase = load(tmp_path / "registry.yaml").showcase
    assert (showcase.title, showcase.accent) == ("Ours", "#445566")


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("# Code of conduct", "Code of conduct"),
        ("#   `Code` of **conduct**  ##", "Code of conduct"),
        ("# [Code](https://example.org/) of <b>conduct</b>", "Code of conduct"),
        ("# snake_case stays", "snake_case stays"),
        ("# " + "x" * 200, "How we work"),
        ("# \u202etcudnoc", "How we work"),
        ("## Only a part", "How we work"),
        ("Words alone.", "How we work"),
    ],
)
def test_a_page_without_a_header_is_called_by_its_heading(
    heading: str, title: str, tmp_path: Path
) -> None:
    """Marks of Markdown are no part of a name; without a heading the file has one."""
    (tmp_path / "how-we_work.md").write_text(f"{heading}\n\nText.\n", encoding="utf-8")
    (page,) = read_own_pages(tmp_path, {}, Mistakes()).pages
    assert page.title == title
    assert page.slug == "how-we-work"
    assert page.text.strip().endswith("Text.")


def _git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def community(tmp_path: Path) -> Path:
    """A registry in git whose brand and one page have mistakes already."""
    (tmp_path / "registry.yaml").write_text("showcase: {title: Ours}\nprojects:\n  - octo/first\n")
    (tmp_path / "_brand.yml").write_text("logo: nowhere.svg\ncolor: {primary: no-colour}\n")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "how.md").write_text("[nothing](nowhere.md)\n")
    _git(tmp_path, "init", "--quiet")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "--quiet", "-m", "Begin")
    return tmp_path / "registry.yaml"


def test_a_member_does_not_answer_for_the_look(community: Path) -> None:
    """Whoever adds a project hears nothing of a logo or a page that others got wrong."""
    with community.open("a", encoding="utf-8") as registry:
        registry.write("  - octo/second\n")
    judged = check(community, changed_since="HEAD")
    assert judged.ok
    assert judged.effects == ("Adds 1 entry: octo/second",)


def test_whoever_changes_a_page_answers_for_it(community: Path) -> None:
    """A link that leads nowhere is found in the pull request that brings it."""
    page = community.parent / "pages" / "how.md"
    page.write_text(page.read_text() + "[and more](neither.md)\n")
    judged = check(community, changed_since="HEAD")
    assert not judged.ok
    assert [finding.file.rpartition("/")[2] for finding in judged.mistakes] == ["how.md", "how.md"]
    assert "how.md" in judged.effects[0]


def test_a_changed_brand_is_told_by_what_it_sets(community: Path) -> None:
    """The colour of a brand file is a setting like one in the registry."""
    (community.parent / "_brand.yml").write_text('color: {primary: "#112233"}\n')
    effects = check(community, changed_since="HEAD").effects
    assert any(one.startswith("Changes the setting accent") for one in effects)
    unset = replace(load(community).showcase, accent=Showcase().accent)
    assert unset == replace(Showcase(title="Ours"), where=unset.where)
