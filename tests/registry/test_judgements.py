"""What the search should find, as members write it beside the registry."""

import json
from pathlib import Path

import pytest

from aggregator.joining.check import check
from aggregator.registry.judgements import JudgedQuery, read_judgements
from aggregator.registry.loader import load
from aggregator.registry.tree import TextFile
from aggregator.words.names import RepoName
from tests.registry.conftest import REGISTRY, Checkout

CASES = Path(__file__).resolve().parent.parent / "cases" / "judgements"
ALPHA = RepoName("octo", "alpha")
MISTAKE = '{"query": "a"}\n'


def reading_of(registry: Path) -> str:
    """Say what is judged, and every mistake, a line each."""
    loaded = load(registry)
    judged = [
        f"{each.kind}: {each.query}: {', '.join(f'{r} {g}' for r, g in each.grades.items())}"
        for each in loaded.judgements
    ]
    told = [*judged, *(f"{m.severity}: {m}" for m in loaded.mistakes)]
    return "\n".join(told).replace(f"{registry.parent.as_posix()}/", "") + "\n"


@pytest.mark.parametrize("path", sorted(CASES.glob("*.jsonl")), ids=lambda path: path.stem)
def test_each_case_reads_as_its_text_says(path: Path, registry_file: Path) -> None:
    """A bad line is named with its cure, and the others count."""
    registry_file.with_name("judgements.jsonl").write_bytes(path.read_bytes())
    assert reading_of(registry_file) == path.with_suffix(".txt").read_text(encoding="utf-8")


def test_the_check_shows_the_line_and_its_cure(registry_file: Path) -> None:
    """Whoever wrote it sees where, what, and what to write instead."""
    registry_file.with_name("judgements.jsonl").write_text(MISTAKE)
    found = check(registry_file)
    (mistake,) = found.mistakes
    assert not found.ok
    assert (mistake.line, mistake.line_text) == (1, MISTAKE.strip())
    assert '"judgments": {"owner/name": 3}' in mistake.cure


@pytest.mark.parametrize(
    "text",
    ["[" * 15_000, "x" * 30_000, '{"query": "a", "judgments": ' + "{" * 9_000, "\x00", "\ufffd"],
)
def test_no_text_of_a_stranger_breaks_the_reading(text: str) -> None:
    """Whatever a pull request brings, the line is refused and the next one read."""
    judged, mistakes = read_judgements(
        TextFile("judgements.jsonl", f'{text}\n{{"query": "a", "judgments": {{"octo/alpha": 3}}}}')
    )
    assert [each.query for each in judged] == ["a"]
    assert [(each.where.line, bool(each.cure)) for each in mistakes] == [(1, True)]


def test_only_so_many_are_read() -> None:
    """A file without end does not keep the build."""
    lines = "\n".join(json.dumps({"query": f"q{n}", "judgments": {}}) for n in range(2_100))
    judged, (mistake,) = read_judgements(TextFile("judgements.jsonl", lines))
    assert (len(judged), mistake.where.line) == (2_000, 2_001)


def test_a_line_that_is_written_reads_back() -> None:
    """What forms write is what builds read, whatever was typed."""
    judged = JudgedQuery('say "no" \\ \u00e9', {ALPHA: 3}, "task")
    read, mistakes = read_judgements(TextFile("", judged.as_line()))
    assert (read, list(mistakes)) == ((judged,), [])


def test_a_mark_hangs_on_what_is_judged_and_not_on_how_it_is_written() -> None:
    """Scores are compared only where the same was asked for."""
    other = RepoName("octo", "gamma")
    one = JudgedQuery("a", {ALPHA: 3, other: 1}, "task")
    assert one.mark == JudgedQuery("a", {other: 1, RepoName("Octo", "Alpha"): 3}).mark
    changed = (JudgedQuery("b", one.grades), JudgedQuery("a", {ALPHA: 3}), JudgedQuery("a", {}))
    assert one.mark not in {each.mark for each in changed}


def test_a_link_to_another_place_is_not_followed(registry_file: Path, tmp_path: Path) -> None:
    """A pull request cannot have another file of the machine read out."""
    secret = tmp_path / "elsewhere" / "secret"
    secret.parent.mkdir()
    secret.write_text("not for you\n")
    registry_file.with_name("judgements.jsonl").symlink_to(secret)
    (mistake,) = load(registry_file).mistakes
    assert "link to another place" in mistake.what
    assert "not for you" not in str(check(registry_file).as_json())


def test_a_change_of_judgements_is_told_and_old_mistakes_are_nobody_s(tmp_path: Path) -> None:
    """A pull request answers for its own lines."""
    checkout = Checkout(tmp_path)
    checkout.git("init", "--quiet", "--initial-branch", "main")
    judgements = tmp_path / "judgements.jsonl"
    sound = '{"query": "charts", "judgments": {"octo/alpha": 3, "some/body": 1}}\n'
    judgements.write_text(sound + MISTAKE)
    checkout.commit(REGISTRY)
    checkout.git("switch", "--quiet", "--create", "change")
    judgements.write_text(sound.replace("3", "2") + MISTAKE + '{"query": "kites"}\n')
    found = check(checkout.path, changed_since="main")
    (effect,) = found.effects
    assert effect == (
        "Changes what 1 search should find (`charts`): the figure by which the search is judged, "
        "and nothing that it finds"
    )
    assert [m.line_text for m in found.mistakes if m.severity == "error"] == ['{"query": "kites"}']
