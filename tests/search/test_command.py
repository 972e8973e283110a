"""`aggregator search` asks a built site, wherever it is, and builds nothing a second time."""

import functools
import json
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from aggregator.cli.console import guarded
from aggregator.cli.search import search_command
from tests.search.conftest import Files

Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Ask in a folder with a registry and nothing else; gives exit code, answer and remarks."""
    (tmp_path / "registry.yaml").write_text("projects:\n  - someone/something\n")
    monkeypatch.chdir(tmp_path)

    def asked(*words: str) -> tuple[int, str, str]:
        code = guarded(lambda: search_command.main(words, "search", standalone_mode=False))
        said = capsys.readouterr()
        return code, said.out, said.err

    return asked


@pytest.fixture
def built(files: Files, tmp_path: Path) -> Path:
    """The site of the made-up community, as far as a search reads it."""
    site = tmp_path / "output"
    place = site / "search" / "index"
    place.mkdir(parents=True)
    for name, data in files.items():
        (place / name).write_bytes(data)
    return site


class _Noting(SimpleHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing: the tests speak."""


@pytest.fixture
def published(built: Path) -> Iterator[tuple[str, list[str]]]:
    """The same site at an address, and what is asked of it."""
    asked: list[str] = []
    handler = type("Handler", (_Noting,), {"asked": asked})
    serving = functools.partial(handler, directory=str(built))
    with ThreadingHTTPServer(("127.0.0.1", 0), serving) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def test_a_built_site_answers_and_nothing_is_built(ask: Ask, built: Path) -> None:
    """Beside a built site, neither the registry nor what was fetched is read."""
    Path("registry.yaml").unlink()
    code, answer, remarks = ask("funnel", "plot", "--limit", "1")
    assert (code, remarks) == (0, "")
    assert "health-data-guild/funnelplots" in answer
    moved = built.rename("elsewhere")
    assert ask("funnel", "plot", "--limit", "1", "--site", str(moved)) == (code, answer, remarks)


@pytest.mark.parametrize("end", ["", "/"])
def test_a_published_showcase_answers_from_anywhere(
    ask: Ask, published: tuple[str, list[str]], built: Path, end: str
) -> None:
    """Whoever has only the address of a showcase searches it, and fetches a few files for it."""
    address, asked = published
    code, answer, remarks = ask("funnel", "plot", "--site", address + end, "--json")
    assert (code, remarks) == (0, "")
    assert json.loads(answer)["results"][0]["repository"] == "health-data-guild/funnelplots"
    assert asked[0] == "/search/index/boot.json"
    assert len(asked) < len(list((built / "search" / "index").iterdir())) / 2


def test_without_a_site_the_cure_is_named(ask: Ask) -> None:
    """Where nothing was built, the answer comes from what was fetched, and one line says so."""
    code, answer, remarks = ask("something")
    assert code == 0
    assert "someone/something" in answer
    assert "no site is built in output" in remarks
    assert "`aggregator build`" in remarks


def test_a_registry_that_is_named_is_the_one_that_is_searched(
    ask: Ask, built: Path, tmp_path: Path
) -> None:
    """Naming a registry asks for its projects, not for a site that happens to stand there."""
    other = tmp_path / "other.yaml"
    other.write_text("projects:\n  - elsewhere/otherwise\n")
    code, answer, remarks = ask("otherwise", "--registry", str(other))
    assert code == 0
    assert "elsewhere/otherwise" in answer
    assert "--site" in remarks


def test_an_index_of_another_version_is_said_and_helped(ask: Ask, built: Path) -> None:
    """What this version cannot read is named, and the search goes on without it."""
    (built / "search" / "index" / "boot.json").write_text('{"b": "x", "n": 3}')
    code, answer, remarks = ask("something")
    assert code == 0
    assert "someone/something" in answer
    assert "boot.json of the search index cannot be used" in remarks


def test_an_address_without_a_showcase_is_one_line(
    ask: Ask, published: tuple[str, list[str]]
) -> None:
    """An address that is wrong is said in one line; nothing else is searched instead."""
    code, answer, remarks = ask("funnel", "--site", f"{published[0]}/elsewhere/")
    assert (code, answer) == (1, "")
    assert len(remarks.splitlines()) == 1
    assert "404" in remarks
