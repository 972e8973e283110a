"""List repositories: what `aggregator add` does, without the talking.

    words -> plan (which can be listed, which not and why)
          -> questions and answers, one project after the other
          -> write into registry.yaml

The command line asks the questions; a form or a test can answer them as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from aggregator.joining.answers import kinds_in_use, repos_in
from aggregator.joining.editor import Fields, Value, add_entry, add_organisation, is_listed
from aggregator.joining.rewrite import rewrite
from aggregator.registry.loader import load
from aggregator.registry.mistakes import shown
from aggregator.registry.models import Entry, Organisation
from aggregator.registry.registry import Registry
from aggregator.registry.rules import repo_cure
from aggregator.registry.sightings import Lookup, Sighting, Sightings, remarks
from aggregator.words.names import RepoName

ADD_LIMIT = 50


@dataclass(frozen=True)
class Draft:
    """A repository that can be listed, and what is known about it so far."""

    repo: RepoName
    hints: tuple[str, ...] = ()
    sighting: Sighting | None = None
    fields: Mapping[str, Value] = field(default_factory=dict)
    organisation: Organisation | None = None  # one to be listed along with it


@dataclass(frozen=True)
class Plan:
    """Which repositories can be listed, and why the others cannot."""

    drafts: tuple[Draft, ...]
    refusals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask about a project; an empty answer leaves it out."""

    name: str
    prompt: str
    choices: tuple[str, ...] = ()


def plan_additions(path: Path, words: Sequence[str], lookup: Lookup | None = None) -> Plan:
    """Find out which repositories can be listed.

    Args:
        path: The file registry.yaml.
        words: What somebody typed: owner/name or pasted addresses.
        lookup: Asks GitHub about them; without it nothing is verified.

    Raises:
        RegistryError: The registry cannot be used.
        SourceError: GitHub cannot be asked.
    """
    registry = load(path)
    meant = {word: repos_in(word) for word in dict.fromkeys(words[:ADD_LIMIT])}
    repos = list(dict.fromkeys(repo for found in meant.values() for repo in found))
    sightings = lookup(repos) if lookup and repos else None
    refusals = [_unreadable(word) for word, found in meant.items() if not found]
    if len(words) > ADD_LIMIT:
        refusals.append(f"only {ADD_LIMIT} at once: run the command again for the rest")
    drafts: dict[RepoName, Draft] = {}
    for repo in repos:
        draft = _draft(registry, repo, sightings)
        if isinstance(draft, str):
            refusals.append(draft)
        else:
            drafts.setdefault(draft.repo, draft)
    return Plan(tuple(drafts.values()), tuple(refusals))


def _unreadable(word: str) -> str:
    return f"{shown(word)}: this is not the name of a repository: {repo_cure(word)}"


def _draft(registry: Registry, repo: RepoName, sightings: Sightings | None) -> Draft | str:
    sighting = sightings.get(repo) if sightings is not None else None
    name = sighting.name if sighting and sighting.name else repo
    known = registry.entry(name) or registry.entry(repo)
    if known is not None:
        return f"{repo}: it is already listed: see {known.where}"
    if sightings is None:
        return Draft(name)
    found = list(remarks(Entry(repo=repo), sighting))
    wrong = next((mistake for mistake in found if mistake.severity == "error"), None)
    if wrong is not None:
        return f"{wrong.what}: {wrong.cure}"
    hints = tuple(f"{mistake.what}: {mistake.cure}" for mistake in found)
    return Draft(name, hints, sighting)


def questions(registry: Registry, draft: Draft) -> tuple[Question, ...]:
    """Say what to ask about a project; what its owner already answers is not asked."""
    body = registry.organisation_of(Entry(repo=draft.repo))
    slugs = tuple(organisation.slug for organisation in registry.organisations)
    asked = [Question("summary", "What does it do, in one sentence?")]
    if body is None and slugs:
        prompt = "Which organisation does it belong to? Its full name, if it is not here"
        asked.append(Question("organisation", prompt, slugs))
    asked.append(Question("stage", "How far is it?", registry.showcase.stages))
    asked.append(Question("tags", "What is it about? A few words, with commas between"))
    return tuple(asked)


def organisation_questions(registry: Registry) -> tuple[Question, ...]:
    """Say what to ask about an organisation that is not listed yet."""
    return (
        Question("kind", "What sort of body is it?", kinds_in_use(registry)),
        Question("url", "What is the address of its website?"),
    )


def write_additions(path: Path, drafts: Sequence[Draft], today: date | None = None) -> None:
    """Write projects into the registry, each in its place.

    Args:
        path: The file registry.yaml.
        drafts: What to list.
        today: The day to note as `added`; None notes none.

    Raises:
        RegistryError: The file cannot be changed safely; then it is as it was.
    """
    rewrite(path, lambda text: with_additions(text, drafts, today))


def with_additions(text: str, drafts: Sequence[Draft], today: date | None = None) -> str:
    """Give the text of a registry with projects added, but for those that are in it already."""
    for draft in drafts:
        if is_listed(text, draft.repo):  # somebody else was quicker
            continue
        if draft.organisation is not None:
            text = add_organisation(text, draft.organisation)
        added: Fields = {"added": today} if today else {}
        text = add_entry(text, {"repo": str(draft.repo)} | dict(draft.fields) | dict(added))
    return text
