"""The pictures of README.md are there, are small, and can be heard."""

import re

import pytest

from tests.pictures import FOLDER, MOST_BYTES, PICTURES
from tests.program import ROOT

_SHOWN = re.compile(r"!\[([^\]]*)\]\(docs/pictures/([a-z]+)\.webp\)")


def test_each_picture_that_is_made_is_shown_with_words_for_it() -> None:
    """Whoever does not see one reads what is on it, and none lies about unused."""
    shown = {name: alt for alt, name in _SHOWN.findall((ROOT / "README.md").read_text("utf-8"))}
    assert set(shown) == {picture.name for picture in PICTURES}
    assert {path.name for path in FOLDER.iterdir()} == {f"{name}.webp" for name in shown}
    assert [alt for alt in shown.values() if len(alt) < 60] == []


@pytest.mark.parametrize("name", [picture.name for picture in PICTURES])
def test_a_picture_is_small(name: str) -> None:
    """README.md stays light on a slow line."""
    data = (FOLDER / f"{name}.webp").read_bytes()
    assert data.startswith(b"RIFF")
    assert data[8:12] == b"WEBP"
    assert 5_000 < len(data) < MOST_BYTES
