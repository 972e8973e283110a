"""Pictures and outputs that a README holds: shown beside its page, bounded, and harmless."""

import json
import struct
import zlib
from base64 import b64decode, b64encode
from typing import Any
from xml.etree import ElementTree

import pytest

from aggregator.readme.pictures import Pictures
from aggregator.readme.readme import Readme
from aggregator.readme.rendering import render
from tests.readme.cases import cases, source_of
from tests.readme.oracle import findings
from tests.readme.suites import bleach_attacks

SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{}</svg>"


def _png(shade: int, size: int = 0) -> bytes:
    """Make the beginning of a picture as large as is asked for; nobody looks at the rest."""
    header = struct.pack(">IIBBBBB", 40, 30, 8, 2, 0, 0, 0)
    block = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + block + bytes([shade]) * (size or 10)


def _notebook(*outputs: dict[str, Any], markdown: str = "") -> Readme:
    shown = [{"output_type": "display_data", "data": data} for data in outputs]
    cells = [
        {"cell_type": "markdown", "source": markdown},
        {"cell_type": "code", "source": "", "outputs": shown},
    ]
    return render(source_of(json.dumps({"cells": cells}).encode(), "README.ipynb"))


def _objections(svg: str) -> list[str]:
    found = []
    for element in ElementTree.fromstring(svg).iter():
        name = element.tag.rpartition("}")[2]
        if name in {"a", "script", "style", "image", "foreignObject", "animate", "set", "feImage"}:
            found.append(name)
        for attribute, value in element.attrib.items():
            leads_away = attribute.rpartition("}")[2] == "href" and not value.startswith("#")
            loads = "url(" in value and "url(#" not in value
            if leads_away or loads or attribute.startswith("on") or "script" in value:
                found.append(f"{attribute}={value}")
    return found


def test_a_picture_is_a_file_beside_the_page() -> None:
    """A plot of a notebook is shown with its size and its bytes as they were saved."""
    readme = _notebook({"image/png": b64encode(_png(1)).decode(), "text/plain": "<Figure 1>"})
    ((path, text),) = readme.drawings
    assert b64decode(text) == _png(1)
    assert f'<img src="{path}" alt="Figure 1" width="40" height="30"' in str(readme.html)


def test_what_is_no_picture_is_none() -> None:
    """Bytes that do not begin as a picture are not put on the site under the name of one."""
    for data in (b"<script>alert(1)</script>", b"", b"MZ\x90", b"%PDF-1.7"):
        readme = _notebook({"image/png": b64encode(data).decode(), "text/plain": "words"})
        assert readme.drawings == ()
        assert "words" in str(readme.html)


def test_pictures_are_bounded() -> None:
    """Forty of a README at most, none too large, and not too much of them together."""
    assert Pictures().take(_png(1, 700_000)) is None
    many, heavy = Pictures(), Pictures()
    assert sum(many.take(_png(shade)) is not None for shade in range(60)) == 40
    assert sum(heavy.take(_png(shade, 400_000)) is not None for shade in range(5)) == 3


def test_a_large_notebook_is_read_whole() -> None:
    """Pictures make a notebook large; its last cell is shown all the same."""
    outputs = [{"image/png": b64encode(_png(shade, 300_000)).decode()} for shade in range(3)]
    readme = _notebook(*outputs, {"text/plain": "the end"})
    assert len(readme.drawings) == 3
    assert "the end" in readme.text
    assert readme.notes == ()


def test_the_objections_to_a_drawing_are_worth_reading() -> None:
    """What must not be in a drawing is found where it is."""
    for inside in ("<script/>", "<g onload='x'/>", "<use href='x#a'/>", "<g fill='url(x)'/>"):
        assert _objections(SVG.format(inside))


@pytest.mark.parametrize("inside", ["<g>{}</g>", "<g id='{}'/>", "<text fill='{}'>{}</text>", "{}"])
def test_an_attack_in_a_drawing_does_nothing(inside: str) -> None:
    """Of an attack in the SVG of a notebook nothing but shapes and words reaches the site."""
    for attack in bleach_attacks():
        drawn = SVG.format(inside.replace("{}", attack))
        for _, svg in _notebook({"image/svg+xml": drawn}).drawings:
            assert _objections(svg) == []


def test_no_drawing_multiplies() -> None:
    """Shapes that use shapes that use shapes would keep a browser busy for ever."""
    uses = "".join(f"<g id='a{n}'>" + f"<use href='#a{n - 1}'/>" * 10 + "</g>" for n in range(9))
    for drawn in (f"<defs>{uses}</defs><use href='#a8'/>", uses):
        for _, svg in _notebook({"image/svg+xml": SVG.format(drawn)}).drawings:
            tree = ElementTree.fromstring(svg)
            used = [one for one in tree.iter() if one.get("id")]
            assert not any(one.tag.endswith("use") for each in used for one in each.iter())


@pytest.mark.parametrize("form", ["text/html", "text/markdown", "text/latex"])
def test_an_attack_in_an_output_does_nothing(form: str) -> None:
    """The outputs of notebooks go through the same gate as everything else."""
    for attack in bleach_attacks():
        assert findings(str(_notebook({form: f"<table><tr><td>{attack}"}).html)) == []


QUARTO = (
    "::: {.callout-note title='{}'}\n{}\n:::\n",
    '::: {.callout-tip collapse=true title="{}"}\nx\n:::\n',
    "![{}]({}){width='{}'}\n",
    "{{< include {} >}} {{< video '{}' >}}\n",
    "---\ntitle: |\n  {}\n---\n",
)


@pytest.mark.parametrize("form", QUARTO)
def test_an_attack_in_quarto_does_nothing(form: str) -> None:
    """What only Quarto reads is no way around the gate."""
    for attack in bleach_attacks():
        text = form.replace("{}", attack.replace("\n", " ")).encode("utf-8", "replace")
        assert findings(str(render(source_of(text, "README.qmd")).html)) == []


def test_what_the_cases_hold_is_harmless() -> None:
    """The drawings of all cases hold nothing that loads or runs."""
    drawn = [
        text
        for case in cases("formats")
        for path, text in render(case.source).drawings
        if path.endswith(".svg")
    ]
    assert len(drawn) >= 2
    assert [_objections(svg) for svg in drawn] == [[] for _ in drawn]
