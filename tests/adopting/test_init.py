"""`aggregator init` makes a community's whole folder, writes over nothing, and invents nothing."""

import os
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from aggregator.adopting import action_pin
from aggregator.adopting.action_pin import ActionPin, built_pin, installed_from, pin_in, read_pin
from aggregator.adopting.community_folder import (
    CHECKOUT,
    folder_files,
    night_of,
    second_time,
)
from aggregator.adopting.marks import mark_of
from aggregator.demo.world import Account
from aggregator.joining.generated import registry_schema
from aggregator.registry.loader import load, load_texts
from aggregator.registry.settings import Showcase
from aggregator.words.errors import UsageError
from tests.adopting.conftest import PIN, Run
from tests.cli.test_members import at_a_terminal
from tests.program import files
from tests.stand_in.server import Server

LINK = "https://github.com/open-climate-tools"
TEXTS = {
    ".gitignore",
    "CONTRIBUTING.md",
    "README.md",
    "glossary.yaml",
    "registry.schema.json",
    "registry.yaml",
    ".github/pull_request_template.md",
}
FORMS = {
    "judge-search",
    "add-project",
    "edit-project",
    "remove-project",
    "celebrate",
    "announce-talk",
    "tell-story",
}
FORM_FILES = {f".github/ISSUE_TEMPLATE/{name}.yml" for name in FORMS | {"config"}}
WORKFLOW_FILES = {f".github/workflows/{name}.yml" for name in ("showcase", "comment")}


def test_one_link_makes_a_folder_with_a_first_list(ask: Run, tmp_path: Path) -> None:
    """The address of an organisation is enough: its name, its projects, its whole folder."""
    done = ask("init", LINK, "--action", PIN)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "open-climate-tools"
    assert set(files(folder)) == TEXTS | FORM_FILES | WORKFLOW_FILES
    registry = load(folder / "registry.yaml")
    assert registry.mistakes == ()
    assert registry.showcase.title == "Open Climate Tools"
    assert [body.github for body in registry.organisations] == [("open-climate-tools",)]
    assert [str(one.repo) for one in registry.projects] == [
        f"open-climate-tools/{name}"
        for name in (
            "carbon-ledger",
            "glacier-album",
            "heat-island-maps",
            "rain-gauge-kit",
            "river-level-notes",
        )
    ]
    assert "1 fork left out: open-climate-tools/grid-weather" in done.stdout
    assert "open-climate-tools/.github" in done.stdout
    assert "next:\n  cd open-climate-tools\n  aggregator run\n  aggregator serve\n" in done.stdout


def test_several_lists_and_options_make_one_registry(ask: Run, tmp_path: Path) -> None:
    """Title, colour, language and lists by options; each repository once."""
    table = tmp_path / "ours.csv"
    table.write_text("name,tags\nimre-solvang/frost-diary,frost;diaries\n", encoding="utf-8")
    done = ask(
        *("init", "coast", "--title", 'Tools: the "coast" #1', "--accent", "#0b6e4f"),
        *("--language", "cy", "--url", "https://coast.example/", "--repository", "coast/showcase"),
        *("--organisation", "tidewatch-collective", "--from", "topic:climate-tools"),
        *("--from", "stars:imre-solvang", "--from", "ours.csv"),
    )
    assert done.returncode == 0, done.stderr
    registry = load(tmp_path / "coast" / "registry.yaml")
    assert registry.errors == ()
    showcase = registry.showcase
    assert (showcase.title, showcase.accent) == ('Tools: the "coast" #1', "#0b6e4f")
    assert (showcase.language, showcase.url) == ("cy", "https://coast.example/")
    assert registry.organisations[0].name == "Tidewatch Collective"
    repos = [str(one.repo) for one in registry.projects]
    assert repos == sorted(set(repos))
    assert len(repos) == 5
    assert next(one for one in registry.projects if "frost" in str(one.repo)).tags == (
        "frost",
        "diaries",
    )
    text = (tmp_path / "coast" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert "https://github.com/coast/showcase/issues/new?template=add-project.yml" in text
    readme = (tmp_path / "coast" / "README.md").read_text(encoding="utf-8")
    assert 'Tools: the "coast" \\#1' in readme
    assert "<https://coast.example/>" in readme


def test_without_an_action_no_workflow_is_invented(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A copy of the program that was not told where its action is says so, and how to tell it."""
    monkeypatch.setattr("aggregator.cli.adopting.built_pin", lambda: None)
    done = run("init")
    assert done.returncode == 0, done.stderr
    assert set(files(tmp_path)) == TEXTS | FORM_FILES
    assert "no workflow was written" in done.stdout
    assert "--action OWNER/NAME@COMMIT" in done.stdout
    for name in ("README.md", "CONTRIBUTING.md"):
        assert "every night" not in (tmp_path / name).read_text(encoding="utf-8").lower()
    told = run("init", "--keep", "--action", PIN)
    assert told.returncode == 0, told.stderr
    assert set(files(tmp_path)) > WORKFLOW_FILES


def test_nothing_is_written_over(run: Run, tmp_path: Path) -> None:
    """What is in the way is named, all of it at once, and nothing at all is written."""
    (tmp_path / "README.md").write_text("ours", encoding="utf-8")
    (tmp_path / ".github" / "ISSUE_TEMPLATE").mkdir(parents=True)
    (tmp_path / ".github" / "ISSUE_TEMPLATE" / "config.yml").write_text("a: b\n", encoding="utf-8")
    before = files(tmp_path)
    done = run("init", ".")
    assert done.returncode == 2
    assert ".github/ISSUE_TEMPLATE/config.yml, README.md" in done.stderr
    assert "--keep" in done.stderr
    assert files(tmp_path) == before
    kept = run("init", ".", "--keep", "--action", PIN)
    assert kept.returncode == 0, kept.stderr
    after = files(tmp_path)
    assert before.items() <= after.items()
    assert "left as it is: README.md" in kept.stdout
    assert set(after) == TEXTS | FORM_FILES | WORKFLOW_FILES


def test_a_folder_under_git_is_taken_and_links_are_not_followed(run: Run, tmp_path: Path) -> None:
    """A fresh clone is a good place; a link that leads out of the folder is in the way."""
    folder, elsewhere = tmp_path / "clone", tmp_path / "elsewhere"
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    (folder / "LICENSE").write_text("any", encoding="utf-8")
    assert run("init", "clone").returncode == 0
    assert (folder / ".git" / "HEAD").read_text(encoding="utf-8") == "ref: refs/heads/main\n"
    elsewhere.mkdir()
    other = tmp_path / "other"
    other.mkdir()
    (other / ".github").symlink_to(elsewhere)
    done = run("init", "other")
    assert done.returncode == 2
    assert ".github/ISSUE_TEMPLATE/add-project.yml" in done.stderr
    assert list(elsewhere.iterdir()) == []


def test_an_old_registry_stays_and_its_words_are_used(run: Run, tmp_path: Path) -> None:
    """Whoever has a registry already keeps it; forms and texts are made from it."""
    own = "showcase:\n  title: Ours\n  stages: [seed, tree]\nprojects:\n  - a/b\n"
    (tmp_path / "registry.yaml").write_text(own, encoding="utf-8")
    done = run("init", "--keep")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "registry.yaml").read_text(encoding="utf-8") == own
    form = yaml.safe_load((tmp_path / ".github/ISSUE_TEMPLATE/add-project.yml").read_bytes())
    stage = next(one for one in form["body"] if one.get("id") == "stage")
    assert stage["attributes"]["options"] == ["seed", "tree"]
    assert (tmp_path / "README.md").read_text(encoding="utf-8").splitlines()[1] == "# Ours"


def test_only_a_registry_is_written_where_only_that_is_wanted(run: Run, tmp_path: Path) -> None:
    """With --registry nothing but a registry and a glossary comes to be."""
    assert run("init", "--registry", "registry.yaml", "--title", "T").returncode == 0
    assert set(files(tmp_path)) == {"registry.yaml", "glossary.yaml"}
    assert "schema" not in (tmp_path / "registry.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--accent", "red"], "--accent"),
        (["--language", "not a language"], "--language"),
        (["--url", "example.org"], "--url"),
        (["--organisation", "a b"], "--organisation"),
        (["--action", "example/aggregator@main"], "40 digits"),
        (["one", "two"], "one folder"),
        (["file.txt"], "is a file"),
        (["--from", "no such list"], "topic:NAME"),
        (["--from", "open-climate-tools"], "GitHub"),
    ],
    ids=lambda part: str(part)[:30],
)
def test_what_cannot_be_is_refused_in_one_line_and_nothing_is_written(
    run: Run, tmp_path: Path, words: list[str], hint: str
) -> None:
    """Each mistake is one line with its cure, and leaves the folder as it was."""
    (tmp_path / "file.txt").write_text("x", encoding="utf-8")
    done = run("init", *words)
    assert done.returncode in {1, 2}
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert hint in done.stderr
    assert set(files(tmp_path)) == {"file.txt"}


def test_an_owner_that_is_not_there_is_told(ask: Run, tmp_path: Path) -> None:
    """A slip in the link makes no folder."""
    done = ask("init", f"{LINK}-x")
    assert done.returncode == 1
    assert "it knows nothing so called: check how it is spelt" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_at_a_terminal_it_asks(tmp_path: Path) -> None:
    """Somebody at a keyboard answers a few questions, one of them wrongly at first."""
    answers = ["Our tools", "", "", "red", "#0b6e4f", "", "", ""]
    screen, code = at_a_terminal(tmp_path, ["init"], answers)
    assert code == 0, screen
    assert "A few questions" in screen
    showcase = load(tmp_path / "registry.yaml").showcase
    assert (showcase.title, showcase.accent) == ("Our tools", "#0b6e4f")


def test_a_hostile_name_stays_a_name(ask: Run, climate: Server, tmp_path: Path) -> None:
    """What GitHub says of an owner neither breaks a file nor says more than its words."""
    name = 'x"]: <script>alert(1)</script> | `a` [b](javascript:c) @everyone'
    accounts = climate.world._accounts
    accounts["imre-solvang"] = Account("imre-solvang", name, "Organization")
    try:
        done = ask("init", "https://github.com/imre-solvang", "own", "--action", PIN)
    finally:
        accounts["imre-solvang"] = Account("imre-solvang", "Imre Solvang")
    assert done.returncode == 0, done.stderr
    registry = load(tmp_path / "own" / "registry.yaml")
    assert registry.errors == ()
    assert registry.showcase.title == name
    readme = (tmp_path / "own" / "README.md").read_text(encoding="utf-8")
    assert "<script>" not in readme.replace("\\<script\\>", "")
    assert "[b](" not in readme.replace("\\[b\\](", "")
    for path in (tmp_path / "own" / ".github").rglob("*.yml"):
        assert yaml.safe_load(path.read_bytes())
        assert "alert" not in path.read_text(encoding="utf-8")


def folder(pin: ActionPin | None = None, **settings: str) -> dict[str, str]:
    """Write the files of a community with these settings."""
    said = "".join(f"  {name}: {text}\n" for name, text in settings.items())
    registry = load_texts({"r": f"showcase:\n  title: T\n{said}projects:\n  - a/b\n"})
    return folder_files(registry, pin, "1.2.3")


def test_each_written_file_carries_its_mark() -> None:
    """A file says by which version it was written, and that nobody has changed it."""
    for name, text in folder(ActionPin.unknown()).items():
        mark = mark_of(text)
        assert mark is not None, name
        assert (mark.version, mark.intact) == ("1.2.3", True), name
        changed = mark_of(text.replace("e", "é", 1).replace("aggrégator", "aggregator"))
        assert changed is None or not changed.intact, name


def test_editors_take_the_schema_with_its_mark() -> None:
    """The mark is a comment of JSON Schema, and changes nothing that it says."""
    schema = yaml.safe_load(folder()["registry.schema.json"])
    assert schema.pop("$comment").startswith("Written by aggregator 1.2.3")
    assert schema == registry_schema()
    jsonschema.Draft202012Validator.check_schema(schema)


def test_the_night_is_the_community_s_own() -> None:
    """Its own schedule where GitHub can read it, else a minute that its identity decides."""
    assert night_of(Showcase(title="T", schedule="5 4 * * 1-5")) == "5 4 * * 1-5"
    nights = {night_of(Showcase(title="T", identity=f"{number:x}")) for number in range(40)}
    assert len(nights) > 20
    for night in nights | {night_of(Showcase(title="T", schedule="0 3 * * mon"))}:
        minute, hour, *days = night.split()
        assert 3 < int(minute) < 58
        assert 1 <= int(hour) < 5
        assert days == ["*", "*", "*"]


def test_a_night_has_a_second_time() -> None:
    """Hours later on the same day, at another minute; none where there is no one first time."""
    assert second_time("17 3 * * *") == "41 6 * * *"
    for night in {night_of(Showcase(title="T", identity=f"{number:x}")) for number in range(60)}:
        minute, hour, *days = str(second_time(night)).split()
        assert 3 < int(minute) < 58
        assert int(hour) == int(night.split()[1]) + 3
        assert minute != night.split()[0]
        assert days == ["*", "*", "*"]
    for many in ("*/5 * * * *", "5 */6 * * *", "5 21 * * 1", "1,31 3 * * *", "5 1-4 * * *"):
        assert second_time(many) is None, many
    with_one = folder(read_pin(PIN))[".github/workflows/showcase.yml"]
    first, second = re.findall(r'- cron: "?([^"\n#]+?)"?(?: #.*)?\n', with_one)
    assert (second, f"== '{second}'" in with_one) == (second_time(first), True)


def test_what_the_workflows_use_is_what_we_use() -> None:
    """The checkout of a community's workflow is pinned as our own is."""
    ours = Path(__file__).resolve().parents[2] / ".github" / "workflows"
    texts = "".join(path.read_text("utf-8") for path in ours.glob("*.yml"))
    assert set(re.findall(r"uses: (actions/checkout.*)", texts)) == {CHECKOUT}


def test_the_action_is_known_from_the_build_or_from_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the build was told counts first, then what pip noted of a commit on GitHub."""
    monkeypatch.setattr(action_pin, "files", lambda _: tmp_path)
    (tmp_path / "action.txt").write_text(f"{PIN}\n", encoding="utf-8")
    assert str(built_pin()) == PIN
    commit = PIN.partition("@")[2]
    noted = '{"url": "%s", "vcs_info": {"vcs": "git", "commit_id": "%s"}}'
    assert str(installed_from(noted % ("https://github.com/example/aggregator.git", commit))) == PIN
    for other in (
        "{}",
        '{"url": "file:///somewhere", "dir_info": {}}',
        noted % ("https://forge.example/example/aggregator", commit),
        noted % ("https://github.com/example/aggregator", "main"),
    ):
        assert installed_from(other) is None


@pytest.mark.parametrize("text", ["", "a/b", "a/b@main", "a/b@" + "0" * 39, "a/../b@" + "0" * 40])
def test_only_a_commit_pins_an_action(text: str) -> None:
    """A branch or a tag can be moved by whoever owns it, so neither is taken."""
    with pytest.raises(UsageError):
        read_pin(text)


def test_the_action_is_found_again_in_a_workflow() -> None:
    """A workflow says which commit a community uses, whatever else it uses."""
    workflow = folder(read_pin(PIN))[".github/workflows/showcase.yml"]
    assert str(pin_in(workflow)) == PIN
    assert pin_in(f"uses: {CHECKOUT}\n") is None


def test_files_are_written_whole_and_readable(run: Run, tmp_path: Path) -> None:
    """No half-written file is left beside the others, and everybody may read them."""
    assert run("init").returncode == 0
    for path in tmp_path.rglob("*"):
        assert not path.name.endswith(".tmp")
        assert os.access(path, os.R_OK)
