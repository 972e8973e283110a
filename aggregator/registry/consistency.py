"""Settings that have to agree with each other: what is there twice, or says two things at once.

Pure: takes the settings as they could be read, gives those that can be used and every mistake
beside them. Called by `crosscheck`, which holds them against the lists of the registry.
"""

from dataclasses import replace

from aggregator.registry.community import Outlet
from aggregator.registry.mistakes import Mistakes, Place, shown
from aggregator.registry.settings import Showcase
from aggregator.registry.validation import Reading
from aggregator.words.addresses import PUBLISHED_CATALOGUE, is_local, place_of
from aggregator.words.blocked import host_of, plain_host
from aggregator.words.names import slug_of


def consistent_settings(settings: Reading[Showcase], mistakes: Mistakes) -> Showcase:
    """Give the settings without what stands in them twice, and with what follows from the rest.

    Args:
        settings: As they were read.
        mistakes: Takes in what is found.
    """
    showcase = _with_its_domain(settings, mistakes)
    showcase = _with_each_stage_once(showcase, settings, mistakes)
    showcase = _with_each_target_once(showcase, mistakes)
    showcase = _with_known_targets(showcase, settings, mistakes)
    return _with_usable_inclusions(showcase, mistakes)


def _with_each_stage_once(
    showcase: Showcase, settings: Reading[Showcase], mistakes: Mistakes
) -> Showcase:
    """Keep the first of two stages that would share a page, and report the other."""
    first: dict[str, str] = {}
    for stage in showcase.stages:
        known = first.setdefault(slug_of(stage), stage)
        if known is not stage:
            what = f"stages: {shown(stage)} is there already, as {shown(known)}"
            mistakes.add(settings.place("stages"), what, "keep one of the two")
    return replace(showcase, stages=tuple(first.values()))


def _with_each_target_once(showcase: Showcase, mistakes: Mistakes) -> Showcase:
    """Keep the first of two targets of one name, which would share their variables."""
    first: dict[str, Outlet] = {}
    for outlet in showcase.announce.targets:
        known = first.setdefault(outlet.called, outlet)
        if known is not outlet:
            what = f"announce.targets: {shown(outlet.called)} is there already ({known.where})"
            mistakes.add(outlet.where, what, "give one of the two a `name` of its own")
    return replace(showcase, announce=replace(showcase.announce, targets=tuple(first.values())))


def _with_known_targets(
    showcase: Showcase, settings: Reading[Showcase], mistakes: Mistakes
) -> Showcase:
    """Leave out, and report, a place that is to hear of failures and is no target."""
    called = {outlet.called for outlet in showcase.announce.targets}
    unknown = [name for name in showcase.announce.failures if name not in called]
    for name in unknown:
        what = f"announce.failures: no target is called {shown(name)}"
        known = f"write one of {', '.join(sorted(called))}, or " if called else ""
        mistakes.add(settings.place("announce", "failures"), what, f"{known}add it under `targets`")
    failures = tuple(name for name in showcase.announce.failures if name in called)
    return replace(showcase, announce=replace(showcase.announce, failures=failures))


def _with_its_domain(settings: Reading[Showcase], mistakes: Mistakes) -> Showcase:
    """Take the address of the site from its domain, and report where the two disagree."""
    showcase, domain = settings.value, settings.value.domain
    if domain and showcase.url and host_of(showcase.url) != plain_host(domain):
        what = f"domain: the `url` is at {shown(host_of(showcase.url))}"
        cure = f"write `url: https://{domain}/`, or leave it out"
        mistakes.add(settings.place("domain"), what, cure, "hint")
    return replace(showcase, url=f"https://{domain}/") if domain and not showcase.url else showcase


def _with_usable_inclusions(showcase: Showcase, mistakes: Mistakes) -> Showcase:
    """Leave out, and report, another showcase that is none, is blocked or stands there already."""
    told = {place_of(f"{showcase.url}{PUBLISHED_CATALOGUE}"): "this is the showcase itself"}
    wrong: dict[Place, str] = {}
    hidden: dict[Place, str] = {}
    for one in showcase.include:
        place = place_of(one.from_)
        if domain := showcase.blocklist.domain_of(one.from_):
            wrong[one.where] = f"the community blocks {domain}"
        elif is_local(one.from_):
            hidden[one.where] = f"{shown(host_of(one.from_))} is in a private network"
        elif place in told:
            wrong[one.where] = told[place]
        told.setdefault(place, f"this one is there already ({one.where})")
    for where, what in wrong.items():
        mistakes.add(where, f"include: {what}", "delete it")
    for where, what in hidden.items():
        cure = "write the address at which everybody reaches that showcase, or delete it"
        mistakes.add(where, f"include: {what}, which is never asked", cure)
    usable = (one for one in showcase.include if one.where not in {*wrong, *hidden})
    return replace(showcase, include=tuple(usable))
