"""Many READMEs at once: remembered, replaced when asked for, and the same every time."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from aggregator.readme import readme_memo
from aggregator.readme import workers as workers_module
from aggregator.readme.readme import Readme, with_its_language
from aggregator.readme.rendering import render
from aggregator.readme.workers import open_renderer
from aggregator.words.errors import OperatorError
from tests.readme.cases import source_of

# The workers that do what they should may have done it before; the odd ones are each test's own.
pytestmark = pytest.mark.usefixtures("lent_workers")

SOURCES = {
    "one": source_of(b"# One\n\n![Screenshot](a.png)\n\nOne is a library for tests.\n"),
    "two": source_of(b"# Two\n\n- [ ] a\n\n| a |\n|---|\n| b |\n", "docs/README.md"),
}


def test_workers_give_what_rendering_gives() -> None:
    """A README looks the same whether it was rendered alone or in a pool."""
    with open_renderer(None, workers=2) as renderer:
        shown = renderer.render_all(SOURCES)
    alone = {key: render(source).to_fields() for key, source in SOURCES.items()}
    assert shown == {k: Readme.from_fields(with_its_language(told)) for k, told in alone.items()}
    assert list(shown) == list(SOURCES)


def test_what_was_rendered_is_remembered(tmp_path: Path) -> None:
    """A second run reads the cache and starts no worker."""
    with open_renderer(tmp_path, workers=1) as renderer:
        first = renderer.render_all(SOURCES)
    with open_renderer(tmp_path, 1, "tests.readme.odd_workers:silent") as renderer:
        assert renderer.render_all(SOURCES) == first


@pytest.mark.parametrize(
    "change", [{"ref": "f" * 40}, {"branch": "next"}, {"repository": "other/name"}]
)
def test_another_place_is_another_page(tmp_path: Path, change: dict[str, str]) -> None:
    """The same bytes in another repository, branch or commit never show the first one's links."""
    data = b"![Screenshot](a.png) [b](b.md)"
    with open_renderer(tmp_path, workers=1) as renderer:
        shown = renderer.render_all({"a": source_of(data), "b": source_of(data, **change)})
    assert shown["a"].html != shown["b"].html


def test_a_new_renderer_forgets_the_old_ones_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the renderer changes, nothing it wrote before is shown."""
    with open_renderer(tmp_path, workers=1) as renderer:
        renderer.render_all(SOURCES)
    monkeypatch.setattr(readme_memo, "renderer_version", lambda: "other")
    with open_renderer(tmp_path, 1, "tests.readme.odd_workers:failing") as renderer:
        assert renderer.render_all(SOURCES)["one"].text == "fine"


def test_a_project_that_left_leaves_no_copy(tmp_path: Path) -> None:
    """A README that is no longer shown is deleted from the cache, to the last byte."""
    with open_renderer(tmp_path, workers=1) as renderer:
        renderer.render_all({"two": SOURCES["two"], "one": SOURCES["one"]})
    with open_renderer(tmp_path, workers=1) as renderer:
        renderer.render_all({"two": SOURCES["two"]})
    (kept,) = tmp_path.iterdir()
    assert b"One is a library" not in kept.read_bytes()
    assert b"task-list" in kept.read_bytes()


def test_copies_of_earlier_versions_are_deleted(tmp_path: Path) -> None:
    """What earlier versions kept, a file for each README, does not outlive the next build."""
    for name in ("0123.json", "0123.4567.tmp"):
        (tmp_path / name).write_text("words of a README")
    with open_renderer(tmp_path, workers=1) as renderer:
        renderer.render_all(SOURCES)
    assert [file.suffix for file in tmp_path.iterdir()] == [".sqlite"]


@pytest.mark.parametrize("damage", [b"", b"no database at all", b'SQLite format 3\0{"html": 1}'])
def test_a_damaged_cache_only_costs_time(tmp_path: Path, damage: bytes) -> None:
    """A cache that was cut short or overwritten is made again."""
    with open_renderer(tmp_path, workers=1) as renderer:
        first = renderer.render_all(SOURCES)
    for file in tmp_path.iterdir():
        file.write_bytes(damage)
    with open_renderer(tmp_path, workers=1) as renderer:
        assert renderer.render_all(SOURCES) == first


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"html": 1}'])
def test_a_damaged_entry_only_costs_time(tmp_path: Path, damage: bytes) -> None:
    """A README that the cache holds wrongly is rendered again."""
    with open_renderer(tmp_path, workers=1) as renderer:
        first = renderer.render_all(SOURCES)
    (file,) = tmp_path.iterdir()
    with closing(sqlite3.connect(file)) as base, base:
        base.execute("UPDATE memo SET value = ?", (damage,))
    with open_renderer(tmp_path, workers=1) as renderer:
        assert renderer.render_all(SOURCES) == first


def test_what_failed_is_not_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A README that a busy machine could not finish gets another chance the next night."""
    slow = {"slow": source_of(b"a [b](c) *d* " * 3_000)}
    with monkeypatch.context() as hurry, open_renderer(tmp_path, workers=1) as renderer:
        hurry.setattr(workers_module, "SECONDS", 0.001)
        assert renderer.render_all(slow)["slow"].notes
    with open_renderer(tmp_path, workers=1) as renderer:
        assert renderer.render_all(slow)["slow"].notes == ()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows counts no seconds of a process")
def test_what_took_too_long_is_not_tried_every_night(tmp_path: Path) -> None:
    """A README that used up its seconds is shown as text until it changes; nobody starts it again.

    A new commit that left it alone is no change of it.
    """
    long = {"a": source_of(b"long *README*"), "b": source_of(b"good")}
    with open_renderer(tmp_path, 1, "tests.readme.odd_workers:busy") as renderer:
        first = renderer.render_all(long)
    assert first["b"].text == "good"
    assert first["a"].notes == (
        "This README is shown as plain text: rendering it took longer than 5 seconds.",
    )
    assert first["a"].refused
    assert "long *README*" in first["a"].html
    for ref in ("main", "f" * 40):
        later = {"a": source_of(b"long *README*", ref=ref)}
        with open_renderer(tmp_path, 1, "tests.readme.odd_workers:silent") as renderer:
            assert renderer.render_all(later)["a"].notes == first["a"].notes
    with (
        open_renderer(tmp_path, 1, "tests.readme.odd_workers:silent") as renderer,
        pytest.raises(OperatorError),
    ):
        renderer.render_all({"a": source_of(b"long *README*, a little shorter")})


@pytest.mark.skipif(sys.platform == "win32", reason="Windows counts no seconds of a process")
def test_a_new_renderer_tries_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What took too long for one renderer may be quick for the next."""
    long = {"a": source_of(b"long *README*")}
    with open_renderer(tmp_path, 1, "tests.readme.odd_workers:busy") as renderer:
        assert renderer.render_all(long)["a"].refused
    monkeypatch.setattr(readme_memo, "renderer_version", lambda: "other")
    with open_renderer(tmp_path, 1) as renderer:
        shown = renderer.render_all(long)["a"]
    assert (shown.refused, shown.notes) == ("", ())


def test_a_bug_stops_one_readme_and_no_other() -> None:
    """When the renderer itself fails on one README, that one is shown as text, with the reason."""
    with open_renderer(None, 1, "tests.readme.odd_workers:failing") as renderer:
        shown = renderer.render_all(SOURCES)
        (fault,) = renderer.faults.values()
    assert shown["one"].text == "fine"
    assert shown["two"].notes == (
        "This README is shown as plain text: rendering it failed (KeyError).",
    )
    assert "- [ ] a" in shown["two"].html
    assert fault.about == "two"
    assert "KeyError" in fault.message


def test_workers_that_cannot_start_say_so() -> None:
    """A worker that does not start stops the run with its cause; nothing waits for it for ever."""
    with (
        open_renderer(None, 1, "tests.readme.odd_workers:silent") as renderer,
        pytest.raises(OperatorError, match="does not start as a worker"),
    ):
        renderer.render_all(SOURCES)


# Rendering from the top of a script, without a guard for the workers' sake.
_SCRIPT = """
from aggregator.readme.readme import ReadmeSource
from aggregator.readme.workers import open_renderer
from aggregator.words.errors import OperatorError
source = ReadmeSource(b"# One", "README.md", "owner/name", "main", "main")
with open_renderer(None, workers=2) as renderer:
    print(renderer.render_all({"one": source, "two": source})["two"].headings[0].text)
"""
_EXEC = f"exec(compile({_SCRIPT!r}, '<cell 1>', 'exec'), {{'__name__': '__main__'}})"


@pytest.mark.timeout(60)
@pytest.mark.parametrize("how", ["script", "standard input", "notebook", "interactive"])
def test_any_script_may_render(how: str, tmp_path: Path) -> None:
    """A script without a guard, from a file, from standard input or from a notebook, just ends."""
    script = tmp_path / "script.py"
    script.write_text(_SCRIPT)
    arguments, said = {
        "script": ([str(script)], ""),
        "standard input": (["-"], _SCRIPT),
        "notebook": (["-c", _EXEC], ""),
        "interactive": (["-i", "-q"], _EXEC),
    }[how]
    done = subprocess.run(
        [sys.executable, *arguments],
        input=said,
        check=True,
        capture_output=True,
        text=True,
        timeout=50,
        env={"PYTHONPATH": ":".join(filter(None, sys.path))},
        cwd=tmp_path,
    )
    assert done.stdout == "One\n"


def test_every_process_writes_the_same_bytes() -> None:
    """The same README gives the same bytes whatever the process's hash seed is."""
    script = (
        "import json, dataclasses\n"
        "from tests.readme.cases import cases\n"
        "from aggregator.readme.rendering import render\n"
        "kinds = ('tasks', 'images', 'html', 'safety', 'links')\n"
        "print(json.dumps([dataclasses.asdict(render(c.source)) for c in cases(*kinds)]))\n"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", script],
            check=True,
            capture_output=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(filter(None, sys.path))},
            cwd=Path(__file__).parents[2],
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert len(json.loads(runs[0])) > 30
