"""Code in colour: every language, every reader, nothing lost."""

import gzip
import json
import re
from pathlib import Path

import pytest
from turbohtml import parse_fragment

from aggregator.readme.colours import CODE_CLASSES, colour_code, name_of_language
from aggregator.site.colour import DARK_SURFACES, LIGHT_SURFACES, MINIMUM_CONTRAST, contrast
from tests.conftest import ROOT

STYLES = (ROOT / "site_templates/static/css/readme/20-code.css").read_text("utf-8")
COLOURS = re.findall(r"--(code-\w+): light-dark\((#\w+), (#\w+)\)", STYLES)

COMMON = """
    Python R Ruby JavaScript TypeScript TSX Java Kotlin Go Rust C C++ C# PHP Shell PowerShell SQL
    YAML JSON TOML INI HTML CSS SCSS Dockerfile Makefile Markdown TeX Stata SAS MATLAB Julia Scala
    Swift Perl Lua Haskell HCL GraphQL Diff XML Batchfile
"""


def _coloured(language: str, text: str) -> str:
    root = parse_fragment("<pre><code></code></pre>")
    block = root.select_one("pre")
    assert block is not None
    block.attrs["lang"] = language
    block.select_one("code").set_text(text)  # type: ignore[union-attr]
    colour_code(root)
    return str(block.select_one("code").inner_html)  # type: ignore[union-attr]


@pytest.mark.parametrize(("name", "light", "dark"), COLOURS)
def test_every_colour_of_code_can_be_read(name: str, light: str, dark: str) -> None:
    """Contrast is at least 4.5 to 1 on every surface of the page, in light and in dark."""
    assert min(contrast(light, surface) for surface in LIGHT_SURFACES) >= MINIMUM_CONTRAST, name
    assert min(contrast(dark, surface) for surface in DARK_SURFACES) >= MINIMUM_CONTRAST, name


def test_every_kind_of_code_has_a_colour_and_no_other_has() -> None:
    """The style sheet knows the classes that code is given, and only those."""
    assert {name for name, _, _ in COLOURS} == CODE_CLASSES
    assert set(re.findall(r"\.readme \.(code-\w+) \{ color", STYLES)) == CODE_CLASSES


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("{r, echo=FALSE}", "r"),
        ("{r setup}", "r"),
        ("{.python .numberLines}", "python"),
        ('Python title="a.py"', "python"),
        ("c++", "c++"),
        ("js{1,3}", "js"),
        ("rust,ignore", "rust"),
        ("=html", "html"),
        ("", ""),
        ("{}", ""),
    ],
)
def test_the_first_word_of_a_fence_names_its_language(written: str, name: str) -> None:
    """Options behind the language, of R Markdown and others, do not hide it."""
    assert name_of_language(written) == name


@pytest.mark.corpus
def test_languages_of_github_are_known(corpus: Path) -> None:
    """Names by which GitHub knows the common languages bring colours here as well."""
    data = gzip.decompress((corpus / "metadata/linguist-languages.json.gz").read_bytes())
    known = json.loads(data)
    common = set(COMMON.split())
    assert common < known.keys()
    names = {
        name.lower() for language in common for name in (language, *known[language]["aliases"])
    }
    text = 'x = "a" # 1\n+ 2 "b" <a b="c">/* d */ -- e\n- 3 % f\n'
    words = {name for name in names if " " not in name}
    assert sorted(name for name in words if "<span" not in _coloured(name, text)) == []


def test_nobody_knows_the_language() -> None:
    """What no lexer reads is left as it is, and so are names that are none."""
    for name in ("no-such-language", "", "text", "../../etc/passwd", "*", "x" * 900):
        assert _coloured(name, 'import "a"\n') == 'import "a"\n'


@pytest.mark.corpus
@pytest.mark.slow
def test_no_letter_of_real_code_is_lost(corpus: Path) -> None:
    """Whatever the language, the words of a block are those that were written."""
    seen = 0
    for file in sorted((corpus / "readmes").iterdir()):
        written = gzip.decompress(file.read_bytes()).decode("utf-8", "replace")
        for match in re.finditer(r"^```([^\n`]*)\n(.*?)^```", written, re.MULTILINE | re.DOTALL):
            html = _coloured(match[1], match[2])
            assert parse_fragment(html).text == match[2].replace("\r\n", "\n").replace("\r", "\n")
            seen += "<span" in html
    assert seen > 300


def test_the_code_of_one_readme_is_bounded() -> None:
    """However many pieces a README has, its page stays small: the rest is in one colour."""
    block = "<pre lang=python><code>" + "1 + 1\n" * 1_000 + "</code></pre>"
    root = parse_fragment(block * 12)
    colour_code(root)
    assert [block.find("span") is not None for block in root.find_all("pre")] == [
        *[True] * 5,
        *[False] * 7,
    ]
