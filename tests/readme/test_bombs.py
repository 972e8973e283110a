"""READMEs built to do harm: each ends in time, bounded, and alone."""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.readme import workers as workers_module
from aggregator.readme.labels import TOO_SLOW
from aggregator.readme.readme import Readme
from aggregator.readme.rendering import render
from aggregator.readme.workers import Renderer, open_renderer
from tests.readme.cases import source_of
from tests.readme.recipes import Bomb, bombs

GOOD = source_of(b"# Fine\n\nThis project is a library that behaves.\n")


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    """One pool for all bombs, as in a nightly run."""
    with open_renderer(None, workers=1) as renderer:
        renderer.render_all({"warm": GOOD})
        yield renderer


def _is_plain(readme: Readme) -> bool:
    return any("shown as plain text" in note for note in readme.notes)


# The worker's own limit is five seconds; the rest is room for a busy machine.
@pytest.mark.timeout(60)
@pytest.mark.parametrize("bomb", bombs(), ids=lambda bomb: bomb.file.stem)
def test_a_bomb_ends_in_time_and_harms_nobody(bomb: Bomb, renderer: Renderer) -> None:
    """A hostile README ends in time, and the next project's is rendered as ever."""
    shown = renderer.render_all({"bomb": bomb.source, "good": GOOD})
    assert shown["good"].excerpt == "This project is a library that behaves."
    assert len(shown["bomb"].html) < 3_000_000
    if bomb.recipe["shown"] == "page":
        assert not _is_plain(shown["bomb"])
    if bomb.recipe["shown"] == "plain":
        assert _is_plain(shown["bomb"])
        assert "shown as plain text" in shown["bomb"].html


@pytest.mark.parametrize("name", ["README.md", "README.txt"])
def test_a_light_beginning_hides_no_heavy_rest(name: str) -> None:
    """What is too large for a first load is folded, however well its first part is compressed."""
    light = "The ward is planned.\n\n" * 5_200
    heavy = "\n\n".join(hashlib.sha512(str(n).encode()).hexdigest() for n in range(2_500))
    assert render(source_of((light + heavy).encode(), name)).beginning


def test_what_takes_too_long_is_shown_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """A README that keeps a worker busy is stopped and shown as plain text."""
    assert f"{workers_module.SECONDS:.0f} seconds" in TOO_SLOW
    monkeypatch.setattr(workers_module, "SECONDS", 0.001)
    slow = source_of(b"a [b](c) *d* " * 30_000)
    with open_renderer(None, workers=1) as renderer:
        shown = renderer.render_all({"slow": slow})["slow"]
    assert shown.notes == (
        "This README is shown as plain text: rendering it took longer than 5 seconds.",
    )
    assert "a [b](c) *d*" in shown.html


def test_memory_is_bounded() -> None:
    """A worker that needs more memory than it may have ends, and the others go on."""
    with open_renderer(None, 1, "tests.readme.odd_workers:greedy") as renderer:
        shown = renderer.render_all({"large": source_of(b"large"), "good": source_of(b"good")})
    assert shown["large"].notes == (
        "This README is shown as plain text: rendering it needed too much memory.",
    )
    assert shown["good"].text == "good"


def test_a_worker_that_dies_is_replaced() -> None:
    """A README that brings its worker down is shown as plain text, and the next one as ever."""
    with open_renderer(None, 1, "tests.readme.odd_workers:dying") as renderer:
        shown = renderer.render_all({"deadly": source_of(b"deadly"), "good": source_of(b"good")})
    assert shown["deadly"].notes == (
        "This README is shown as plain text: rendering it failed (its worker ended).",
    )
    assert shown["good"].text == "good"


@pytest.mark.timeout(50)
def test_each_question_has_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker may wait as long as it likes between questions; the one it is late with ends it."""
    monkeypatch.setattr(workers_module, "SECONDS", 1.0)
    with open_renderer(None, 1, "tests.readme.odd_workers:sleepy") as renderer:
        first = renderer.render_all({"good": source_of(b"good")})["good"].text
        time.sleep(1.7)
        assert renderer.render_all({"good": source_of(b"good")})["good"].text == first
        shown = renderer.render_all({"slow": source_of(b"slow"), "good": source_of(b"good")})
    assert "took longer" in shown["slow"].notes[0]
    assert shown["good"].text != first


@pytest.mark.timeout(50)
@pytest.mark.parametrize("kind", ["slow", "deadly", "faulty"])
def test_what_is_drawn_is_given_up_before_the_readme(
    kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A README that cannot be drawn is shown with code as it was written, and stays remembered."""
    monkeypatch.setattr(workers_module, "SECONDS", 1.0)
    source = {"readme": source_of(kind.encode())}
    with open_renderer(tmp_path, 1, "tests.readme.odd_workers:overdone") as renderer:
        readme = renderer.render_all(source)["readme"]
        assert (str(readme.text), readme.notes) == ("as written", ())
        assert bool(renderer.faults) is (kind == "faulty")
    with open_renderer(tmp_path, 1, "tests.readme.odd_workers:silent") as renderer:
        assert str(renderer.render_all(source)["readme"].text) == "as written"
