"""From "Was this what you looked for?" to lines that somebody can agree to."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.joining.check import check
from aggregator.joining.forms import JUDGE, form_link
from aggregator.joining.from_issue import IssueContext, from_issue
from aggregator.joining.proposal import Proposal
from aggregator.registry.loader import load
from aggregator.registry.settings import Showcase
from aggregator.words.names import RepoName
from tests.registry.conftest import REGISTRY
from tests.registry.test_forms import body_of

ALPHA, GAMMA = RepoName("octo", "alpha"), RepoName("octo", "gamma")


def proposed(registry: Path, **answers: str) -> Proposal:
    """Send the form, and make the change that it proposes."""
    outcome = from_issue(body_of(JUDGE.fields, **answers), IssueContext(registry))
    outcome.apply()
    return outcome


def test_what_was_looked_for_becomes_a_judgement(registry_file: Path) -> None:
    """The best comes first; what was among the results is no miss, and changes nothing else."""
    outcome = proposed(
        registry_file,
        searched="draw  a chart",
        looked_for="- https://github.com/octo/alpha\n- Octo/Gamma",
        shown="octo/omega\nocto/alpha",
    )
    assert (outcome.exit_code, outcome.title) == (0, "Say what a search should find")
    (judged,) = load(registry_file).judgements
    assert (judged.query, judged.grades) == ("draw a chart", {ALPHA: 3, GAMMA: 2})
    assert registry_file.read_text() == REGISTRY
    assert check(registry_file).ok


def test_a_miss_proposes_that_the_project_says_what_it_does(registry_file: Path) -> None:
    """Words of somebody who looks for it are just what `does` is for."""
    outcome = proposed(registry_file, searched="plot a trend", looked_for="octo/gamma")
    entry = load(registry_file).entry(GAMMA)
    assert entry is not None
    assert entry.does == ("plot a trend",)
    assert "# a favourite" in registry_file.read_text()
    assert "octo/gamma" in outcome.note
    assert '"octo/gamma": 3' in outcome.by_hand


def test_a_miss_with_other_words_proposes_a_line_of_the_glossary(registry_file: Path) -> None:
    """Where the project calls it something else, all that do are found."""
    glossary = registry_file.with_name("glossary.yaml")
    answers = {"looked_for": "octo/gamma", "shown": "octo/omega"}
    proposed(registry_file, searched="rota", other_words="shift plan", **answers)
    assert glossary.read_text() == "rota: [shift plan]\n"
    proposed(registry_file, searched="A&E: now", other_words='the "door" #1', **answers)
    assert load(registry_file).glossary == {
        "rota": ("shift plan",),
        "A&E: now": ('the "door" #1',),
    }
    assert check(registry_file).ok
    assert load(registry_file).entry(GAMMA).does == ()  # type: ignore[union-attr]


def test_a_term_that_is_there_already_keeps_its_line(registry_file: Path) -> None:
    """Nobody's glossary is rewritten by a form; the project may still say what it does."""
    glossary = registry_file.with_name("glossary.yaml")
    glossary.write_text("Staff rota: roster\n")
    proposed(registry_file, searched="staff rota", looked_for="octo/gamma", other_words="shifts")
    assert glossary.read_text() == "Staff rota: roster\n"
    assert load(registry_file).entry(GAMMA).does == ("staff rota",)  # type: ignore[union-attr]


def test_a_search_that_was_judged_before_is_judged_on_its_line(registry_file: Path) -> None:
    """What others said of it stays, with whatever else stands in the line."""
    judgements = registry_file.with_name("judgements.jsonl")
    judgements.write_text('{"id": "x1", "query": "Charts", "judgements": {"octo/gamma": 1}}\n')
    proposed(registry_file, searched="charts", looked_for="octo/alpha", shown="octo/alpha")
    assert json.loads(judgements.read_text()) == {
        "id": "x1",
        "query": "Charts",
        "judgments": {"octo/gamma": 1, "octo/alpha": 3},
    }
    before = judgements.read_bytes()
    again = proposed(registry_file, searched="charts", looked_for="octo/alpha", shown="octo/alpha")
    assert (again.exit_code, judgements.read_bytes()) == (2, before)
    assert "before" in again.answer


def test_a_project_may_be_named_by_its_page_or_its_title(registry_file: Path) -> None:
    """Somebody who looks at the showcase pastes addresses of the showcase."""
    page = "It is https://showcase.example/projects/octo/alpha/ I think"
    proposed(registry_file, searched="charts", looked_for=f"{page}\nGamma", shown="octo/alpha")
    (judged,) = load(registry_file).judgements
    assert judged.grades == {ALPHA: 3, GAMMA: 2}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"searched": "charts", "looked_for": "no idea"}, "it names no project"),
        ({"searched": "charts", "looked_for": "some/body"}, "is not in the showcase"),
        ({"searched": "c" * 301, "looked_for": "octo/alpha"}, "What was typed"),
        ({"searched": "a\u202eb", "looked_for": "octo/alpha"}, "What was typed"),
        (
            {"searched": "charts", "looked_for": "octo/alpha", "other_words": "x" * 101},
            "Other words for it",
        ),
    ],
)
def test_a_form_that_cannot_be_used_is_answered(
    registry_file: Path, answers: dict[str, str], said: str
) -> None:
    """What is wrong is said in plain words, and nothing changes."""
    outcome = proposed(registry_file, **answers)
    assert (outcome.exit_code, outcome.edits) == (2, {})
    assert said in outcome.answer
    assert [path.name for path in registry_file.parent.iterdir()] == ["registry.yaml"]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.text(alphabet="ab/#:-\n @`$(){}[]<>\"'|\u00e9\\,&", max_size=60),
    st.text(alphabet="ab#:-@`${}[]<>\"'|\u00e9\\,&*!", max_size=40),
)
def test_nothing_that_is_written_leaves_its_place(
    registry_file: Path, typed: str, other: str
) -> None:
    """Whatever a stranger writes, the files stay sound, and texts for GitHub mention nobody."""
    registry_file.write_text(REGISTRY)
    for name in ("judgements.jsonl", "glossary.yaml"):
        registry_file.with_name(name).unlink(missing_ok=True)
    outcome = proposed(registry_file, searched=typed, looked_for="octo/gamma", other_words=other)
    loaded = load(registry_file)
    assert loaded.errors == ()
    assert len(loaded.projects) == 3
    assert [each.query for each in loaded.judgements] in ([], [" ".join(typed.split())])
    for text in (outcome.answer, outcome.note):
        assert not {"@", "`", "<", "["} & set(text.replace("<!-- -->", ""))


def test_the_address_of_the_form_brings_what_was_typed() -> None:
    """A link without a script fills in the first field."""
    showcase = Showcase(repository=RepoName("octo", "showcase"))
    address = urlsplit(form_link(JUDGE, showcase, "R & \u00e9"))
    assert address.path == "/octo/showcase/issues/new"
    assert parse_qs(address.query) == {"template": [JUDGE.file], "searched": ["R & \u00e9"]}
    assert form_link(JUDGE, Showcase()) == ""
