"""Which web addresses a showcase leads to, and where each of them is written. Pure.

    Registry + Snapshot --linked_addresses--> OutwardLink, one for each place that names an address

Addresses at GitHub are left to the nightly run, which asks about repositories, and what leads
to a blocked domain is not visited: no page shows it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aggregator.facts.record import Record
from aggregator.facts.snapshot import Snapshot
from aggregator.registry.community import Celebration, Talk
from aggregator.registry.models import Entry, Organisation
from aggregator.registry.registry import Registry
from aggregator.words.addresses import LONGEST_ADDRESS, is_local, is_web_address

HOMEPAGE = "website on GitHub"
# An address in Markdown: between angles or brackets, or bare up to what cannot be in one.
_IN_MARKDOWN = re.compile(r"https?://[^\s<>()\[\]\"'`*]+", re.IGNORECASE)
_MOST_IN_A_TEXT = 50


@dataclass(frozen=True, slots=True)
class OutwardLink:
    """One address at one place.

    Args:
        url: The address.
        about: Whom it is of: owner/name of an entry, the slug of an organisation, a title.
        place: Where it stands, such as `links.docs`, `talks`, or HOMEPAGE.
    """

    url: str
    about: str
    place: str

    @property
    def field(self) -> str:
        """The field of `links` that holds it; "" where it stands elsewhere."""
        group, _, name = self.place.partition(".")
        return name if group == "links" else ""


def linked_addresses(registry: Registry, snapshot: Snapshot, web: str) -> tuple[OutwardLink, ...]:
    """List the addresses that pages of this showcase lead to.

    Args:
        registry: What members wrote.
        snapshot: What GitHub last said; websites of projects are taken from it.
        web: The GitHub that people visit, whose own pages are left out.
    """
    blocked = registry.showcase.blocklist
    found = dict.fromkeys(_everywhere(registry, snapshot))
    return tuple(
        one
        for one in found
        if is_web_address(one.url)
        and not is_local(one.url)
        and not f"{one.url}/".startswith(f"{web}/")
        and not blocked.domain_of(one.url)
    )


def _everywhere(registry: Registry, snapshot: Snapshot) -> Iterator[OutwardLink]:
    for entry in registry.projects:
        yield from _of_entry(entry)
        yield from _of_record(entry, snapshot.record(str(entry.repo)))
    for body in registry.organisations:
        yield from _of_organisation(body)
    yield from _of_talks(registry.talks, "")
    for path in registry.paths:
        for step in path.steps:
            yield from _at(step.url, path.slug, "paths")
    for person in registry.people:
        yield from _at(person.url, person.login, "people")
    yield from _at(registry.showcase.home, registry.showcase.title, "showcase.home")


def _of_entry(entry: Entry) -> Iterator[OutwardLink]:
    about = str(entry.repo)
    for name, url in entry.links.as_written().items():
        yield from _at(str(url), about, f"links.{name}")
    yield from _of_talks(entry.talks, about)
    yield from _of_celebrations(entry.celebrate, about)
    told = _IN_MARKDOWN.findall((entry.story or "")[:100_000])[:_MOST_IN_A_TEXT]
    for url in told:
        yield from _at(url.rstrip(".,;:!?"), about, "story")


def _of_record(entry: Entry, record: Record | None) -> Iterator[OutwardLink]:
    facts = record.facts if record else None
    if facts:
        yield from _at(facts.glance.homepage, str(entry.repo), HOMEPAGE)


def _of_organisation(body: Organisation) -> Iterator[OutwardLink]:
    yield from _at(body.url, body.slug, "organisations")


def _of_talks(talks: Iterable[Talk], about: str) -> Iterator[OutwardLink]:
    for talk in talks:
        for url in (talk.url, talk.recording):
            yield from _at(url, about or talk.title, "talks")


def _of_celebrations(celebrations: Iterable[Celebration], about: str) -> Iterator[OutwardLink]:
    for one in celebrations:
        yield from _at(one.url, about, "celebrate")


def _at(url: str | None, about: str, place: str) -> Iterator[OutwardLink]:
    if url and len(url) <= LONGEST_ADDRESS:
        yield OutwardLink(url, about, place)
