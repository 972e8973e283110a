"""How to start a project: what its README says, or what the files at its top leave no doubt about.

Pure. What is in the README was found when it was rendered (`readme.start`); of files only those
count whose one purpose is to say how a thing is set up, and only where the README names no way of
its own, not even one that is not passed on.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from aggregator.catalogue.types import Activity, Project
from aggregator.facts.repository import Details
from aggregator.readme.readme import Quote
from aggregator.words.addresses import GITHUB


@dataclass(frozen=True, slots=True)
class GettingStarted:
    """What to type, where, and who says so.

    Args:
        code: One or several lines, for a terminal or for R (`in_r`).
        in_copy: whether one must have a copy of the repository and be in it.
        on_unix: whether it works on Linux and macOS only.
        goes_on: whether the README has more steps after it.
        heading: that it stands under in the README, with its `anchor`; both "" without one.
        files: that say so, where it is not the README.
    """

    code: str
    in_r: bool = False
    in_copy: bool = False
    heading: str = ""
    anchor: str = ""
    files: tuple[str, ...] = ()
    on_unix: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class _Sign:
    """Files whose one purpose is to say how a thing is set up, where none of the others is there.

    Lists of requirements and locked versions are none of them: as often as not they are for those
    who change the program, or make its documentation.
    """

    there: tuple[str, ...]
    absent: frozenset[str]
    code: Callable[[Project], str]
    in_r: bool = False
    in_copy: bool = False


# What a project says of itself as long as somebody works on it, and often ever after.
_GOES_ON = re.compile(
    r"\b(?:in|under) (?:\w+ )?development\b|\bwork[ -]in[ -]progress\b|\bactively developed\b",
    re.IGNORECASE,
)
_SITES = frozenset({"_quarto.yml", "_bookdown.yml", "_config.yml", "mkdocs.yml"})
_SIGNS = (
    _Sign(
        ("DESCRIPTION", "NAMESPACE"),
        frozenset(),
        lambda project: f'remotes::install_github("{project.repo}")',
        in_r=True,
    ),
    _Sign(
        ("setup.py",),
        frozenset({"package.json", "manage.py"}),
        lambda project: f"pip install git+{project.url}.git",
    ),
    *(
        _Sign(("renv.lock", main), _SITES, lambda _: "renv::restore()", in_r=True, in_copy=True)
        for main in ("app.R", "_targets.R", "R/")
    ),
    _Sign(
        ("environment.yml",), _SITES, lambda _: "conda env create -f environment.yml", in_copy=True
    ),
    _Sign(
        ("environment.yaml",),
        _SITES,
        lambda _: "conda env create -f environment.yaml",
        in_copy=True,
    ),
)


def how_to_start(project: Project) -> GettingStarted | None:
    """Say how to start a project; None where nobody and nothing says so for certain."""
    start = project.readme.start if project.readme else None
    if start:
        return GettingStarted(
            start.code,
            start.in_r,
            start.in_copy,
            start.heading,
            start.anchor,
            on_unix=start.on_unix,
            goes_on=start.goes_on,
        )
    if project.readme and project.readme.names_a_way:
        return None
    details = project.facts.details if project.facts else None
    return _by_files(project, details) if details else None


def caution_today(project: Project) -> Quote | None:
    """Give the caution of a README, unless it is that work goes on where it has long stopped."""
    caution = project.readme.caution if project.readme else None
    is_quiet = project.activity in {Activity.QUIET, Activity.ARCHIVED}
    return None if caution and is_quiet and _GOES_ON.search(caution.text) else caution


def _by_files(project: Project, details: Details) -> GettingStarted | None:
    names = frozenset(details.top_level or ())
    for sign in _SIGNS:
        # `install_github` knows no other GitHub without being told.
        is_elsewhere = not project.url.startswith(f"{GITHUB}/")
        if not names.issuperset(sign.there) or not names.isdisjoint(sign.absent):
            continue
        if not (sign.in_r and not sign.in_copy and is_elsewhere):
            return GettingStarted(sign.code(project), sign.in_r, sign.in_copy, files=sign.there)
    return None
