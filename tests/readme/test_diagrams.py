"""Diagrams of READMEs: what is drawn is harmless, the same every time, and beside its page."""

import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from aggregator.readme.readme import Readme
from aggregator.readme.rendering import render
from tests.conftest import ROOT
from tests.readme.cases import cases, source_of
from tests.readme.suites import bleach_attacks

# What a picture may hold: https://www.w3.org/TR/SVG2/, less what loads, links, moves or restyles.
_SHAPES = frozenset(
    {"circle", "desc", "ellipse", "g", "line", "path", "polygon", "polyline", "rect", "svg", "text"}
    | {"title", "tspan"}
)
_KINDS = {
    "flowchart": "flowchart LR\n  A[{}] --> B{{b}}\n",
    "sequence": "sequenceDiagram\n  Ada->>Ben: {}\n",
    "class": "classDiagram\n  A <|-- B : {}\n",
    "state": "stateDiagram-v2\n  [*] --> A : {}\n",
    "entities": 'erDiagram\n  A ||--o{{ B : "{}"\n',
    "pie": 'pie title {}\n  "a" : 1\n',
    "plan": "gantt\n  title {}\n  a: 2024-01-01, 3d\n",
    "journey": "journey\n  title {}\n  section s\n    a: 5: Ada\n",
    "mind map": "mindmap\n  root(({}))\n    a\n",
    "timeline": "timeline\n  title {}\n  2024 : a\n",
    "git": 'gitGraph\n  commit id: "{}"\n',
}


def _rendered(source: str) -> Readme:
    return render(source_of(f"```mermaid\n{source}\n```\n".encode("utf-8", "replace")))


def _objections(svg: str) -> list[str]:
    found = []
    for element in ElementTree.fromstring(svg).iter():
        name = element.tag.removeprefix("{http://www.w3.org/2000/svg}")
        found += [] if name in _SHAPES else [name]
        for attribute, value in element.attrib.items():
            is_odd = re.search(r"(?i)href|^on|style|class|[{}]", attribute)
            found += [f"{attribute}={value}"] if is_odd or re.search("(?i)url|:|;", value) else []
    return found


def test_the_objections_are_worth_reading() -> None:
    """What must not be in a picture is found where it is."""
    for inside in (
        "<script/>",
        "<a href='x'/>",
        "<g onload='x'/>",
        "<rect fill='url(x)'/>",
        "<foreignObject/>",
        "<g style='x'/>",
    ):
        assert _objections(f"<svg xmlns='http://www.w3.org/2000/svg'>{inside}</svg>"), inside


@pytest.mark.parametrize("kind", _KINDS.values(), ids=_KINDS)
def test_each_kind_is_drawn_for_light_and_for_dark(kind: str) -> None:
    """Each common kind of diagram becomes two pictures, with its words as the alternative."""
    readme = _rendered(kind.format("waits"))
    assert [path.endswith("-dark.svg") for path, _ in readme.drawings] == [False, True]
    assert all(f'"{path}"' in str(readme.html) for path, _ in readme.drawings)
    assert "waits" in re.findall(r'alt="([^"]*)"', str(readme.html))[0]
    assert [_objections(svg) for _, svg in readme.drawings] == [[], []]


@pytest.mark.parametrize("kind", _KINDS.values(), ids=_KINDS)
def test_attacks_in_a_diagram_are_words_at_most(kind: str) -> None:
    """Whatever a diagram says, its picture holds shapes and words, and nothing that acts."""
    for attack in bleach_attacks():
        for _, svg in _rendered(kind.format(attack.replace("\n", " "))).drawings:
            assert _objections(svg) == [], attack


def test_no_picture_of_the_cases_is_objected_to() -> None:
    """The hostile cases among them, too."""
    drawn = [svg for case in cases("diagrams") for _, svg in render(case.source).drawings]
    assert len(drawn) > 4
    assert [_objections(svg) for svg in drawn] == [[]] * len(drawn)


def test_a_picture_is_the_same_in_every_process() -> None:
    """Nothing in it is drawn by lot or by the clock."""
    code = (
        "from tests.readme.test_diagrams import _KINDS, _rendered\n"
        "print([_rendered(kind.format('a')).drawings for kind in _KINDS.values()])\n"
    )
    one, other = (
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
        for _ in range(2)
    )
    assert one.stdout == other.stdout
    assert one.stdout.count(b"-dark.svg") == len(_KINDS)


@pytest.mark.parametrize(
    ("plan", "is_drawn"),
    [
        ("a: 2024-01-01, 3d", True),
        ("a: 2024-01-01, 3d\n  b: 2024-02-01, 2024-02-03", True),
        ("a: 3d, 4d", False),
        ("a: 2024-01-01, 3d\n  b: after x, 3d", False),
        ("todayMarker stroke-width:5px\n  a: 2024-01-01, 900d", True),
    ],
)
def test_no_date_of_a_plan_is_invented(plan: str, is_drawn: bool) -> None:
    """A plan that leaves open when something begins would be drawn from today on: it is not."""
    drawings = _rendered(f"gantt\n  dateFormat YYYY-MM-DD\n  {plan}").drawings
    assert bool(drawings) is is_drawn
    assert all("today" not in svg for _, svg in drawings)


def test_the_diagrams_of_one_readme_are_bounded() -> None:
    """Beyond a dozen they stay as source, and so does one that is too long."""
    many = "".join(f"```mermaid\nflowchart LR\n  A{n} --> B\n```\n\n" for n in range(20))
    readme = render(source_of(many.encode()))
    assert len(readme.drawings) == 24
    assert str(readme.html).count('label">Diagram, as Mermaid source') == 8
    assert _rendered("flowchart LR\n" + "  A --> B\n" * 2_000).drawings == ()
