"""What a check says, about everything and about a change."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from aggregator.joining.check import check
from aggregator.joining.judgement import Judgement, Preview, Suggestion, read_judgement
from aggregator.joining.renderings import (
    COMMENT_MARK,
    comment_markdown,
    escaped,
    render,
    summary_markdown,
)
from aggregator.registry.sightings import Sighting, Sightings
from aggregator.words.errors import RegistryError, SourceError, UsageError
from aggregator.words.names import RepoName
from tests.registry.conftest import REGISTRY, Checkout

SOUND = Sighting(licence="MIT", description="Counts beds.", has_readme=True)


def whats(verdict: Judgement, severity: str = "error") -> list[str]:
    """List what a verdict says of one severity."""
    return [m.what for m in verdict.mistakes if m.severity == severity]


def test_a_sound_registry_passes(registry_file: Path) -> None:
    """A registry without mistakes is said to be so, and the command succeeds."""
    verdict = check(registry_file)
    assert verdict.exit_code == 0
    assert render(verdict, "text") == "3 projects in the registry: no mistakes\n"


def test_only_the_change_is_judged(checkout: Checkout) -> None:
    """A mistake that was there before does not fail somebody else's pull request."""
    old = REGISTRY + "  - repo: octo/zulu\n    titel: x\n  - {repo: octo/yankee, stage: gone}\n"
    checkout.git("switch", "--quiet", "main")
    checkout.commit(old)
    checkout.git("switch", "--quiet", "--force-create", "mine")
    checkout.commit(old.replace("  - octo/omega\n", "  - octo/mine\n  - octo/omega\n"))
    assert len(check(checkout.path).errors) == 2
    verdict = check(checkout.path, changed_since="main")
    assert verdict.exit_code == 0
    assert [card.repo for card in verdict.judged] == ["octo/mine"]


def test_a_touched_entry_is_judged_whole(checkout: Checkout) -> None:
    """Who edits an entry hears of every mistake in it."""
    checkout.commit(REGISTRY.replace("title: 'Gamma'", "title: 'Gamma'\n    stage: live"))
    verdict = check(checkout.path, changed_since="main")
    assert whats(verdict) == ["stage: there is no stage `live`"]
    assert [card.repo for card in verdict.judged] == ["octo/gamma"]


def test_a_change_answers_for_what_it_breaks_elsewhere(checkout: Checkout) -> None:
    """A repetition is reported even when the other entry stands below."""
    checkout.commit(REGISTRY.replace("  - octo/alpha\n", "  - octo/alpha\n  - Octo/Omega\n"))
    assert "already listed" in whats(check(checkout.path, changed_since="main"))[0]


def test_what_happened_on_main_meanwhile_is_not_the_changes_fault(checkout: Checkout) -> None:
    """A change is compared with where it began, not with where main is today."""
    checkout.commit(REGISTRY + "  - octo/mine\n")
    checkout.git("switch", "--quiet", "main")
    checkout.commit(REGISTRY.replace("'Gamma'", "'Other'"))
    checkout.git("switch", "--quiet", "change")
    verdict = check(checkout.path, changed_since="main")
    assert [card.repo for card in verdict.judged] == ["octo/mine"]


def test_new_files_belong_to_the_change(checkout: Checkout) -> None:
    """A project listed in registry.d/ is judged like any other."""
    (checkout.folder / "registry.d").mkdir()
    (checkout.folder / "registry.d" / "mine.yaml").write_text("projects:\n  - octo/mine\n  - x y\n")
    verdict = check(checkout.path, changed_since="main")
    assert [card.repo for card in verdict.judged] == ["octo/mine"]
    assert len(verdict.errors) == 1


@pytest.mark.parametrize("ref", ["nowhere", "--output=x", "-h", "a b", ""])
def test_an_unknown_branch_is_said_in_one_line(checkout: Checkout, ref: str) -> None:
    """What git does not know is an error of the command line, and never an option of git."""
    with pytest.raises(UsageError, match="changed-since") as caught:
        check(checkout.path, changed_since=ref)
    assert caught.value.exit_code == 2


def looking(answers: dict[str, Sighting]) -> tuple[list[int], object]:
    """Make a lookup that knows some repositories, and count what it is asked."""
    asked: list[int] = []

    def lookup(repos: Sequence[RepoName]) -> Sightings:
        asked.append(len(repos))
        return {repo: answers[str(repo)] for repo in repos if str(repo) in answers}

    return asked, lookup


def test_github_is_asked_once_about_what_the_change_touches(checkout: Checkout) -> None:
    """The check costs one question, and names what a member would like to know."""
    checkout.commit(REGISTRY + "  - octo/fork\n  - octo/old\n  - octo/none\n  - octo/silent\n")
    asked, lookup = looking(
        {
            "octo/fork": Sighting(fork=True, has_readme=False),
            "octo/old": Sighting(
                name=RepoName.parse("octo/new"), archived=True, licence="MIT", description="x"
            ),
            "octo/none": Sighting(exists=False, public=False),
        }
    )
    verdict = check(checkout.path, changed_since="main", lookup=lookup)
    assert asked == [4]
    assert whats(verdict) == ["octo/none: GitHub shows no public repository of this name"]
    hints = "\n".join(whats(verdict, "hint"))
    for words in ("is a fork", "no README", "no licence", "octo/new now", "archived", "no answer"):
        assert words in hints


def test_a_rename_and_an_archive_fail_nobody(checkout: Checkout) -> None:
    """What happens to a repository on GitHub is a hint with the new name, not an error."""
    checkout.commit(REGISTRY + "  - octo/old\n")
    renamed = Sighting(
        name=RepoName.parse("octo/new"), archived=True, fork=True, empty=True, has_readme=False
    )
    _, lookup = looking({"octo/old": renamed})
    verdict = check(checkout.path, changed_since="main", lookup=lookup)
    assert verdict.exit_code == 0
    assert "write octo/new" in [mistake.cure for mistake in verdict.mistakes]


def test_a_silent_github_fails_nobody(registry_file: Path) -> None:
    """When GitHub cannot be asked, the check says so and judges the file alone."""

    def lookup(repos: Sequence[RepoName]) -> Sightings:
        raise SourceError("GitHub gave no answer", "no route", "try later")

    verdict = check(registry_file, lookup=lookup)
    assert verdict.exit_code == 0
    assert "no route" in render(verdict, "text")


def test_a_language_without_a_translation_fails_nobody(registry_file: Path) -> None:
    """A check of the whole says what the pages will speak instead, and what to do."""
    registry_file.write_text(
        REGISTRY.replace("showcase:\n", "showcase:\n  language: fr\n"), "utf-8"
    )
    untold = check(registry_file, speaks=lambda _: "en")
    assert untold.exit_code == 0
    assert "the pages will speak English: `language` is fr" in render(untold, "text")
    assert "docs/languages.md" in render(untold, "text")
    assert check(registry_file, speaks=lambda asked: asked).notes == ()
    assert check(registry_file).notes == ()


def test_a_project_that_may_be_there_twice_is_a_question(checkout: Checkout) -> None:
    """The same name under another owner is pointed out, kindly."""
    checkout.commit(REGISTRY + "  - other/gamma\n")
    verdict = check(checkout.path, changed_since="main")
    assert verdict.exit_code == 0
    assert whats(verdict, "hint") == ["other/gamma: it has the same name as octo/gamma"]


def test_text_shows_the_line_and_points_at_the_place(registry_file: Path) -> None:
    """A mistake is shown with its line and a caret below the place."""
    registry_file.write_text("projects:\n  - repo: octo/a\n    title:  x\n    stage: later\n")
    text = render(check(registry_file), "text")
    lines = text.splitlines()
    assert lines[0].startswith(f"{registry_file.as_posix()}:4:12: stage: there is no stage")
    assert lines[1] == "    4 |     stage: later"
    assert lines[2].index("^") == lines[1].index("later")
    assert "\x1b" not in text
    assert "\x1b[31m" in render(check(registry_file), "text", colour=True)


HOSTILE = (
    'projects:\n  - "a/b%0A::error::x"\n  - repo: octo/a\n'
    '    stage: "x\\n::warning file=y,line=1::forged \\e[31mred"\n'
    '  - "c\\r::notice::d"\n  - repo: octo/b\n    "k\\n::error::l": v\n'
)


def test_no_value_can_forge_an_annotation_or_colour_a_terminal(registry_file: Path) -> None:
    """Every annotation is ours, whatever is written in the registry."""
    registry_file.write_text(HOSTILE)
    verdict = check(registry_file)
    github = render(verdict, "github")
    lines = github.splitlines()
    assert len([line for line in lines if line.startswith("::")]) == len(verdict.mistakes)
    assert all(line.startswith(("::error file=", "::notice file=")) for line in lines[:-1])
    assert not any("%0A" in line and "%250A" not in line for line in lines)
    assert "\x1b" not in render(verdict, "text")


def test_more_than_ten_mistakes_are_all_in_the_job_summary(registry_file: Path) -> None:
    """GitHub keeps ten annotations; the job summary has every mistake."""
    entries = "".join(f"  - repo: octo/r{n}\n    stage: s{n}\n" for n in range(15))
    registry_file.write_text("projects:\n" + entries)
    verdict = check(registry_file)
    assert render(verdict, "github").count("::error ") == 15
    assert all(f"s{n}" in summary_markdown(verdict) for n in range(15))


def test_json_can_be_read_back(checkout: Checkout) -> None:
    """Other programs get the same mistakes, in a form that can be read back."""
    checkout.commit(REGISTRY + "  - repo: octo/mine\n    stage: live\n")
    verdict = check(checkout.path, changed_since="main")
    text = render(verdict, "json")
    assert json.loads(text)["mistakes"][0]["line"] == 21
    assert render(read_judgement(text.encode()), "json") == text


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_file_whose_name_is_no_text_is_named_all_the_same(registry_file: Path) -> None:
    """Whatever a pull request calls its files, its check ends with a verdict that can be sent."""
    folder = registry_file.parent / "registry.d"
    folder.mkdir()
    (folder / os.fsdecode(b"\xfe.yaml")).write_text("projects:\n  - octo/x: y\n")
    (folder / os.fsdecode(b"\xff.txt")).write_text("projects: []\n")
    verdict = check(registry_file)
    assert [Path(found.file).name for found in verdict.errors] == ["?.yaml", "?.txt"]
    assert read_judgement(verdict.bounded().as_json().encode()) == verdict
    for text in (comment_markdown(verdict), render(verdict, "github"), render(verdict, "text")):
        assert text.encode()


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"ok": true}', b"x" * 1_000_001, b"\xff", b'{"ok":true,"evil":1}'],
    ids=["empty", "list", "nothing", "part", "huge", "bytes", "more"],
)
def test_a_report_from_a_stranger_is_read_strictly(content: bytes) -> None:
    """What the code of a pull request wrote is only used when it is a report."""
    with pytest.raises(RegistryError, match="the report"):
        read_judgement(content)


@pytest.mark.parametrize(
    "swollen",
    [
        {"conclusion": "x" * 40_001},
        {"projects": -1},
        {"projects": 10_000_001},
        {"notes": ["x"] * 21},
        {"judged": [{"repo": "a/b", "title": "x" * 40_001}]},
        {"judged": [{"repo": "a/b", "title": "x", "preview": {"headings": ["x"] * 13}}]},
        {"judged": [{"repo": "a/b", "title": "x", "preview": {"sections": ["x"] * 21}}]},
    ],
    ids=["line", "less than none", "number", "notes", "title", "headings", "sections"],
)
def test_a_report_from_a_stranger_is_bounded(swollen: dict[str, object]) -> None:
    """No part of a report can be so large that a comment drowns in it."""
    sound = {"ok": True, "partial": False, "conclusion": "x", "projects": 1, "judged": []}
    assert read_judgement(json.dumps(sound).encode()).projects == 1
    with pytest.raises(RegistryError, match="the report"):
        read_judgement(json.dumps(sound | swollen).encode())


def test_a_comment_says_nothing_in_the_name_of_others(checkout: Checkout) -> None:
    """No text from a pull request mentions people, draws images or links in the comment."""
    evil = "@everyone ![x](https://e.example/x.png) <img src=x> [a](b) #1 **bold** `c` | d"
    checkout.commit(REGISTRY + f"  - repo: octo/mine\n    summary: {json.dumps(evil)}\n")
    comment = comment_markdown(check(checkout.path, changed_since="main"))
    assert comment.startswith(COMMENT_MARK)
    body = comment.removeprefix(COMMENT_MARK)
    for sign in ("@e", "![", "<img", "](", " #1", "**b", "`c"):
        assert sign not in body
    assert escaped("@a #1") == "&#64;<!-- -->a &#35;<!-- -->1"
    assert "How it will look: mine" in body


def test_a_comment_shows_the_card_as_the_page_will_have_it(checkout: Checkout) -> None:
    """Summary, facts, the README's first words and what is missing, each as plain characters."""
    evil = "@everyone ![x](https://e.example/x.png) <img src=x> [a](b) #1 `c` | d\n# big"
    checkout.commit(REGISTRY + "  - repo: octo/mine\n    stage: idea\n")
    report = check(checkout.path, changed_since="main")
    preview = Preview(
        summary=evil,
        summary_source="README",
        language="R",
        licence="MIT",
        pushed=date(2026, 11, 2),
        readme_start=evil,
        headings=("Install", evil),
        sections=("the README", "who to ask"),
        missing=(Suggestion(title="A licence", cure="Add a file."),),
    )
    card = replace(report.judged[0], preview=preview)
    report = replace(report, judged=(card,))
    comment = comment_markdown(read_judgement(report.as_json().encode()))
    body = comment.removeprefix(COMMENT_MARK).replace("<!-- -->", "")
    for sign in ("@e", "![", "<img", "](", " #1", "`c", "\n# big", "e.example"):
        assert sign not in body
    for line in ("(from the README)", "| Language | R |", "| Licence | MIT |", "A licence"):
        assert line in body
    assert "| Last push | 2026&#45;11&#45;02 |" in body
    assert "Its page will hold the README, who to ask." in body


@pytest.mark.parametrize(
    ("pages", "linked"),
    [
        ("https://github.com/octo/showcase/actions/runs/4/artifacts/2", True),
        ("https://github.com/octo/showcase/actions/runs/4", True),
        ("https://evil.example/octo/showcase/actions/runs/4", False),
        ("https://github.com.evil.example/a/b/actions/runs/4", False),
        ("https://github.com/a/b/actions/runs/4) [x](https://evil.example", False),
        ("http://github.com/octo/showcase/actions/runs/4", False),
        ("https://github.com/octo/showcase", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_only_the_pages_of_a_run_are_linked(registry_file: Path, pages: str, linked: bool) -> None:
    """A comment links nothing but an artifact on the GitHub it stands on."""
    comment = comment_markdown(check(registry_file), pages)
    assert (f"]({pages})" in comment) == linked
    assert ("](" in comment) == linked
