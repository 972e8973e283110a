"""Templates keep to their contract, and a community can replace any of them."""

import pickle
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import DictLoader, UndefinedError, nodes

from aggregator.site.frame import PageContext
from aggregator.site.pages.cards import Pager
from aggregator.site.pages.home import HomePage
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme, find_templates, load_theme
from aggregator.words.errors import UsageError
from tests.outputs import factory
from tests.outputs.contract import Reader, offered, page_classes

TEMPLATES = sorted(
    path.relative_to(find_templates()).as_posix() for path in find_templates().rglob("*.html")
)
_HREF = re.compile(r'\b(?:href|src|action)="([^"]*)"')
_SAFE = re.compile(
    r"https://[\w./-]+|#[\w-]*|#?\{\{ [\w.]+ \}\}(?:#\{\{ [\w.]+ \}\})?"
    r"|\{\{ (?:link|asset)\([^)]*\) \}\}(?:\?|#[\w-]+)?"
    r"|\{\{ [\w.\[\]]+ \| (?:address|contact) \}\}[\w/]*"
)
_NAMED = re.compile(r"%\((\w+)\)s(?:#%\(\w+\)s)?|#[\w-]+")


@pytest.mark.parametrize("page", page_classes(), ids=lambda page: page.__name__)
def test_a_template_reads_only_what_its_class_offers(page: type[PageContext], theme: Theme) -> None:
    """A renamed field fails here, not silently on somebody's page."""
    assert Reader(theme.environment).read(page.template, offered(page)) == []


def test_a_message_without_anything_that_differs_is_put_together_once(theme: Theme) -> None:
    """It is the same on thousands of pages; what differs is escaped, and a percent sign is one."""
    said = theme.environment.globals["_"]
    assert callable(said)
    assert said("All of it: 100%%") is said("All of it: 100%%")
    assert said("All of it: 100%%") == "All of it: 100%"
    assert said("100%% of %(name)s", name="<b>") == "100% of &lt;b&gt;"


def test_a_template_is_found_once_and_apart_in_each_theme(theme: Theme) -> None:
    """A page draws in twenty; another theme has templates of its own by the same names."""
    environment = theme.environment
    assert environment.get_template("base.html") is environment.get_template("base.html", "a.html")
    other = environment.overlay(loader=DictLoader({"base.html": "other"}))
    assert other.get_template("base.html").render() == "other"


def test_the_contract_reader_notices_a_field_that_is_not_there(theme: Theme) -> None:
    """The check itself can fail."""
    scope = {name: kind for name, kind in offered(HomePage).items() if name != "chart"}
    problems = Reader(theme.environment).read("home/index.html", scope)
    assert problems == ["home/index.html: chart is not offered"] * len(problems)
    assert problems


def test_the_contract_reader_looks_into_macros(theme: Theme) -> None:
    """A macro that reads another field, or is given something else, is noticed as well."""
    page = {
        "a.html": "{% macro show(card) %}{{ card.colour }}{{ site.title }}{% endmacro %}",
        "b.html": '{% from "a.html" import show, hide %}{{ show(pager) }}',
    }
    environment = theme.environment.overlay(loader=DictLoader(page))
    assert Reader(environment).read("b.html", {"pager": Pager}) == [
        "show:1: Card has no colour",
        "show: site is not offered",
        "a.html has no hide",
        "b.html:1: show is not given card",
    ]


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_address_in_a_template_is_checked(template: str) -> None:
    """No template puts an address into a page that did not go through a filter."""
    source = (find_templates() / template).read_text(encoding="utf-8")
    wrong = [href for href in _HREF.findall(source) if not _SAFE.fullmatch(href)]
    assert wrong == []
    assert list(_unchecked_in_messages(source)) == []


def _unchecked_in_messages(source: str) -> Iterator[str]:
    """Give the addresses within messages that come neither from a filter nor from `link`."""
    tree = load_theme("#225faa").environment.parse(source)
    given: dict[str, nodes.Node] = {}
    for node in tree.find_all((nodes.Assign, nodes.Call)):
        if isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
            given[node.target.name] = node.node
        elif isinstance(node, nodes.Call):
            texts = [one.value for one in node.args if isinstance(one, nodes.Const)]
            values = given | {one.key: one.value for one in node.kwargs}
            for href in _HREF.findall(" ".join(text for text in texts if isinstance(text, str))):
                named = _NAMED.fullmatch(href)
                if not named or (named[1] and not _is_checked(values.get(named[1]), given)):
                    yield href


def _is_checked(value: nodes.Node | None, given: Mapping[str, nodes.Node]) -> bool:
    if isinstance(value, nodes.Name):
        return _is_checked(given.get(value.name), {})
    if isinstance(value, nodes.CondExpr):
        return _is_checked(value.expr1, given) and _is_checked(value.expr2, given)
    if isinstance(value, nodes.Filter):
        return value.name in {"address", "contact", "doi_link"}
    if isinstance(value, nodes.Call) and isinstance(value.node, nodes.Name):
        return value.node.name in {"link", "asset"}
    return isinstance(value, nodes.Const) and value.value == ""


@pytest.mark.parametrize(
    ("given", "unchecked"),
    [
        ("trans url=link('x/')", []),
        ("trans name=card.title, url=card.url | address", []),
        ("trans url=card.url, name=card.title | address", ["%(url)s"]),
        ("trans url=card.path", ["%(url)s"]),
        ("set url = card.url %}{% trans url", ["%(url)s"]),
        ("set url = link('x/') if card else '' %}{% trans url", []),
        ("trans url=link('x/') %}{% endtrans %}{% trans url=shown(card.url)", ["%(url)s"]),
        ("trans", ["%(url)s"]),
    ],
)
def test_an_address_within_a_sentence_is_checked(given: str, unchecked: list[str]) -> None:
    """A message names the addresses in it, and each name is given a checked one."""
    source = f'{{% {given} %}}Go <a href="{{{{ url }}}}">there</a>{{% endtrans %}}'
    assert list(_unchecked_in_messages(source)) == unchecked


@pytest.mark.parametrize("template", TEMPLATES)
def test_templates_hold_no_inline_script_or_style(template: str) -> None:
    """The content security policy may forbid them because nothing needs them."""
    source = (find_templates() / template).read_text(encoding="utf-8")
    # Data is no script: no browser runs it, and the policy leaves it alone.
    source = source.replace('<script type="application/ld+json">', "")
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|\|\s*safe\b", source)


def test_a_community_replaces_a_template_by_dropping_in_a_file(tmp_path: Path) -> None:
    """One file changes one thing; the rest stays."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "bottom.html").write_text("<footer>Ours, {{ site.title }}</footer>")
    (tmp_path / "static" / "css" / "site").mkdir(parents=True)
    (tmp_path / "static" / "css" / "site" / "95-ours.css").write_text(":root{--radius:0}")
    theme = load_theme("#225faa", tmp_path)
    files = {file.path: file.data.decode() for file in render_site(factory.many(3), theme)}
    assert "<footer>Ours, Many</footer>" in files["index.html"]
    assert ":root{--radius:0}" in files[theme.assets.path("css/site.css")]


def _made(theme: Theme) -> dict[str, bytes]:
    return {file.path: file.data for file in render_site(factory.many(1), theme)}


def test_a_misspelt_field_in_a_replaced_template_is_an_error(tmp_path: Path) -> None:
    """A typing mistake never reads as nothing."""
    (tmp_path / "404.html").write_text("{{ site.titel }}")
    theme = load_theme("#225faa", tmp_path)
    with pytest.raises(UsageError, match=r"404\.html:1 cannot be used: .*titel"):
        _made(theme)


@pytest.mark.parametrize(
    "broken",
    [
        b"\n{% if %}",
        b"\n{% include 'nowhere.html' %}",
        b"\n{{ 1 / 0 }}",
        b"\n{{ 'x' + 1 }}",
        b"\n{{ 1 | no_such_filter }}",
        b"\xff\xfe",
        b"\n{% include '404.html' %}",
    ],
)
def test_a_broken_template_of_the_community_is_one_clear_line(
    broken: bytes, tmp_path: Path
) -> None:
    """Whoever changes the look learns which file is wrong and that the old site stays."""
    (tmp_path / "404.html").write_bytes(broken)
    theme = load_theme("#225faa", tmp_path)
    with pytest.raises(UsageError, match=r"404\.html.* cannot be used: .*old site is untouched"):
        _made(theme)


def test_a_fault_in_a_template_of_ours_is_not_blamed_on_anybody(
    tmp_path: Path,
) -> None:
    """A bug of the program stays a bug, with its trace."""
    (tmp_path / "404.html").write_text("{{ site.titel }}")
    theme = replace(load_theme("#225faa", tmp_path), override=None)
    with pytest.raises(UndefinedError, match="titel"):
        _made(theme)


def test_whoever_works_on_our_templates_may_name_them_as_their_own() -> None:
    """`make dev` does: a slip is told with file and line, and the site is the same."""
    assert load_theme("#225faa", find_templates()) == load_theme("#225faa")


def _keys(theme: Theme) -> dict[str, str]:
    return {file.path: file.key for file in render_site(factory.many(3), theme)}


def test_a_changed_template_changes_the_pages_that_it_fills_and_no_others(tmp_path: Path) -> None:
    """An edit of the look costs the pages that show it."""
    (tmp_path / "404.html").write_text("<h1>Ours</h1>")
    before, after = _keys(load_theme("#225faa")), _keys(load_theme("#225faa", tmp_path))
    assert {path for path in after if after[path] != before[path]} == {"404.html"}
    card = (find_templates() / "parts" / "card.html").read_text(encoding="utf-8")
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "card.html").write_text(f"{card}\n")
    after = _keys(load_theme("#225faa", tmp_path))
    changed = {path for path in after if after[path] != before[path]}
    assert {"index.html", "new/index.html"} <= changed
    assert not changed & {"feed.xml", "about/index.html"}


def _with_card(folder: Path, old: str, new: str) -> Theme:
    """Give a theme whose card is ours but for one place."""
    card = (find_templates() / "parts" / "card.html").read_text(encoding="utf-8")
    assert old in card
    (folder / "parts").mkdir()
    (folder / "parts" / "card.html").write_text(card.replace(old, new), encoding="utf-8")
    return load_theme("#225faa", folder)


def test_what_is_filled_once_is_as_if_it_were_filled_for_each_page(tmp_path: Path) -> None:
    """Pages of any depth show a card with links that lead where they should."""
    each_time = _with_card(tmp_path, "once(show_card, card)", "show_card(card)")
    site = factory.many(70)
    ours = {file.path: file.data for file in render_site(site, load_theme("#225faa"))}
    assert {file.path: file.data for file in render_site(site, each_time)} == ours


def test_what_is_filled_once_sees_no_page(tmp_path: Path) -> None:
    """A macro that differs between pages is an error, and never the words of another page."""
    theme = _with_card(tmp_path, "{{ card.title }}", "{{ card.title }}{{ page.heading }}")
    with pytest.raises(UsageError, match=r"card\.html:\d+ cannot be used: .*heading"):
        _made(theme)


@pytest.mark.parametrize(
    "drawn_in",
    [
        "{% include page.heading ~ '.html' %}",
        "{%- include ['a.html', site.title] %}",
        "{%\N{NO-BREAK SPACE}include 'a.html' %}",  # a space to Jinja as well
        "{% include 'a' '.html' %}",
    ],
)
def test_a_page_whose_parts_are_chosen_as_it_is_made_hangs_on_all_templates(
    drawn_in: str, tmp_path: Path
) -> None:
    """What cannot be told from a template without running it is never missed."""
    (tmp_path / "404.html").write_text(drawn_in)
    before = load_theme("#225faa", tmp_path)
    (tmp_path / "a.html").write_text("another")
    after = load_theme("#225faa", tmp_path)
    assert before.prints["404.html"] != after.prints["404.html"]
    assert before.prints["home/index.html"] == after.prints["home/index.html"]


def test_a_theme_is_plain_data(tmp_path: Path) -> None:
    """It travels to other processes with the pages, and faults still name the file and the line."""
    (tmp_path / "404.html").write_text("\n{{ site.titel }}")
    theme = pickle.loads(pickle.dumps(load_theme("#225faa", tmp_path)))
    assert len(pickle.dumps(theme)) < 500_000
    with pytest.raises(UsageError, match=rf"{re.escape(str(tmp_path))}.404\.html:2 cannot"):
        _made(theme)


def test_a_templates_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    """A mistyped --templates is a clear line, not an unchanged look."""
    with pytest.raises(UsageError, match="is not a folder"):
        load_theme("#225faa", tmp_path / "nowhere")


def test_static_files_change_their_address_when_they_change(tmp_path: Path) -> None:
    """Browsers may keep styles and scripts for ever."""
    plain = load_theme("#225faa")
    other = load_theme("#7a3b1d")
    assert plain.assets.folder != other.assets.folder
    assert plain.assets.folder == load_theme("#225faa").assets.folder
    with pytest.raises(KeyError, match="no static file"):
        plain.assets.path("css/absent.css")


_ADDED = ("css/ours.css", "js/ours.js")
_STYLE = f'<link rel="stylesheet" href="{{{{ asset("{_ADDED[0]}") }}}}">'
_SCRIPT = f'<script src="{{{{ asset("{_ADDED[1]}") }}}}" defer></script>'
_LAYOUT = (
    '{% extends "base.html" %}'
    f"{{% block styles %}}{{{{ super() }}}}{_STYLE}{{% endblock %}}"
    f"{{% block scripts %}}{{{{ super() }}}}{_SCRIPT}{{% endblock %}}"
)


def test_an_added_style_and_script_are_on_every_page(tmp_path: Path) -> None:
    """The way of docs/appearance.md works on lists, projects, forms, search and redirects."""
    (tmp_path / "layout.html").write_text(_LAYOUT)
    for name in _ADDED:
        (tmp_path / "static" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "static" / name).write_text("/* ours */")
    theme = load_theme("#225faa", tmp_path)
    site = render_site(factory.community(), theme)
    files = {file.path: file.data.decode() for file in site if file.path.endswith(".html")}
    ours = [f'{theme.assets.path(name)}"' for name in _ADDED]
    assert [p for p, html in files.items() if not all(one in html for one in ours)] == []
    assert len(files) > 60


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_template_drops_what_a_layout_added(template: str) -> None:
    """Whoever fills a block of the head keeps what is in it already."""
    source = (find_templates() / template).read_text(encoding="utf-8")
    blocks = re.findall(r"{% block (?:styles|scripts) %}(.*?){% endblock %}", source, re.DOTALL)
    if template != "base.html":
        assert all("super()" in block for block in blocks)


def test_every_line_of_the_look_can_be_read() -> None:
    """Whoever changes a template, a sheet or a script sees its lines whole."""
    kinds = (".html", ".css", ".js")
    files = [path for path in find_templates().rglob("*") if path.suffix in kinds]
    long = {
        f"{path.relative_to(find_templates())}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 140
    }
    assert files
    assert long == set()


def test_no_macro_is_forgotten() -> None:
    """Every macro of a shared part is shown by some page."""
    sources = [path.read_text(encoding="utf-8") for path in find_templates().rglob("*.html")]
    macros = {name for source in sources for name in re.findall(r"{% macro (\w+)", source)}
    everything = "\n".join(sources)
    assert macros
    # Once where it is written, and at least once where it is shown.
    assert {name for name in macros if everything.count(f"{name}(") < 2} == set()


def _sheets() -> list[Path]:
    return sorted((find_templates() / "static" / "css").rglob("*.css"))


@pytest.mark.parametrize("sheet", _sheets(), ids=lambda path: path.name)
def test_every_rule_stands_in_a_declared_layer(sheet: Path) -> None:
    """`@layer overrides` wins over every sheet, because no rule stands outside the layers."""
    order = (find_templates() / "static/css/site/10-tokens.css").read_text(encoding="utf-8")
    declared = re.search(r"@layer ([\w, ]+);", order).group(1).split(", ")
    assert declared[-1] == "overrides"
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = text.replace(f"@layer {', '.join(declared)};", "")
    assert "!important" not in text
    depth, outside = 0, ""
    for character in text:
        depth -= character == "}"
        outside += character if depth == 0 and character not in "{}" else ""
        depth += character == "{"
    layers = re.findall(r"@layer (\w+)", outside)
    assert re.sub(r"@layer \w+", "", outside).strip() == ""
    assert layers
    assert set(layers) <= set(declared) - {"overrides"}
