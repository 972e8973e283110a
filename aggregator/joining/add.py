"""List repositories: which can be listed and why the others cannot, what to ask, and the new text.

Nobody is asked anything here: the command line, a form or a test answers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from aggregator.joining.answers import repos_in
from aggregator.joining.editor import Value, add_entry, add_organisation, read_back
from aggregator.registry.mistakes import shown
from aggregator.registry.models import Entry, Organisation
from aggregator.registry.registry import Registry
from aggregator.registry.rules import repo_cure
from aggregator.registry.sightings import Lookup, Sighting, Sightings, remarks
from aggregator.words.names import EXAMPLE_CURE, IS_EXAMPLE, RepoName

_ADD_LIMIT = 50


@dataclass(frozen=True)
class Draft:
    """A repository that can be listed, and what is known about it so far.

    Args:
        repo: Its name, as GitHub calls it today.
        fields: What its entry will say.
        organisation: Where it belongs by its entry; listed along with it when it is not yet.
        hints: What its people may want to know.
        sighting: What GitHub said about it.
    """

    repo: RepoName
    fields: Mapping[str, Value] = field(default_factory=dict)
    organisation: Organisation | None = None
    hints: tuple[str, ...] = ()
    sighting: Sighting | None = None


def plan_additions(
    registry: Registry, words: Sequence[str], lookup: Lookup | None = None
) -> tuple[list[Draft], list[str]]:
    """Find out which repositories can be listed, and say why the others cannot.

    Args:
        registry: What is listed already.
        words: What somebody typed: owner/name or pasted addresses.
        lookup: Asks GitHub about them; without it nothing is verified.

    Raises:
        SourceError: GitHub cannot be asked.
    """
    meant = {word: repos_in(word) for word in dict.fromkeys(words[:_ADD_LIMIT])}
    repos = list(dict.fromkeys(repo for found in meant.values() for repo in found))
    sightings = lookup(repos) if lookup and repos else None
    refusals = [
        f"{shown(word)}: this is not the name of a repository: {repo_cure(word)}"
        for word, found in meant.items()
        if not found
    ]
    if len(words) > _ADD_LIMIT:
        refusals.append(f"only {_ADD_LIMIT} at once: run the command again for the rest")
    drafts: dict[RepoName, Draft] = {}
    for repo in repos:
        draft = draft_of(registry, repo, sightings)
        if isinstance(draft, str):
            refusals.append(draft)
        else:
            drafts.setdefault(draft.repo, draft)
    return list(drafts.values()), refusals


def draft_of(registry: Registry, repo: RepoName, sightings: Sightings | None) -> Draft | str:
    """Begin to list one repository, or say why it cannot be.

    Args:
        registry: What is listed already.
        repo: Its name, as somebody gave it.
        sightings: What GitHub said; None when it was not asked.
    """
    if repo.is_example:
        return f"{repo}: it {IS_EXAMPLE}: {EXAMPLE_CURE}"
    sighting = sightings.get(repo) if sightings is not None else None
    name = sighting.name if sighting and sighting.name else repo
    # A renamed repository may be listed under either name.
    known = registry.entry(name) or registry.entry(repo)
    if known is not None:
        return f"{repo}: it is already listed: see {known.where}"
    if sightings is None:
        return Draft(name)
    found = [(m.severity, f"{m.what}: {m.cure}") for m in remarks(Entry(repo=repo), sighting)]
    wrong = next((words for severity, words in found if severity == "error"), None)
    return wrong or Draft(name, hints=tuple(words for _, words in found), sighting=sighting)


def questions(registry: Registry, repo: RepoName) -> dict[str, str]:
    """Say what to ask about a project, by field; what its owner already answers is not asked."""
    asked = {"summary": "What does it do, in one sentence?"}
    slugs = [organisation.slug for organisation in registry.organisations]
    if slugs and registry.organisation_of(Entry(repo=repo)) is None:
        asked["organisation"] = with_choices(
            "Which organisation does it belong to? Its full name, if it is not here", slugs
        )
    asked["stage"] = with_choices("How far is it?", registry.showcase.stages)
    return asked | {"tags": "What is it about? A few words, with commas between"}


def with_choices(question: str, choices: Sequence[str]) -> str:
    """Put the usual answers behind a question."""
    return f"{question} ({', '.join(choices)})" if choices else question


def with_additions(text: str, drafts: Sequence[Draft], today: date | None = None) -> str:
    """Give the text of registry.yaml with projects added, each in its place, once.

    Args:
        text: What the file holds.
        drafts: What to list.
        today: The day to note as `added`; None notes none.

    Raises:
        RegistryError: The text cannot be edited safely.
    """
    for draft in drafts:
        listed = read_back(text)
        if listed.entry(draft.repo):  # somebody else was quicker
            continue
        fields = {**draft.fields, "repo": str(draft.repo)} | ({"added": today} if today else {})
        if body := draft.organisation:
            fields["organisation"] = body.slug
            if not listed.organisation(body.slug):  # the draft before may have brought it along
                text = add_organisation(text, body)
        text = add_entry(text, fields)
    return text
