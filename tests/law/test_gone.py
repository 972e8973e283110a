"""What stops being public leaves no byte behind: in no page, picture, citation, list or cache.

The words of READMEs are looked for after every change in `test_law`; here one word stands in each
thing that GitHub says, so that whatever is made of it is found as well.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from aggregator.demo.world import WorldIssue, WorldRelease
from tests.law.community import LivingShowcase, judge, living_showcase
from tests.law.folders import readings

pytestmark = [pytest.mark.usefixtures("lent_workers"), pytest.mark.timeout(600)]

_WORD = re.compile(rb"zq[a-z]+qz", re.IGNORECASE)
# Each stands in a thing of its own; all in those that are shown.
_SAID = ("zqaboutqz", "zqtopicqz", "zqhomeqz", "zqtitleqz", "zqtextqz", "zqpictureqz", "zqwarnsqz")
_SAID += ("zqneedsqz", "zqdoiqz", "zqauthorqz", "zqworkqz", "zqtagqz", "zqissueqz")
_README = b"""# Zqtitleqz of orchards

This zqtextqz counts apples for growers who keep a book of them by hand.

![The charts](https://pictures.example/zqpictureqz.png)

Warning: this zqwarnsqz is a prototype and not for production use.

## Data

It needs the zqneedsqz dataset of the guild.
"""
_CITATION = b"""cff-version: 1.2.0
message: Please cite it.
title: Zqworkqz
doi: 10.5281/zqdoiqz
authors:
  - family-names: Zqauthorqz
    given-names: Ada
"""
_AWAY: dict[str, Callable[[LivingShowcase, str], object]] = {
    "made private": lambda showcase, name: showcase.world.make_private(name),
    "taken down": lambda showcase, name: showcase.world.block(name),
    "deleted": lambda showcase, name: showcase.world.delete(name),
}


def speak(showcase: LivingShowcase, name: str) -> None:
    """Let a repository say a word in each way in which one can."""
    moment = showcase.world.now
    showcase.world.push(name, {"README.md": _README, "CITATION.cff": _CITATION})
    showcase.world.change(
        name,
        description="Counts zqaboutqz",
        topics=("zqtopicqz",),
        homepage="https://zqhomeqz.example/",
        releases=(WorldRelease("v1-zqtagqz", moment),),
        issues=(WorldIssue(1, "Mend zqissueqz", moment, moment, ("good first issue",)),),
    )


def words_anywhere(showcase: LivingShowcase) -> set[str]:
    """Look in the site, in the state and in whatever lies beside them."""
    place = showcase.workspace
    tops = (place.state, *place.output.parent.glob(f"*{place.output.name}*"))
    files = (path for top in tops for path in (top, *top.rglob("*")) if path.is_file())
    words = (word for path in files for data in readings(path) for word in _WORD.findall(data))
    return {word.decode().lower() for word in words}


@pytest.mark.parametrize("away", _AWAY)
def test_no_byte_remains_of_what_is_public_no_more(tmp_path: Path, away: str) -> None:
    """Nor do the picture, the citation and the forms for other programs of its page."""
    with living_showcase(tmp_path) as showcase:
        name = showcase.entries[0]["repo"]
        speak(showcase, name)
        showcase.entries[0]["story"] = "It began with a book."
        way = {"slug": "way", "title": "Way", "steps": [{"say": "Begin.", "repo": name}]}
        showcase.written["paths"] = [way]
        showcase.night()
        showcase.build()
        assert words_anywhere(showcase) == set(_SAID), "a word is nowhere, so nothing is proven"
        own = showcase.workspace.output / "projects" / name
        forms = {path.name for path in own.iterdir()} - {"index.html", "card"}
        assert {"card.png", "cite.bib", "cite.ris", "codemeta.json", "oembed.json"} <= forms
        _AWAY[away](showcase, name)
        showcase.night()
        showcase.build()
        judge(showcase)
        assert words_anywhere(showcase) == set()
        left = {path.name for path in own.iterdir()} - {"index.html", "card"}
        assert not left & {"card.png", "cite.bib", "cite.ris", "codemeta.json", "oembed.json"}
