"""Mends: what is proposed, in which words, and what is written when somebody chooses."""

from dataclasses import replace
from datetime import date

import pytest

from aggregator.care.care_report import CARE_MARK, as_markdown, as_terminal_lines
from aggregator.care.linked import HOMEPAGE, OutwardLink, linked_addresses
from aggregator.care.mends import Mend, MendKind, applied, chosen, mends_of
from aggregator.care.rounds import KnownWebsite, Websites, sum_of_address
from aggregator.care.websites import Condition
from aggregator.catalogue.assemble import Rendered, assemble
from aggregator.facts.record import Record
from aggregator.facts.snapshot import Snapshot
from aggregator.registry.loader import load_texts
from aggregator.words.errors import RegistryError, UsageError
from aggregator.words.outcomes import Outcome
from tests.outputs.factory import HOSTILE, NOW, known

WEB = "https://github.com"
TODAY = date(2026, 10, 5)
TEXT = """\
# What we make.
projects:
  - ann/bare # the first of all
  - repo: ann/tool
    title: Tool # never "the tool"
    links:
      # moved twice already
      docs: https://docs.example.org/old/
      paper: https://paper.example.org/   # read it

  - repo: ann/lost
"""


def record(repo: str, now_called: str = "", *, outcome: Outcome = Outcome.UNCHANGED) -> Record:
    """Make up what is known of a repository, which may have another name today."""
    found = known(repo, "R", "MIT", 9, 1)
    if outcome.erases:
        return found.model_copy(update={"outcome": outcome, "facts": None, "since": NOW})
    facts = found.facts
    assert facts is not None
    called = now_called or repo
    glance = facts.glance.model_copy(update={"name_with_owner": called, "homepage": None})
    return found.model_copy(
        update={
            "outcome": Outcome.RENAMED if now_called else outcome,
            "facts": facts.model_copy(update={"glance": glance}),
        }
    )


def website(condition: Condition, target: str = "", times: int = 2) -> KnownWebsite:
    day = date(2026, 9, 21)
    why = "its server answers 404"
    return KnownWebsite(
        visited=TODAY, condition=condition, since=day, times=times, target=target, why=why
    )


def mends(text: str, *records: Record, **websites: KnownWebsite) -> tuple[Mend, ...]:
    """Give the mends of a registry, its records, and what is known of links by their field."""
    listed = load_texts({"registry.yaml": text})
    snapshot = Snapshot(fetched_at=NOW, records={one.key: one for one in records})
    catalogue = assemble(listed, snapshot, Rendered(), WEB)
    linked = linked_addresses(listed, snapshot, WEB)
    seen = {sum_of_address(one.url): websites[one.field] for one in linked if one.field in websites}
    return mends_of(catalogue, listed, linked, Websites(seen))


def named(found: tuple[Mend, ...], name: str) -> Mend:
    return next(one for one in found if one.id == name)


def test_a_renamed_repository_is_written_anew_and_nothing_else() -> None:
    """The new name stands where the old one stood; comments and order are as they were."""
    found = mends(TEXT, record("ann/bare", "bob/bare"), record("ann/tool", "ann/better-tool"))
    bare, tool = named(found, "renamed:ann/bare"), named(found, "renamed:ann/tool")
    assert tool.lines == "- repo: ann/better-tool"
    once = applied(TEXT, tool)
    assert once == TEXT.replace("repo: ann/tool", "repo: ann/better-tool")
    assert applied(once, bare) == once.replace("- ann/bare #", "- bob/bare #")


def test_a_name_that_is_listed_already_is_not_proposed() -> None:
    """Two entries of one repository are a mistake of another kind, which `check` tells."""
    text = f"{TEXT}  - ann/better-tool\n"
    found = mends(text, record("ann/tool", "ann/better-tool"), record("ann/better-tool"))
    assert not [one for one in found if one.kind is MendKind.RENAMED]


def test_a_moved_website_is_written_anew_and_nothing_else() -> None:
    """The address changes; the comments beside it and the other links stay."""
    new = "https://docs.example.org/new/"
    mend = named(mends(TEXT, docs=website(Condition.MOVED, new)), "moved:ann/tool:docs")
    assert mend.says == "https://docs.example.org/old/ has moved for good to " + f"{new}."
    assert f"docs: {new}" in mend.lines
    assert applied(TEXT, mend) == TEXT.replace("https://docs.example.org/old/", new)


def test_a_dead_website_is_taken_out_only_when_somebody_says_so() -> None:
    """After two visits it is proposed, with the day; the other links of the entry stay."""
    assert not [
        one
        for one in mends(TEXT, docs=website(Condition.DEAD, times=1))
        if one.kind is MendKind.DEAD
    ]
    mend = named(mends(TEXT, docs=website(Condition.DEAD)), "dead:ann/tool:docs")
    assert "since 21 September 2026 (its server answers 404; 2 visits)" in mend.says
    edited = applied(TEXT, mend)
    assert "docs.example.org" not in edited
    assert "paper: https://paper.example.org/   # read it" in edited
    both = mends(TEXT, docs=website(Condition.DEAD), paper=website(Condition.DEAD))
    first = applied(TEXT, named(both, "dead:ann/tool:paper"))
    assert "docs.example.org" in first


def test_the_last_link_goes_with_its_heading() -> None:
    """An entry whose only link is taken out has no empty `links:` left."""
    head, tail = "projects:\n  - repo: ann/tool\n", "    stage: idea\n"
    text = f"{head}    links: {{docs: https://a.example.org/}}\n{tail}"
    mend = named(mends(text, docs=website(Condition.DEAD)), "dead:ann/tool:docs")
    assert applied(text, mend) == head + tail


def test_a_domain_that_changed_hands_can_be_blocked() -> None:
    """The words say both what to write and how to keep every page from leading there."""
    found = mends(
        TEXT,
        docs=website(Condition.PARKED),
        paper=website(Condition.ELSEWHERE, "https://other.example.com/"),
    )
    assert "blocked_domains: [example.org]" in named(found, "parked:ann/tool:docs").cure
    elsewhere = named(found, "elsewhere:ann/tool:paper")
    assert "leads to another domain now, https://other.example.com/." in elsewhere.says
    assert "paper: https://other.example.com/" in applied(TEXT, elsewhere)


@pytest.mark.parametrize("condition", [Condition.FINE, Condition.SILENT, Condition.UNCLEAR])
def test_nothing_is_proposed_for_what_may_pass(condition: Condition) -> None:
    """A server that is slow tonight, or shy of programs, is nobody's task."""
    assert not [one for one in mends(TEXT, docs=website(condition)) if "docs" in one.id]


@pytest.mark.parametrize("outcome", [Outcome.GONE, Outcome.PRIVATE])
def test_what_is_gone_leaves_only_when_somebody_chooses_it(outcome: Outcome) -> None:
    """The report asks for its people first; nothing is taken out by itself."""
    mend = named(mends(TEXT, record("ann/lost", outcome=outcome)), "gone:ann/lost")
    assert "Ask its people" in mend.cure
    assert applied(TEXT, mend) == TEXT.replace("\n  - repo: ann/lost\n", "")


def test_an_entry_that_could_say_more_is_told_kindly_with_lines() -> None:
    """What is missing is shown as lines to fill in, and nobody is blamed."""
    mend = named(mends(TEXT, record("ann/tool")), "entry:ann/tool")
    assert mend.says == "Its entry has no summary and no stage yet."
    assert mend.lines.startswith("- repo: ann/tool\n  summary: ")
    assert "\n  stage: idea  # one of: idea, in progress" in mend.lines
    assert not mend.can_be_applied


def test_a_licence_that_is_missing_is_the_owners_to_choose() -> None:
    """Where GitHub finds no licence the address at which one is chosen stands beside it."""
    one = record("ann/tool")
    facts = one.facts
    assert facts is not None
    assert facts.details is not None
    assert facts.details.community is not None
    bare = facts.model_copy(
        update={
            "glance": facts.glance.model_copy(update={"licence": None}),
            "details": facts.details.model_copy(
                update={"community": facts.details.community.model_copy(update={"licence": None})}
            ),
        }
    )
    found = mends(TEXT, one.model_copy(update={"facts": bare}))
    assert "/community/license/new?branch=" in named(found, "licence:ann/tool").cure
    assert not [m for m in mends(TEXT, one) if m.kind is MendKind.LICENCE]


def test_names_stay_the_same_from_week_to_week() -> None:
    """Whatever else changes, a mend keeps its name, and no two have one."""
    first = mends(TEXT, record("ann/tool", "ann/new"), docs=website(Condition.DEAD))
    later = mends(
        f"{TEXT}  - zoe/other\n",
        record("ann/tool", "ann/newer"),
        record("zoe/other"),
        docs=website(Condition.DEAD, times=9),
    )
    assert {one.id for one in first} < {one.id for one in later}
    assert len({one.id for one in later}) == len(later)


def test_a_mend_of_no_name_is_refused_and_so_is_one_without_lines() -> None:
    """Whoever mistypes a name, or chooses what only a person can write, is told so."""
    found = mends(TEXT, record("ann/tool", "ann/new"))
    assert (
        chosen(found, ["RENAMED:ann/tool", "renamed:ann/tool"])
        == [named(found, "renamed:ann/tool")] * 2
    )
    with pytest.raises(UsageError, match="there is no mend renamed:x"):
        chosen(found, ["renamed:x"])
    with pytest.raises(UsageError, match="cannot be written by itself"):
        chosen(found, ["entry:ann/tool"])


def test_an_entry_that_left_meanwhile_changes_nothing() -> None:
    """Somebody mended it by hand in between: that is said, and the file stays."""
    mend = named(mends(TEXT, record("ann/tool", "ann/new")), "renamed:ann/tool")
    with pytest.raises(RegistryError, match="not listed in it any more"):
        applied("projects:\n  - ann/new\n", mend)


def test_several_mends_of_one_entry_are_all_written() -> None:
    """A second mend of an entry takes nothing back of the first, nor of a new name."""
    docs, paper = "https://docs.example.org/new/", "https://paper.example.org/new/"
    found = mends(
        TEXT,
        record("ann/tool", "ann/better"),
        docs=website(Condition.MOVED, docs),
        paper=website(Condition.MOVED, paper),
    )
    names = ("renamed:ann/tool", "moved:ann/tool:docs", "moved:ann/tool:paper")
    text = TEXT
    for mend in chosen(found, names):
        text = applied(text, mend)
    expected = TEXT.replace("ann/tool", "ann/better").replace("/old/", "/new/")
    expected = expected.replace("https://paper.example.org/", paper)
    assert text.split() == expected.split()


def test_a_link_that_somebody_changed_meanwhile_stays() -> None:
    """What was found about one address is never written over another."""
    found = mends(TEXT, docs=website(Condition.MOVED, "https://docs.example.org/new/"))
    text = TEXT.replace("docs.example.org/old/", "docs.example.org/better/")
    with pytest.raises(RegistryError, match="another address by now"):
        applied(text, named(found, "moved:ann/tool:docs"))


def test_the_report_is_one_issue_with_a_mark() -> None:
    """It begins with the mark, has the lines in fences, and how to take them."""
    found = mends(TEXT, record("ann/tool", "ann/new"), docs=website(Condition.DEAD))
    text = as_markdown(found, TODAY, NOW.date())
    assert text.startswith(CARE_MARK)
    assert "Written on 5 October 2026, from what GitHub said on 3 October 2026" in text
    assert "```yaml\n- repo: ann/new\n```" in text
    assert "`aggregator care --apply ID`" in text
    assert as_markdown(found, TODAY, NOW.date()) == text
    assert "Nothing needs mending." in as_markdown((), TODAY, None)


def test_no_word_of_a_stranger_acts_in_the_report() -> None:
    """Markup, mentions, issue numbers and fences in titles and addresses stay characters."""
    hostile = f"{HOSTILE} @octocat #1 ```\n<!-- aggregator: care -->"
    mend = Mend("dead:x", MendKind.DEAD, hostile, hostile, hostile, f"- {hostile}", {"repo": "x"})
    text = as_markdown([mend], TODAY, None)
    outside = text.replace(f"- {hostile}", "")
    assert "<script" not in outside
    assert "@octocat" not in outside
    assert "#1 " not in outside
    assert "````yaml" in text
    assert text.count("\n````\n") == 1


def test_a_report_fits_into_an_issue() -> None:
    """Ten thousand mends are cut, and it is said that there are more."""
    mend = named(mends(TEXT, record("ann/tool")), "entry:ann/tool")
    many = [
        replace(mend, id=f"entry:ann/tool-{number}", kind=kind, lines="x" * 500)
        for kind in MendKind
        for number in range(1_000)
    ]
    text = as_markdown(many, TODAY, None)
    assert len(text) < 65_000
    assert "more than an issue can hold" in text
    assert "10,000 things could be mended" in text


def test_a_website_on_github_is_its_owners_to_change() -> None:
    """What the registry does not say cannot be mended there, and the report says who can."""
    listed = load_texts({"registry.yaml": TEXT})
    snapshot = Snapshot(fetched_at=NOW, records={"ann/tool": record("ann/tool")})
    linked = [OutwardLink("https://home.example.org/", "ann/tool", HOMEPAGE)]
    websites = Websites({sum_of_address(linked[0].url): website(Condition.DEAD)})
    catalogue = assemble(listed, snapshot, Rendered(), WEB)
    found = mends_of(catalogue, listed, linked, websites)
    dead = next(one for one in found if one.kind is MendKind.DEAD)
    assert "where its owner can change it" in dead.cure
    assert not dead.can_be_applied


def test_the_terminal_tells_all_of_it() -> None:
    """Each mend has its name, reason, cure and lines."""
    found = mends(TEXT, record("ann/tool", "ann/new"))
    lines = list(as_terminal_lines(found))
    assert lines[0] == "Repositories with a new name (1)"
    assert "  renamed:ann/tool" in lines
    assert "      - repo: ann/new" in lines
    assert lines[-1].endswith("of them with lines that are ready.")


def test_what_nearly_every_entry_lacks_does_not_hide_the_rest() -> None:
    """Of entries that could say more the first ten are told, and how many more there are."""
    mend = named(mends(TEXT, record("ann/tool")), "entry:ann/tool")
    many = [replace(mend, id=f"entry:ann/tool-{number}") for number in range(113)]
    text = as_markdown(many, TODAY, None)
    assert text.count("```yaml") == 10
    assert "... and 103 more" in text
