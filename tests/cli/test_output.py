"""What strangers wrote is shown on terminals, in logs and in job summaries, and acts in none."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.cli.app import main
from aggregator.cli.console import Logged, harmless, log_through_the_door, say_json
from aggregator.demo.exchange import Request, json_response
from tests.cli.test_site import asking
from tests.cli.test_wall import write_registry
from tests.stand_in.server import Server, serve
from tests.stand_in.synthetic import synthetic_world

ESCAPES = "\x1b]0;owned\x07\x1b[31mred\x1b[0m \x9b2J back\rfront\b"
TURNED = "\u202eyob\u2066"
COMMANDS = "\n::error::forged\n  ::set-output name=x::y\n##[add-mask]z"
HOSTILE = f"Charts {ESCAPES} {TURNED} {COMMANDS} ##[error]inside"
MARKDOWN = "<img src=x onerror=1> ![i](https://x.example/p) [a](b) @everyone | cell | `code` #12"


def assert_harmless(text: str) -> None:
    for sign in text.replace("\n", ""):
        assert sign.isprintable() or sign in "\u200c\u200d", hex(ord(sign))
    for line in text.splitlines():
        assert not line.lstrip().startswith("::")
        assert "##[" not in line


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Server]:
    """A stand-in for GitHub, asked from an empty folder."""
    with serve(synthetic_world(2)) as server:
        write_registry(tmp_path, server.world.names)
        monkeypatch.chdir(tmp_path)
        for name, value in asking(server).items():
            monkeypatch.setenv(name, value)
        yield server


def command(*words: str) -> object:
    with pytest.raises(SystemExit) as ended:
        main(words)
    return ended.value.code


def test_a_password_in_an_address_is_not_shown() -> None:
    """Logs are read by more people than know it; the place itself is still named."""
    shown = harmless("https://me:word@site.example/data/catalogue.db cannot be downloaded")
    assert shown == "https://...@site.example/data/catalogue.db cannot be downloaded"
    assert harmless("see https://site.example:8080/a@b") == "see https://site.example:8080/a@b"


def test_a_line_is_made_harmless() -> None:
    """Escapes, turned text and workflow commands become signs that only show."""
    shown = harmless(HOSTILE)
    assert_harmless(shown)
    assert ": :error::forged" in shown
    assert "Charts" in shown
    assert_harmless(harmless("\u200b::error::x"))
    assert_harmless(harmless("\ud800 half"))


def test_honest_words_stay_as_they_are() -> None:
    """Signs of every language, joined signs and our own lines are shown unchanged."""
    for text in (
        "12 of 12: done",
        "\U0001f468\u200d\U0001f52c lab",
        "\u0645\u06cc\u200c\u0631\u0648\u0645",
        "a :: b",
        "## Head",
    ):
        assert harmless(text) == text


def test_json_means_the_same_and_acts_in_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """A program reads exactly the texts, a terminal and a workflow see only escapes."""
    found = {"summary": HOSTILE, "list": [TURNED]}
    say_json(json.dumps(found, ensure_ascii=False, indent=2))
    out = capsys.readouterr().out
    assert json.loads(out) == found
    assert_harmless(out)


def test_what_is_logged_goes_through_the_same_door(capsys: pytest.CaptureFixture[str]) -> None:
    """A README whose path is a command gives none when its trouble is logged."""
    log_through_the_door(debug=False)
    logging.getLogger("aggregator.anything").warning("README of %s", "x\n::error::y\x1b[2J")
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if not isinstance(one, Logged)]
    assert_harmless(capsys.readouterr().err)


def test_descriptions_act_in_no_command(github: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """What a repository says of itself is shown by search and status, and does nothing there."""
    name = github.world.names[0]
    github.world.change(name, description=HOSTILE, homepage="https://x.example/\u202e")
    assert command("run") == 0
    assert command("search", "charts") == 0
    assert command("status", "--all") == 0
    assert command("search", "charts", "--json") == 0
    told = "".join(capsys.readouterr())
    assert "Charts" in told
    assert_harmless(told)


def test_what_github_says_of_trouble_acts_nowhere(
    github: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The words of an error answer reach the log and the job summary as words only."""

    def refuse(_: Request, __: object) -> object:
        error = {"type": "INSUFFICIENT_SCOPES", "message": f"{MARKDOWN} {HOSTILE}"}
        return json_response(200, {"errors": [error]})

    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    github.faults.always(refuse, path="/graphql")  # type: ignore[arg-type]
    assert command("update") == 1
    told = "".join(capsys.readouterr())
    assert "the token may not ask this" in told
    assert_harmless(told)
    written = summary.read_text()
    for sign in ("<img", "![", "](", "@everyone", "| cell", "`code`", "\x1b", "\u202e"):
        assert sign not in written
    assert_harmless(written)


def test_a_mistake_in_a_registry_gives_no_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line of a pull request is quoted by the check without acting in the log of its job."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "registry.yaml").write_text(
        "showcase:\n  title: x\nprojects:\n  - repo: a/b\n    tilte: '##[error]no \u202e'\n"
    )
    for style in ("text", "json"):
        assert command("check", "--format", style) == 2
        assert_harmless("".join(capsys.readouterr()))


@pytest.mark.parametrize("words", [(HOSTILE,), ("check", HOSTILE), ("check", f"--{HOSTILE}")])
def test_a_mistyped_command_line_gives_no_command(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be understood is quoted without acting, in one line."""
    assert command(*words) == 2
    told = capsys.readouterr().err
    assert_harmless(told)
    assert told.startswith("aggregator: ")
    assert told.endswith(" See: aggregator --help\n")
    assert len(told.splitlines()) == 1
