"""What a change of the registry does is said, and nothing goes that is not its author's."""

from pathlib import Path

import pytest

from aggregator.joining.check import check
from aggregator.joining.differences import CONFIRM_BOX, confirms, differences, unconfirmed
from aggregator.joining.judgement import read_judgement
from aggregator.joining.renderings import comment_markdown, render
from aggregator.registry.loader import load_texts
from tests.registry.conftest import Checkout

BEFORE = """\
showcase:
  title: Ours
  accent: "#225faa"
  stages: [idea, in use]
  glossary: words.yaml
organisations:
  - slug: bay
    name: Bay Hospital
    github: [bay-labs]
  - slug: cove
    name: Cove Council
people:
  - login: ann
paths:
  - slug: begin
    title: Begin here
    steps:
      - {repo: octo/waits, say: Begin.}
talks:
  - title: Show and tell
kinds:
  - name: Guild
    means: A guild.
projects:
  - repo: bay-labs/beds
    title: Beds
    stage: idea
  - repo: jo/nights
    organisation: cove
    people: [ann]
  - octo/waits
"""
CHANGES = [
    (
        "  - octo/waits\n",
        "",
        ["Removes octo/waits", "Removes the learning path `Begin here`"],
    ),
    ("  - octo/waits\n", "  - octo/waits\n  - octo/zeta\n", ["Adds 1 entry: octo/zeta"]),
    ("title: Beds", "title: Beds now", ["Changes the entry of bay-labs/beds: title"]),
    ("jo/nights", "jo/days", ["Removes jo/nights", "Adds 1 entry: jo/days"]),
    (
        "name: Bay Hospital",
        "name: Bay Trust",
        [
            "Renames the organisation Bay Hospital to Bay Trust: its own page and the pages of 1",
        ],
    ),
    (
        "    name: Cove Council",
        "    name: Cove Council\n    kind: Council",
        [
            "Changes kind of the organisation Cove Council: its own page and the pages of 1",
        ],
    ),
    (
        "    github: [bay-labs]",
        "    github: [bay-labs, octo]",
        [
            "Changes github of the organisation Bay Hospital: its own page and the pages of 2",
            "Shows octo/waits under Bay Hospital, because of its owner",
        ],
    ),
    (
        "  - slug: cove\n",
        "  - slug: dale\n    name: Dale Trust\n  - slug: cove\n",
        ["Adds the organisation Dale Trust: 0 projects shown under it"],
    ),
    (
        "stages: [idea, in use]",
        "stages: [in use]",
        ["Removes the stage `idea`, the stage of bay-labs/beds"],
    ),
    ("[idea, in use]", "[idea, in use, done]", ["Adds the stage done"]),
    ("[idea, in use]", "[in use, idea]", ["Puts the stages in another order"]),
    ("#225faa", "#225fab", ["Changes the setting accent from `#225faa` to `#225fab`: every page"]),
    ("title: Ours", "title: Yours", ["those of 3 projects too"]),
    ("title: Ours", "title: Ours\n  schedule: 1 2 * * *", ["no page changes, only when the site"]),
    ("title: Ours", "title: Ours  # us", ["only comments, spaces or the way of writing differ"]),
    ("  - login: ann\n", "  - login: ann\n    name: Ann\n", ["name of the description of ann"]),
    ("say: Begin.}", "say: Start.}", ["Changes steps of the learning path `Begin here`"]),
    (
        "  - title: Show and tell\n",
        "  - title: Paper reading\n",
        ["Removes the talk `Show and tell`", "Adds the talk `Paper reading`"],
    ),
    ("A guild.", "A body.", ["Changes means of what is said of the kind `Guild`"]),
]


@pytest.mark.parametrize(("old", "new", "said"), CHANGES, ids=lambda part: str(part)[:25].strip())
def test_each_change_is_said_with_what_it_reaches(
    tmp_path: Path, old: str, new: str, said: list[str]
) -> None:
    """Entries, organisations, stages, settings: the check names each and the pages it reaches."""
    checkout = begun(tmp_path)
    checkout.commit(BEFORE.replace(old, new))
    effects = check(checkout.path, changed_since="main", confirmed=True).effects
    for part in said:
        assert any(part in effect for effect in effects), effects
    assert len([e for e in effects if not e.startswith("Changes the entry")]) <= len(said)


def test_somebody_described_by_another_is_asked_about(tmp_path: Path) -> None:
    """A person is described only where they asked for it: whoever merges hears of any other."""
    checkout = begun(tmp_path)
    checkout.commit(BEFORE.replace("  - login: ann\n", "  - login: ann\n  - login: Jo\n"))

    def hints(author: str | None) -> list[str]:
        found = check(checkout.path, changed_since="main", author=author)
        assert found.ok
        return [hint.what for hint in found.mistakes if "this describes" in hint.what]

    assert hints("jo") == []
    assert hints("bob") == ["this describes Jo, and bob proposes it"]
    assert hints(None) == ["this describes Jo, and nobody said who proposes it"]


def begun(folder: Path) -> Checkout:
    """Make a registry committed on main, with a branch for a change."""
    checkout = Checkout(folder)
    checkout.git("init", "--quiet", "--initial-branch", "main")
    (folder / "words.yaml").write_text("LOS: length of stay\n")
    checkout.commit(BEFORE)
    checkout.git("switch", "--quiet", "--create", "change")
    return checkout


def test_other_files_are_said_as_what_they_are(tmp_path: Path) -> None:
    """The glossary, a move to another file, a new order: each has its own sentence."""
    checkout = begun(tmp_path)
    glossary = tmp_path / "words.yaml"
    glossary.write_text("LOS: length of stay\nED: emergency department\n")
    assert check(checkout.path, changed_since="main").effects == (
        "Changes 1 term of the glossary (ED): what the search finds, and no page",
    )
    glossary.write_text("LOS:  length of stay\n")
    (effect,) = check(checkout.path, changed_since="main").effects
    assert "only comments, spaces" in effect
    glossary.write_text("LOS: length of stay\n")
    checkout.path.write_text(BEFORE.replace("  - octo/waits\n", ""))
    (tmp_path / "registry.d").mkdir()
    (tmp_path / "registry.d" / "octo.yaml").write_text("projects:\n  - octo/waits\n")
    (effect,) = check(checkout.path, changed_since="main").effects
    assert "only the place of octo/waits differs" in effect
    (tmp_path / "registry.d" / "octo.yaml").unlink()
    nights = "  - repo: jo/nights\n    organisation: cove\n    people: [ann]\n"
    turned = BEFORE.replace(nights, "") + nights
    checkout.path.write_text(turned)
    (effect,) = check(checkout.path, changed_since="main").effects
    assert "only the order of the entries differs" in effect
    checkout.path.write_text(BEFORE)
    assert check(checkout.path, changed_since="main").effects == (
        "This does not touch the registry",
    )


def test_what_could_not_be_read_is_never_called_well(tmp_path: Path) -> None:
    """An unknown field, a file that is not read, a new mistake: none passes as nothing."""
    checkout = begun(tmp_path)
    for text in (BEFORE + "extras: [a]\n", BEFORE.replace("  accent", "  colours: red\n  accent")):
        checkout.commit(text)
        verdict = check(checkout.path, changed_since="main")
        assert verdict.exit_code == 2
        (effect,) = verdict.effects
        assert effect.endswith(", something differs that could not be read")
        assert "All is well" not in comment_markdown(verdict)
    checkout.commit(BEFORE)
    (tmp_path / "registry.d").mkdir()
    (tmp_path / "registry.d" / "mine.txt").write_text("projects:\n  - octo/mine\n")
    verdict = check(checkout.path, changed_since="main")
    assert [m.file for m in verdict.errors] == [f"{tmp_path.as_posix()}/registry.d/mine.txt"]
    checkout.commit()
    checkout.git("switch", "--quiet", "main")
    checkout.git("merge", "--quiet", "change")
    checkout.git("switch", "--quiet", "--create", "another")
    assert check(checkout.path, changed_since="main").exit_code == 0


@pytest.mark.parametrize(
    ("gone", "author", "confirmed", "code"),
    [
        ("jo/nights", "jo", False, 0),
        ("jo/nights", "ANN", False, 0),
        ("jo/nights", "eve", False, 2),
        ("jo/nights", None, False, 2),
        ("jo/nights", "eve", True, 0),
    ],
)
def test_whose_entry_goes_decides(
    tmp_path: Path, gone: str, author: str | None, confirmed: bool, code: int
) -> None:
    """The owner and the people of an entry may remove it; anybody else needs a word."""
    checkout = begun(tmp_path)
    nights = f"  - repo: {gone}\n    organisation: cove\n    people: [ann]\n"
    checkout.commit(BEFORE.replace(nights, ""))
    verdict = check(checkout.path, changed_since="main", author=author, confirmed=confirmed)
    assert verdict.exit_code == code
    assert "Removes jo/nights" in verdict.effects
    comment = comment_markdown(verdict).replace("&#47;", "/")
    assert "- Removes jo/nights" in comment
    assert ("Nearly there" in comment) == (code == 2)


def test_nobody_makes_an_entry_their_own_by_the_change_that_removes_it(tmp_path: Path) -> None:
    """Who may remove an entry is read from before the change."""
    checkout = begun(tmp_path)
    checkout.commit(BEFORE.replace("people: [ann]", "people: [ann, eve]"))
    assert check(checkout.path, changed_since="main", author="eve").exit_code == 0
    nights = "  - repo: jo/nights\n    organisation: cove\n    people: [ann]\n"
    checkout.commit(BEFORE.replace(nights, ""))
    assert check(checkout.path, changed_since="main", author="eve").exit_code == 2


def test_many_removed_entries_are_all_named(tmp_path: Path) -> None:
    """Forty deleted entries are forty names, not a word that all is well."""
    checkout = Checkout(tmp_path)
    checkout.git("init", "--quiet", "--initial-branch", "main")
    many = [f"  - octo/r{number:03}\n" for number in range(160)]
    checkout.commit("projects:\n" + "".join(many))
    checkout.git("switch", "--quiet", "--create", "change")
    checkout.commit("projects:\n" + "".join(many[:60] + many[100:]))
    report = check(checkout.path, changed_since="main", author="eve")
    assert len([e for e in report.effects if e.startswith("Removes octo/r")]) == 40
    assert len([m for m in report.mistakes if "this removes octo/r" in m.what]) == 40
    comment = comment_markdown(read_judgement(render(report, "json").encode()))
    assert all(f"octo/r{number:03}" in comment for number in range(60, 100))
    assert "Nearly there" in comment


def test_an_older_report_can_still_be_read() -> None:
    """A report without sentences about the change, from the version before, becomes a comment."""
    old = b'{"ok":true,"partial":true,"conclusion":"fine","projects":1,"judged":[]}'
    assert read_judgement(old).effects == ()


@pytest.mark.parametrize(
    ("text", "confirmed"),
    [
        (f"- [x] {CONFIRM_BOX}", True),
        (f"Hello\n\n  * [X]  {CONFIRM_BOX.upper()}.\n", True),
        (f"- [ ] {CONFIRM_BOX}", False),
        (f"<!-- - [x] {CONFIRM_BOX} -->", False),
        (f"<!-- - [x] {CONFIRM_BOX}", False),
        (f"[x] {CONFIRM_BOX}", False),
        ("- [x] I read the rules", False),
        (CONFIRM_BOX, False),
        ("", False),
    ],
)
def test_only_a_ticked_box_confirms(text: str, confirmed: bool) -> None:
    """Neither the empty template nor words about it count as a word of confirmation."""
    assert confirms(text) is confirmed


def test_differences_are_found_between_any_two_registries() -> None:
    """From nothing to a registry and back, without a file at hand."""
    empty, full = load_texts({"r": "projects:\n"}), load_texts({"r": BEFORE})
    gone = [said for said in differences(full, empty, ["r"]) if said.startswith("Removes ")]
    assert {said.split()[1] for said in gone} >= {"bay-labs/beds", "jo/nights", "octo/waits"}
    assert len(list(unconfirmed(full, empty, None, "r"))) == 3
    assert "Adds 3 entries: bay-labs/beds, jo/nights, octo/waits" in (
        differences(empty, full, ["r"])
    )
