"""Leave out of everything that is shown what leads to a domain the community blocks.

Works on values, before anything is made from them: an entry, a repository's facts, the news. So
pages, feeds, exports, badges and the search index cannot forget it. Pure. Called by `assemble`, and
by `pipeline` for the published copy of the catalogue.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel

from aggregator.facts.repository import Details, RepoFacts
from aggregator.facts.snapshot import Change
from aggregator.registry.mistakes import Mistake
from aggregator.registry.models import Entry, Organisation, Showcase
from aggregator.registry.registry import Registry
from aggregator.words.addresses import is_web_address
from aggregator.words.blocked import Blocklist

M = TypeVar("M", bound=BaseModel)
_LABELS = {"docs": "Documentation", "demo": "Try it out", "paper": "Paper"}


def registry_without(registry: Registry, blocked: Blocklist) -> Registry:
    """Give a registry none of whose addresses leads to a blocked domain."""
    if not blocked:
        return registry
    return replace(
        registry,
        showcase=_showcase(registry.showcase, blocked),
        organisations=tuple(
            replace(body, name=blocked.unlinked(body.name), **_address(body.url, "url", blocked))
            for body in registry.organisations
        ),
        projects=tuple(_entry(entry, blocked) for entry in registry.projects),
        mistakes=tuple(_mistake(mistake, blocked) for mistake in registry.mistakes),
    )


def notes_on(entry: Entry, facts: RepoFacts | None, blocked: Blocklist) -> tuple[str, ...]:
    """Say for each link of a project that is left out which one it was, and why.

    Args:
        entry: As the member wrote it.
        facts: As GitHub said them.
        blocked: The domains.
    """
    if not blocked:
        return ()
    links = {label: getattr(entry.links, name) for name, label in _LABELS.items()}
    talks = {f"Talk \u201c{blocked.stripped(talk.title)}\u201d": talk.url for talk in entry.talks}
    website = {"Website": facts.glance.homepage if facts else None}
    return tuple(_notes(links | talks | website, blocked))


def note_on(organisation: Organisation, blocked: Blocklist) -> str | None:
    """Say that an organisation's website is left out; None when it is not."""
    return next(_notes({"Website": organisation.url}, blocked), None)


def facts_without(facts: RepoFacts, blocked: Blocklist) -> RepoFacts:
    """Give facts none of whose addresses or texts leads to a blocked domain."""
    return (_model(facts, blocked) or facts) if blocked else facts


def changes_without(changes: Iterable[Change], blocked: Blocklist) -> tuple[Change, ...]:
    """Give the news without such addresses and texts."""
    if not blocked:
        return tuple(changes)
    return tuple(_model(change, blocked) or change for change in changes)


def disarmed(facts: RepoFacts, oid: str | None, blocked: Blocklist) -> RepoFacts:
    """Give facts for the published copy, whose README became another one when it was disarmed.

    Whoever starts from that copy asks GitHub again at once, because no reader read it so.

    Args:
        facts: As they are stored.
        oid: The git name of the README's bytes in that copy; None when they stayed as they were.
        blocked: The domains.
    """
    kept = facts_without(facts, blocked)
    if kept.details is None or (kept == facts and oid is None):
        return kept
    update: dict[str, object] = {"reader": 0}
    if oid and kept.details.readme:
        update["readme"] = kept.details.readme.model_copy(update={"oid": oid, "size": None})
    details: Details = kept.details.model_copy(update=update)
    return kept.model_copy(update={"details": details})


def _notes(links: Mapping[str, str | None], blocked: Blocklist) -> Iterator[str]:
    for label, url in links.items():
        if domain := blocked.domain_of(url):
            yield f"{label}: {blocked.note(domain)}"


def _showcase(showcase: Showcase, blocked: Blocklist) -> Showcase:
    contact = showcase.contact or ""
    there = f"mailto:{contact}" if "@" in contact and ":" not in contact else contact
    lost = {"contact": None} if blocked.domain_of(there) else {}
    return replace(showcase, **(_address(showcase.home, "home", blocked) | lost))


def _entry(entry: Entry, blocked: Blocklist) -> Entry:
    links: dict[str, Any] = {}
    for name in _LABELS:
        links |= _address(getattr(entry.links, name), name, blocked)
    talks = tuple(
        replace(talk, title=blocked.unlinked(talk.title), **_address(talk.url, "url", blocked))
        for talk in entry.talks
    )
    words = {name: getattr(entry, name) for name in ("title", "summary")}
    said: dict[str, Any] = {n: blocked.unlinked(text) for n, text in words.items() if text}
    return replace(entry, **said, links=replace(entry.links, **links), talks=talks)


def _address(url: str | None, name: str, blocked: Blocklist) -> dict[str, Any]:
    return {name: None} if blocked.domain_of(url) else {}


def _mistake(mistake: Mistake, blocked: Blocklist) -> Mistake:
    said = blocked.stripped(mistake.what), blocked.stripped(mistake.cure)
    return replace(mistake, what=said[0], cure=said[1])


def _model(model: M, blocked: Blocklist) -> M | None:
    """Give a model without such addresses; None when one of them is what it cannot be without."""
    update: dict[str, object] = {}
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        kept = _value(value, blocked)
        if kept is None and value is not None and field.is_required():
            return None
        if kept is not value:
            update[name] = kept
    return model.model_copy(update=update) if update else model


def _value(value: object, blocked: Blocklist) -> object:
    """Give a value of a model without such addresses; the same object when there are none."""
    if isinstance(value, str):
        return _text(value, blocked)
    if isinstance(value, BaseModel):
        return _model(value, blocked)
    if isinstance(value, tuple):
        kept = [_value(item, blocked) for item in value]
        same = all(one is other for one, other in zip(kept, value, strict=True))
        return value if same else tuple(item for item in kept if item is not None)
    return value


def _text(text: str, blocked: Blocklist) -> str | None:
    if is_web_address(text) and blocked.domain_of(text):
        return None
    said = blocked.unlinked(text)
    return text if said == text else said
