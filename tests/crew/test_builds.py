"""A build is the same whoever works at it, when something goes wrong at one project, too."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from aggregator.registry.loader import load
from aggregator.run import pipeline
from aggregator.run.crews import Hands
from aggregator.run.guard import Guard
from aggregator.run.pipeline import Built, build
from aggregator.run.processes import ProcessCrew
from aggregator.run.workspace import Workspace
from aggregator.site.theme import TemplateText, Theme, load_theme
from aggregator.words.addresses import GITHUB
from aggregator.words.crew import Crew
from tests.crew.conftest import bytes_in

_VICTIM = "theatre-tetris"


@pytest.fixture
def broken_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A template of ours with a mistake that one project brings to light."""

    def broken(
        accent: str, override: Path | None, language: str, own: Mapping[str, bytes]
    ) -> Theme:
        theme = load_theme(accent, override, language, own)
        page = theme.templates["project/index.html"]
        fault = f"{{% if '{_VICTIM}' in repo %}}{{{{ 1 // 0 }}}}{{% endif %}}".encode()
        source = page.source.replace(b"{% block main %}", b"{% block main %}" + fault)
        assert source != page.source
        changed = theme.templates | {"project/index.html": TemplateText(page.place, source)}
        return replace(theme, fingerprint=f"{theme.fingerprint}-broken", templates=changed)

    monkeypatch.setattr(pipeline, "load_theme", broken)


def _built(folder: Path, output: str, hands: Hands) -> Built:
    workspace = Workspace(folder / "registry.yaml", folder / ".aggregator", folder / output)
    return build(workspace, load(workspace.registry), GITHUB, hands, Guard(fresh=True))


def test_a_project_that_cannot_be_made_is_found_behind_workers(
    broken_for_one: None, sample: Path, tmp_path: Path
) -> None:
    """It is shown plainly with one fault, and the rest as ever, as when this process works."""
    shutil.copytree(sample, tmp_path, dirs_exist_ok=True)
    here = _built(tmp_path, "here", Hands(1))
    with ProcessCrew(2, worth_a_start=0) as crew:
        there = _built(tmp_path, "there", Hands(1, crew))
    assert [fault.about for fault in here.faults] == [fault.about for fault in there.faults]
    assert _VICTIM in here.faults[0].about
    assert bytes_in(tmp_path / "here") == bytes_in(tmp_path / "there")


def test_a_build_is_the_same_whoever_works(sample: Path, crew: Crew, tmp_path: Path) -> None:
    """From the first page to the last export."""
    shutil.copytree(sample, tmp_path, dirs_exist_ok=True)
    _built(tmp_path, "again", Hands(1, crew))
    assert bytes_in(tmp_path / "again") == bytes_in(tmp_path / "output")
