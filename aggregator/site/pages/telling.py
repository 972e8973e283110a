"""What members tell: stories, talks, ways to learn. Each story and each path has a page."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from turbohtml import parse_fragment

from aggregator.catalogue.types import Project
from aggregator.registry.community import LearningPath, Step
from aggregator.site.contents import kind_of_page
from aggregator.site.covers import Cover, story_cover
from aggregator.site.frame import Anchor, Frame, Outside, PageContext
from aggregator.site.menus import OWN_FOLDER
from aggregator.site.pages.cards import Card, Pager, SafeHtml, card_of, paged, picture_of, trusted
from aggregator.site.pages.project import moved_to
from aggregator.site.talks import ListedTalk, coming_talks
from aggregator.words.addresses import web_address
from aggregator.words.blocked import host_of
from aggregator.words.phrases import plural, shortened
from aggregator.words.speech import say, say_many

# On one page.
_MOST_STORIES = 30
_MOST_TALKS = 200
_LEAD = 200  # characters of a story that stand in the list
_DESCRIPTION = 200
_DRAWN = 400  # characters of a story; its cover has room for no more
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Illustration:
    """What is to be seen of a story: a picture, or else a drawing that is made of its words.

    Args:
        cover: the drawing, which is there before any picture.
        file: the picture that goes with the story, from the top of the site; "" for none.
        url: the address of one in the README of its project, where that has no such; "" for none.
        shows: what is to be seen on the picture, in words.
        credit: who made it, and what its licence is; "" where nobody said.
    """

    cover: Cover
    file: str = ""
    url: str = ""
    shows: str = ""
    credit: str = ""

    @property
    def loads_pictures(self) -> bool:
        """Whether a page on which it stands asks GitHub for a picture."""
        return bool(self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStory:
    """A member's story as it is listed: who tells it, how it begins, of which project it is.

    `language` is what it is written in, `title_language` what its title.
    """

    illustration: Illustration
    title: str
    title_language: str
    organisation: Anchor | None
    path: str
    by: str | None
    day: date | None
    lead: str
    language: str

    @property
    def loads_pictures(self) -> bool:
        """Whether a page on which it stands asks GitHub for a picture."""
        return self.illustration.loads_pictures


@dataclass(frozen=True, kw_only=True)
class StoriesPage(PageContext):
    """Members' journeys in their own words, the latest first."""

    template: ClassVar[str] = "stories/index.html"
    stories: tuple[ToldStory, ...]
    pager: Pager


@dataclass(frozen=True, kw_only=True)
class StoryPage(PageContext):
    """One story."""

    template: ClassVar[str] = "stories/story.html"
    told: ToldStory
    story: SafeHtml
    card: Card


@dataclass(frozen=True, kw_only=True)
class TalksPage(PageContext):
    """Talks to come, the next first, and past ones, newest first."""

    template: ClassVar[str] = "talks/index.html"
    coming: tuple[ListedTalk, ...]
    past: tuple[ListedTalk, ...]
    has_calendar: bool
    pager: Pager


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStep:
    """One step of a learning path: a project of the showcase, or something elsewhere."""

    say: str
    card: Card | None
    outside: Outside | None
    host: str  # where the other thing is

    @property
    def loads_pictures(self) -> bool:
        """Whether a page on which it stands asks GitHub for a picture."""
        return self.card is not None and self.card.loads_pictures


@dataclass(frozen=True, kw_only=True)
class LearningPathPage(PageContext):
    """A way through projects, talks and links, in order."""

    template: ClassVar[str] = "paths/path.html"
    summary: str | None
    steps: tuple[ShownStep, ...]


@dataclass(frozen=True, slots=True)
class ListedPath:
    """A learning path in a list: where it leads, for whom, and how long it is."""

    anchor: Anchor
    summary: str | None
    length: str


@dataclass(frozen=True, kw_only=True)
class LearningPathsPage(PageContext):
    """All learning paths."""

    template: ClassVar[str] = "paths/index.html"
    paths: tuple[ListedPath, ...]


def told_stories(frame: Frame, projects: Iterable[Project]) -> tuple[ToldStory, ...]:
    """List all stories, the latest first, those without a day last."""
    told = [
        ToldStory(
            illustration=illustration_of(project, frame.site.web),
            title=project.title,
            title_language=project.title_language,
            organisation=card_of(project, frame).organisation,
            path=story_path(project.page),
            by=project.story_by,
            day=project.story_date,
            lead=beginning_of(project.story_html, _LEAD),
            language=project.story_language,
        )
        for project in projects
        if project.story_html
    ]
    return tuple(sorted(told, key=lambda one: one.day or date.min, reverse=True))


def illustration_of(project: Project, web: str) -> Illustration:
    """Give what is to be seen of a project's story, at the GitHub that people visit."""
    cover = story_cover(project.repo, beginning_of(project.story_html or "", _DRAWN))
    if own := project.story_picture:
        file = f"{OWN_FOLDER}{own.file}"
        return Illustration(cover=cover, file=file, shows=own.shows, credit=own.credit or "")
    image = project.readme.lead_image if project.readme else None
    url = picture_of(project, web)
    return Illustration(cover=cover, url=url or "", shows=image.alt if image and url else "")


def stories_pages(frame: Frame, projects: Sequence[Project]) -> Iterator[PageContext]:
    """Make the list of members' stories, and the page of each."""
    told = told_stories(frame, projects)
    # The second story of an owner called "page" would stand where the second page does.
    is_taken = any(one.path.casefold().startswith("stories/page/") for one in told)
    most = len(told) if is_taken else _MOST_STORIES
    for folder, part, pager in paged(told, "stories/", most):
        yield StoriesPage(
            page=frame.page(folder, pager.title(kind_of_page("stories/").title)),
            stories=part,
            pager=pager,
        )
    by_path = {one.path: one for one in told}
    for project in projects:
        if story := trusted(project.story_html):
            here = by_path[story_path(project.page)]
            title = say("The story of %(title)s", title=project.title)
            description = shortened(here.lead, _DESCRIPTION)
            page = frame.page(here.path, title, description)
            yield StoryPage(page=page, told=here, story=story, card=card_of(project, frame))
            former = map(story_path, project.previous_pages)
            yield from moved_to(frame, Anchor(title, here.path), former)


def talks_pages(frame: Frame, talks: Sequence[ListedTalk]) -> Iterator[TalksPage]:
    """Make the pages of talks; on the first those to come, then the past ones, newest first."""
    coming = coming_talks(talks, frame.ran)
    ahead = set(map(id, coming))
    past = [one for one in talks if id(one) not in ahead]
    past.sort(key=lambda one: one.talk.date or date.min, reverse=True)
    for folder, part, pager in paged(past, "talks/", _MOST_TALKS):
        yield TalksPage(
            page=frame.page(folder, pager.title(kind_of_page("talks/").title)),
            coming=coming if pager.number == 1 else (),
            past=part,
            has_calendar=any(one.talk.date for one in talks),
            pager=pager,
        )


def path_anchor(path: LearningPath) -> Anchor:
    """Link to the page of a learning path."""
    return Anchor(path.title, f"paths/{path.slug}/", len(path.steps))


def steps_through(
    paths: Iterable[LearningPath], by_key: Mapping[str, Project]
) -> Mapping[str, tuple[Anchor, ...]]:
    """Say of which learning paths each project is a step, by the folder of its page."""
    found: dict[str, list[Anchor]] = defaultdict(list)
    for path in paths:
        for number, step in enumerate(path.steps, 1):
            project = by_key.get(step.repo.key) if step.repo else None
            if project:
                note = say("Step %(step)s of %(steps)s", step=number, steps=len(path.steps))
                found[project.page].append(replace(path_anchor(path), note=note))
    return {page: tuple(anchors) for page, anchors in found.items()}


def listed_paths(paths: Iterable[LearningPath]) -> tuple[ListedPath, ...]:
    """List the learning paths that have steps, in the registry's order."""
    return tuple(
        ListedPath(path_anchor(path), path.summary, plural(len(path.steps), "step"))
        for path in paths
        if path.steps
    )


def paths_pages(
    frame: Frame, paths: Sequence[LearningPath], by_key: Mapping[str, Project]
) -> Iterator[PageContext]:
    """Make the list of learning paths, and the page of each."""
    shown = [path for path in paths if path.steps]
    if not shown:
        return
    yield LearningPathsPage(page=frame.page("paths/"), paths=listed_paths(shown))
    for path in shown:
        steps = (_step(step, by_key, frame) for step in path.steps)
        words = path.summary or say_many(
            len(path.steps),
            "%(title)s: a way to learn in %(count)s step.",
            "%(title)s: a way to learn in %(count)s steps.",
            title=path.title,
        )
        yield LearningPathPage(
            page=frame.page(f"paths/{path.slug}/", path.title, shortened(words, _DESCRIPTION)),
            summary=path.summary,
            steps=tuple(step for step in steps if step.card or step.outside),
        )


def _step(step: Step, by_key: Mapping[str, Project], frame: Frame) -> ShownStep:
    project = by_key.get(step.repo.key) if step.repo else None
    url = web_address(step.url)
    outside = Outside(step.title or url, url) if url and not project else None
    return ShownStep(
        say=step.say,
        card=card_of(project, frame) if project else None,
        outside=outside,
        host=host_of(url) if outside else "",
    )


def beginning_of(story_html: str, length: int) -> str:
    """Give how a story begins, in about `length` characters, without markup and headings."""
    blocks = parse_fragment(story_html).children
    told = (block.text for block in blocks if getattr(block, "tag", None) not in _HEADINGS)
    return shortened(" ".join(" ".join(told).split()), length)


def story_path(page: str) -> str:
    """Give the address of a project's story, from that of its page."""
    return f"stories/{page.removeprefix('projects/')}"
