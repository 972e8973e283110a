"""Names become folder names that every system accepts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.words.names import slugify


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("A&E", "a-and-e"),
        ("R", "r"),
        ("Jupyter Notebook", "jupyter-notebook"),
        ("Synthetic data", "synthetic-data"),
        ("synthetic-data", "synthetic-data"),
        ("Ysgol Bôn", "ysgol-bon"),
        ("CON", "con-x"),
        ("数据", "xe695b0e68dae"),
    ],
)
def test_a_name_reads_well_in_an_address(name: str, slug: str) -> None:
    """Languages and tags keep a readable address of their own."""
    assert slugify(name) == slug


@given(st.text(min_size=1))
def test_any_name_makes_a_safe_folder(name: str) -> None:
    """Whatever a tag is called, its folder stays inside the site."""
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slugify(name))
    assert len(slugify(name)) <= 82
