"""Large texts by handle: read when they are needed, whole and right or not at all."""

import pickle
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aggregator.readme.kept import KeptText, carried_along, digest_of
from aggregator.readme.readme import Readme, ReadmeSource, with_its_language
from aggregator.readme.rendering import render
from aggregator.readme.unlink import unlink_readme
from aggregator.readme.workers import ask, open_renderer
from aggregator.words.blocked import Blocklist
from aggregator.words.errors import LostTextError
from tests.readme.cases import source_of

pytestmark = pytest.mark.usefixtures("lent_workers")

SOURCE = source_of(
    b"# One\n\nOne is a library for tests.\n\n[Home](https://blocked.example/) \xf0\x9f\x91\x8b\n\n"
    + b"It says this more than once. " * 100
)
SERVE = "aggregator.readme.answering:serve"


def kept(folder: Path, source: ReadmeSource = SOURCE) -> Readme:
    """Give what a build carries of a README."""
    with open_renderer(folder, workers=1) as renderer:
        return renderer.render_all({"one": source})["one"]


def test_what_is_carried_is_small(tmp_path: Path) -> None:
    """Neither the HTML nor the words of a long README are in what a build holds of it."""
    readme = kept(tmp_path)
    assert len(repr(readme)) < 1_000
    assert len(pickle.dumps(readme)) < 2_000
    assert "more than once" not in repr(readme)


def test_a_handle_gives_the_text(tmp_path: Path) -> None:
    """The HTML and the words that come back are those that were rendered."""
    readme = kept(tmp_path)
    whole = Readme.from_fields(with_its_language(render(SOURCE).to_fields()))
    assert (str(readme.html), str(readme.text)) == (whole.html, whole.text)
    assert digest_of(readme.text) == digest_of(whole.text)
    assert replace(readme, html="", text="") == replace(whole, html="", text="")


def test_equal_handles_mean_equal_texts(tmp_path: Path) -> None:
    """Handles compare by what they stand for, wherever it lies."""
    one, same = kept(tmp_path / "a"), kept(tmp_path / "b")
    other = kept(tmp_path / "c", replace(SOURCE, data=SOURCE.data + b"\n\nMore.\n"))
    assert repr(one) == repr(same)
    assert one == same
    assert one.html != other.html


def test_a_short_text_is_carried_whole(tmp_path: Path) -> None:
    """What is no longer than a name for it needs no reading."""
    assert kept(tmp_path, source_of(b"# One\n\nShort.\n")).text == "One Short."


def test_another_process_reads_it(tmp_path: Path) -> None:
    """A handle that is sent to another process of this machine is enough to read the text."""
    readme = kept(tmp_path)
    script = "import pickle, sys; print(str(pickle.load(sys.stdin.buffer)))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=pickle.dumps(readme.text),
        check=True,
        capture_output=True,
        env={"PYTHONPATH": ":".join(filter(None, sys.path)), "PYTHONUTF8": "1"},
    )
    assert done.stdout.decode() == f"{readme.text}\n"


def test_it_takes_its_text_along_where_no_folder_is_shared(tmp_path: Path) -> None:
    """What is sent to another machine can be read there without the file."""
    readme = kept(tmp_path)
    html, said = readme.html, str(readme.html)
    with carried_along():
        sent = pickle.dumps(html)
    (tmp_path / "readmes.sqlite").unlink()
    arrived = pickle.loads(sent)
    assert (str(arrived), arrived, repr(arrived)) == (said, html, repr(html))
    assert isinstance(arrived, KeptText)


def test_a_lost_text_is_said(tmp_path: Path) -> None:
    """A text that vanished is never an empty page."""
    readme = kept(tmp_path)
    (tmp_path / "readmes.sqlite").unlink()
    for text in (readme.html, readme.text):
        with pytest.raises(LostTextError, match="is not there any more"):
            str(text)


@pytest.mark.parametrize("put", [b"", b"<p>another</p>", "<p>no bytes</p>"])
def test_a_damaged_text_is_never_shown(tmp_path: Path, put: object) -> None:
    """What stands in its place and is not what was kept is not taken for it."""
    readme = kept(tmp_path)
    with closing(sqlite3.connect(tmp_path / "readmes.sqlite")) as base, base:
        base.execute("UPDATE memo SET value = ? WHERE length(value) > 2000", (put,))
    with pytest.raises(LostTextError):
        str(readme.html)


def test_a_vanished_text_is_rendered_again(tmp_path: Path) -> None:
    """Where only the small part is left of a README, the next build makes the rest anew."""
    said = str(kept(tmp_path).html)
    with closing(sqlite3.connect(tmp_path / "readmes.sqlite")) as base, base:
        base.execute("DELETE FROM memo WHERE length(value) > 2000")
    assert str(kept(tmp_path).html) == said


def test_a_thorough_look_finds_damage(tmp_path: Path) -> None:
    """After a text was found damaged, all are read before they are relied on."""
    said = str(kept(tmp_path).html)
    with closing(sqlite3.connect(tmp_path / "readmes.sqlite")) as base, base:
        base.execute("UPDATE memo SET value = x'00' WHERE length(value) > 2000")
    with open_renderer(tmp_path, workers=1, thorough=True) as renderer:
        assert str(renderer.render_all({"one": SOURCE})["one"].html) == said


def test_another_file_in_its_place_is_read_anew(tmp_path: Path) -> None:
    """A cache that was thrown away and made again gives the new texts."""
    kept(tmp_path)
    (tmp_path / "readmes.sqlite").unlink()
    other = replace(SOURCE, data=SOURCE.data + b"\n\nMore.\n")
    assert str(kept(tmp_path, other).html) == render(other).html


def test_a_blocked_domain_is_left_out_when_it_is_read(tmp_path: Path) -> None:
    """A handle of what leads to a blocked domain gives what a rendering would, and says so."""
    blocked = Blocklist(("blocked.example",))
    readme, whole = unlink_readme(kept(tmp_path), blocked), unlink_readme(render(SOURCE), blocked)
    assert isinstance(readme.html, KeptText)
    assert isinstance(readme.text, KeptText)
    assert (str(readme.html), str(readme.text)) == (whole.html, whole.text)
    assert "https://blocked.example" not in str(readme.html)
    assert digest_of(readme.text) != digest_of(kept(tmp_path).text)
    assert repr(readme) != repr(unlink_readme(kept(tmp_path), Blocklist(("other.example",))))


def test_what_is_erased_is_in_no_byte_of_the_file(tmp_path: Path) -> None:
    """A README that is not shown any more is gone from the cache: summary, HTML and words."""
    file = tmp_path / "readmes.sqlite"
    other = source_of(b"# Two\n\n" + b"Another tale is told here. " * 400)
    with open_renderer(tmp_path, workers=1) as renderer:
        renderer.render_all({"one": SOURCE, "two": other})
    assert file.read_bytes().count(b"more than once") > 100
    with open_renderer(tmp_path, workers=1) as renderer:
        renderer.render_all({"two": other})
    assert b"library for tests" not in file.read_bytes()
    assert b"more than once" not in file.read_bytes()
    assert file.read_bytes().count(b"Another tale") > 400


def test_a_process_asks_a_worker_of_its_own() -> None:
    """Whoever shares the work asks by a function that can be sent, and keeps its worker."""
    sent = pickle.loads(pickle.dumps(ask))
    assert sent(SERVE, SOURCE.to_json())["readme"]["excerpt"] == "One is a library for tests."


def test_the_asking_can_be_shared(tmp_path: Path) -> None:
    """With whoever shares the work the same READMEs come back, and are remembered."""
    sources = {name: replace(SOURCE, repository=f"owner/{name}") for name in "abc"}
    asked = []

    def mapper(function: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            asked.append(item)
            yield function(item)

    for _ in range(2):
        with open_renderer(tmp_path, workers=1) as renderer:
            shared = renderer.render_all(sources, mapper)
        assert asked == [source.to_json() for source in sources.values()]
        assert {key: str(readme.html) for key, readme in shared.items()} == {
            key: render(source).html for key, source in sources.items()
        }
