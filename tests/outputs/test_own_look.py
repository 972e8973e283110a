"""A community's own logo, letters, menus and pages, as docs/theming.md shows them."""

import re
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import nodes
from selectolax.lexbor import LexborHTMLParser

from aggregator.registry.loader import load
from aggregator.registry.settings import Showcase
from aggregator.run.pipeline import theme_of
from aggregator.site.data.wellknown import own_domain
from aggregator.site.overrides import override_notices
from aggregator.site.recipes import File
from aggregator.site.renderers import render_site
from aggregator.site.theme import find_templates, load_theme
from tests.conftest import ROOT
from tests.outputs import factory

DOCUMENT = (ROOT / "docs" / "theming.md").read_text(encoding="utf-8")
_FILES = re.compile(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FIRST = "# Ours\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that docs/theming.md shows, each where it says."""
    place = tmp_path_factory.mktemp("theming")
    for name, text in _FILES.findall(DOCUMENT):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    return place


def files_of(folder: Path, templates: Path | None = None) -> dict[str, File]:
    """The site of the registry in a folder."""
    registry = load(folder / "registry.yaml")
    catalogue = factory.catalogue_of(registry, factory.snapshot())
    theme = theme_of(registry.showcase, registry.artwork, templates)
    return {file.path: file for file in render_site(catalogue, theme)}


@pytest.fixture(scope="module")
def built(folder: Path) -> dict[str, bytes]:
    """The site that they make."""
    return {path: file.data for path, file in files_of(folder, folder / "our-look").items()}


def _links(html: bytes, selector: str) -> list[tuple[str, str]]:
    found = LexborHTMLParser(html).css(selector)
    return [(one.text(strip=True), one.attributes["href"] or "") for one in found]


def test_the_example_has_no_mistake(folder: Path) -> None:
    """What the documentation shows is right, down to the last link."""
    assert len(_FILES.findall(DOCUMENT)) == 9
    assert [str(mistake) for mistake in load(folder / "registry.yaml").mistakes] == []
    assert override_notices(load_theme("#225faa", folder / "our-look")) == ()


def test_the_brand_is_on_every_page(built: dict[str, bytes]) -> None:
    """Logo, icon and colour of the brand file stand at the top of all pages."""
    for path in ("index.html", "projects/index.html", "pages/how-we-work/index.html"):
        page = LexborHTMLParser(built[path])
        logo = page.css_first(".brand img").attributes
        assert (logo["src"] or "").endswith("/brand/logo.svg")
        assert logo["alt"] == ""  # the title stands beside it
        assert page.css_first(".brand").text(strip=True) == "Orchard software showcase"
    icon = next(data for path, data in built.items() if path.endswith("/mark.svg"))
    assert b'<circle cx="16"' in icon
    css = next(data for path, data in built.items() if path.endswith("css/site.css"))
    assert b"--accent-light:#2f6b2f" in css


def test_menus_are_as_the_settings_say(built: dict[str, bytes]) -> None:
    """Order, names, own pages, addresses elsewhere, and what stands in no menu."""
    top = _links(built["about/index.html"], ".nav li:not(.narrow-only) a")
    assert [address for _, address in top] == [
        "../projects/",
        "../search/",
        "../pages/how-we-work/",
        "https://forum.orchard.example/",
        "../add/",
    ]
    assert [text for text, _ in top][2:4] == ["How we work", "Forum"]
    foot = dict(_links(built["about/index.html"], ".bottom a"))
    assert foot["Our newsletter"] == "https://orchard.example/newsletter/"
    assert foot["Mastodon"] == "https://social.example/@orchard"
    assert foot["Code of conduct"] == "../pages/code-of-conduct/"
    assert foot["The community"] == "https://orchard.example/"
    assert not {"Insights", "Compare"} & foot.keys()
    assert "insights/index.html" in built


def test_own_pages_are_pages_like_others(built: dict[str, bytes]) -> None:
    """They have a title, lead to each other and to the site, and are found."""
    page = built["pages/how-we-work/index.html"].decode()
    told = LexborHTMLParser(page)
    assert told.css_first("h1").text() == "How we work"
    links = dict(_links(page.encode(), "main a"))
    assert links["code of conduct"] == "../../pages/code-of-conduct/#user-content-reporting"
    assert links["all projects"] == "../../projects/"
    picture = told.css_first("main img").attributes["src"]
    assert picture == "../../pages/pictures/rows.svg"
    assert built["pages/pictures/rows.svg"].startswith(b"<svg")
    assert "user-content-reporting" in built["pages/code-of-conduct/index.html"].decode()
    assert built["pages/code-of-conduct/index.html"].decode().count("Code of conduct</h") == 1
    assert b"https://showcase.orchard.example/pages/how-we-work/" in built["sitemap.xml"]
    names = b"".join(data for path, data in built.items() if path.startswith("search/index/"))
    assert b"How we work" in names
    assert b".invalid" not in b"".join(built.values())


def test_the_folder_of_templates_is_used(built: dict[str, bytes]) -> None:
    """A block and a style sheet of the community's own stand on the pages."""
    assert b"Grown in the open, 1 at a time." in built["index.html"]
    css = next(data for path, data in built.items() if path.endswith("css/site.css"))
    assert b"--radius: 0" in css


def test_the_domain_is_told_to_the_host(built: dict[str, bytes]) -> None:
    """GitHub Pages reads it from a file, and all addresses follow."""
    assert built["CNAME"] == b"showcase.orchard.example\n"
    assert b"https://showcase.orchard.example/" in built["index.html"]


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://showcase.example.org/", "showcase.example.org"),
        ("https://showcase.example.org:8443/", "showcase.example.org"),
        ("https://example.org/showcase/", ""),
        ("https://guild.github.io/", ""),
        ("http://127.0.0.1:8000/", ""),
        ("http://localhost:8000/", ""),
        (None, ""),
    ],
)
def test_only_a_domain_of_its_own_is_written_down(url: str | None, domain: str) -> None:
    """A site below the top of a domain, or at a host's, must not claim all of it."""
    assert own_domain(Showcase(url=url)) == domain


def _write(place: Path, showcase: str, **files: bytes) -> Path:
    (place / "registry.yaml").write_text(
        f"showcase:\n  title: Ours\n  url: https://ours.example.org/\n{showcase}"
        "projects:\n  - data-saves/plain-spc\n"
    )
    for name, data in files.items():
        path = place / name.replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return place


def test_letters_come_from_the_site_itself(tmp_path: Path) -> None:
    """A font is a file of the site; pages may load it, and nothing from anywhere else."""
    fonts = (
        "  look:\n    fonts:\n"
        "      - {part: headings, file: bold.woff2, weight: 700}\n"
        "      - {part: text, file: all.woff2, weight: 100..900}\n"
    )
    made = files_of(_write(tmp_path, fonts, bold__woff2=b"wOF2 bold", all__woff2=b"wOF2 all"))
    css = next(file.data for path, file in made.items() if path.endswith("css/site.css")).decode()
    assert 'url("../brand/headings-700-normal.woff2") format("woff2")' in css
    assert "font-weight: 100 900" in css
    assert not re.search(r"url\(\"?(?:https?:)?//", css)
    font = next(file for path, file in made.items() if path.endswith("headings-700-normal.woff2"))
    assert font.data == b"wOF2 bold"
    home = made["index.html"].data.decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', home)
    assert policy
    assert "font-src 'self'" in policy[1]


def test_the_picture_of_the_site_is_the_communitys(tmp_path: Path) -> None:
    """The picture that chats show of the site is theirs; a project keeps its own."""
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 1200, 630) + b"\x08\x02\0\0\0"
    made = files_of(_write(tmp_path, "  look:\n    picture: card.png\n", card__png=png))
    assert made["card.png"].data == png
    assert made["projects/data-saves/plain-spc/card.png"].data != png


def test_an_icon_of_dots_is_named_as_one(tmp_path: Path) -> None:
    """Browsers and phones are told what kind of picture it is."""
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 32, 32) + b"\x08\x02\0\0\0"
    made = files_of(_write(tmp_path, "  look:\n    icon: icon.png\n", icon__png=png))
    icon = LexborHTMLParser(made["index.html"].data).css_first('link[rel="icon"]').attributes
    assert icon["type"] == "image/png"
    assert b"brand/icon.png" in made["site.webmanifest"].data


def _keys(folder: Path) -> dict[str, str]:
    return {path: file.key for path, file in files_of(folder).items()}


def test_a_change_makes_what_shows_it(tmp_path: Path) -> None:
    """An edited page is made again alone; a new logo is on all pages, and in no feed."""
    look = "  look:\n    logo: logo.svg\n"
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="%d"/></svg>'
    _write(tmp_path, look, logo__svg=svg % 3)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "how.md").write_text("# How\n\nThis way.\n")
    first = _keys(tmp_path)
    (tmp_path / "pages" / "how.md").write_text("# How\n\nThat way.\n")
    second = _keys(tmp_path)
    changed = {path for path in second if second[path] != first.get(path)}
    assert changed == {"pages/how/index.html", "pages/how/card.png"} & changed
    assert "pages/how/index.html" in changed
    (tmp_path / "logo.svg").write_bytes(svg % 4)
    third = _keys(tmp_path)
    pages = {path for path in third if path.endswith("index.html")}
    assert all(third[path] != second[path] for path in pages)
    assert third["feed.xml"] == second["feed.xml"]


def test_a_link_that_leads_nowhere_is_its_words(tmp_path: Path) -> None:
    """A page never sends anybody astray, whatever is missing beside it."""
    _write(tmp_path, "")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "how.md").write_text(
        "# How\n\n[gone](gone.md) ![none](none.png) [no](/nowhere/) [top](/) [me](#here) "
        "<a href='javascript:alert(1)'>run</a> [tag](/tags/no/) [up](../projects/)\n\n## Here\n"
    )
    page = files_of(tmp_path)["pages/how/index.html"].data
    assert _links(page, "main a") == [
        ("top", "../../"),
        ("me", "#user-content-here"),
        ("up", "../../projects/"),
    ]
    assert b"none" in page
    assert not LexborHTMLParser(page).css("main img")


def test_a_diagram_on_an_own_page_is_drawn_for_dark_ground_too(tmp_path: Path) -> None:
    """What READMEs can show, these pages can, links or not."""
    _write(tmp_path, "")
    (tmp_path / "pages").mkdir()
    text = "# How\n\n[top](/)\n\n```mermaid\ngraph TD; A-->B\n```\n"
    (tmp_path / "pages" / "how.md").write_text(text)
    made = files_of(tmp_path)
    picture = LexborHTMLParser(made["pages/how/index.html"].data).css_first("main picture")
    named = [
        node.attributes.get("srcset") or node.attributes.get("src") or ""
        for node in picture.css("source, img")
    ]
    assert len(named) == 2
    assert all(f"pages/how/{name}" in made for name in named)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "layout.html",
            '{% extends "base.html" %}\n{% block botom %}x{% endblock %}',
            "layout.html:2: no template above has a block botom, so what stands in it is never",
        ),
        (
            "own/index.html",
            '{% extends "layout.html" %}\n{% from "parts/card.html" import show_crads %}',
            "own/index.html:2: parts/card.html has no macro show_crads: did you mean show_cards?",
        ),
        ("base.html", "<main>{% block mian %}{% endblock %}</main>", "lacks the block main"),
        (
            "parts/card.html",
            "{% macro show_card(card) %}{% endmacro %}",
            "the macro show_cards",
        ),
    ],
)
def test_a_template_that_lost_its_place_is_told(
    name: str, text: str, said: str, tmp_path: Path
) -> None:
    """What a later version renamed is said with file and cure, not missed for a year."""
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(text)
    notices = override_notices(load_theme("#225faa", tmp_path))
    assert any(said in notice for notice in notices), notices
    assert all(str(tmp_path) in notice for notice in notices)


def test_a_block_within_a_block_of_ones_own_is_shown(tmp_path: Path) -> None:
    """A theme may open places of its own."""
    inner = "{% block bottom %}{% block ours %}x{% endblock %}{% endblock %}"
    (tmp_path / "layout.html").write_text('{% extends "base.html" %}' + inner)
    assert override_notices(load_theme("#225faa", tmp_path)) == ()


def _blocks() -> Iterator[str]:
    source = (find_templates() / "base.html").read_text(encoding="utf-8")
    tree = load_theme("#225faa").environment.parse(source)
    yield from (block.name for block in tree.find_all(nodes.Block))


def test_the_documentation_lists_the_blocks_that_themes_rely_on() -> None:
    """No block goes or comes without a word."""
    listed = re.findall(r"^\| `(\w+)` \|", DOCUMENT.partition("| block |")[2], re.MULTILINE)
    assert sorted(listed) == sorted(_blocks())
