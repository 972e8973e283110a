"""The validator of the W3C finds no error on any page of the sample, nor of real repositories.

It is a Java program that `develop.py` installs from npm beside the tools for scripts.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from aggregator.run.publish import publish
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme
from tests.outputs import factory
from tests.program import ROOT
from tests.search.readings import corpus_catalogue

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
JAR = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
Validate = Callable[[Path], list[str]]


@pytest.fixture(scope="module")
def errors_in() -> Validate:
    """Give what the validator says of the pages in a folder; where CI is set it must be there."""
    java = shutil.which("java")
    if not (java and JAR.is_file()) and not os.environ.get("CI"):
        pytest.skip(f"the validator needs Java and {JAR} (`make test` fetches it where npm is)")
    assert java

    def validate(folder: Path) -> list[str]:
        words = [java, "-Xmx512m", "-jar", JAR, "--errors-only", "--skip-non-html"]
        done = subprocess.run(
            [*words, "--format", "json", "--stdout", "--exit-zero-always", folder],
            check=True,
            capture_output=True,
            timeout=500,
        )
        found = json.loads(done.stdout)["messages"]
        return [
            f"{one['url'].rpartition(folder.name)[2]}:{one.get('lastLine')} {one['message']}"
            for one in found
        ]

    return validate


def test_the_validator_is_awake(errors_in: Validate, tmp_path: Path) -> None:
    """What is wrong on purpose is found, so that silence means something."""
    page = '<!doctype html><html lang="en"><title>Wrong</title><p id="a"><p id="a">'
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    assert len(errors_in(tmp_path)) == 1


def test_the_sample_is_valid(errors_in: Validate, demo: Path) -> None:
    """Every page of the sample community."""
    assert errors_in(demo / "output") == []


def test_the_made_up_community_is_valid(errors_in: Validate, theme: Theme, tmp_path: Path) -> None:
    """Every page of a community with all that goes wrong with repositories."""
    publish(render_site(factory.rich(), theme), tmp_path / "site")
    assert errors_in(tmp_path / "site") == []


@pytest.mark.corpus
def test_real_repositories_are_valid(
    errors_in: Validate, corpus: Path, theme: Theme, tmp_path: Path
) -> None:
    """Every page of real repositories, with whatever their READMEs hold."""
    catalogue = corpus_catalogue(corpus, tmp_path)
    publish(render_site(catalogue, theme), tmp_path / "site")
    assert errors_in(tmp_path / "site") == []
