"""A script that imports others is sent as one, and does what it did."""

import pytest

from aggregator.site.modules import joined, without_remarks
from aggregator.site.theme import Theme, load_theme

FOUND = {
    "search/page.js": b'import { two as pair } from "./two.js";\nconst one = 5;\nuse(one, pair);\n',
    "search/two.js": b'import { one } from "./one.js";\nexport const two = () => one() + own;\n'
    b"const own = 1;\n",
    "search/one.js": b"const own = 7;\r\nexport function one() {\r\n  return own;\r\n}\r\n",
}


def test_modules_become_functions_that_keep_their_names() -> None:
    """Two modules may have a name in common, and each comes after what it needs."""
    assert joined("search/page.js", FOUND) == (
        b"const module0 = (() => {\nconst own = 7;\nfunction one() {\nreturn own;\n}\n"
        b"return { one };\n})();\n"
        b"const module1 = (() => {\nconst { one } = module0;\nconst two = () => one() + own;\n"
        b"const own = 1;\nreturn { two };\n})();\n"
        b"const { two: pair } = module1;\nconst one = 5;\nuse(one, pair);\n"
    )


@pytest.mark.parametrize(
    "other",
    [
        b'import * as all from "./three.js";\nexport const one = 1;\n',
        b'import three from "./three.js";\nexport const one = 1;\n',
        b'import "./three.js";\nexport const one = 1;\n',
        b'import { three } from "https://example.org/three.js";\nexport const one = 1;\n',
        b'import { three } from "./three.js";\nexport const one = 1;\n',
        b'import { pair } from "./page.js";\nexport const one = 1;\n',
        b"const one = 1;\nexport { one };\n",
        b"export default 1;\n",
        b"export class One {}\n",
    ],
)
def test_what_is_not_understood_stays_apart(other: bytes) -> None:
    """A community's own script in another form is published as it is, with all that it needs."""
    assert joined("search/page.js", FOUND | {"search/one.js": other}) is None


def test_what_a_page_loads_of_the_search_imports_nothing(theme: Theme) -> None:
    """Each is one request; the modules are there beside it, as a community may load them."""
    assets = {file.path.partition("/")[2].partition("/")[2]: file for file in theme.assets.files}
    later = ("facets", "narrowing", "phrases", "recent", "suggest", "unfound")
    for name in ("search/page.js", "palette/palette.js", *(f"search/{name}.js" for name in later)):
        text = assets[name].data.decode()
        assert text.count("import {") == 0
        assert "const module0 = (() => {" in text
    assert b"export async function open" in assets["palette/palette.js"].data
    assert b"export" in assets["search/engine.js"].data


def test_joined_scripts_are_sent_without_remarks_and_indents() -> None:
    """What only looks like either stays: behind code, and in a text that goes over lines."""
    page = b"// why\nconst a = `// one`; // two\n\nif (a) {\n  // three\n  use(a);\n}\n"
    assert joined("a.js", {"a.js": page}) == (b"const a = `// one`; // two\nif (a) {\nuse(a);\n}\n")
    long = b"const a = `one\n  // two\n`;\n"
    assert joined("a.js", {"a.js": long}) == long


def test_the_joined_script_follows_a_community(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A module in the community's own folder is the one that is joined."""
    folder = tmp_path_factory.mktemp("templates")
    (folder / "static" / "search").mkdir(parents=True)
    (folder / "static" / "search" / "rank.js").write_bytes(b"export const rank = () => [];\n")
    theme = load_theme("#225faa", folder)
    page = next(f for f in theme.assets.files if f.path.endswith("search/page.js"))
    assert b"const rank = () => [];" in page.data


def test_style_sheets_are_sent_without_remarks() -> None:
    """What only looks like a remark stays: within quotes, and in an address."""
    style = b'a { color: red; } /* why\nit is red */\nb::after { content: "/* told */"; }\n'
    style += b"c { background: url(data:image/*,x/*y*/z); }\n"
    lean = without_remarks(style)
    assert b"why" not in lean
    assert lean.startswith(b"a { color: red; } b::after")
    assert b'"/* told */"' in lean
    assert b"url(data:image/*,x/*y*/z)" in lean
