"""One message in words that every place shares; how each of them shows it is beside this.

Said in the language of the pages. Texts of strangers are plain here: whoever writes them into a
card, a post or a mail escapes them for it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from aggregator.announcing.planning import Planned
from aggregator.announcing.published import SPOTLIGHT_KIND, FeedItem
from aggregator.site.events import NEWS_KINDS
from aggregator.words.phrases import month_of
from aggregator.words.speech import later, say, say_many

MadeT = TypeVar("MadeT")

# What happened to the program and not in the showcase, told in English to those who run it.
RUN_KIND = "run"
_OF_THE_WEEK = later("Project of the week")


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is told.

    Args:
        showcase: its name.
        heading: above more than one piece of news.
        items: those that are told.
        hidden: how many more there are.
        uncounted: whether there may be more than those.
        home: the page of all news; "" where the site does not know its address.
        language: the tag of the language that it is said in.
        month: of a newsletter, the first day of its month.
    """

    showcase: str
    heading: str
    items: tuple[FeedItem, ...]
    hidden: int = 0
    uncounted: bool = False
    home: str = ""
    language: str = "en"
    month: date | None = None

    @property
    def more(self) -> str:
        """Say how much more there is; "" where this is all."""
        if self.uncounted:
            return say("And more.")
        if not self.hidden:
            return ""
        return say_many(self.hidden, "And %(count)s more.", "And %(count)s more.")

    @property
    def link(self) -> str:
        """Where to read on: of one piece of news at its page, else at the page of all."""
        alone = len(self.items) == 1 and not self.more
        return (self.items[0].url if alone else "") or self.home

    def fewer(self) -> "Announcement":
        """Leave the last piece of news out, and count it among those that are not told."""
        return replace(self, items=self.items[:-1], hidden=self.hidden + 1)

    def by_kind(self) -> Iterable[tuple[str, tuple[FeedItem, ...]]]:
        """Give the news under the heading of each kind, in order."""
        titles = {kind.slug: kind.title for kind in NEWS_KINDS} | {
            SPOTLIGHT_KIND: say(_OF_THE_WEEK),
            RUN_KIND: "The nightly run",
        }
        for kind, title in titles.items():
            if items := tuple(item for item in self.items if item.kind == kind):
                yield title, items


def announcement_of(
    planned: Planned, most: int, showcase: str, home: str, language: str
) -> Announcement:
    """Put a message into words.

    Args:
        planned: what is told, and of when.
        most: how many pieces of news it tells; of the rest it says how many there are.
        showcase: the name of the showcase.
        home: the page of all news; "" for none.
        language: the tag of the language that is spoken.
    """
    if planned.month:
        month = month_of(planned.month)
        heading = say("%(showcase)s: news of %(month)s", showcase=showcase, month=month)
    else:
        heading = say("New in %(showcase)s", showcase=showcase)
    return Announcement(
        showcase=showcase,
        heading=heading,
        items=planned.items[:most],
        hidden=max(0, len(planned.items) - most),
        uncounted=planned.more,
        home=home,
        language=language,
        month=planned.month,
    )


def as_sentence(item: FeedItem) -> str:
    """Give what happened with a stop at its end."""
    return say("%(sentence)s.", sentence=item.title.rstrip("."))


def fitting(
    told: Announcement, make: Callable[[Announcement], MadeT], fits: Callable[[MadeT], bool]
) -> MadeT:
    """Make a message of as much news as it has room for; of one piece `make` shortens the words."""
    made = make(told)
    while not fits(made) and len(told.items) > 1:
        told = told.fewer()
        made = make(told)
    return made
