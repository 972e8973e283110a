"""Pictures drawn for READMEs: files of the site beside each page that shows them, and no others."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from posixpath import dirname, join

from aggregator.readme.readme import Readme, ReadmeSource
from aggregator.readme.rendering import render
from aggregator.readme.unlink import unlink_readme
from aggregator.site.renderers import render_site
from aggregator.site.theme import Theme
from aggregator.words.blocked import Blocklist
from tests.outputs import factory

DIAGRAM = "```mermaid\nflowchart LR\n  A[{}] --> B\n```\n\n"
FOLDER = "projects/data-saves/plain-spc"


def _readme(text: str) -> Readme:
    source = ReadmeSource(text.encode(), "README.md", "data-saves/plain-spc", "0" * 40, "main")
    return render(source)


def _site(readme: Readme, theme: Theme) -> dict[str, bytes]:
    catalogue = factory.changed(factory.community(), plain_spc={"readme": readme})
    return {file.path: file.data for file in render_site(catalogue, theme)}


def _pictures(site: dict[str, bytes], page: str) -> set[str]:
    named = re.findall(r'(?:src|srcset)="(diagrams/[^"]+)"', site[page].decode())
    return {join(dirname(page), path) for path in named}


def _drawn(site: dict[str, bytes]) -> set[str]:
    return {path for path in site if "/diagrams/" in path}


def test_a_diagram_is_a_file_beside_its_page(theme: Theme) -> None:
    """What a page shows is there, for light and for dark, and nothing that no page shows."""
    site = _site(_readme("# Waits\n\n" + DIAGRAM.format("waits")), theme)
    shown = _pictures(site, f"{FOLDER}/index.html")
    assert len(shown) == 2
    assert shown == _drawn(site)
    assert all(site[path].startswith(b"<svg") for path in shown)


def test_a_large_readme_has_its_diagrams_on_its_own_page(theme: Theme) -> None:
    """The page of the project holds those of the beginning, the page of the README all."""
    words = "".join(f"{n * 7919 % 10_007} words about {n * 104_729}.\n\n" for n in range(3_000))
    readme = _readme(DIAGRAM.format("first") + words + DIAGRAM.format("last"))
    site = _site(readme, theme)
    begun = _pictures(site, f"{FOLDER}/index.html")
    whole = _pictures(site, f"{FOLDER}/readme/index.html")
    assert (len(begun), len(whole)) == (2, 4)
    assert begun | whole == _drawn(site)


def test_without_its_readme_a_project_has_no_pictures(theme: Theme) -> None:
    """A README that is hidden or gone takes its diagrams along."""
    readme = _readme(DIAGRAM.format("waits"))
    assert _drawn(_site(readme, theme))
    assert not _drawn(_site(replace(readme, html="<p>x</p>", drawings=()), theme))


def test_a_blocked_domain_is_not_written_into_a_picture() -> None:
    """A domain that lapsed is not named in a diagram either."""
    readme = _readme(DIAGRAM.format("see https://lapsed.example.net/x"))
    assert all("https://lapsed.example.net" in svg for _, svg in readme.drawings)
    unlinked = unlink_readme(readme, Blocklist(("lapsed.example.net",)))
    assert unlinked.drawings
    assert not any("https://lapsed.example.net" in svg for _, svg in unlinked.drawings)
    assert "https://lapsed.example.net" not in str(unlinked.html)


def test_a_picture_of_a_notebook_is_a_file_of_the_site(theme: Theme) -> None:
    """What a notebook drew is published byte for byte, beside the page that shows it."""
    plot = b"\x89PNG\r\n\x1a\n" + bytes(range(60))
    output = {"output_type": "display_data", "data": {"image/png": b64encode(plot).decode()}}
    cells = [{"cell_type": "code", "source": "plot()", "outputs": [output]}]
    data = json.dumps({"cells": cells}).encode()
    source = ReadmeSource(data, "README.ipynb", "data-saves/plain-spc", "0" * 40, "main")
    site = _site(render(source), theme)
    (path,) = (path for path in site if "/pictures/" in path)
    assert site[path] == plot
    assert f'src="{path.removeprefix(f"{FOLDER}/")}"'.encode() in site[f"{FOLDER}/index.html"]
