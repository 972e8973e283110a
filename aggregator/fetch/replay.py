"""A night's answers written down, and given again over the whole: how machines share a night.

    GitHub --Source--> Recorder --answers--> notes of each part --Replay (a Source)--> one run

So a night that several shared is judged by the very code that judges one night, over all entries
at once: who vanished, who is whose double, what is news. Nothing here asks GitHub or opens a file.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from aggregator.facts.protocol import (
    SILENCE,
    Answer,
    DeepLook,
    Depth,
    Sizes,
    Source,
    Spent,
    Target,
    Trouble,
    TroubleKind,
    Wanted,
)
from aggregator.facts.record import ReadmeText
from aggregator.facts.recording import NotedAnswer, Question, Recording, Shard
from aggregator.facts.repository import Contributors, Glance
from aggregator.words.causes import SHARD_LOST
from aggregator.words.outcomes import Outcome
from aggregator.words.wall import Fault

AnswerT = TypeVar("AnswerT", Glance, Depth, ReadmeText, Contributors)

# Writes down what was said to one question, by the name that it was asked about.
NoteAnswers = Callable[[Question, Mapping[str, NotedAnswer]], None]

# Where no part says how much may be asked at once, because there is none.
_ANY_SIZE = Sizes(None, glance=100, depth=100, readmes=100, readme_bytes=10**9, rotates=True)
# What is asked of an entry by the name that it is listed under: one part alone asks about it.
_OF_ENTRIES = frozenset({Question.GLANCE, Question.GLANCE_BY_ID, Question.ABSENCE})
_NEXT_NIGHT = "The next run asks about it."


class Recorder:
    """Asks a source, and notes what it said of each name or why it said nothing."""

    def __init__(self, source: Source, note: NoteAnswers) -> None:
        self._source = source
        self._note = note

    @property
    def sizes(self) -> Sizes:
        """Return how much may be asked at once."""
        return self._source.sizes

    @property
    def spent(self) -> Spent:
        """Return the running bill."""
        return self._source.spent

    def glance(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Ask for the scalars, by name."""
        return self._noted(Question.GLANCE, _names(targets), self._source.glance(targets))

    def glance_by_id(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Ask for the scalars by id."""
        answer = self._source.glance_by_id(targets)
        return self._noted(Question.GLANCE_BY_ID, _names(targets), answer)

    def depth(self, looks: Sequence[DeepLook]) -> Answer[Depth]:
        """Ask for details and counts, and as far as is asked for people and the README."""
        names = [look.glance.name_with_owner for look in looks]
        return self._noted(Question.DEPTH, names, self._source.depth(looks))

    def readmes(self, wanted: Sequence[Wanted]) -> Answer[ReadmeText]:
        """Ask for the bytes of README blobs."""
        names = [item.glance.name_with_owner for item in wanted]
        return self._noted(Question.README, names, self._source.readmes(wanted))

    def contributors(self, glance: Glance) -> Answer[Contributors]:
        """Count all contributors of one repository."""
        answer = self._source.contributors(glance)
        return self._noted(Question.CONTRIBUTORS, [glance.name_with_owner], answer)

    def confirm_absence(self, target: Target) -> Answer[Glance]:
        """Ask once more, in the way that names the reason best."""
        answer = self._source.confirm_absence(target)
        return self._noted(Question.ABSENCE, [target.name], answer)

    def confirm_empty(self, glance: Glance) -> Answer[Glance]:
        """Ask in another way whether a repository has no commits."""
        answer = self._source.confirm_empty(glance)
        return self._noted(Question.EMPTINESS, [glance.name_with_owner], answer)

    def forget(self, targets: Sequence[Target]) -> None:
        """Erase every cached copy of answers about these repositories."""
        self._source.forget(targets)

    def _noted(
        self, question: Question, names: Iterable[str], answer: Answer[AnswerT]
    ) -> Answer[AnswerT]:
        trouble = answer.trouble or SILENCE
        said: dict[str, NotedAnswer] = dict(answer.said)
        self._note(question, {name: said.get(name, trouble) for name in names})
        return answer


class Replay:
    """Gives again what all parts noted; what none of them was told stays unknown this night."""

    def __init__(
        self, parts: Iterable[Recording], forget: Callable[[Sequence[Target]], None]
    ) -> None:
        # By number, so that it does not matter in which order they are given.
        self._parts = sorted(parts, key=lambda part: part.heading.shard.number)
        self._by_shard = {part.heading.shard: part for part in self._parts}
        self._of = self._parts[0].heading.shard.of if self._parts else 1
        self._forget = forget

    @property
    def sizes(self) -> Sizes:
        """Return the sizes of the parts; of those that had a token, where not all had one."""
        found = [part.heading.sizes for part in self._parts]
        return max(found, key=lambda sizes: sizes.rotates, default=_ANY_SIZE)

    @property
    def spent(self) -> Spent:
        """Return what all parts used together; what is left to each is its own affair."""
        bills = [part.end.spent for part in self._parts if part.end]
        return Spent(
            requests=sum(bill.requests for bill in bills),
            points=sum(bill.points for bill in bills),
            not_modified=sum(bill.not_modified for bill in bills),
            bytes_received=sum(bill.bytes_received for bill in bills),
        )

    def glance(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Say what was said by name."""
        return Answer({n: self._said(Question.GLANCE, n, Glance) for n in _names(targets)})

    def glance_by_id(self, targets: Sequence[Target]) -> Answer[Glance]:
        """Say what was said by id."""
        return Answer({n: self._said(Question.GLANCE_BY_ID, n, Glance) for n in _names(targets)})

    def depth(self, looks: Sequence[DeepLook]) -> Answer[Depth]:
        """Say what details were told."""
        names = [look.glance.name_with_owner for look in looks]
        return Answer({n: self._said(Question.DEPTH, n, Depth) for n in names})

    def readmes(self, wanted: Sequence[Wanted]) -> Answer[ReadmeText]:
        """Give the bytes of README blobs."""
        names = [item.glance.name_with_owner for item in wanted]
        return Answer({n: self._said(Question.README, n, ReadmeText) for n in names})

    def contributors(self, glance: Glance) -> Answer[Contributors]:
        """Say how many contributors were counted."""
        name = glance.name_with_owner
        return Answer({name: self._said(Question.CONTRIBUTORS, name, Contributors)})

    def confirm_absence(self, target: Target) -> Answer[Glance]:
        """Say the last word on it, or the one before where a part ended ahead of the last."""
        asked = (Question.ABSENCE, Question.GLANCE_BY_ID, Question.GLANCE)
        words = [self._said(question, target.name, Glance) for question in asked]
        said = next((one for one in words if not isinstance(one, Trouble)), words[0])
        return Answer({target.name: said})

    def confirm_empty(self, glance: Glance) -> Answer[Glance]:
        """Say what was said in another way of its having no commits."""
        said = self._said(Question.EMPTINESS, glance.name_with_owner, Glance)
        if isinstance(said, Trouble):
            return Answer(trouble=said)
        return Answer({glance.name_with_owner: said})

    def forget(self, targets: Sequence[Target]) -> None:
        """Erase every cached copy of answers about these repositories on this machine."""
        self._forget(targets)

    def _said(
        self, question: Question, name: str, kind: type[AnswerT]
    ) -> AnswerT | Outcome | Fault | Trouble:
        """Give what a part noted of a name; an answer comes before a part's having had none."""
        asked = self._parts
        if question in _OF_ENTRIES:  # what another part says of it, nobody told that part
            asked = [part for part in asked if part.heading.shard.holds(name.casefold())]
        noted = [part.answers[question] for part in asked if question in part.answers]
        found = [answers[name] for answers in noted if name in answers]
        # Two entries may be one repository, and one of their parts had to look further into it.
        for said in sorted(found, key=_reach, reverse=True):
            if isinstance(said, kind | Outcome | Fault):
                return said
        troubles = (said for said in found if isinstance(said, Trouble))
        return next(troubles, None) or self._silence(name)

    def _silence(self, name: str) -> Trouble:
        """Say why no part knows anything of an entry; its turn comes on the next night."""
        shard = Shard.that_holds(name.casefold(), self._of)
        part = self._by_shard.get(shard)
        why = SHARD_LOST.saying(shard=shard)
        if part:
            stopped = part.end.stopped if part.end else None
            why = stopped.message if stopped else f"shard {shard} ended before its turn"
        return Trouble(TroubleKind.LIMITED, why, _NEXT_NIGHT)


def _names(targets: Iterable[Target]) -> list[str]:
    return [target.name for target in targets]


def _reach(said: NotedAnswer) -> int:
    """Say how far an answer goes; a sort leaves those that go as far in the order of the parts."""
    if not isinstance(said, Depth):
        return 0
    return (said.facts.contributors is not None) + (said.readme is not None)
