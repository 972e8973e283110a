"""Many READMEs at once: remembered, replaced when asked for, and the same every time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from aggregator.readme import workers as workers_module
from aggregator.readme.models import Readme
from aggregator.readme.rendering import render
from aggregator.readme.workers import open_renderer
from tests.readme.cases import source_of

SOURCES = {
    "one": source_of(b"# One\n\n![Screenshot](a.png)\n\nOne is a library for tests.\n"),
    "two": source_of(b"# Two\n\n- [ ] a\n\n| a |\n|---|\n| b |\n", "docs/README.md"),
}


def test_workers_give_what_rendering_gives() -> None:
    """A README looks the same whether it was rendered alone or in a pool."""
    with open_renderer(None, workers=2) as renderer:
        shown = renderer.render_all(SOURCES)
    assert shown == {key: render(source) for key, source in SOURCES.items()}
    assert list(shown) == list(SOURCES)


def test_what_was_rendered_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second run reads the cache and starts no worker."""
    with open_renderer(tmp_path, workers=1) as renderer:
        first = renderer.render_all(SOURCES)
    monkeypatch.setattr(workers_module, "ProcessPool", None)
    with open_renderer(tmp_path, workers=1) as renderer:
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


def test_a_new_renderer_forgets_the_old_ones_pages(tmp_path: Path) -> None:
    """When the renderer changes, nothing it wrote before is shown."""
    with open_renderer(tmp_path, workers=1) as renderer:
        renderer.render_all(SOURCES)
    before = {file.name for file in tmp_path.iterdir()}
    workers_version = workers_module.RENDERER_VERSION
    try:
        workers_module.RENDERER_VERSION = "other"  # type: ignore[misc]
        with open_renderer(tmp_path, workers=1) as renderer:
            renderer.render_all(SOURCES)
    finally:
        workers_module.RENDERER_VERSION = workers_version  # type: ignore[misc]
    assert before.isdisjoint(file.name for file in tmp_path.iterdir())


def test_a_project_that_left_leaves_no_copy(tmp_path: Path) -> None:
    """A README that is no longer shown is deleted from the cache."""
    with open_renderer(tmp_path, workers=1) as renderer:
        renderer.render_all(SOURCES)
    with open_renderer(tmp_path, workers=1) as renderer:
        renderer.render_all({"one": SOURCES["one"]})
    (kept,) = tmp_path.iterdir()
    assert "One is a library" in kept.read_text("utf-8")


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"html": 1}'])
def test_a_damaged_cache_only_costs_time(tmp_path: Path, damage: str) -> None:
    """A cache file that was cut short or overwritten is rendered again."""
    with open_renderer(tmp_path, workers=1) as renderer:
        first = renderer.render_all(SOURCES)
    for file in tmp_path.iterdir():
        file.write_text(damage)
    with open_renderer(tmp_path, workers=1) as renderer:
        assert renderer.render_all(SOURCES) == first


def test_what_failed_is_not_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A README that a busy machine could not finish gets another chance the next night."""
    monkeypatch.setattr(workers_module, "SECONDS", 0.001)
    slow = {"slow": source_of(b"a [b](c) *d* " * 30_000)}
    with open_renderer(tmp_path, workers=1) as renderer:
        renderer.render_all(slow)
    assert list(tmp_path.iterdir()) == []


def test_a_bug_stops_one_readme_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the renderer itself fails on one README, that one is shown as text, with the reason."""
    monkeypatch.setattr(workers_module, "render", _fail_on_two)
    with open_renderer(None, workers=1) as renderer:
        shown = renderer.render_all(SOURCES)
    assert shown["one"].text == "fine"
    assert shown["two"].notes == (
        "This README is shown as plain text: rendering it failed (KeyError).",
    )
    assert "- [ ] a" in shown["two"].html


def _fail_on_two(source: object) -> Readme:
    if getattr(source, "path", "").startswith("docs/"):
        raise KeyError("a bug")
    return Readme(html="", text="fine")


def test_every_process_writes_the_same_bytes() -> None:
    """The same README gives the same bytes whatever the process's hash seed is."""
    script = (
        "import json, dataclasses\n"
        "from tests.readme.cases import cases\n"
        "from aggregator.readme import render\n"
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
