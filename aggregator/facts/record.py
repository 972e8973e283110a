"""What one run learnt about an entry, and what is known of it after all runs."""

from datetime import datetime
from hashlib import sha1

from pydantic import Field

from aggregator.facts.base import Fact, NameWithOwner
from aggregator.facts.repository import Details, Identity, ReadmeBlob, RepoFacts
from aggregator.words.outcomes import Outcome


def blob_oid(content: bytes) -> str:
    """Name bytes as git does: SHA-1 over a header and the bytes (git-scm.com, "Git Objects")."""
    return sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


class ReadmeText(Fact):
    """The exact bytes of one README blob (cut at the store's limit when huge)."""

    oid: str
    content: bytes = Field(repr=False)
    html: str | None = Field(None, repr=False)  # GitHub's rendering, of formats not rendered here
    encoding: str | None = None  # what it was found to be; kept with the details of each record


class Observation(Fact):
    """What one run learnt about one registry entry; a failure is a value here."""

    listed_as: str  # as the member wrote it
    asked_at: datetime
    outcome: Outcome
    facts: RepoFacts | None = None  # as far as they were asked for and told
    message: str | None = None  # what went wrong, one sentence
    cure: str | None = None  # what a member can do, one sentence

    @property
    def erases(self) -> bool:
        """Whether nothing that the repository wrote may be kept any longer."""
        lost = self.outcome is Outcome.NAME_REUSED and self.facts is None
        return lost or self.outcome.erases


class Record(Fact):
    """The last known state of one registry entry.

    ``facts`` survives every failure except those whose outcome ``erases``; then only the identity,
    the dates and the reason stay.
    """

    listed_as: str
    outcome: Outcome
    since: datetime  # when this standing began (active and unchanged are one standing)
    first_seen: datetime
    last_tried: datetime | None = None
    last_succeeded: datetime | None = None
    identity: Identity | None = None
    facts: RepoFacts | None = None
    message: str | None = None
    cure: str | None = None
    moved_to: NameWithOwner | None = None  # owner/name it answers under today, when that differs
    # What it was listed as or called before: its page and its badge answer there too.
    former_names: tuple[NameWithOwner, ...] = ()

    @property
    def ever_found(self) -> bool:
        """Tell whether GitHub ever showed us the repository; a misspelt name it never knew."""
        return self.identity is not None or self.last_succeeded is not None

    @property
    def repository_id(self) -> int | None:
        """Return the number of its repository, when GitHub ever showed it."""
        return self.identity.repository_id if self.identity else None

    @property
    def details(self) -> Details | None:
        """Return the details that are known of it."""
        return self.facts.details if self.facts else None

    @property
    def readme(self) -> ReadmeBlob | None:
        """Return which file its README is, when that is known and there is one."""
        return self.details.readme if self.details else None

    @property
    def key(self) -> str:
        """Return the name under which the snapshot files this record."""
        return self.listed_as.casefold()
