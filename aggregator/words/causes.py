"""What a run or `aggregator doctor` may say of itself: each sentence once, with meaning and cure.

The log, the doctor and docs/messages.md take their words from here, so that whoever reads one of
them finds the same sentence in the others. Where a value stands differs: `{day}` is filled in by
whoever says it. Exit codes are in `exits`, how a look at one entry ended in `outcomes`. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

# Whoever lost the memory may have no address to bring it from: what was built stands on the disk.
RESTORE = (
    "`aggregator restore PLACE` (PLACE is the address of the site, or the folder it was built into)"
)


class Grade(StrEnum):
    """How something is, for whoever runs the showcase."""

    OK = "ok"
    LOOK = "look"  # the showcase goes on; somebody should look when there is time
    BROKEN = "broken"  # it does not go on like this
    UNKNOWN = "not looked at"  # it could not be looked at, so nothing is claimed


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that may be so.

    Args:
        says: The sentence, with `{name}` where a value stands, as in the other two.
        means: What it means for the showcase; empty where the sentence says all.
        cure: What to do; empty where nothing is to be done.
        grade: How bad it is.
    """

    says: str
    means: str = ""
    cure: str = ""
    grade: Grade = Grade.LOOK

    def saying(self, **values: object) -> str:
        """Give the sentence with its values."""
        return self.says.format(**values)


# What a run, a build or a command says in the log.
UNREACHABLE = Cause(
    "GitHub cannot be reached",
    "the site is built from the last good facts",
    "nothing; look at githubstatus.com if it lasts",
)
SUSPICIOUS = Cause(
    "suspicious",
    "many repositories vanished at once, which is more likely a fault than the truth; all are kept",
    "read the list; when it is true, `aggregator run --accept-losses`, or run the workflow by "
    "hand and tick the box",
)
STOPPED_EARLY = Cause(
    "stopped early",
    "the night ended before every entry was asked about; what was learnt is kept",
    "nothing where a limit ended it: the next run goes on; else as the line says",
)
NO_ANSWER = Cause(
    "no answer",
    "the last run learnt nothing about these entries; what was known is still shown",
    "nothing after a planned limit; else as the line says",
)
FEWER_PROJECTS = Cause(
    "the new site would lose {lost} of {all} projects",
    "the registry became much shorter since the last build; nothing was replaced",
    "mend the registry, or `aggregator build --accept-losses`",
    Grade.BROKEN,
)
LOST_MEMORY = Cause(
    "the new site would lose what the published one has, without a reason",
    "facts, a README, a summary, history or change log would vanish and no answer explains it: "
    "the memory was lost, two builds met, a process crashed; nothing was replaced",
    f"{RESTORE}, then run again; `--accept-losses` when it is meant",
    Grade.BROKEN,
)
NO_MEMORY = Cause(
    "this run has no memory, and what was published cannot be brought back",
    "there is something to lose, so nothing was asked or published",
    "wait for the site to answer, name a copy (`--copy`), or `--first-night` when the site may "
    "begin anew",
    Grade.BROKEN,
)
WRONG_CLOCK = Cause(
    "the clock of this machine is wrong",
    "GitHub or the site says another day; nothing was written",
    "set the clock; dates that a wrong one wrote are mended by the next run",
    Grade.BROKEN,
)
STRANGER = Cause(
    "{place} is the catalogue of another community",
    "the registry was copied, or `showcase.url` or `--state` leads to somebody else's",
    "correct them; `--adopt` after moving to another repository",
    Grade.BROKEN,
)
MISTAKES = Cause(
    "{mistakes} in the registry; everything else goes on.",
    "a field, or an entry whose name cannot be read, is left out",
    "tell its author: the line names file, line and cure",
)
SHARD_LOST = Cause(
    "shard {shard} brought nothing",
    "one of the machines that share the night failed; the last good facts of its entries are kept",
    "look at its job; the next night asks again",
)
SHARD_SHORT = Cause(
    "shard {shard} ended before its time",
    "one of the machines that share the night was killed or cut off; what is whole was taken",
    "look at its job; the next night asks again",
)
HELD = Cause(
    "another process is at work on {what}",
    "two runs at once; the line says which command, process and host",
    "wait; nothing is lost",
)
UNKEPT_PROOF = Cause(
    "the new site is in its place, but its proof could not be kept",
    "the disk was full, or the state may not be written to",
    "free some space, and build again",
)
IN_THE_WAY = Cause(
    "{file} stands where the new site has a page",
    "somebody put it there, or `.aggregator-site` was damaged together with the cache",
    "move it away or name it under `showcase.keep`; if the list was damaged, delete all in the "
    "folder that is not yours",
    Grade.BROKEN,
)
STRANGERS = Cause(
    "{folder} holds files that no build wrote",
    "somebody put them there; they were left",
    "name them under `showcase.keep`, or delete them",
)
UNTOLD = Cause(
    "nothing was told",
    "`announce` was refused at this place, or lacks what it needs there; others were told",
    "as the line says; the next run tries again",
)
DOUBTFUL = Cause(
    "whether the message arrived is not known",
    "the place was reached and gave no answer; others were told",
    "look there, and where it is missing say --again the next time",
)
OTHER_SILENT = Cause(
    "another showcase brought nothing",
    "it did not answer, or with what cannot be read; what it said last is kept and its page here "
    "says so, for 30 days",
    "nothing if it passes; else tell its people, or take it out of `showcase.include`",
)
FAULT = Cause(
    "a fault of this program at {where}",
    "this program failed at one project; the others went on, and its last page stays",
    "report it with what `aggregator --debug ...` shows; nothing else needs to be done",
)

# Of the token, which the doctor and every run that is refused speak of.
TOKEN_REFUSED = Cause(
    "GitHub does not accept the token",
    "it ran out, was taken back, or was copied in part; no run learns anything with it",
    "Make a new token and set GITHUB_TOKEN, or unset it to go on without one.",
    Grade.BROKEN,
)


def said_in_logs() -> Iterator[Cause]:
    """Give the causes of this module, in order."""
    yield from (value for value in globals().values() if isinstance(value, Cause))
