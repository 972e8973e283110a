"""The docs cannot drift: what the program has, they name; what they name, exists."""

import ast
import dataclasses
import inspect
import re
from pathlib import Path

import click
import pytest

from aggregator.cli.app import COMMANDS, command_of, main
from aggregator.cli.explained import explained, raised_in
from aggregator.cli.options import Explained
from aggregator.cli.reference import reference
from aggregator.registry.settings import Showcase
from aggregator.site import renderers
from tests.conftest import ROOT
from tests.documents import PAGES

LINK = re.compile(r"(?<!!)\[[^\]`!]*\]\((?!https?:|#|mailto:)([^)#\s]+)")
ANCHOR = re.compile(r"(?<!!)\[[^\]`!]*\]\((?!https?:|mailto:)([^)#\s]*)#([^)\s]+)\)")
# Markdown that is shown for others to write links nowhere from here.
SHOWN = re.compile(r"^```markdown\n.*?^```$", re.MULTILINE | re.DOTALL)
# A path of ours as the docs write it, such as `aggregator/site/theme.py` or `docs/api.md`.
FILE = re.compile(r"`((?:aggregator|site_templates|tests|benchmarks|docs|\.github)/[\w./-]+)`")
COMMAND = re.compile(r"^\$?\s*aggregator ([a-z-]+)", re.MULTILINE)


def test_the_page_about_the_command_line_is_current() -> None:
    """docs/commands.md says exactly what --help says."""
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == reference()


def test_the_page_about_messages_is_current() -> None:
    """docs/messages.md explains the codes, sentences and errors that the program has today."""
    page = (ROOT / "docs" / "messages.md").read_text(encoding="utf-8")
    assert page == explained(), "run `make generated`"


def test_every_error_is_on_the_page_about_messages() -> None:
    """Whoever looks an error up by its first words finds it, wherever it is raised."""
    page = explained()
    found = [
        texts
        for path in (ROOT / "aggregator").rglob("*.py")
        for _, texts in raised_in(path.read_text(encoding="utf-8"))
    ]
    assert len(found) > 90
    assert [texts for texts in found if " ".join(texts[0].split()) not in page] == []


def test_a_text_is_read_from_the_code_that_raises_it() -> None:
    """What stands in the code is told; what only a run knows is a gap."""
    source = """
CURE = "do " + "so"
def f(path):
    raise StateError(f"{path} is gone", cure=CURE) from None
    raise StateError(f"{path}{path}")
    raise ValueError("not ours")
    return SourceError(WRONG_CLOCK.says, str(path), "a" if path else "b")
"""
    assert list(raised_in(source)) == [
        ("StateError", ("… is gone", "", "do so")),
        ("SourceError", ("the clock of this machine is wrong", "…", "…")),
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_in_the_docs_leads_somewhere(page: Path) -> None:
    """No page of the documentation points to a file that is not there."""
    missing = [
        target
        for target in LINK.findall(SHOWN.sub("", page.read_text(encoding="utf-8")))
        if not (page.parent / target).exists()
    ]
    assert missing == []


def anchors_of(page: Path) -> set[str]:
    """Give the anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.*?)\s*$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_anchor_in_the_docs_is_a_heading(page: Path) -> None:
    """A link to a part of a page opens it at that part."""
    missing = [
        f"{target}#{anchor}"
        for target, anchor in ANCHOR.findall(SHOWN.sub("", page.read_text(encoding="utf-8")))
        if target.endswith(".md") or not target
        if anchor not in anchors_of(page.parent / target if target else page)
    ]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_setting_in_the_docs_is_one(page: Path) -> None:
    """Whoever copies the name of a setting from the docs finds that the registry takes it."""
    named = set(
        re.findall(r"`showcase\.(?!yml|timer|service)(\w+)[`:]", page.read_text(encoding="utf-8"))
    )
    assert named <= {field.name for field in dataclasses.fields(Showcase)}


def test_what_the_check_says_to_members_is_what_it_says() -> None:
    """A member who looks a sentence up on their page finds it in the words of the program."""
    page = (ROOT / "docs" / "adding-a-project.md").read_text(encoding="utf-8")
    table = page.partition("| the check says |")[2]
    told = re.findall(r"^\| (?!---)(.*?) \|", table, re.MULTILINE)[1:]
    places = [
        *(ROOT / "tests" / "cases" / "registry").rglob("*.txt"),  # what it says of whole files
        *(
            path
            for room in ("registry", "joining")
            for path in (ROOT / "aggregator" / room).glob("*.py")
        ),
    ]
    source = "".join(path.read_text(encoding="utf-8") for path in places)
    said = re.sub(r'"\s*f?"', "", source)
    pieces = [piece.strip(" ,") for line in told for piece in re.split(r"\.\.\.|`[^`]*`", line)]
    assert len(told) > 12
    assert [piece for piece in pieces if piece and piece not in said] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_the_docs_name_exists(page: Path) -> None:
    """Whoever follows the docs into the code finds the file where they say."""
    named = set(FILE.findall(page.read_text(encoding="utf-8")))
    named = {name for name in named if "OWNER" not in name}  # stands for any
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_in_the_docs_exists(page: Path) -> None:
    """Whoever copies a command from the docs finds that it is there."""
    named = set(COMMAND.findall(page.read_text(encoding="utf-8")))
    assert named <= set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(name: str) -> None:
    """Whoever asks for all commands and whoever asks for one reads the same sentence."""
    assert command_of(name).help == COMMANDS[name]


def test_every_page_of_the_docs_is_on_the_index() -> None:
    """A reader who starts at docs/README.md can reach every page."""
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    absent = [p.name for p in (ROOT / "docs").glob("*.md") if f"({p.name})" not in index]
    assert absent == ["README.md"]


def test_every_output_is_made_by_a_named_renderer() -> None:
    """`renderers` is the whole of what a build writes: it calls each renderer, and each once."""
    tree = ast.parse(inspect.getsource(renderers))
    called = [
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    pages = {name for name in vars(renderers) if name.endswith(("_page", "_pages"))}
    given = {name: called.count(name) for name in (*pages, "feeds", "exports", "badges")}
    assert given == dict.fromkeys(given, 1)
    assert len(given) > 17


@pytest.mark.parametrize("name", COMMANDS)
def test_help_explains_each_option_and_argument(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever asks a command for help reads of it what docs/commands.md says."""
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    told = re.sub(r"\s+", "", capsys.readouterr().out)
    for parameter in command_of(name).params:
        assert isinstance(parameter, click.Option | Explained)
        assert re.sub(r"\s+", "", parameter.help or "?") in told


def test_without_a_word_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was asked for, so nothing was done: every command is shown, and it is no success."""
    with pytest.raises(SystemExit) as ended:
        main([])
    assert ended.value.code == 2
    told = capsys.readouterr()
    assert not told.err
    assert all(f"\n  {name} " in told.out for name in COMMANDS)
