"""In which languages the texts of a community are: told once, and remembered between builds.

A README has its own with its rendering (`readme`), and so have stories. What is left are sentences:
what members wrote of themselves in the registry, and summaries from wherever they come.
"""

from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from aggregator.catalogue.claims import Claim
from aggregator.catalogue.types import Summary
from aggregator.readme.readme import Readme
from aggregator.registry.registry import Registry
from aggregator.store.disk_memo import key_of
from aggregator.words import natural_language
from aggregator.words.natural_language import (
    Tongues,
    ask_model,
    is_same,
    language_of,
    may_be_in,
)

AskModel = Callable[[str], str]


class AnswerMemo(Protocol):
    """Remembers between builds what the model said, under names of the texts."""

    def get(self, key: str) -> bytes | None:
        """Give what is kept under a name, or None."""
        ...

    def put_all(self, values: Mapping[str, bytes], /) -> bool:
        """Keep values, all of them or none; tell whether they are kept."""
        ...


def remembering(memo: AnswerMemo) -> AskModel:
    """Give what asks the model once for each text in its life."""

    def ask(text: str) -> str:
        key = key_of(text)
        answer = memo.get(key)
        if answer is None:
            answer = ask_model(text).encode()
            memo.put_all({key: answer})
        return answer.decode()

    return ask


def model_version() -> str:
    """Name all that the answers hang on beside the texts."""
    return key_of(version("py3langid"), Path(natural_language.__file__).read_bytes())


def tongues_of(registry: Registry, ask: AskModel) -> Tongues:
    """Tell which sentences of a registry are in another language than most of its texts."""
    usual = registry.showcase.language
    told = {text: language_of(text, ask) for text in _sentences(registry)}
    others = {text: one for text, one in told.items() if one and not is_same(one, usual)}
    return Tongues(usual, others)


def summary_of(used: Claim, readme: Readme | None, tongues: Tongues, ask: AskModel) -> Summary:
    """Give the summary that is shown; one from a README is in the language of that."""
    known = readme.language if readme and used.source == "README" else ""
    language = tongues.of(used.value, known or language_of(used.value, ask))
    return Summary(used.value, used.source, language)


def language_of_title(
    used: Claim | None, title: str, readme: Readme | None, tongues: Tongues
) -> str:
    """Tell what a title is in: too short to show it, it goes by its script, or by its README."""
    headed = readme.language if readme and used and used.source == "README" else ""
    return tongues.of(title, headed if headed and may_be_in(title, headed) else "")


def _sentences(registry: Registry) -> Iterator[str]:
    """Give what members wrote of themselves, but summaries of projects, of which there are many."""
    showcase = registry.showcase
    told = [showcase.tagline, showcase.accessibility.tested]
    told += [body.about for body in registry.organisations]
    told += [person.about for person in registry.people]
    told += [term.means for terms in registry.terms.values() for term in terms]
    for path in registry.paths:
        told += [path.title, path.summary, *(t for s in path.steps for t in (s.say, s.title))]
    told += [talk.title for talk in registry.talks]
    for entry in registry.projects:
        told += [talk.title for talk in entry.talks]
        told += [news.text for news in entry.celebrate]
    yield from filter(None, told)
