"""`aggregator upgrade` renews what nobody changed, leaves what somebody did, and tells the news."""

from pathlib import Path

import pytest

from aggregator.adopting.marks import mark_of, marked, without_mark
from aggregator.adopting.upgrading import (
    Fate,
    find_changelog,
    marked_versions,
    news_for_adopters,
    plan_upgrade,
    written_later,
)
from tests.adopting.conftest import PIN, Run
from tests.conftest import ROOT
from tests.program import files

CHANGELOG = """# Changelog

## [Unreleased]

### For adopters

- Not out yet,
  on two lines.

## [2.0.0] - 2027-01-01

### Added

- Something for visitors.

### For adopters

- The workflow has a new job.
- Forms ask for more.

### Fixed

- A slip.

## [1.10.0] - 2026-12-02

### For adopters

- The tenth.

## [1.9.0] - 2026-12-01

### For adopters

- The ninth.
"""
FORM = ".github/ISSUE_TEMPLATE/remove-project.yml"
WORKFLOW = ".github/workflows/showcase.yml"


@pytest.fixture
def community(run: Run, tmp_path: Path) -> Path:
    """A folder that an older version wrote."""
    assert run("init", "--title", "Ours", "--action", PIN).returncode == 0
    for name, content in files(tmp_path).items():
        text = content.decode()
        if mark_of(text):
            old = marked(name, without_mark(text), "0.0.9")
            (tmp_path / name).write_text(old, encoding="utf-8")
    return tmp_path


def test_files_of_an_older_version_are_renewed(run: Run, community: Path) -> None:
    """Every file that nobody changed becomes what this version writes; the rest is untouched."""
    own = {name: (community / name).read_bytes() for name in ("registry.yaml", "glossary.yaml")}
    rehearsed = run("upgrade", "--dry-run")
    assert f"would renew {WORKFLOW}" in rehearsed.stdout
    assert "by aggregator 0.0.9" in (community / WORKFLOW).read_text("utf-8")
    done = run("upgrade")
    assert done.returncode == 0, done.stderr
    assert "written by aggregator 0.0.9; this is 0.1.0." in done.stdout
    assert f"renewed {WORKFLOW}" in done.stdout
    assert {name: (community / name).read_bytes() for name in own} == own
    marks = [mark_of(content.decode()) for content in files(community).values()]
    assert {mark.version for mark in marks if mark} == {"0.1.0"}
    again = run("upgrade")
    assert again.stdout == "written by aggregator 0.1.0; this is 0.1.0.\n"


def test_what_somebody_changed_is_theirs(run: Run, community: Path) -> None:
    """A file that was changed by hand stays byte for byte, and the difference is shown."""
    path = community / FORM
    path.write_text(path.read_text("utf-8").replace("Why", "Your reason"), encoding="utf-8")
    before = path.read_bytes()
    done = run("upgrade")
    assert done.returncode == 0
    assert path.read_bytes() == before
    assert f"left {FORM}: somebody changed it" in done.stdout
    assert "-      label: Your reason" in done.stdout
    assert "+      label: Why" in done.stdout


def test_a_file_without_a_mark_is_somebody_s(run: Run, community: Path) -> None:
    """Whoever wrote a README of their own, or took the mark out, keeps it."""
    (community / "README.md").write_text("# Our own words\n", encoding="utf-8")
    (community / "CONTRIBUTING.md").unlink()
    done = run("upgrade")
    assert (community / "README.md").read_text(encoding="utf-8") == "# Our own words\n"
    assert "-# Our own words" in done.stdout
    assert "CONTRIBUTING.md is not there: `aggregator init --keep` writes it" in done.stdout
    assert not (community / "CONTRIBUTING.md").exists()


def test_line_ends_and_moved_pins_are_no_change_by_hand(run: Run, community: Path) -> None:
    """An editor of Windows and a robot that moves pins leave a file as it was; its pin stays."""
    path = community / WORKFLOW
    moved = path.read_text("utf-8").replace("0123456789abcdef" * 2 + "01234567", "f" * 40)
    path.write_text(moved.replace("\n", "\r\n"), encoding="utf-8", newline="")
    other = community / ".github/workflows/comment.yml"
    other.write_text(
        other.read_text("utf-8").replace(PIN, f"example/aggregator@{'f' * 40}"), "utf-8"
    )
    done = run("upgrade")
    assert f"renewed {WORKFLOW}" in done.stdout
    assert f"uses: example/aggregator@{'f' * 40}" in path.read_text("utf-8")
    told = run("upgrade", "--action", PIN)
    assert f"renewed {WORKFLOW}" in told.stdout
    assert f"uses: {PIN}" in path.read_text("utf-8")


def test_stages_of_the_registry_come_into_the_forms(run: Run, community: Path) -> None:
    """Whoever changes the stages runs one command, and no check turns red."""
    path = community / "registry.yaml"
    text = path.read_text("utf-8").replace("  identity:", "  stages: [seed, tree]\n  identity:")
    path.write_text(text, encoding="utf-8")
    assert run("check").returncode == 0
    assert "renewed .github/ISSUE_TEMPLATE/add-project.yml" in run("upgrade").stdout
    assert "- seed" in (community / ".github/ISSUE_TEMPLATE/add-project.yml").read_text("utf-8")


def test_an_older_program_touches_nothing(run: Run, community: Path) -> None:
    """Files of a newer version are not made older by whoever has not updated yet."""
    name = "CONTRIBUTING.md"
    text = without_mark((community / name).read_text("utf-8"))
    (community / name).write_text(marked(name, text, "7.0"), encoding="utf-8")
    (community / WORKFLOW).unlink()
    before = files(community)
    done = run("upgrade")
    assert (done.returncode, "upgrade the program first" in done.stderr) == (2, True)
    assert files(community) == before


def test_a_file_behind_a_link_is_not_read_or_written(run: Run, community: Path) -> None:
    """A link is somebody's arrangement; what it leads to stays as it is."""
    elsewhere = community.parent / "elsewhere.yml"
    elsewhere.write_text((community / FORM).read_text("utf-8"), encoding="utf-8")
    (community / FORM).unlink()
    (community / FORM).symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    assert run("upgrade").returncode == 0
    assert elsewhere.read_bytes() == before


def test_a_folder_behind_a_link_is_not_read_or_written(run: Run, community: Path) -> None:
    """Files do not land in another place because a folder leads there, and that is said."""
    elsewhere = community.parent / f"{community.name}-elsewhere"
    (community / ".github").rename(elsewhere)
    (community / ".github").symlink_to(elsewhere)
    before = files(elsewhere)
    done = run("upgrade")
    assert done.returncode == 0
    assert f"left {FORM}: it is behind a link" in done.stdout
    assert f"{FORM} is not there" not in done.stdout
    assert files(elsewhere) == before


def test_settings_that_cannot_be_read_write_nothing(run: Run, community: Path) -> None:
    """A slip in the settings does not take title and stages out of every file; one below does."""
    path = community / "registry.yaml"
    sound = path.read_text("utf-8")
    path.write_text(sound.replace("  identity:", "  stages: [{a: b}]\n  identity:"), "utf-8")
    before = files(community)
    done = run("upgrade")
    assert done.returncode != 0
    assert "registry.yaml:" in done.stderr
    assert files(community) == before
    path.write_text(f"{sound}  - repo: a/b\n    tags: {{x: 1}}\n", encoding="utf-8")
    assert f"renewed {WORKFLOW}" in run("upgrade").stdout


def test_an_action_of_somebody_else_is_not_taken_for_ours(run: Run, community: Path) -> None:
    """A workflow that was changed by hand may use other actions; what is as it was tells ours."""
    path = community / ".github/workflows/comment.yml"
    text = path.read_text("utf-8")
    path.write_text(text.replace(PIN, f"other/login@{'a' * 40}"), encoding="utf-8")
    path.write_text(f"{path.read_text('utf-8')}# ours\n", encoding="utf-8")
    assert f"renewed {WORKFLOW}" in run("upgrade").stdout
    assert f"uses: {PIN}" in (community / WORKFLOW).read_text("utf-8")


def test_long_differences_end() -> None:
    """Of a file that became another one, the first lines are shown and the rest is counted."""
    (one,) = plan_upgrade({"a": "x\n" * 900}, {"a": marked("a", "y\n" * 900, "1")})
    assert one.fate is Fate.CHANGED
    assert len(one.difference) == 201
    assert one.difference[-1].startswith("... and ")


@pytest.mark.parametrize(
    ("since", "now", "news"),
    [
        ("1.9.0", "1.10.0", ["The tenth."]),
        ("1.9", "2.0.0", ["The workflow has a new job.", "Forms ask for more.", "The tenth."]),
        ("2.0.0", "2.0.0", []),
        ("2.0.0", "2.1.0", ["Not out yet, on two lines."]),
        ("1.10.0", "2.0.0", ["The workflow has a new job.", "Forms ask for more."]),
        ("2.0.0.dev1", "2.0.0", ["The workflow has a new job.", "Forms ask for more."]),
    ],
)
def test_the_news_are_those_between_two_versions(since: str, now: str, news: list[str]) -> None:
    """An adopter reads what concerns them, from the version they had up to the one they have."""
    assert news_for_adopters(CHANGELOG, since, now) == news


def test_versions_are_compared_as_numbers() -> None:
    """1.10 is later than 1.9, and what comes before a release is earlier than it."""
    assert written_later("1.10", "1.9")
    assert written_later("1.0", "1.0rc1")
    assert not written_later("1.0", "1.0.0")
    texts = [marked("a", "x", version) for version in ("1.10", "1.9", "1.9.1")]
    assert marked_versions([*texts, "no mark"]) == ["1.9", "1.9.1", "1.10"]


def test_the_changelog_is_the_one_of_this_program() -> None:
    """What an adopter is told comes from the changelog that everybody reads."""
    assert find_changelog().read_bytes() == (ROOT / "CHANGELOG.md").read_bytes()
