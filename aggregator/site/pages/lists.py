"""Ways to look around, and the page of the search, which offers them where scripts do not run.

Pages of what shares something are in `groups`; how one project looks in a list is said in `cards`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from aggregator.catalogue.types import Group, OrganisationGroup, OtherShowcase
from aggregator.joining.forms import JUDGE, form_link
from aggregator.registry.settings import Showcase
from aggregator.site.frame import Anchor, Frame, PageContext, group_anchor, organisation_anchor
from aggregator.site.pages.groups import count_first, offered_groups
from aggregator.words.phrases import joined
from aggregator.words.speech import say, say_many


@dataclass(frozen=True, slots=True)
class BrowseColumn:
    """One way to look around: a heading, some of what is there, and the way to all."""

    title: str
    chips: tuple[Anchor, ...]
    more: Anchor | None = None


@dataclass(frozen=True, kw_only=True)
class SearchPage(PageContext):
    """The search; without scripts, the ways to look around.

    Args:
        judge_url: a new issue, from the form that says what a search should find.
        judge_form: the file of that form.
        elsewhere: the way to other showcases, whose projects are found too; None where none are.
    """

    template: ClassVar[str] = "search/index.html"
    browse: tuple[BrowseColumn, ...]
    judge_url: str | None
    judge_form: str
    elsewhere: Anchor | None


def browse_columns(
    organisations: Iterable[OrganisationGroup], named: Mapping[str, Sequence[Group]]
) -> tuple[BrowseColumn, ...]:
    """Offer who made it, how far it is, what it is about, its language."""
    makers = [
        replace(
            organisation_anchor(group.organisation),
            text=group.organisation.acronym or group.organisation.name,
            count=len(group.projects),
        )
        for group in organisations
        if group.projects
    ]
    columns = (
        BrowseColumn(
            say("By organisation"),
            tuple(sorted(makers, key=count_first)[:8]),
            Anchor(say("All organisations"), "organisations/"),
        ),
        BrowseColumn(
            say("By stage"), tuple(group_anchor("stages/", stage) for stage in named["stages/"])
        ),
        BrowseColumn(
            say("By tag"), offered_groups("tags/", named)[:10], Anchor(say("All tags"), "tags/")
        ),
        BrowseColumn(
            say("By language"),
            offered_groups("languages/", named)[:6],
            Anchor(say("All languages"), "languages/"),
        ),
    )
    return tuple(column for column in columns if column.chips)


def search_page(
    frame: Frame,
    showcase: Showcase,
    browse: tuple[BrowseColumn, ...],
    elsewhere: Sequence[OtherShowcase] = (),
) -> SearchPage:
    """Make the page that hosts the search."""
    words = say_many(
        frame.site.project_count,
        "Search %(count)s project in %(title)s.",
        "Search %(count)s projects in %(title)s.",
        title=frame.site.title,
    )
    page = frame.page("search/", description=words)
    return SearchPage(
        page=page,
        browse=browse,
        judge_url=form_link(JUDGE, showcase, web=frame.site.web) or None,
        judge_form=JUDGE.file,
        elsewhere=_way_to(elsewhere),
    )


def _way_to(elsewhere: Sequence[OtherShowcase]) -> Anchor | None:
    names = joined([other.title for other in elsewhere if other.projects])
    return Anchor(names, "elsewhere/") if names else None
