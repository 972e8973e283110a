"""The law of building: whatever happened before, the next site is the one that a clean build makes.

Equal byte for byte, hidden files too. And what may not be kept is in no byte of site or memory.
"""

import os
from itertools import count
from pathlib import Path

import pytest
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st

from tests.law.changes import CHANGES
from tests.law.community import LISTED, judge, living_showcase

# More of both for whoever changes what decides what is made: AGGREGATOR_LAW_EXAMPLES=100.
EXAMPLES = int(os.environ.get("AGGREGATOR_LAW_EXAMPLES", "4"))
LIVES = 3
WALKS = 4
THEN = ("", "", "build", "night", "night build", "night build")
STEPS = st.lists(
    st.tuples(st.sampled_from(sorted(CHANGES)), st.integers(0, 11), st.sampled_from(THEN)),
    min_size=2,
    max_size=8,
)

pytestmark = [pytest.mark.usefixtures("lent_workers"), pytest.mark.timeout(600)]


@pytest.mark.parametrize("life", range(LIVES))
def test_any_life_ends_as_a_clean_build(tmp_path: Path, life: int) -> None:
    """After any changes, nights and builds the site is the one that a clean build makes."""
    lives = count()

    @seed(life)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink) if EXAMPLES > 10 else (Phase.generate,),
    )
    @given(STEPS)
    def lived(steps: list[tuple[str, int, str]]) -> None:
        with living_showcase(tmp_path / str(next(lives))) as showcase:
            for change, number, then in steps:
                CHANGES[change](showcase, number)
                for word in then.split():
                    getattr(showcase, word)()
            showcase.build()
            judge(showcase)

    lived()


@pytest.mark.parametrize("walk", range(WALKS))
def test_each_change_alone_ends_as_a_clean_build(tmp_path: Path, walk: int) -> None:
    """One change, a night and a build on what stood: each kind of change, one after the other."""
    with living_showcase(tmp_path) as showcase:
        assert len(showcase.shown()) == LISTED
        for number, change in enumerate(sorted(CHANGES)[walk::WALKS]):
            CHANGES[change](showcase, number)
            showcase.night()
            showcase.build()
            judge(showcase)
