"""Whoever copies a command from a document gets what the document says: every block is run.

Each page is gone through from top to bottom by somebody at a shell, where the page supposes them to
be: `SCENES`. Two pages have a test of their own that also looks at what came of it: `ELSEWHERE`.
What cannot be run, and why, stands in `tests/documents.py`.
"""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import requests

from aggregator.care.rounds import KnownWebsite, Websites, keep_websites, sum_of_address
from aggregator.care.websites import Condition
from aggregator.cli.app import COMMANDS, command_of
from aggregator.demo.sample import sample_community
from aggregator.registry.loader import load_texts
from aggregator.run.serve import serving
from tests.adopting.conftest import climate_world
from tests.conftest import ROOT
from tests.documents import NOT_RUN, PAGES, SHELL, blocks_of, options_of, why_not_run
from tests.program import asking, clean_environment, program_for_scripts, run_program
from tests.stand_in.server import serve
from tests.stand_in.synthetic import NOW, synthetic_world
from tests.stand_in.world import World

pytestmark = pytest.mark.timeout(300)

ELSEWHERE = {
    "quickstart.md": "tests/adopting/test_quickstart.py",
    "server.md": "tests/test_deploy.py",
    "announcing.md": "tests/announcing/test_command.py",
}
BESIDE = "is missing|example-guild|is the example of the instructions"
GIT = {
    "GIT_AUTHOR_NAME": "Wren",
    "GIT_AUTHOR_EMAIL": "wren@example.org",
    "GIT_COMMITTER_NAME": "Wren",
    "GIT_COMMITTER_EMAIL": "wren@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


@dataclass(frozen=True, slots=True)
class Scene:
    """Where somebody is who copies commands from a page.

    Args:
        folder: Where they begin.
        variables: What is set there.
        reads: What they put in the place of what the page has as an example.
    """

    folder: Path
    variables: Mapping[str, str]
    reads: Mapping[str, str] = field(default_factory=dict)


def _in(folder: Path, variables: Mapping[str, str], *words: str) -> str:
    done = run_program(list(words), folder, variables)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def _an_empty_folder(place: Path) -> Iterator[Scene]:
    with serve(climate_world()) as github:
        variables = clean_environment() | asking(github)
        yield Scene(place, variables, {"YOUR-ORGANISATION": "open-climate-tools"})


@contextmanager
def _a_community(place: Path) -> Iterator[Scene]:
    """A copy of a showcase's repository, after its first night."""
    with serve(climate_world()) as github:
        variables = clean_environment() | asking(github)
        _in(place, variables, "init", "https://github.com/open-climate-tools", "showcase")
        folder = place / "showcase"
        _in(folder, variables, "run")
        yield Scene(folder, variables, {"owner/name": "tidewatch-collective/saltmarsh-counts"})


@contextmanager
def _one_to_care_for(place: Path) -> Iterator[Scene]:
    """Two projects: the documentation of one moved, and the other has another name since."""
    world = synthetic_world(2)
    one, two = world.names
    paper = "https://paper.invalid/"
    listed = f"projects:\n  - repo: {one}\n    links: {{docs: '{paper}'}}\n  - {two}\n"
    (place / "registry.yaml").write_text(listed, encoding="utf-8")
    with serve(world) as github:
        variables = clean_environment() | asking(github) | GIT
        nobody = {"GITHUB_SERVER_URL": "http://127.0.0.1:9"}
        _in(place, variables, "update")
        github.world.rename(two, f"{two}-again")
        _in(place, variables, "update")
        day = date(2026, 9, 1)
        moved = KnownWebsite(
            visited=day + timedelta(days=7),
            condition=Condition.MOVED,
            since=day,
            times=2,
            target="https://paper.example.org/new",
        )
        keep_websites(place / ".aggregator", Websites({sum_of_address(paper): moved}))
        subprocess.run(["git", "init", "--quiet"], cwd=place, env=variables, check=True)
        reads = {"moved:ann/tool:docs": f"moved:{one}:docs", "renamed:ann/bare": f"renamed:{two}"}
        yield Scene(place, variables | nobody, reads)


@contextmanager
def _a_machine_of_several(place: Path) -> Iterator[Scene]:
    """One machine that has all of the night to itself, with a site that was published."""
    with _a_community(place) as scene, serving(scene.folder / "output", 0) as address:
        yield Scene(scene.folder, {**scene.variables, "SHOWCASE_URL": address}, {"3/8": "1/1"})


@contextmanager
def _a_look(place: Path) -> Iterator[Scene]:
    with _a_community(place) as scene:
        (scene.folder / "our-look" / "static" / "css" / "site").mkdir(parents=True)
        (css,) = (one for one in blocks_of(ROOT / "docs/appearance.md") if one.language == "css")
        (scene.folder / "our-look/static/css/site/95-ours.css").write_text(css.text)
        yield scene


@contextmanager
def _a_checkout_beside_a_sandbox(place: Path) -> Iterator[Scene]:
    checkout = place / "checkout"
    checkout.mkdir()
    (checkout / "aggregator").symlink_to(ROOT / "aggregator")
    with serve(World.of(sample_community())) as github:
        at = github.api_url.rstrip("/")
        yield Scene(checkout, clean_environment(), {"http://127.0.0.1:8123": at})


@contextmanager
def _a_published_site(place: Path) -> Iterator[Scene]:
    with _a_community(place) as scene:
        variables = {**scene.variables, "SHOWCASE_URL": "https://showcase.example.org/"}
        _in(scene.folder, variables, "build")
        page = next((scene.folder / "output" / "projects").glob("*/*/oembed.json")).parent
        name = f"{page.parent.name}/{page.name}"
        with serving(scene.folder / "output", 0) as address:
            reads = {"https://example.org/showcase": address.rstrip("/"), "OWNER/NAME": name}
            yield Scene(scene.folder, variables, reads)


SCENES: Mapping[str, Callable[[Path], AbstractContextManager[Scene]]] = {
    "README.md": _an_empty_folder,
    "adding-a-project.md": _a_community,
    "appearance.md": _a_look,
    "care.md": _one_to_care_for,
    "cluster.md": _a_machine_of_several,
    "running.md": _a_community,
    "sandbox.md": _a_checkout_beside_a_sandbox,
    "sharing.md": _a_published_site,
}


def runnable(page: Path) -> list[str]:
    """Give what is run of each block of a page, in the order of the page."""
    scripts = (
        "\n".join(one for one in block.commands if why_not_run(one) is None)
        for block in blocks_of(page)
        if block.language in SHELL
    )
    return [script for script in scripts if script]


def goes_through(page: Path, scene: Scene, programs: Path) -> None:
    """Copy each block of a page that can be run, as it stands, and see it work."""
    programs.mkdir()
    with program_for_scripts(programs / "aggregator"):
        variables = {**scene.variables, "PATH": f"{programs}:{os.environ['PATH']}"}
        for script in runnable(page):
            text = script
            for written, read in scene.reads.items():
                text = text.replace(written, read)
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", text],
                cwd=scene.folder,
                env=variables,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty folder."""
    made = tmp_path / "home"
    made.mkdir()
    return made


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENES)
def test_the_commands_of_a_page_work_from_top_to_bottom(name: str, place: Path) -> None:
    """Whoever copies them in their order, where the page supposes them to be, sees none fail."""
    page = ROOT / name if name == "README.md" else ROOT / "docs" / name
    with SCENES[name](place) as scene:
        goes_through(page, scene, place.parent / "bin")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_the_commands_of_a_community_s_own_pages_work(name: str, place: Path) -> None:
    """What `init` writes for members and for whoever looks after it can be copied, too."""
    with _a_community(place) as scene:
        reads = {"your-name/your-repository": "tidewatch-collective/saltmarsh-counts"}
        page = scene.folder / name
        assert runnable(page)
        goes_through(page, replace(scene, reads=reads), place.parent / "bin")


def test_no_page_with_commands_is_left_out() -> None:
    """Each page whose commands can be run is run here, or where its name stands."""
    run = {page.name for page in PAGES if runnable(page)}
    assert run == SCENES.keys() | ELSEWHERE.keys()
    for page, test in ELSEWHERE.items():
        assert page in (ROOT / test).read_text(encoding="utf-8")


def test_what_is_not_run_is_known_to_the_program_that_it_calls() -> None:
    """A command that needs root, a network or an hour has the words that its program takes."""
    used = set()
    for page in PAGES:
        for block in blocks_of(page):
            for command in block.commands if block.language in SHELL else ():
                if reason := why_not_run(command):
                    assert reason.because
                    reason.reads(shlex.split(command, comments=True))
                    used.add(reason.begins)
    assert {one.begins for one in NOT_RUN} == used, "a reason that no command has any more"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_stand_in_blocks_that_are_run(page: Path) -> None:
    """No command hides in a block that says that it is something else."""
    begins = re.compile(
        r"^(?:\$ )?(?:aggregator|pip|pipx|python|git|make|docker|curl) ", re.MULTILINE
    )
    hidden = [
        block.text
        for block in blocks_of(page)
        if block.language not in {*SHELL, "markdown"} and begins.search(block.text)
    ]
    assert hidden == []


def test_what_the_docs_write_into_a_registry_is_read() -> None:
    """Whoever pastes an example of a setting or an entry gets no mistake."""
    parts = {"showcase", "projects", "people", "paths", "talks", "organisations"}
    read = 0
    for page in PAGES:
        for block in blocks_of(page):
            if block.language == "yaml" and parts & set(
                re.findall(r"^(\w+):", block.text, re.MULTILINE)
            ):
                listed = block.text + ("" if "projects:" in block.text else "projects: [a/b]\n")
                found = load_texts({"registry.yaml": listed})
                # Of a part of a registry, what the rest of it holds is missing.
                wrong = [one.what for one in found.errors if not re.search(BESIDE, one.what)]
                assert wrong == [], f"{page.name}: {block.text}"
                read += 1
    assert read > 8


def test_the_example_of_the_stand_in_works() -> None:
    """What docs/sandbox.md shows of the stand-in can be copied into a test."""
    (example,) = (one for one in blocks_of(ROOT / "docs/sandbox.md") if one.language == "python")
    asked: list[int] = []

    def ask(api: str, _: str) -> None:
        address = f"{api.rstrip('/')}/repos/wrenford-icb/atlas"
        asked.append(requests.get(address, timeout=10).status_code)

    exec(example.text, {"my_clock": lambda: NOW, "run_against": ask})
    assert asked == [200]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_command_in_a_sentence_has_such_options(page: Path) -> None:
    """What a sentence says of `aggregator run --restore` is true of that command."""
    text = page.read_text(encoding="utf-8")
    for name, rest in re.findall(r"aggregator ([a-z-]+)([^`\n|&]*)", text):
        if name in COMMANDS:
            known = {option for one in command_of(name).params for option in one.opts}
            assert set(re.findall(r"(?<=\s)--[a-z-]+", rest)) <= known | {"--help"}, f"{name}{rest}"


def test_a_wrong_word_would_be_noticed() -> None:
    """A word that a program does not take is an error, for each way of asking it."""
    for command in ("aggregator serve --prot 1", "pip install --wrong x", "dask scheduler --wrong"):
        reason = why_not_run(command)
        assert reason is not None
        with pytest.raises(AssertionError):
            reason.reads(shlex.split(command))
    with pytest.raises(Exception, match="No such option"):
        options_of(["run", "--wrong"])
    assert shutil.which("bash")
