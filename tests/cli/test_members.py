"""A first-time member at the keyboard: each way in, from nothing to the card on the site."""

import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from aggregator.cli.app import main
from aggregator.joining.differences import CONFIRM_BOX
from aggregator.joining.forms import ADD, EDIT, REMOVE
from aggregator.registry.loader import load
from tests.registry.conftest import REGISTRY, Checkout
from tests.registry.test_forms import body_of
from tests.stand_in.server import Server, serve
from tests.stand_in.world import sample_community

MINE = "larkmere-hospitals/ward-weather"
SUMMARY = "Says how tomorrow looks on the ward: quiet, busy or stormy."


class Said(NamedTuple):
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        """Everything that was said."""
        return self.out + self.err


Run = Callable[..., Said]


@pytest.fixture(scope="module")
def github() -> Iterator[Server]:
    """A stand-in for GitHub with the sample community."""
    with serve(sample_community()) as server:
        yield server


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody answer for GitHub."""
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("GITHUB_GRAPHQL_URL", "http://127.0.0.1:9/graphql")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


@pytest.fixture
def online(nobody: None, github: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the stand-in answer for GitHub."""
    monkeypatch.setenv("GITHUB_API_URL", github.api_url)
    monkeypatch.setenv("GITHUB_GRAPHQL_URL", github.graphql_url)
    monkeypatch.setenv("GITHUB_TOKEN", "any-word")


@pytest.fixture
def run(
    nobody: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run a command in an empty folder; without `online` nobody answers for GitHub."""
    monkeypatch.chdir(tmp_path)

    def command(*words: object) -> Said:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Said(ended.value.code, said.out, said.err)

    return command


@pytest.fixture
def showcase(run: Run, tmp_path: Path) -> Path:
    """A registry as `aggregator init` leaves it."""
    assert run("init", "--title", 'Ours: the "best"').code == 0
    return tmp_path / "registry.yaml"


@pytest.fixture
def proposal(tmp_path: Path) -> Checkout:
    """A registry on main, and a branch for somebody's change."""
    made = Checkout(tmp_path)
    made.git("init", "--quiet", "--initial-branch", "main")
    made.commit(REGISTRY)
    made.git("switch", "--quiet", "--create", "change")
    return made


def by_command(run: Run, registry: Path) -> None:
    """Paste the address; the command does the rest."""
    assert run("add", "--yes", f"https://github.com/{MINE}.git").code == 0
    registry.write_text(
        registry.read_text().replace(f"repo: {MINE}", f'repo: {MINE}\n    summary: "{SUMMARY}"')
    )


def by_hand(run: Run, registry: Path) -> None:
    """Write below the last line, get the colon wrong, and do what the message says."""
    empty = registry.read_text()
    registry.write_text(f"{empty}  - repo: {MINE}\n    summary: {SUMMARY}\n")
    said = run("check")
    assert said.code == 2
    cure = said.out.split("write `")[1].split("`")[0]
    registry.write_text(f"{empty}  - repo: {MINE}\n    {cure}\n")


def by_form(run: Run, registry: Path) -> None:
    """Fill in the form, badly at first; the answer says what to write."""
    form = registry.parent / "body.md"
    for name, code in (("ward weather", 2), (f"github.com/{MINE}", 0)):
        answers = {"repository": name, "summary": SUMMARY, "tags": "Beds, Waiting lists"}
        form.write_text(body_of(ADD.fields, **answers))
        assert run("from-issue", "--body", form, "--answer-to", "answer").code == code
        title = registry.parent / "answer" / "title.txt"
        assert title.read_text() == ("" if code else f"Add {MINE}\n")


@pytest.mark.usefixtures("online")
@pytest.mark.parametrize("way_in", [by_command, by_hand, by_form])
def test_each_way_in_ends_with_the_card(
    run: Run, showcase: Path, way_in: Callable[[Run, Path], None]
) -> None:
    """Whichever way a member takes, their own sentence is on the card of the built site."""
    way_in(run, showcase)
    assert run("check", "--online").code == 0
    assert run("run").code == 0
    cards = (showcase.parent / "output" / "projects" / "index.html").read_text()
    assert SUMMARY in cards
    assert f"projects/{MINE}/" in cards
    assert SUMMARY in (showcase.parent / "output" / "projects" / MINE / "index.html").read_text()


@pytest.mark.usefixtures("online")
def test_add_lists_what_it_can_and_says_why_not_the_rest(run: Run, showcase: Path) -> None:
    """Several at once: each is listed, or refused with its reason, and none stops another."""
    assert run("add", "--yes", MINE).code == 0
    words = [MINE.upper(), "larkmere-hospitals/letter-lens", "nobody/nothing", "my project"]
    words += ["your-name/your-repository", "https://gist.github.com/ann/0123456789abcdef"]
    said = run("add", "--yes", *words)
    assert said.code == 2
    assert said.out.splitlines()[0] == "added larkmere-hospitals/letter-lens to registry.yaml"
    assert "it is already listed: see registry.yaml:" in said.err
    assert "nobody/nothing: GitHub shows no public repository of this name" in said.err
    assert "`my project`: this is not the name of a repository: write owner/name" in said.err
    assert "your-name/your-repository: it is the example of the instructions" in said.err
    assert "a gist is no repository, so make one of it" in said.err
    text = showcase.read_text()
    assert text.index("letter-lens") < text.index("ward-weather")
    assert "\n# Projects of our community." in text


@pytest.mark.usefixtures("online")
def test_a_renamed_repository_is_added_under_its_new_name(run: Run, showcase: Path) -> None:
    """An old address still finds the project."""
    assert run("add", "--yes", "wrenford-icb/wl-sim").code == 0
    assert "waiting-list-ladder" in showcase.read_text()


def test_add_goes_on_when_github_is_silent(run: Run, showcase: Path) -> None:
    """Without a network the project is listed, and the member knows that nobody checked."""
    said = run("add", "--yes", "jane/waits")
    assert said.code == 0
    assert "GitHub was not asked whether they exist" in said.err
    assert "jane/waits" in showcase.read_text()
    assert run("add", "--yes", "--offline", "jane/beds").err == ""


def test_add_asks_and_takes_a_plain_answer(tmp_path: Path) -> None:
    """At a terminal four questions make a full entry, and a wrong answer is asked again."""
    (tmp_path / "registry.yaml").write_text("projects:\n")
    answers = [SUMMARY, "live", "In Use", "Waiting lists, A&E"]
    screen, code = at_a_terminal(tmp_path, ["add", "--offline", MINE], answers)
    assert code == 0, screen
    assert "there is no stage `live`" in screen
    text = (tmp_path / "registry.yaml").read_text()
    assert "stage: in use" in text
    assert "tags: [waiting-lists, a-and-e]" in text
    assert f"'{SUMMARY}'" in text


def test_add_lists_an_organisation_that_is_not_there(run: Run, showcase: Path) -> None:
    """Its full name is enough, its kind and website are welcome, and no second one is made."""
    new = ["--organisation", "Cove Council", "--kind", "Council", "--website", "cove.example"]
    assert run("add", "--yes", "--offline", "jo/waits", "jo/beds", *new).code == 0
    assert (
        run("add", "--yes", "--offline", "jo/nights", "--organisation", "the COVE council").code
        == 0
    )
    registry = load(showcase)
    (body,) = registry.organisations
    assert (body.slug, body.kind, body.url) == ("cove-council", "Council", "https://cove.example")
    assert {entry.organisation for entry in registry.projects} == {"cove-council"}
    assert len(registry.projects) == 3
    more = ["--organisation", "Dale Museum", "--kind", "museum"]
    assert run("add", "--yes", "--offline", "jo/more", *more).code == 0
    assert [body.kind for body in load(showcase).organisations] == ["Council", "museum"]


def test_add_asks_about_an_organisation_that_is_not_there(tmp_path: Path) -> None:
    """At a terminal a name that is not listed is asked about before it is listed."""
    organisations = "organisations:\n  - slug: bay\n    name: Bay Hospital\n    kind: Trust\n"
    (tmp_path / "registry.yaml").write_text(f"{organisations}projects:\n")
    answers = [SUMMARY, "Cove Hospital", "y", "trust", "cove.example", "", ""]
    screen, code = at_a_terminal(tmp_path, ["add", "--offline", MINE], answers)
    assert code == 0, screen
    assert "there is no organisation `Cove Hospital`" in screen
    text = (tmp_path / "registry.yaml").read_text()
    assert "  - slug: cove-hospital\n    name: Cove Hospital\n    kind: Trust\n" in text
    assert "organisation: cove-hospital" in text


def test_a_removal_is_named_and_asked_about(run: Run, proposal: Checkout) -> None:
    """A change that takes a stranger's entry away fails until somebody says that it is meant."""
    proposal.commit(proposal.path.read_text().replace("  - octo/omega\n", ""))
    words = ["check", "--changed-since", "main", "--format", "github", "--report-to", "report.json"]
    said = run(*words, "--author", "eve")
    assert said.code == 2
    assert "::error file=registry.yaml" in said.out
    assert "- Removes octo/omega" in said.out
    comment = run("comment", "--report", "report.json").out.replace("&#47;", "/")
    assert "Nearly there" in comment
    assert "Removes octo/omega" in comment
    assert run(*words, "--author", "OCTO").code == 0
    assert run(*words, "--confirmed").code == 0
    box = proposal.folder / "description.md"
    box.write_text(f"- [x] {CONFIRM_BOX}\n")
    assert run(*words, "--author", "eve", "--description", box).code == 0
    assert "All is well" not in run("comment", "--report", "report.json").out


def test_one_slip_costs_one_field_and_check_says_which(run: Run, showcase: Path) -> None:
    """The project stays on the site; the check names file, line, column and cure."""
    entry = f"  - repo: {MINE}\n    added: 22/11/2026\n    tags: [Waiting lists]\n"
    showcase.write_text(showcase.read_text() + entry)
    line = len(showcase.read_text().splitlines()) - 1
    said = run("check")
    assert said.code == 2
    assert f"registry.yaml:{line}:12: added: `22/11/2026` is not a date" in said.out
    assert "write 2026-11-22" in said.out
    assert said.out.splitlines()[2].endswith("^")
    found = json.loads(run("check", "--format", "json").out)
    assert [card["repo"] for card in found["judged"]] == [MINE]
    assert found["judged"][0]["tags"] == ["waiting-lists"]
    assert len(found["mistakes"]) == 1


@pytest.mark.usefixtures("online")
def test_a_pull_request_answers_for_its_own_entries_only(
    run: Run, proposal: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else's vanished repository never fails a member's proposal."""
    text = proposal.path.read_text()
    entry = f"  - repo: {MINE}\n    stage: in use\n"
    proposal.commit(text.replace("  - octo/alpha", f"{entry}  - octo/alpha"))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(proposal.folder / "summary.md"))
    options = ["--report-to", "report.json", "--touched-to", "touched.yaml"]
    words = ["check", "--online", "--changed-since", "main", "--format", "github", *options]
    said = run(*words)
    assert said.code == 0, said.all
    assert "octo/alpha" not in said.out
    assert "How it will look" in (proposal.folder / "summary.md").read_text()
    comment = run("comment", "--report", "report.json")
    assert comment.code == 0
    assert "| Stage | in use |" in comment.out
    preview = ["--state", ".aggregator-preview", "--output", "preview"]
    assert run("run", "--registry", "touched.yaml", *preview).code == 0
    pages = (proposal.folder / "preview" / "projects").glob("*/*/**/index.html")
    assert {page.parent.relative_to(proposal.folder / "preview").as_posix() for page in pages} == {
        f"projects/{MINE}",
        f"projects/{MINE}/card",
    }
    assert run("check", "--online").code == 2


def test_an_annotation_cannot_be_forged(run: Run, showcase: Path) -> None:
    """Whatever stands in a field, each mistake is one line of the log."""
    hostile = '  - "x/y%0A::error file=other::forged\\n::warning::forged"\n'
    showcase.write_text(showcase.read_text() + hostile)
    said = run("check", "--format", "github")
    assert said.code == 2
    assert said.out.startswith("::error file=registry.yaml,")
    assert sum(line.startswith("::") for line in said.out.splitlines()) == 1


def test_a_file_that_is_no_registry_is_told_on_the_pull_request(
    run: Run, proposal: Checkout
) -> None:
    """Even when nothing can be read, the log, the report and the comment say what to do."""
    proposal.commit("my project is great\n")
    words = ["check", "--changed-since", "main", "--format", "github", "--report-to", "report.json"]
    said = run(*words)
    assert said.code == 2
    assert said.out.startswith("::error file=registry.yaml,line=1,col=1,")
    assert "begin with the line" in run("comment", "--report", "report.json").out


@pytest.mark.usefixtures("online")
def test_forms_edit_and_remove(run: Run, showcase: Path) -> None:
    """What the form put in, a form can change and take out again."""
    run("add", "--yes", MINE)
    form = showcase.parent / "body.md"
    form.write_text(body_of(EDIT.fields, project=MINE, summary=SUMMARY))
    assert run("from-issue", "--body", form, "--answer-to", "answer").code == 0
    assert SUMMARY in showcase.read_text()
    form.write_text(body_of(REMOVE.fields, project=MINE))
    assert run("from-issue", "--body", form, "--answer-to", "answer").code == 0
    assert MINE not in showcase.read_text()


@pytest.mark.usefixtures("online")
def test_a_wish_in_ones_own_words_is_led_to_the_form(run: Run, showcase: Path) -> None:
    """An issue without a form is answered with the form, filled in, and changes nothing."""
    before, body = showcase.read_text(), showcase.parent / "body.md"
    body.write_text("https://github.com/jo/waits\n")
    words = ["from-issue", "--body", body, "--answer-to", "answer", "--repository", "jo/showcase"]
    assert run(*words, "--title=Please add mine").code == 2
    answer = (showcase.parent / "answer" / "answer.md").read_text()
    assert "](https://github.com/jo/showcase/issues/new?template=add-project.yml" in answer
    assert run(*words, "--title=I read this").code == 0
    assert (showcase.parent / "answer" / "answer.md").read_text() == ""
    assert showcase.read_text() == before


HOSTILE_BODIES = [
    "",
    "\x00\x1b[31m### Repository",
    "### Repository\n\n$(touch hacked) `id`\n",
    "### Repository\n\n../../etc/passwd\n",
    "### Repository\n\nhttps://evil.example/github.com/a/b\n",
    "### Repository\n\n" + "@everyone #1 ![x](https://evil.example/x.png) <script>" * 500,
    f"### Repository\n\n{MINE}\n\n### Tags\n\n- [x]: {{{{7*7}}}} ${{{{ secrets }}}}\n",
]


@pytest.mark.usefixtures("online")
@pytest.mark.parametrize("body", HOSTILE_BODIES, ids=lambda body: body[16:40].strip() or "empty")
def test_a_hostile_form_gets_a_harmless_answer(run: Run, showcase: Path, body: str) -> None:
    """Whatever an issue says, the registry stays whole and the answer is plain text."""
    before = showcase.read_text()
    form = showcase.parent / "body.md"
    form.write_bytes(body.encode())
    said = run("from-issue", "--body", form, "--answer-to", "answer")
    assert said.code in {0, 2}
    answer = showcase.parent / "answer" / "answer.md"
    written = answer.read_text() if answer.exists() else ""
    assert not any(sign in written for sign in ("@everyone", "![", "<script", "$(touch", "${{"))
    assert not (showcase.parent / "hacked").exists()
    assert showcase.read_text() == before or MINE in showcase.read_text()
    assert run("check").code == 0


def test_schema_writes_what_is_committed(run: Run, showcase: Path) -> None:
    """One command brings the schema, its page and the forms up to date."""
    assert run("schema", "--write").code == 0
    written = (showcase.parent / "registry.schema.json").read_text()
    assert run("schema").out == written
    assert json.loads(written)["properties"]["projects"]
    assert (showcase.parent / "docs" / "registry.md").is_file()
    assert (showcase.parent / ".github" / "ISSUE_TEMPLATE" / "add-project.yml").is_file()


WRONG = [
    (["check", "--registry", "absent.yaml"], 2, "aggregator init"),
    (["check", "--format", "xml"], 2, "--format"),
    (["check", "--changed-since", "--output=x"], 2, "branch, tag or commit"),
    (["check", "--changed-since", "nowhere"], 2, "git does not know it here"),
    (["add"], 2, "--help"),
    (["init"], 2, "nothing was written"),
    (["init", "--registry", "registry.yaml"], 2, "it stays as it is"),
    (["comment", "--report", "registry.yaml"], 2, "not one that `check` wrote"),
    (["comment", "--report", "absent.json"], 1, "absent.json"),
    (["add", "a/b", "--offline", "--organisation", "x" * 200], 2, "--organisation"),
    (["from-issue", "--body", "absent.md", "--answer-to", "answer"], 1, "absent.md"),
]


@pytest.mark.usefixtures("showcase")
@pytest.mark.parametrize(("words", "code", "hint"), WRONG, ids=lambda part: str(part)[:40])
def test_a_command_that_cannot_go_on_says_so_in_one_line(
    run: Run, words: list[str], code: int, hint: str
) -> None:
    """An error is one line with its cure, and the exit code says whose turn it is."""
    said = run(*words)
    assert said.code == code
    assert len(said.err.splitlines()) == 1
    assert hint in said.err
    assert said.out == ""


def test_the_program_itself_answers(tmp_path: Path) -> None:
    """As a program of its own, too, a missing registry is one line and exit code 2."""
    command = [sys.executable, "-m", "aggregator", "check"]
    ended = subprocess.run(
        command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert ended.stderr == (
        "aggregator: registry.yaml: there is no such file: "
        "run `aggregator init` to make one, or name it with --registry\n"
    )


def environment() -> dict[str, str]:
    """Give the environment of a person who has set nothing."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    return kept | {"NO_COLOR": "1", "PYTHONPATH": str(Path(__file__).resolve().parents[2])}


def at_a_terminal(folder: Path, words: list[str], answers: list[str]) -> tuple[str, int]:
    """Run a command at a terminal, and answer whenever it waits at a question."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "aggregator", *words],
        cwd=folder,
        env=environment(),
        stdin=follower,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    waiting, screen, end = list(answers), "", time.monotonic() + 60
    while time.monotonic() < end:
        ready, _, _ = select.select([leader], [], [], 0.5)
        try:
            screen += os.read(leader, 4096).decode() if ready else ""
        except OSError:  # Linux reports the end of a terminal this way
            break
        if waiting and screen.endswith(": "):
            os.write(leader, f"{waiting.pop(0)}\n".encode())
            screen += "\n"
    os.close(leader)
    return screen, process.wait(timeout=10)


def test_a_glossary_to_begin_with_lies_beside_a_new_registry(
    run: Run, showcase: Path, tmp_path: Path
) -> None:
    """`init` writes a glossary that says how to fill it, and nobody's own is written over."""
    glossary = tmp_path / "glossary.yaml"
    assert "GIS" in glossary.read_text(encoding="utf-8")
    assert run("check").code == 0
    glossary.write_text("GIS: geographic information system\n", encoding="utf-8")
    showcase.unlink()
    assert run("init", "--registry", showcase).code == 0
    assert load(showcase).glossary == {"GIS": ("geographic information system",)}
