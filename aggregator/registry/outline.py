"""What stands at the left edge of a registry: its sections, and what is listed in each.

The settings stand under `showcase`, once; every other section is a list. Where a thing is listed,
by which field it is known and how many there may be is said here and read by whoever reads,
describes, compares or edits a registry.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from aggregator.registry.appearance import Appearance, CommunityLink, Font, MenuItem
from aggregator.registry.community import (
    Accessibility,
    Announcing,
    Celebration,
    Inclusion,
    LearningPath,
    Outlet,
    Person,
    Step,
    StoryPicture,
    Talk,
    Term,
)
from aggregator.registry.declaration import Written
from aggregator.registry.models import Entry, Links, Organisation
from aggregator.registry.settings import Showcase

SETTINGS = "showcase"
TERMS = ("tags", "kinds", "stages")


@dataclass(frozen=True, slots=True)
class Section:
    """One list at the left edge.

    Args:
        model: What each item is.
        key: The field by which an item is known.
        said: The field that a text beside the key is most likely meant for, in `key: text`.
        meaning: What is listed, for the schema and its reference.
        at_most: How many items are read; None for as many as the file has room for.
        also: What people write for its name when they have not read it.
    """

    model: type[Written]
    key: str
    said: str
    meaning: str
    at_most: int | None = None
    also: tuple[str, ...] = ()


SECTIONS: Mapping[str, Section] = {
    "organisations": Section(
        Organisation,
        "slug",
        "name",
        "The bodies that projects belong to.",
        also=("orgs", "organizations", "bodies"),
    ),
    "projects": Section(
        Entry,
        "repo",
        "summary",
        "The projects. The shortest entry is just owner/name.",
        also=("repos", "repositories", "entries"),
    ),
    "people": Section(
        Person,
        "login",
        "name",
        "People who asked to be shown with more than a login.",
        at_most=1_000,
        also=("person", "persons", "members"),
    ),
    "paths": Section(
        LearningPath,
        "slug",
        "title",
        "Ways through projects, talks and links, in order.",
        at_most=50,
        also=("learning", "learning_paths", "learning_path", "pathways"),
    ),
    "talks": Section(
        Talk,
        "title",
        "url",
        "Talks and show-and-tells that belong to no single project.",
        at_most=500,
        also=("events", "meetings"),
    ),
    "tags": Section(
        Term,
        "name",
        "means",
        "What tags mean, and how they are grouped.",
        at_most=500,
        also=("terms", "words", "definitions"),
    ),
    "kinds": Section(Term, "name", "means", "What kinds of organisation there are.", at_most=50),
    "stages": Section(Term, "name", "means", "What the stages mean.", at_most=12),
}

MODELS: tuple[type[Written], ...] = (
    *(Entry, Organisation, Showcase, Talk, Links, Celebration, StoryPicture, Accessibility),
    *(
        Person,
        Term,
        Step,
        LearningPath,
        Announcing,
        Outlet,
        Inclusion,
        Appearance,
        Font,
        MenuItem,
        CommunityLink,
    ),
)
"""All parts in which a member writes fields."""
