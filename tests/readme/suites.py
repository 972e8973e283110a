"""Attack suites and specifications of other projects, read from their source distributions.

They are fetched once with `COMMAND`, and nothing of them is kept in the project. Without them the
tests are skipped; where the environment says `CI=true` they fail.
"""

import html
import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

FOLDER = Path(os.environ.get("AGGREGATOR_SUITES", ROOT / "build" / "suites"))


COMMAND = (
    "python -m pip download --no-deps --no-binary :all: --dest build/suites "
    "bleach==6.4.0 readme_renderer==46.0 markdown-it-py==4.3.0"
)


def _miss(package: str) -> None:
    """Skip where somebody works without a network; fail where nobody would read why."""
    reason = f"the source distribution of {package} is not in {FOLDER}; fetch it with: {COMMAND}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _files(package: str, inside: str) -> Iterator[tuple[str, bytes]]:
    """Read the files of a source distribution whose path contains `inside`."""
    found = sorted(FOLDER.glob(f"{package}-*.tar.gz"))
    if not found:
        _miss(package)
    with tarfile.open(found[-1]) as archive:
        for member in archive:
            if member.isfile() and inside in member.name:
                handle = archive.extractfile(member)
                assert handle is not None
                yield member.name, handle.read()


def bleach_attacks() -> list[str]:
    """Give the attacks bleach is tested with."""
    return [
        content.decode("utf-8").partition("\n--\n")[0]
        for name, content in _files("bleach", "/tests/data/")
        if name.endswith(".test")
    ]


def readme_renderer_fixtures() -> list[tuple[str, bytes]]:
    """Give the READMEs readme_renderer is tested with, by name."""
    return [
        (Path(name).name, content)
        for name, content in _files("readme_renderer", "/tests/fixtures/")
        if not name.endswith(".html")
    ]


def commonmark_examples() -> list[tuple[int, str, str]]:
    """Give number, Markdown and HTML of each example of the CommonMark specification."""
    ((_, content),) = list(_files("markdown_it_py", "/test_cmark_spec/commonmark.json"))
    return [(one["example"], one["markdown"], one["html"]) for one in json.loads(content)]


def gfm_pairs() -> list[tuple[str, str, str]]:
    """Give name, Markdown and HTML of readme_renderer's examples of GitHub's extensions."""
    files = dict(_files("readme_renderer", "/tests/fixtures/test_GFM_0"))
    return [
        (Path(name).stem, content.decode(), files[name.removesuffix(".md") + ".html"].decode())
        for name, content in files.items()
        if name.endswith(".md")
    ]


def payload_list(corpus: Path) -> list[str]:
    """Give the payloads of the list that payloadbox keeps, one a line of its code."""
    import gzip  # noqa: PLC0415 - only where the real repositories are

    (file,) = (corpus / "readmes").glob("payloadbox+*.gz")
    lines = gzip.decompress(file.read_bytes()).decode("utf-8", "replace").splitlines()
    return [html.unescape(line) if "&lt;" in line else line for line in lines if "<" in line]
