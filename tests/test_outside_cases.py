"""Inputs from outside that once gave a wrong value, read where they are and never copied.

Each line of `cases.jsonl` names an input and how it comes in: a README to render, a repository to
list, the body of a form, or a registry to check. What must come of each is judged here.
"""

import json
import subprocess
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from aggregator.demo.git import GitCommit, History, LinkTo, Tree
from aggregator.demo.world import Account, Repository, WorldIssue, WorldRelease, stable_id
from aggregator.readme.readme import Readme, ReadmeSource
from aggregator.readme.rendering import render
from tests.cli.test_site import asking, clean_environment, files, listed
from tests.conftest import SHARED
from tests.program import run_program
from tests.stand_in.server import Server, serve
from tests.stand_in.world import World

pytestmark = pytest.mark.usefixtures("lent_workers")

FOLDER = SHARED / "cases"
Check = Callable[[Any], bool]


def given(how: str) -> list[Any]:
    """List the cases that come in one way; one that skips stands for a folder that is not here."""
    path = FOLDER / "cases.jsonl"
    if not path.exists():
        reason = f"the cases from outside are not here (looked at {path}; set AGGREGATOR_SHARED)"
        return [pytest.param({}, marks=pytest.mark.skip(reason=reason), id="absent")]
    cases = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [pytest.param(case, id=case["name"]) for case in cases if case["how"] == how]


def rendered(case: Mapping[str, str]) -> Readme:
    data = (FOLDER / case["file"]).read_bytes()
    where = {"repository": case["repository"], "ref": "c0ffee", "branch": "main"}
    return render(ReadmeSource(data=data, path=case["path"], **where))


def shows(*texts: str) -> Check:
    return lambda readme: all(text in readme.html for text in texts)


def says(start: str) -> Check:
    return lambda readme: readme.excerpt is not None and readme.excerpt.startswith(start)


def says_nothing(readme: Readme) -> bool:
    return readme.excerpt is None


def readable_or_noted(word: str) -> Check:
    def check(readme: Readme) -> bool:
        legible = word in readme.text
        garbage = any(sign in readme.html for sign in ("\ufffd", "\x00", "Ã", "ð"))
        return not garbage and (legible or (bool(readme.notes) and readme.excerpt is None))

    return check


RENDER: Mapping[str, Check] = {
    "badge-repo-name": shows("docs/screenshot.png"),
    "badge-coverage-map": shows("docs/coverage-map.svg"),
    "badge-word": shows("img/powered-by-ward.png", "docs/badges/dashboard.png"),
    "lead-coverage": lambda r: bool(r.lead_image) and r.lead_image.url.endswith("img/chart.png"),
    "srcset-nospace": shows(
        "https://github.com/org/wards/raw/c0ffee/img/dark.png",
        "https://github.com/org/wards/raw/c0ffee/img/dark2.png",
    ),
    "video-src": shows('href="https://github.com/org/wards/assets/1/demo.mp4"'),
    "frontmatter-prose": shows("Important: The site moved.", "Ward charts is a package", "End."),
    "rst-versionadded": shows("Reads spreadsheets of beds.", "Take it from the index."),
    "rst-width": lambda r: "50" in r.html and ("width-50" in r.html or 'width="50%"' in r.html),
    "rst-raw-html": shows("docs/ward-map.png", "Map of wards", "Text."),
    "enc-cp1251": readable_or_noted("для"),
    "enc-utf16-nobom": readable_or_noted("Wards is a package"),
    "enc-latin2": readable_or_noted("szpitalnych"),
    "binary-png": lambda r: bool(r.notes) and "IHDR" not in r.html and r.excerpt is None,
    "tpl-goal": says_nothing,
    "tpl-one-paragraph": says_nothing,
    "tpl-best-readme": says_nothing,
    "tpl-cra": says_nothing,
    "tpl-goal-real-later": says("Wards is a package that draws charts of ward counts."),
    "notice-experimental": says("Wards is a package"),
    "notice-needed": says_nothing,
    "notice-shout": says("Charts of ward counts"),
    "notice-built": says_nothing,
    "name-colon": says("R functions that draw charts"),
    "cjk-zh": says("这是一个为医院病区绘制统计图表的工具"),
    "cjk-th": says("เครื่องมือนี้ใช้สร้างกราฟ"),
    "rtl-hebrew": lambda r: r.html.count('dir="auto"') >= 3,
}


@pytest.mark.corpus
@pytest.mark.parametrize("case", given("render"))
def test_a_readme_from_outside_is_shown_rightly(case: dict[str, str]) -> None:
    """A README of somebody else's making gives its words, its pictures and a true summary."""
    assert RENDER[case["name"]](rendered(case))


def publish(case: Mapping[str, str], folder: Path) -> SimpleNamespace:
    given_world = json.loads((FOLDER / case["file"]).read_text("utf-8"))
    repo = given_world["repo"]["full_name"]
    (folder / "registry.yaml").write_text(f"projects:\n  - {repo}\n", "utf-8")
    with serve(world_of(given_world)) as server:
        done = run_program(["run"], folder, clean_environment() | asking(server))
    assert (folder / "output").is_dir(), done.stderr
    page = folder / "output" / "projects" / repo / "index.html"
    return SimpleNamespace(
        folder=folder,
        project=next(iter(listed(folder / "output").values())),
        page=page.read_text("utf-8") if page.exists() else "",
        bytes=files(folder / "output"),
    )


def found(made: SimpleNamespace, *queries: str) -> bool:
    for query in queries:
        done = run_program(["search", query], made.folder, clean_environment())
        if "org/" not in done.stdout:
            return False
    return True


def field(name: str, value: object) -> Check:
    return lambda made: _dig(made.project, name) == value


def _dig(project: Any, path: str) -> Any:
    for part in path.split("."):
        project = project.get(part) if isinstance(project, Mapping) else None
    return project


def on_page(*texts: str) -> Check:
    return lambda made: all(text in made.page for text in texts)


def off_page(*texts: str) -> Check:
    return lambda made: not any(text in made.page for text in texts)


def both(*checks: Check) -> Check:
    return lambda made: all(check(made) for check in checks)


DOI = both(
    field("details.doi", "10.5281/zenodo.1234567"),
    on_page('href="https://doi.org/10.5281/zenodo.1234567"'),
)
HOME = both(field("links.homepage", "https://wards.example.org"), on_page("wards.example.org"))
DESCRIBED = "Draws charts of ward counts"


def erased(made: SimpleNamespace) -> bool:
    held = [path for path, data in made.bytes.items() if DESCRIBED.encode() in data]
    return made.project["state"] == "blocked" and not held


WORLD: Mapping[str, Check] = {
    "symlink-md": on_page("Wards is a package that draws charts.", "/docs/chart.png"),
    "name-ipynb": on_page("Wards is a notebook that draws charts."),
    "name-rst-txt": on_page("Wards is a package."),
    "name-mdwn": lambda made: made.project["details"]["readme_path"] == "README.mdwn",
    "zwj-nurse": field("summary", "\U0001f469\u200d\u2695\ufe0f Charts for nurses"),
    "flag-wales": lambda made: "\U000e0077\U000e006c\U000e0073\U000e007f" in made.page,
    "zwj-release": on_page("Nurses \U0001f469\u200d\u2695\ufe0f 1.0"),
    "soft-hyphen": lambda made: (
        "Krankenhausstationen" in (made.project["summary"] or "").replace("\xad", "")
    ),
    "shortcode-description": field("summary", "\U0001f3e5 Ward charts \U0001f680"),
    "branch-hash": both(on_page("/blob/rel%231/"), off_page("/blob/rel#1/", "rel%25231")),
    "label-hyphen": lambda made: (
        "good-first-issue" in made.page and "%22good%20first" not in (made.page)
    ),
    "doi-url": DOI,
    "doi-identifiers": DOI,
    "doi-prefix": DOI,
    "licence-tbd": field("licence", "MIT"),
    "licence-noassertion": field("licence", "MIT"),
    "licence-conflict": lambda made: str(made.project["licence"]).startswith("GPL-3.0"),
    "licence-list": field("licence", "MIT OR Apache-2.0"),
    "home-own-repo": HOME,
    "home-doi": HOME,
    "abstract-study": field("summary", DESCRIBED),
    "bots-counted": field("contributors.count", 1),
    "blocked-dmca": erased,
    "search-cjk": lambda made: found(made, "统计", "图表"),
    "search-lstroke": lambda made: found(made, "lodz", "Łódź"),
}


@pytest.mark.corpus
@pytest.mark.parametrize("case", given("world"))
def test_a_repository_from_outside_is_described_rightly(
    case: dict[str, str], tmp_path: Path
) -> None:
    """What GitHub and a repository's own files say reaches the page as a person would read it."""
    assert WORLD[case["name"]](publish(case, tmp_path))


def world_of(given_world: Mapping[str, Any]) -> World:
    """Put one repository, written in the names of GitHub's REST API, into a world of its own."""
    repo = given_world["repo"]
    owner, _, name = repo["full_name"].partition("/")
    people = given_world.get("contributors", [{"login": "jo", "contributions": 5}])
    repository = Repository(
        id=stable_id(repo["full_name"]),
        owner=owner,
        name=name,
        created_at=repo["created_at"],
        updated_at=repo["updated_at"],
        pushed_at=repo["pushed_at"],
        description=repo.get("description"),
        homepage=repo.get("homepage"),
        language_bytes={repo["language"]: 9_000},
        licence=SPDX.get(repo["license"]),
        default_branch=repo["default_branch"],
        stars=repo.get("stargazers_count", 0),
        open_issues=0,
        tree=Tree({path: content(text) for path, text in given_world["files"].items()}),
        history=History(seed=name, pushed=commits_of(people, repo["pushed_at"])),
        issues=tuple(labelled(given_world.get("labels", {}))),
        releases=tuple(
            WorldRelease(tag=r["tag_name"], published_at=r["published_at"], name=r.get("name"))
            for r in given_world.get("releases", ())
        ),
    )
    accounts = [Account(owner, kind="Organization"), *map(account_of, people)]
    world = World([repository], accounts)
    if given_world.get("state"):
        world.block(repository.full_name, given_world["state"])
    return world


def commits_of(people: Iterable[Mapping[str, Any]], at: str) -> tuple[GitCommit, ...]:
    authors = [person["login"] for person in people for _ in range(person["contributions"])]
    return tuple(
        GitCommit(f"{number:040x}", at, "Draw charts", author)
        for number, author in enumerate(authors, 1)
    )


def content(text: str) -> bytes:
    kind, _, target = text.partition("SYMLINK:")
    return LinkTo(target.encode()) if target and not kind else text.encode()


SPDX = {"mit": "MIT", "gpl-3.0": "GPL-3.0", "other": "NOASSERTION"}


def account_of(person: Mapping[str, Any]) -> Account:
    return Account(person["login"], kind=person.get("type", "User"))


def labelled(labels: Mapping[str, int]) -> list[WorldIssue]:
    names = [label for label, count in labels.items() for _ in range(count)]
    return [
        WorldIssue(n, f"Issue {n}", "2026-10-01T00:00:00Z", "2026-10-01T00:00:00Z", labels=(label,))
        for n, label in enumerate(names, 1)
    ]


def filled_in(case: Mapping[str, str], folder: Path) -> SimpleNamespace:
    (folder / "registry.yaml").write_text("projects:\n  - org/other\n", "utf-8")
    beds = {**PLAIN, "full_name": "org/beds"}
    world = world_of({"repo": PLAIN, "files": README})
    for repository in world_of({"repo": beds, "files": README}).repositories:
        world.add(repository)
    body = folder / "body.md"
    body.write_bytes((FOLDER / case["file"]).read_bytes())
    with serve(world) as server:
        done = commanded(server, folder, "from-issue", "--body", body, "--answer-to", "answer")
    answer = folder / "answer" / "answer.md"
    return SimpleNamespace(
        code=done.returncode,
        answer=answer.read_text("utf-8") if answer.exists() else "",
        registry=(folder / "registry.yaml").read_text("utf-8"),
    )


PLAIN = {
    "full_name": "org/wards",
    "created_at": "2024-01-01T00:00:00Z",
    "updated_at": "2026-11-01T00:00:00Z",
    "pushed_at": "2026-11-01T00:00:00Z",
    "language": "Python",
    "license": "mit",
    "default_branch": "main",
    "commit_count": 5,
}
README = {"README.md": "# Wards\n"}


def commanded(server: Server, folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    return run_program([*map(str, words)], folder, clean_environment() | asking(server))


def added(made: SimpleNamespace) -> bool:
    return made.code == 0 and "org/wards" in made.registry


FORM: Mapping[str, Check] = {
    "form-mdlink": added,
    "form-prefix": added,
    "form-lead-text": added,
    "form-two": lambda made: "another form" in made.answer and "- repo" not in made.answer,
    "form-na": lambda made: added(made) and "N/A" not in made.registry,
}


@pytest.mark.corpus
@pytest.mark.parametrize("case", given("form"))
def test_a_form_from_outside_is_understood(case: dict[str, str], tmp_path: Path) -> None:
    """What a member plainly meant in a form is taken, or answered in words of forms."""
    assert FORM[case["name"]](filled_in(case, tmp_path))


def checked(case: Mapping[str, str], folder: Path) -> str:
    text = (FOLDER / case["file"]).read_bytes()
    (folder / "registry.yaml").write_bytes(text)
    more = (FOLDER / case["file"]).with_suffix(".d")
    if more.is_dir():
        (folder / "registry.d").mkdir()
        for file in more.iterdir():
            (folder / "registry.d" / file.name).write_bytes(file.read_bytes())
    done = run_program(["check"], folder, clean_environment())
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


CHECK: Mapping[str, Callable[[str], bool]] = {
    "reg-github-id": lambda said: "did you mean `repo`" in said,
    "reg-name": lambda said: "did you mean `repo`" in said,
    "regd-bare": lambda said: "`projects:`" in said and said.count("entry.yaml") == 1,
    "reg-mapping": lambda said: "- repo: org/wards" in said,
}


@pytest.mark.corpus
@pytest.mark.parametrize("case", given("check"))
def test_a_registry_from_outside_gets_the_right_advice(
    case: dict[str, str], tmp_path: Path
) -> None:
    """Advice names the cure and never tells a member to throw their data away."""
    assert CHECK[case["name"]](checked(case, tmp_path))
