"""What may become a release, and the steps that make one, run as GitHub runs them."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import releasing
from aggregator import __version__
from aggregator.adopting.action_pin import PACKAGE
from aggregator.adopting.upgrading import FOR_ADOPTERS
from tests.conftest import ROOT
from tests.registry.test_nightly_steps import Machine, jobs, machine, step

__all__ = ["machine"]  # a fixture

FLOW = "release.yml"
CHECK = "Check that the tag, the version and the changelog agree"
GOOD = """# Changelog

Words above.

## [Unreleased]

## [1.2.0] - 2026-12-01

### For adopters

- Run `aggregator upgrade`.

### Added

- A thing,
  told in two lines.

## [1.2.0rc1] - 2026-11-20

### Fixed

- Another.

## [1.1.0] - 2026-11-30
"""


def test_the_notes_are_what_the_changelog_says_of_the_version() -> None:
    """Its own section, whole, and nothing of the versions before."""
    notes = releasing.release_notes("v1.2.0", "1.2.0", GOOD)
    assert notes.startswith("### For adopters\n\n- Run `aggregator upgrade`.")
    assert notes.endswith("told in two lines.")


UNRELEASED, OURS = "## [Unreleased]\n", "## [1.2.0] - 2026-12-01"


@pytest.mark.parametrize(
    ("tag", "stated", "changelog", "said"),
    [
        ("v1.2.1", "1.2.0", GOOD, "the tag would be v1.2.0"),
        ("1.2.0", "1.2.0", GOOD, "the tag would be v1.2.0"),
        ("v1.2", "1.2", GOOD, "aggregator/__init__.py says 1.2"),
        ("v1.2.0", "1.2.0", "# Changelog\n", "does not begin with ## [Unreleased]"),
        ("v1.2.0", "1.2.0", GOOD.replace(UNRELEASED, ""), "does not begin with"),
        (
            "v1.2.0",
            "1.2.0",
            GOOD.replace(UNRELEASED, f"{UNRELEASED}\n- New\n"),
            "has unreleased lines",
        ),
        ("v1.3.0", "1.3.0", GOOD, "has no ## [1.3.0]"),
        ("v1.2.0", "1.2.0", GOOD.replace("-12-01", "-13-01"), "2026-13-01 is no day"),
        ("v1.2.0", "1.2.0", GOOD.replace(OURS, "## 1.2.0"), "## 1.2.0 is no [VERSION]"),
        ("v1.2.0", "1.2.0", GOOD.replace("[1.1.0]", "[1.2.0]"), "are not in order"),
        ("v1.2.0", "1.2.0", GOOD.replace("[1.2.0rc1]", "[1.10.0]"), "are not in order"),
        ("v1.2.0", "1.2.0", GOOD.replace("### Added", "### Add"), "a heading that is none: Add"),
        ("v1.2.0", "1.2.0", GOOD.replace("\n- ", "\n* "), "does not say what is new"),
    ],
)
def test_what_is_not_in_order_is_not_released(
    tag: str, stated: str, changelog: str, said: str
) -> None:
    """Each slip stops it, with the one place to mend."""
    with pytest.raises(releasing.NotReadyError, match=re.escape(said)):
        releasing.release_notes(tag, stated, changelog)


def test_the_changelog_may_tell_adopters_in_the_words_that_upgrade_reads() -> None:
    """Its heading is one of those that a release may have, and so is each that stands there now."""
    assert FOR_ADOPTERS in releasing.HEADINGS
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^### (.*)$", changelog, re.MULTILINE)) <= set(releasing.HEADINGS)


def test_the_version_stands_in_one_place() -> None:
    """The file that a release is checked against is the one that packages are built with."""
    text = (ROOT / "aggregator" / "__init__.py").read_text(encoding="utf-8")
    assert releasing.VERSION.findall(text) == [__version__]
    assert f'"{__version__}"' not in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def checkout(machine: Machine, changelog: str = GOOD, version: str = "1.2.0") -> Path:
    """Make a checkout of a main branch with a version of its own."""
    folder = machine.home / "checkout"
    (folder / "aggregator").mkdir(parents=True)
    (folder / "aggregator" / "__init__.py").write_text(f'__version__ = "{version}"\n')
    (folder / "CHANGELOG.md").write_text(changelog)
    (folder / "releasing.py").write_text((ROOT / "releasing.py").read_text())
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder)
    git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    machine.variables["PATH"] = f"{Path(sys.executable).parent}:{machine.variables['PATH']}"
    return folder


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=A", "-c", "user.email=a@b.cd")
    done = subprocess.run(
        ["git", "-C", str(folder), *who, *words], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(folder: Path) -> None:
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "change")


def test_a_tag_that_agrees_goes_on(machine: Machine) -> None:
    """The notes are written for the job that shows them."""
    folder = checkout(machine)
    told = {"BRANCH": "main", "COMMIT": git(folder, "rev-parse", "HEAD"), "TAG": "v1.2.0"}
    done = machine.step(FLOW, CHECK, folder=folder, **told)
    assert done.returncode == 0, done.stderr
    assert "A thing," in (folder / "notes.md").read_text()


def test_a_tag_that_disagrees_or_lies_elsewhere_stops(machine: Machine) -> None:
    """Nothing is built from another version, nor from a commit that nobody merged."""
    folder = checkout(machine)
    told = {"BRANCH": "main", "COMMIT": git(folder, "rev-parse", "HEAD"), "TAG": "v1.2.1"}
    done = machine.step(FLOW, CHECK, folder=folder, **told)
    assert done.returncode != 0
    assert "v1.2.1 cannot be released" in done.stderr
    commit(folder)
    told = {"BRANCH": "main", "COMMIT": git(folder, "rev-parse", "HEAD"), "TAG": "v1.2.0"}
    done = machine.step(FLOW, CHECK, folder=folder, **told)
    assert done.returncode != 0
    assert "::error title=Not on the main branch::" in done.stdout


def stub(machine: Machine, name: str, text: str) -> None:
    """Put a program on the machine that stands in for another."""
    path = Path(machine.variables["PATH"].partition(":")[0]) / name
    path.write_text(f"#!/bin/bash\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


def test_the_packages_are_built_for_the_very_commit(machine: Machine) -> None:
    """The build is told where the action is, and a time that the commit decides."""
    folder = checkout(machine)
    machine.variables["PATH"] = f"{machine.home.parent / 'bin'}:{os.environ['PATH']}"
    stub(machine, "python", 'echo "$SOURCE_DATE_EPOCH|$AGGREGATOR_ACTION|$*" >> "$HOME/said"')
    told = {"COMMIT": "a" * 40, "REPOSITORY": "octo/showcase"}
    assert machine.step(FLOW, "Build the packages", folder=folder, **told).returncode == 0
    install, build = machine.said("said").splitlines()
    assert install == "||-m pip install --quiet -c constraints.txt build hatchling"
    when = git(folder, "log", "-1", "--format=%ct")
    assert build.startswith(f"{when}|octo/showcase@{'a' * 40}|-m build --no-isolation")


def test_what_was_built_is_used_as_a_stranger_would(machine: Machine) -> None:
    """A fresh environment gets the one package, and every program of it is started from there."""
    dist = machine.home / "dist"
    dist.mkdir()
    for name in ("community_showcase-1.2.0-py3-none-any.whl", "community_showcase-1.2.0.tar.gz"):
        (dist / name).touch()
    recorded = 'echo "${0##*/} $*" >> "$HOME/said"'
    ours = "mkdir -p fresh/bin output; echo x > output/index.html"
    copies = "for n in python community-showcase aggregator; do cp $0 fresh/bin/$n; done"
    stub(machine, "python", f'{recorded}\nif [[ "$2" == venv ]]; then {ours}; {copies}; fi')
    name = "Install it and make a site"
    for package, file in (("wheel", "-py3-none-any.whl"), ("sdist", ".tar.gz")):
        done = machine.step(FLOW, name, PACKAGE=package)
        assert done.returncode == 0, done.stderr
        said = machine.said("said").splitlines()
        assert f"python -m pip install --quiet dist/community_showcase-1.2.0{file}[demo]" in said
        assert said[-3:] == [
            "aggregator demo",
            "aggregator init made --title Made in a moment",
            "aggregator check --registry made/registry.yaml",
        ]
    (machine.home / "output" / "index.html").write_text("")
    stub(machine, "python", "true")
    assert machine.step(FLOW, name, PACKAGE="wheel").returncode != 0


DOCKER = """\
if [[ "$1" == login ]]; then cat > "$HOME/password"; fi
echo "$*" >> "$HOME/said"
while [[ $# -gt 0 ]]; do
  case "$1" in --metadata-file) printf '%s' "$(cat "$HOME/metadata")" > "$2" ;; esac
  shift
done"""


def push(machine: Machine, digest: str) -> subprocess.CompletedProcess[str]:
    stub(machine, "docker", DOCKER)
    (machine.home / "metadata").write_text(f'{{"containerimage.digest": "{digest}"}}')
    told = {"COMMIT": "a" * 40, "REPOSITORY": "Octo/Showcase", "TAG": "v1.2.0"}
    return machine.step(FLOW, "Build and push it", TOKEN="marked-token", WHO="ann", **told)


def test_the_image_is_known_by_its_digest(machine: Machine) -> None:
    """It is pushed with where it was built from; the token is no argument, and is forgotten."""
    digest = f"sha256:{'b' * 64}"
    done = push(machine, digest)
    assert done.returncode == 0, done.stderr
    assert machine.said("output") == f"name=ghcr.io/octo/showcase\ndigest={digest}\n"
    assert f"ghcr.io/octo/showcase@{digest}" in machine.said("summary")
    said = machine.said("said")
    assert "marked-token" not in said + done.stdout + done.stderr
    assert machine.said("password") == "marked-token\n"
    assert said.splitlines()[-1] == "logout ghcr.io"
    built = said.splitlines()[2]
    for words in (
        "--provenance mode=max",
        "--sbom true",
        "--tag ghcr.io/octo/showcase:1.2.0 ",
        f"--build-arg AGGREGATOR_ACTION=Octo/Showcase@{'a' * 40} ",
    ):
        assert words in built


def test_an_image_without_a_digest_is_not_attested(machine: Machine) -> None:
    """Where the build does not say what it pushed the job fails."""
    assert push(machine, "latest").returncode != 0
    assert machine.said("output") == ""
    assert machine.said("said").splitlines()[-1] == "logout ghcr.io"


@pytest.mark.parametrize(("tag", "early"), [("v1.2.0", False), ("v1.2.0rc1", True)])
def test_the_page_of_a_release_says_what_is_new(machine: Machine, tag: str, early: bool) -> None:
    """With the packages, and with the names by which image and action are pinned."""
    (machine.home / "notes.md").write_text("### Added\n")
    (machine.home / "dist").mkdir()
    (machine.home / "dist" / "some.whl").touch()
    told = {"COMMIT": "a" * 40, "DIGEST": "sha256:b", "REPOSITORY": "Octo/Showcase", "TAG": tag}
    done = machine.step(FLOW, "Make the page of the release", **told)
    assert done.returncode == 0, done.stderr
    asked = machine.said("gh.log")
    assert asked.startswith(f"release create {tag} dist/some.whl --repo Octo/Showcase --verify-tag")
    assert ("--prerelease" in asked) == early
    notes = machine.said("notes.md")
    assert "`ghcr.io/octo/showcase@sha256:b`" in notes
    assert f"`Octo/Showcase@{'a' * 40}`" in notes


def test_nothing_is_published_that_was_not_tried() -> None:
    """The right to publish is held by jobs that wait for the trial, never by one that builds."""
    found: dict[str, Any] = jobs(FLOW)
    assert found["try"]["needs"] == "build"
    assert found["publish"]["needs"] == found["image"]["needs"] == "try"
    assert found["tell"]["needs"] == ["publish", "image"]
    assert found["build"]["permissions"] == {"contents": "read"}
    assert found["try"]["permissions"] == {}
    assert found["publish"]["environment"]["name"] == "pypi"
    assert found["publish"]["environment"]["url"] == f"https://pypi.org/project/{PACKAGE}/"
    assert not any("run" in one for one in found["publish"]["steps"])
    text = (ROOT / ".github" / "workflows" / FLOW).read_text(encoding="utf-8")
    assert "secrets." not in text
    assert yaml.safe_load(text)[True] == {"push": {"tags": ["v*"]}}
    assert step(FLOW, "Hand over the packages")["with"]["if-no-files-found"] == "error"
