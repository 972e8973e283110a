"""What the loader makes of whole registries."""

import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.joining.check import check
from aggregator.joining.renderings import render
from aggregator.registry.loader import load, load_texts
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry
from aggregator.registry.validation import read_values
from aggregator.words.errors import RegistryError
from aggregator.words.names import RepoName
from benchmarks.registry import registry_text


def read(text: str) -> Registry:
    """Load a registry from one text."""
    return load_texts({"registry.yaml": text})


def repos(registry: Registry) -> list[str]:
    """Name the projects that are shown."""
    return [str(entry.repo) for entry in registry.projects]


def test_the_real_registry_of_health_repositories_loads(corpus: Path) -> None:
    """A list of real repositories loads but for the one that is in it twice."""
    registry = load(corpus / "registry.yaml")
    assert len(registry.projects) == 173
    assert registry.showcase.title
    assert [mistake.where.line for mistake in registry.errors] == [148]
    assert "already listed" in registry.errors[0].what


def test_an_owner_claims_its_repositories() -> None:
    """An organisation need not be named in every entry of its own owner."""
    registry = read(
        "organisations:\n"
        "  - {slug: one, name: One, github: [Octo]}\n"
        "  - {slug: two, name: Two}\n"
        "projects:\n  - octo/a\n  - {repo: octo/b, organisation: two}\n  - other/c\n"
    )
    bodies = [registry.organisation_of(entry) for entry in registry.projects]
    assert [body.slug if body else None for body in bodies] == ["one", "two", None]


def test_a_removed_stage_cannot_empty_a_site() -> None:
    """An entry whose stage is gone from the settings stays, without a stage."""
    registry = read(
        "showcase: {title: T, stages: [idea]}\nprojects:\n  - {repo: a/b, stage: in use}\n"
    )
    assert repos(registry) == ["a/b"]
    assert registry.projects[0].stage is None
    assert registry.errors


def test_values_stay_the_text_that_was_typed() -> None:
    """YAML turns no word of a member into something else."""
    registry = read(
        "projects:\n  - {repo: a/no, title: on, summary: 0x1F}\n  - {repo: 1/2, title: 1.10}\n"
    )
    assert repos(registry) == ["a/no", "1/2"]
    assert [entry.title for entry in registry.projects] == ["on", "1.10"]
    assert registry.projects[0].summary == "0x1F"


def test_more_files_join_the_registry(tmp_path: Path) -> None:
    """Projects in registry.d/ belong to the registry, and repetitions across files are found."""
    (tmp_path / "registry.yaml").write_text("projects: [a/b]\n")
    folder = tmp_path / "registry.d"
    folder.mkdir()
    (folder / "one.yaml").write_text("projects:\n  - c/d\n  - A/B\n")
    (folder / "two.yml").write_text("showcase: {title: x}\nprojects: [e/f]\n")
    (folder / "broken.yaml").write_text("just words\n")
    (folder / "link.yaml").symlink_to("/etc/hostname")
    registry = load(tmp_path / "registry.yaml")
    assert repos(registry) == ["a/b", "c/d", "e/f"]
    found = {Path(m.where.file).name: m.what for m in registry.errors}
    assert "already listed" in found["one.yaml"]
    assert "settings" in found["two.yml"]
    assert "not a registry" in found["broken.yaml"]
    assert "link" in found["link.yaml"]


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"just words, nothing else", "not a registry"),
        (b"x" * 5_000_001, "larger than 5 MB"),
    ],
    ids=["words", "too large"],
)
def test_a_file_that_is_no_registry_is_one_clear_line(
    tmp_path: Path, content: bytes, cause: str
) -> None:
    """What cannot be used at all is said in one line with a cure."""
    path = tmp_path / "registry.yaml"
    path.write_bytes(content)
    with pytest.raises(RegistryError, match=cause) as caught:
        load(path)
    assert caught.value.exit_code == 2
    assert caught.value.cure


def test_an_absent_file_says_how_to_make_one(tmp_path: Path) -> None:
    """A missing registry names the command that makes one."""
    with pytest.raises(RegistryError, match="aggregator init"):
        load(tmp_path / "registry.yaml")


def test_files_of_other_systems_load(tmp_path: Path) -> None:
    """Line ends and byte order marks of Windows make no difference, nor does UTF-16."""
    text = "projects:\r\n  - a/b\r\n  - repo: c/d\r\n    title: Caf\u00e9\r\n"
    for content in (text.encode("utf-8-sig"), text.encode("utf-16"), text.encode("latin-1")):
        path = tmp_path / "registry.yaml"
        path.write_bytes(content)
        registry = load(path)
        assert repos(registry) == ["a/b", "c/d"]
        spoilt = content == text.encode("latin-1")
        assert registry.projects[1].title == (None if spoilt else "Caf\u00e9")
        assert bool(registry.errors) == spoilt


def test_the_glossary_is_read_and_its_mistakes_are_too(tmp_path: Path) -> None:
    """One bad line of the glossary does not cost the others."""
    (tmp_path / "registry.yaml").write_text("showcase: {title: T, glossary: words.yaml}\n")
    (tmp_path / "words.yaml").write_text("SPC: [control chart, XmR]\nED: emergency\nbad: [[x]]\n")
    registry = load(tmp_path / "registry.yaml")
    assert registry.glossary == {"SPC": ("control chart", "XmR"), "ED": ("emergency",)}
    assert [(m.where.line, bool(m.line_text)) for m in registry.errors] == [(3, True)]


def test_a_meaning_that_is_cut_short_is_said(tmp_path: Path) -> None:
    """A # in the glossary is a word as well, and losing it is a mistake with its line."""
    (tmp_path / "registry.yaml").write_text("showcase:\n  title: T\n  glossary: words.yaml\n")
    (tmp_path / "words.yaml").write_text(
        "SPC: chart  # of waits\nTOP: [best, rank #1\n  ]\nONE: no #2\n"
    )
    registry = load(tmp_path / "registry.yaml")
    assert [(m.where.line, "is a comment" in m.what) for m in registry.errors] == [
        (2, True),
        (4, True),
    ]
    assert registry.glossary == {"SPC": ("chart",)}


def test_a_glossary_beside_the_registry_needs_no_name(tmp_path: Path) -> None:
    """glossary.yaml is read where it stands; one that another replaces is said to lie unused."""
    registry = tmp_path / "registry.yaml"
    registry.write_text("showcase:\n  title: T\n")
    assert load(registry).glossary == {}
    (tmp_path / "glossary.yaml").write_text("SPC: chart\n")
    assert load(registry).glossary == {"SPC": ("chart",)}
    assert load(registry).mistakes == ()
    (tmp_path / "words.yaml").write_text("ED: emergency\n")
    registry.write_text("showcase:\n  title: T\n  glossary: words.yaml\n")
    loaded = load(registry)
    assert loaded.glossary == {"ED": ("emergency",)}
    (mistake,) = loaded.mistakes
    assert (mistake.severity, mistake.where.line) == ("hint", 3)
    assert "glossary.yaml lies unused" in mistake.what
    (tmp_path / "glossary.yaml").unlink()
    assert load(registry).mistakes == ()


@pytest.mark.parametrize("name", ["../secret.yaml", "/etc/passwd", "nowhere.yaml", "C:\\x.yaml"])
def test_the_glossary_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    """A registry cannot read a file from somewhere else."""
    (tmp_path / "registry.yaml").write_text(f"showcase:\n  title: T\n  glossary: {name}\n")
    registry = load(tmp_path / "registry.yaml")
    assert registry.glossary == {}
    assert [mistake.where.line for mistake in registry.errors] == [3]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab/:-\n #[]{}\"'|>&*!%@`\t,?~\u00a0“”<=", max_size=120))
def test_nothing_that_can_be_typed_breaks_the_loader(text: str) -> None:
    """Every text is either read, with its mistakes, or refused in words."""
    try:
        registry = read("projects:\n  - octo/first\n" + text)
    except RegistryError:
        return
    for mistake in registry.mistakes:
        assert mistake.where.line >= 1
        assert mistake.where.column >= 1
        assert mistake.what
        assert mistake.cure


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab/:- \n[]{}\"'&*!%@`\t,“”=", min_size=1, max_size=60))
def test_an_entry_cannot_hide_its_neighbours(text: str) -> None:
    """What stands indented in one entry never costs the entries around it."""
    hurt = "\n".join(f"    x{line}" for line in text.split("\n"))
    registry = read(
        f"projects:\n  - repo: octo/first\n  - repo: octo/hurt\n{hurt}\n  - octo/last\n"
    )
    assert {"octo/first", "octo/last"} <= set(repos(registry))
    assert registry.mistakes


@pytest.mark.timeout(20)
@pytest.mark.parametrize("line", ["[ , ", "x[", "{@", "[] ", '["', "a: [ ", "  a:  ", " #", "'"])
def test_a_line_of_slips_does_not_keep_a_check_busy(line: str) -> None:
    """Nobody can make the check of a pull request run for hours, whatever they repeat."""
    for text in (line * 20_000, f"  - title: {line * 20_000}", f"  a: {' ' * 40_000}{line}"):
        with suppress(RegistryError):
            assert read(f"projects:\n  - octo/first\n{text}\n  - [\n").mistakes


# The last three are digits to Python as well.
NUMBERS = ["000000003999", "000000003" + "9" * 5_000, "366", "-1", "\u0663", "\uff13", "\u00b2"]


@pytest.mark.parametrize("written", NUMBERS)
def test_a_number_is_bounded_however_it_is_written(written: str) -> None:
    """No way of writing a number gets around the limit that keeps a site from being emptied."""
    registry = read(
        f"showcase:\n  title: T\n  vanish_limit_percent: {written}\nprojects:\n  - octo/first\n"
    )
    assert registry.showcase.vanish_limit_percent == 20
    assert ["vanish_limit_percent" in mistake.what for mistake in registry.errors] == [True]
    assert repos(registry) == ["octo/first"]


def test_zeros_before_a_number_mean_nothing() -> None:
    """A number with many zeros before it is that number."""
    registry = read("showcase:\n  title: T\n  stale_after_days: 00000000031\nprojects: []\n")
    assert registry.showcase.stale_after_days == 31
    assert registry.errors == ()


def test_half_a_character_is_no_text() -> None:
    """An escape that no file can hold is refused, also by the slower of the YAML readers."""
    fields = {"repo": "octo/first", "title": "x\ud800y"}
    entry, errors = read_values(Entry, fields)
    assert entry is not None
    assert entry.title is None
    assert ["cannot be shown" in mistake.what for mistake in errors] == [True]


@pytest.mark.parametrize("broken", [False, True], ids=["sound", "each tenth broken"])
@pytest.mark.timeout(60)
def test_two_thousand_entries_load(tmp_path: Path, broken: bool) -> None:
    """A large community waits for GitHub, never for its own file: `benchmarks/registry.py`."""
    path = tmp_path / "registry.yaml"
    path.write_text(registry_text(2_000, broken=broken), encoding="utf-8")
    registry = load(path)
    assert len(registry.projects) == 2_000


BAD_FIELDS = [
    "title: [a, b]",
    "summary: A tool: for wards",
    "people: Ann Other",
    "added: yesterday",
    "talks: NHS-R",
    "links: {docs: nowhere}",
    "readme: maybe",
    "colour: blue",
    "tags: [C%]",
    "title: &anchor Beds",
]


@pytest.mark.parametrize("field", BAD_FIELDS)
def test_a_slip_in_a_field_costs_that_field_and_not_the_project(field: str) -> None:
    """What a member wrote well is shown, while the check asks for the rest."""
    text = f"projects:\n  - repo: octo/second\n    stage: idea\n    {field}\n  - octo/last\n"
    registry = load_texts({"registry.yaml": text})
    assert repos(registry) == ["octo/second", "octo/last"]
    assert len(registry.errors) == 1
    expected = Entry(repo=RepoName("octo", "second"), stage="idea")
    assert replace(registry.projects[0], readme="show") == expected


@pytest.mark.parametrize("field", ["readme: hiden", "readme:hide", "Readme: hide", "readme: *hide"])
def test_a_readme_that_somebody_meant_to_hide_stays_hidden(field: str) -> None:
    """A slip never shows more than its writer wanted."""
    registry = load_texts({"registry.yaml": f"projects:\n  - repo: octo/second\n    {field}\n"})
    assert registry.errors
    assert [entry.readme for entry in registry.projects] == ["hide"]


def test_a_tag_is_read_as_the_slug_it_means() -> None:
    """Nobody needs to know what a slug is to say what a project is about."""
    text = (
        "projects:\n- {repo: a/b, tags: [Waiting lists, A&E, '#beds', Beds, C++, C#, zo\u00eb_x]}\n"
    )
    registry = load_texts({"registry.yaml": text})
    assert registry.mistakes == ()
    tags = ("waiting-lists", "a-and-e", "beds", "cpp", "csharp", "zoe-x")
    assert registry.projects[0].tags == tags


def test_fields_below_a_forgotten_dash_are_nobodys() -> None:
    """What belongs to one project is never shown as another's."""
    for dash in ("    repo: octo/two", "  repo: octo/two", "  -octo/two", "  * octo/two"):
        text = f"projects:\n  - repo: octo/one\n{dash}\n    stage: idea\n  - octo/last\n"
        registry = load_texts({"registry.yaml": text})
        assert [(str(e.repo), e.stage) for e in registry.projects] == [
            ("octo/one", None),
            ("octo/last", None),
        ]
        assert registry.errors


@pytest.mark.parametrize("link", ["registry.yaml", "registry.d", "registry.d/more.yaml"])
def test_what_stands_behind_a_link_is_never_shown(tmp_path: Path, link: str) -> None:
    """A pull request cannot make the check print a file of the machine that it runs on."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "more.yaml").write_text("a secret of this machine")
    target = tmp_path / "elsewhere" / ("" if link == "registry.d" else "more.yaml")
    folder = tmp_path / "registry"
    (folder / link).parent.mkdir(parents=True)
    (folder / "registry.yaml").write_text("projects:\n  - octo/one\n")
    (folder / link).unlink(missing_ok=True)
    (folder / link).symlink_to(target)
    verdict = check(folder / "registry.yaml")
    assert verdict.errors
    assert "secret" not in render(verdict, "text")
    assert "secret" not in render(verdict, "json")


def test_files_that_are_not_read_are_named(tmp_path: Path) -> None:
    """No entry is lost because its file has another ending, is a left-over or lies too deep."""
    path = tmp_path / "registry.yaml"
    path.write_text("projects:\n  - octo/first\n")
    folder = tmp_path / "registry.d"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "more.yaml").write_text("projects:\n  - octo/deep\n")
    for name in ("bay.txt", "bay.yml~", "BAY.YAML", "bay.json", ".bay.yaml", "bay"):
        (folder / name).write_text("projects:\n  - octo/bay\n")
    for name in ("README.md", ".gitkeep", "LICENSE"):
        (folder / name).write_text("words\n")
    named = {m.where.file.rpartition("/")[2]: m for m in load(path).mistakes}
    assert set(named) == {"bay.txt", "bay.yml~", "BAY.YAML", "bay.json", ".bay.yaml", "bay", "deep"}
    assert {name for name, m in named.items() if m.severity == "hint"} == {".bay.yaml"}
    assert named["bay.yml~"].cure.startswith("name it bay.yaml")
    assert "registry.d/" in named["deep"].cure


def test_a_file_of_one_bare_entry_is_one_message(tmp_path: Path) -> None:
    """Whoever writes only their entry hears about the two things that are missing, once."""
    path = tmp_path / "registry.yaml"
    path.write_text("projects:\n  - octo/first\n")
    (tmp_path / "registry.d").mkdir()
    mine = tmp_path / "registry.d" / "mine.yaml"
    for text in (
        "repo: octo/mine\nsummary: Counts\ntags: [a]\n",
        "octo/mine\n",
        "- octo/mine\n",
        "octo/mine:\n  summary: Counts\n",
        "projects:\n  repo: octo/mine\n",
    ):
        mine.write_text(text)
        registry = load(path)
        assert [str(entry.repo) for entry in registry.projects] == ["octo/first", "octo/mine"]
        (mistake,) = registry.errors
        assert "projects" in mistake.what + mistake.cure
    mine.write_text("repo: octo/mine\nsummary: Counts\n")
    (mistake,) = load(path).errors
    assert "begin the file with `projects:`, put `- ` before `repo`" in mistake.cure


@pytest.mark.parametrize(
    ("written", "severity"),
    [
        ("We are #1 in waits", "error"),
        ("Ward # 3 at night", "error"),
        ("Written in C # mostly", "error"),
        ("Beds #", "hint"),
        ("Beds # of a kind", "hint"),
        ("Beds  #of a kind", "hint"),
        ("'Beds' #of a kind", "hint"),
        ("Beds  # of a kind", None),
        ("'Beds' # of a kind", None),
        ("'We are #1 in waits'", None),
        ("Written in C#", None),
        ("https://beds.example/#top", None),
    ],
)
def test_no_word_is_lost_unsaid(written: str, severity: str | None) -> None:
    """Text that YAML takes for a comment is an error or a hint, a plain comment is neither."""
    text = f"projects:\n  - repo: octo/a\n    summary: {written}\n"
    registry = load_texts({"registry.yaml": text})
    assert [mistake.severity for mistake in registry.mistakes] == ([severity] if severity else [])
    assert (registry.projects[0].summary is None) == (severity == "error")
    for mistake in registry.mistakes:
        assert (mistake.where.line, mistake.where.column) == (3, 14)
        cure = mistake.cure.split("write `")[1].split("`;")[0]
        mended = load_texts({"r": f"projects:\n  - repo: octo/a\n    summary: {cure}\n"})
        assert mended.mistakes == ()


@pytest.mark.parametrize(
    "line",
    ["repo: octo/a # mine", "stage: idea #almost", "added: 2026-11-22 # a Sunday",
     "readme: show #yes", "people: [ann] # and bob", "tags: [a] #b"],
)  # fmt: skip
def test_a_comment_beside_a_value_with_a_form_stays_a_comment(line: str) -> None:
    """Where a value is checked against a form, what stands behind it is plainly a comment."""
    repo = "" if line.startswith("repo") else "repo: octo/a\n    "
    assert load_texts({"r": f"projects:\n  - {repo}{line}\n"}).mistakes == ()


def test_reading_a_registry_starts_quickly() -> None:
    """No command that reads a registry waits for a library that only other rooms use."""
    code = "import sys, aggregator.registry.loader; print({'pydantic', 'jinja2'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
