"""What GitHub said about each repository, when, and what went wrong.

Here live the frozen models that travel from the fetcher to the store and from the store to the
catalogue. No judgement, no network and no file ever lives here. Every block of facts carries the
moment it was last confirmed. ``None`` always means "not known" or "not asked"; an empty tuple and
a zero mean that GitHub was asked and answered so.
"""

from aggregator.facts.base import Fact, RepoName, WebAddress, is_repo_name, is_web_address
from aggregator.facts.outcome import Outcome
from aggregator.facts.record import Observation, Readme, Record
from aggregator.facts.repository import (
    READING,
    Basis,
    CommitWeeks,
    Community,
    Contributor,
    Contributors,
    Counts,
    Details,
    FundingLink,
    Glance,
    Identity,
    Issue,
    Licence,
    ReadmeBlob,
    Release,
    RepoFacts,
    Statement,
)
from aggregator.facts.snapshot import Change, ChangeKind, Day, Mark, Snapshot

__all__ = [
    "READING",
    "Basis",
    "Change",
    "ChangeKind",
    "CommitWeeks",
    "Community",
    "Contributor",
    "Contributors",
    "Counts",
    "Day",
    "Details",
    "Fact",
    "FundingLink",
    "Glance",
    "Identity",
    "Issue",
    "Licence",
    "Mark",
    "Observation",
    "Outcome",
    "Readme",
    "ReadmeBlob",
    "Record",
    "Release",
    "RepoFacts",
    "RepoName",
    "Snapshot",
    "Statement",
    "WebAddress",
    "is_repo_name",
    "is_web_address",
]
