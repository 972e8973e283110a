"""Leave out of everything that is shown what leads to a domain the community blocks.

Works on values, before anything is made from them: an entry, a repository's facts, the news. So
pages, feeds, exports, badges and the search index cannot forget it. Pure. Called by `assemble`, and
by `pipeline` for the published copy of the catalogue.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel

from aggregator.facts.repository import Details, RepoFacts
from aggregator.registry import rules
from aggregator.registry.declaration import Rule, Written, declared_fields
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry
from aggregator.registry.settings import Showcase
from aggregator.words.addresses import contact_address, is_web_address
from aggregator.words.blocked import Blocklist
from aggregator.words.speech import later, say

M = TypeVar("M", bound=BaseModel)
W = TypeVar("W", bound=Written)
_LABELS = {"docs": later("Documentation"), "demo": later("Try it out"), "paper": later("Paper")}
# Longer texts, which are Markdown, lose their links when they are rendered.
_TEXTS = (rules.LINE, rules.LABEL)


def registry_without(registry: Registry, blocked: Blocklist) -> Registry:
    """Give a registry none of whose addresses leads to a blocked domain."""
    if not blocked:
        return registry
    return replace(
        registry,
        showcase=_showcase(registry.showcase, blocked),
        organisations=_each(registry.organisations, blocked),
        projects=_each(registry.projects, blocked),
        people=_each(registry.people, blocked),
        paths=_each(registry.paths, blocked),
        talks=_each(registry.talks, blocked),
        terms={name: _each(terms, blocked) for name, terms in registry.terms.items()},
        mistakes=tuple(
            replace(each, what=blocked.stripped(each.what), cure=blocked.stripped(each.cure))
            for each in registry.mistakes
        ),
    )


def notes_on(entry: Entry, facts: RepoFacts | None, blocked: Blocklist) -> tuple[str, ...]:
    """Say for each link of a project that is left out which one it was, and why.

    Args:
        entry: As the member wrote it.
        facts: As GitHub said them.
        blocked: The domains.
    """
    links = {say(label): getattr(entry.links, name) for name, label in _LABELS.items()}
    talks = {
        say("Talk \u201c%(title)s\u201d", title=blocked.stripped(talk.title)): talk.url
        for talk in entry.talks
    }
    recordings = {
        say(
            "Recording of \u201c%(title)s\u201d", title=blocked.stripped(talk.title)
        ): talk.recording
        for talk in entry.talks
    }
    news = {
        say("News \u201c%(text)s\u201d", text=blocked.stripped(one.text)): one.url
        for one in entry.celebrate
    }
    website = {say("Website"): facts.glance.homepage if facts else None}
    return notes(links | talks | recordings | news | website, blocked)


def notes(links: Mapping[str, str | None], blocked: Blocklist) -> tuple[str, ...]:
    """Say of each link, by its label, that it is left out, where it is."""
    led = {label: blocked.domain_of(url) for label, url in links.items()}
    return tuple(f"{label}: {blocked.note(domain)}" for label, domain in led.items() if domain)


def without(model: M, blocked: Blocklist) -> M:
    """Give facts or news none of whose addresses or texts leads to a blocked domain."""
    return (_model(model, blocked) or model) if blocked else model


def disarmed(facts: RepoFacts, oid: str | None, blocked: Blocklist) -> RepoFacts:
    """Give facts for the published copy, whose README became another one when it was disarmed.

    Whoever starts from that copy asks GitHub again at once, because no reader read it so.

    Args:
        facts: As they are stored.
        oid: The git name of the README's bytes in that copy; None when they stayed as they were.
        blocked: The domains.
    """
    kept = without(facts, blocked)
    if kept.details is None or (kept == facts and oid is None):
        return kept
    update: dict[str, object] = {"reader": 0}
    if oid and kept.details.readme:
        update["readme"] = kept.details.readme.model_copy(update={"oid": oid, "size": None})
    details: Details = kept.details.model_copy(update=update)
    return kept.model_copy(update={"details": details})


def _showcase(showcase: Showcase, blocked: Blocklist) -> Showcase:
    # Where the site itself stands is nothing that it leads to.
    return replace(_written(showcase, blocked), url=showcase.url)


def _each(parts: tuple[W, ...], blocked: Blocklist) -> tuple[W, ...]:
    return tuple(_written(part, blocked) for part in parts)


def _written(part: W, blocked: Blocklist) -> W:
    """Give a part of what members wrote: addresses go, and in texts a note takes their place."""
    changes: dict[str, Any] = {}
    for one in declared_fields(type(part)):
        value = getattr(part, one.attribute)
        kept = _kept(value, one.rule, blocked)
        if kept != value:
            changes[one.attribute] = kept
    return replace(part, **changes) if changes else part


def _kept(value: Any, rule: Rule | type[Written], blocked: Blocklist) -> Any:
    if isinstance(value, tuple):
        return tuple(_kept(one, rule, blocked) for one in value)
    if isinstance(value, Written):
        return _written(value, blocked)
    if not isinstance(value, str):
        return value
    if rule in _TEXTS:
        return blocked.unlinked(value)
    address = contact_address(value) if rule is rules.CONTACT else value
    leads = (rule is rules.URL or rule is rules.CONTACT) and blocked.domain_of(address)
    return None if leads else value


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
        lost = is_web_address(value) and blocked.domain_of(value)
        said = None if lost else blocked.unlinked(value)
        return value if said == value else said
    if isinstance(value, BaseModel):
        return _model(value, blocked)
    if isinstance(value, tuple):
        kept = [_value(item, blocked) for item in value]
        same = all(one is other for one, other in zip(kept, value, strict=True))
        return value if same else tuple(item for item in kept if item is not None)
    return value
