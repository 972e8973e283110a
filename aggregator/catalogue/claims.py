"""Who says what about a project, which of it is shown, and why.

The registry, files of the repository and GitHub speak of the same things. Each thing they say is a
`Claim`; a `Verdict` holds all claims of one field and the one that is used. The order of trust is
written once, in the judges below, and a claim that cannot be used says why not. Pure: stored facts
are judged anew at every build, so a better rule needs no fetching.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from aggregator.catalogue import licences
from aggregator.facts.repository import RepoFacts, Statement
from aggregator.words import addresses
from aggregator.words.addresses import is_web_address

Field = Literal["title", "summary", "licence", "website", "doi", "version", "authors"]
Source = Literal["registry", "repository", "GitHub", "README"]

# An abstract in CITATION.cff can be a page long; a summary is read in one breath.
LONGEST_SUMMARY = 300
CITATION = "CITATION.cff"
_SOFTWARE = frozenset({"software", "softwaresourcecode", "softwareapplication", "webapplication"})
# How the abstract of a paper speaks; what a program does is not told so.
_STUDY = re.compile(
    r"\b(?:(?:in )?this (?:study|paper|article|work|manuscript|thesis|dissertation|dataset|report)"
    r"|the present (?:study|paper|work)|our (?:study|results|findings|analysis|paper|cohort)"
    r"|we (?:\w+ ){0,2}(?:study|studied|investigate|examine|analy[sz]e|assess|evaluate|estimate|"
    r"find|found|show|report|review|compare|conduct|explore|propose|present|describe|aim|collect|"
    r"survey|hypothesi[sz]e|demonstrate|observe|identify)(?:ed|d|s)?"
    r"|(?:background|objectives?|methods?|results|conclusions?|aims?|introduction)\s*:)",
    re.IGNORECASE,
)
_TRIAL = re.compile(
    r"\b(?:participants|systematic review|meta-analysis|cross-sectional|randomi[sz]ed|cohort study|"
    r"confidence interval|odds ratio|p ?[<=] ?0?\.\d)",
    re.IGNORECASE,
)
_OF_SOMETHING_ELSE = "the file describes something else than the program"
_ALL_VERSIONS = re.compile(r"concept|all versions|any version|always|latest", re.IGNORECASE)
_NOT_THE_SOFTWARE = re.compile(
    r"paper|article|publication|preprint|manuscript|thesis|book|journal|data ?set", re.IGNORECASE
)
_NUMBER = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+)*(?:[-.]?(?:a|b|rc|alpha|beta|dev|post)[\w.]*)?)\Z")


@dataclass(frozen=True, slots=True)
class Told:
    """What members wrote about a project, as far as others speak of it too.

    Args:
        names: owner/name of today and every name it had before.
        web: Address of the GitHub that people visit.
    """

    names: tuple[str, ...]
    web: str
    title: str | None = None
    summary: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that somebody says.

    Args:
        value: What it means; as stated where it means nothing that can be used.
        source: Whose words it is.
        where: The file that says it, or the place on GitHub.
        stated: The words as they stand there.
        refused: Why it cannot be used; empty when it can.
    """

    value: str
    source: Source
    where: str
    stated: str
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that is said about one field, and what is shown.

    Args:
        used: The claim that is shown; None when none can be.
        why: Why that one.
        differing: Claims that could be used as well and say something else.
    """

    field: Field
    claims: tuple[Claim, ...]
    used: Claim | None = None
    why: str = ""
    differing: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The verdicts on one project, one for each field of which anybody speaks."""

    verdicts: tuple[Verdict, ...] = ()

    def of(self, field: Field) -> Verdict | None:
        """Give the verdict on a field; None when nobody speaks of it."""
        return next((found for found in self.verdicts if found.field == field), None)

    def value(self, field: Field) -> str | None:
        """Give what is shown for a field."""
        found = self.of(field)
        return found.used.value if found and found.used else None

    @property
    def disagreements(self) -> tuple[Verdict, ...]:
        """The fields of which two sources say different things."""
        return tuple(found for found in self.verdicts if found.differing)


def weigh(told: Told, facts: RepoFacts | None, excerpt: str | None = None) -> Evidence:
    """Gather what everybody says about a project and choose what to show.

    Args:
        told: What members wrote.
        facts: What GitHub said last; None when it was never heard from.
        excerpt: What the README says the project is.
    """
    judged = (judge(told, facts, excerpt) for judge in _JUDGES)
    return Evidence(tuple(verdict for verdict in judged if verdict.claims))


def _first(
    field: Field,
    claims: Iterable[Claim],
    why: str,
    same: Callable[[str, str], bool] = lambda _one, _other: True,
) -> Verdict:
    """Use the first claim that can be used; the rest differs where `same` says that it does."""
    said = tuple(claims)
    usable = [claim for claim in said if not claim.refused]
    if not usable:
        return Verdict(field, said)
    used = usable[0]
    differing = tuple(claim for claim in usable[1:] if not same(claim.value, used.value))
    return Verdict(field, said, used, why.format(where=used.where), differing)


def _title(told: Told, facts: RepoFacts | None, _: str | None) -> Verdict:
    return _first("title", _titles(told, facts), "said by {where}, the first of those that name it")


def _titles(told: Told, facts: RepoFacts | None) -> Iterator[Claim]:
    if told.title:
        yield _member(told.title)
    name = told.names[0].rpartition("/")[2]
    yield Claim(name, "GitHub", "the repository's name", name)
    for said in _statements(facts):
        if said.title:
            yield _file(said, said.title)


def _summary(told: Told, facts: RepoFacts | None, excerpt: str | None) -> Verdict:
    """Members, then files that describe software, GitHub, the citation file, the README."""
    files = [_file(s, s.description, _no_summary(s)) for s in _statements(facts) if s.description]
    claims = [_member(told.summary)] if told.summary else []
    claims += [claim for claim in files if claim.where != CITATION]
    if facts and facts.glance.description:
        words = facts.glance.description
        claims.append(Claim(words, "GitHub", "the description on GitHub", words))
    claims += [claim for claim in files if claim.where == CITATION]
    if excerpt:
        claims.append(Claim(excerpt, "README", "the README", excerpt))
    return _first("summary", claims, "said by {where}, the first of those that say what it is")


def _no_summary(said: Statement) -> str:
    text = said.description or ""
    if not _is_software(said):
        return _OF_SOMETHING_ELSE
    if _STUDY.search(text) or (said.path == CITATION and _TRIAL.search(text)):
        return "it reads like the abstract of a study"
    if len(text) > LONGEST_SUMMARY:
        return f"it is longer than {LONGEST_SUMMARY} characters"
    return ""


def _is_software(said: Statement) -> bool:
    kind = (said.kind or "software").rpartition(":")[2].rpartition("/")[2]
    return kind.casefold() in _SOFTWARE


def _licence(_: Told, facts: RepoFacts | None, __: str | None) -> Verdict:
    """Trust the text of the licence file, as GitHub reads it, before what other files say of it."""
    said = [_recognised(facts)] if facts and facts.glance.licence else []
    said += [_stated_licence(s) for s in _statements(facts) if s.licence]
    verdict = _first("licence", said, "{where} says so", licences.same_licence)
    used = verdict.used
    if used is None or used.source != "GitHub":
        return verdict
    exact = next((c for c in said if not c.refused and _more_exact(c, used)), None)
    if exact:
        why = f"the text in {used.where} leaves the versions open, and {exact.where} names them"
        return Verdict("licence", verdict.claims, exact, why, verdict.differing)
    why = f"GitHub recognised the text in {used.where}"
    return Verdict("licence", verdict.claims, used, why, verdict.differing)


def _more_exact(claim: Claim, used: Claim) -> bool:
    return claim.source != "GitHub" and licences.says_which_versions(claim.value, used.value)


def _recognised(facts: RepoFacts) -> Claim:
    found = facts.glance.licence
    community = facts.details.community if facts.details else None
    where = (community.licence if community else None) or "the licence file"
    if found is None or found.spdx_id is None:
        name = found.name if found else ""
        return Claim(name, "GitHub", where, name, "GitHub does not recognise its text")
    known = licences.expression(found.spdx_id)
    refused = "" if known else "it is no identifier of SPDX"
    return Claim(known or found.name, "GitHub", where, found.spdx_id, refused)


def _stated_licence(said: Statement) -> Claim:
    stated = said.licences or tuple(filter(None, (said.licence,)))
    words, known = ", ".join(stated), licences.choice_of(stated)
    refused = "" if known else "it is no licence expression of SPDX"
    return Claim(known or words, "repository", said.path, words, refused)


def _website(told: Told, facts: RepoFacts | None, _: str | None) -> Verdict:
    said = [
        _site(_file(s, s.homepage, "" if _is_software(s) else _OF_SOMETHING_ELSE), told)
        for s in _statements(facts)
        if s.homepage and is_web_address(s.homepage)
    ]
    if facts and facts.glance.homepage and is_web_address(facts.glance.homepage):
        url = facts.glance.homepage
        said.append(_site(Claim(url, "GitHub", "the website on GitHub", url), told))
    why = "said by {where}, the first of those that name one"
    return _first("website", said, why, _same_place)


def _site(claim: Claim, told: Told) -> Claim:
    refused = claim.refused
    if addresses.is_repository(claim.value, told.names, told.web):
        refused = "it is the repository itself"
    elif addresses.is_doi_address(claim.value):
        refused = "it is a DOI"
    elif addresses.is_local(claim.value):
        refused = "it only works where it was written"
    return Claim(claim.value, claim.source, claim.where, claim.stated, refused)


def _same_place(one: str, other: str) -> bool:
    return addresses.place_of(one) == addresses.place_of(other)


def _doi(_: Told, facts: RepoFacts | None, __: str | None) -> Verdict:
    """Trust the citation file first, and in it the number that stands for all versions."""
    ordered = sorted(_statements(facts), key=lambda said: said.path != CITATION)
    said = [claim for statement in ordered for claim in _dois(statement)]
    return _first("doi", said, "{where} gives it", lambda one, two: one.lower() == two.lower())


def _dois(said: Statement) -> list[Claim]:
    """Give the numbers of one file, the best first; the others are of the same thing."""
    stated: list[tuple[str, str | None]] = [(said.doi, None)] if said.doi else []
    stated += [(one.value, one.note) for one in said.identifiers if _looks_like_doi(one.value)]
    ranked = sorted(stated, key=lambda pair: not _ALL_VERSIONS.search(pair[1] or ""))
    claims: list[Claim] = []
    for text, note in ranked:
        doi = addresses.bare_doi(text)
        refused = "" if doi else "it is no DOI"
        if doi and _NOT_THE_SOFTWARE.search(note or ""):
            refused = "it is of a publication or of data"
        elif doi and any(not claim.refused for claim in claims):
            refused = "the file names another one first"
        claims.append(_file(said, text, refused, doi))
    return claims


def _looks_like_doi(text: str) -> bool:
    return addresses.bare_doi(text) is not None or text.lower().startswith("doi")


def _version(_: Told, facts: RepoFacts | None, __: str | None) -> Verdict:
    releases = (facts.details.releases or ()) if facts and facts.details else ()
    latest = next((release for release in releases if not release.prerelease), None)
    said = [Claim(latest.tag, "GitHub", "the latest release", latest.tag)] if latest else []
    said += [_file(s, s.version) for s in _statements(facts) if s.version and _is_software(s)]
    return _first("version", said, "said by {where}", _same_version)


def _same_version(one: str, other: str) -> bool:
    """Compare numbers; a tag such as `spring-edition` has none and contradicts nothing."""
    found = [_NUMBER.search(text.strip().lower()) for text in (one, other)]
    numbers = {re.sub(r"(?:\.0)+\Z", "", match[1]) for match in found if match}
    return len(numbers) < 2


def _authors(_: Told, facts: RepoFacts | None, __: str | None) -> Verdict:
    ordered = sorted(_statements(facts), key=lambda said: said.path != CITATION)
    said = [_file(s, ", ".join(s.authors)) for s in ordered if s.authors]
    return _first("authors", said, "named by {where}, the first of those that name any")


def _member(text: str) -> Claim:
    return Claim(text, "registry", "the registry", text)


def _file(said: Statement, text: str | None, refused: str = "", value: str | None = None) -> Claim:
    words = text or ""
    return Claim(value or words, "repository", said.path, words, refused)


def _statements(facts: RepoFacts | None) -> tuple[Statement, ...]:
    return facts.statements if facts else ()


_JUDGES: tuple[Callable[[Told, RepoFacts | None, str | None], Verdict], ...] = (
    _title,
    _summary,
    _licence,
    _website,
    _doi,
    _version,
    _authors,
)
