"""Projects counted: by language, licence, stage, activity and tag, and how many do what.

The same counting stands behind the page of an organisation, the comparison of kinds and the
figures of the whole showcase. Each count is of projects. Pure; what is shown is decided there.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from aggregator.catalogue.assemble import labels
from aggregator.catalogue.licence_terms import LicenceTerms, terms_of
from aggregator.catalogue.types import Activity, Project
from aggregator.words.names import slugify

_A_YEAR = timedelta(days=365)
LIVELY = (Activity.MONTH, Activity.QUARTER)


@dataclass(frozen=True, slots=True)
class ProjectNumbers:
    """How many of some projects are what.

    Args:
        total: all of them.
        known: those of which GitHub ever told anything that is shown.
        languages: by name; a project with two languages is counted in both.
        licences: by what they ask.
        stages: by name, as members say; projects without one are in none.
        activity: how lately they were pushed to.
        tags: by slug, members' tags and GitHub's topics.
        spelt: how a tag is written, by its slug.
        released: those with a release in the year before they were last confirmed, of the
            `releases_known` whose releases are known at all.
        asking: those with open issues for newcomers, or issues that ask for help, of the
            `issues_known` whose issues were ever counted.
    """

    total: int
    known: int
    languages: Mapping[str, int]
    licences: Mapping[LicenceTerms, int]
    stages: Mapping[str, int]
    activity: Mapping[Activity, int]
    tags: Mapping[str, int]
    spelt: Mapping[str, str]
    released: int
    releases_known: int
    asking: int
    issues_known: int

    @property
    def lively(self) -> int:
        """Those that were pushed to within three months of when they were last confirmed."""
        return sum(self.activity.get(each, 0) for each in LIVELY)

    @property
    def licensed(self) -> int:
        """Those of which a licence is known."""
        without = (LicenceTerms.NONE, LicenceTerms.UNKNOWN)
        return self.total - sum(self.licences.get(each, 0) for each in without)


def numbers_of(projects: Iterable[Project]) -> ProjectNumbers:
    """Count projects."""
    counted = tuple(projects)
    named = [{slugify(name): name for name in labels(project)} for project in counted]
    return ProjectNumbers(
        total=len(counted),
        known=sum(project.facts is not None for project in counted),
        languages=Counter(name for project in counted for name in project.languages),
        licences=Counter(map(terms_of, counted)),
        stages=Counter(project.stage for project in counted if project.stage),
        activity=Counter(project.activity for project in counted),
        tags=Counter(slug for names in named for slug in names),
        spelt={slug: name for names in reversed(named) for slug, name in names.items()},
        released=sum(map(_released_lately, counted)),
        releases_known=sum(map(_releases_known, counted)),
        asking=sum(map(asks_for_help, counted)),
        issues_known=sum(bool(p.facts and p.facts.counts) for p in counted),
    )


def asks_for_help(project: Project) -> bool:
    """Tell whether somebody new is asked for: by issues for newcomers, or that want help."""
    facts = project.facts
    if not facts or not facts.counts or facts.glance.archived:
        return False
    return bool(facts.counts.good_first_issues or facts.counts.help_wanted)


def _releases_known(project: Project) -> bool:
    details = project.facts.details if project.facts else None
    return bool(details and details.releases is not None)


def _released_lately(project: Project) -> bool:
    facts = project.facts
    if not facts or not facts.details:
        return False
    since = facts.glance.confirmed_at - _A_YEAR
    return any(
        one.published_at and since <= one.published_at for one in facts.details.releases or ()
    )
