"""What the place of a sentence in a README says of it: the heading above, and what comes after."""

import pytest

from aggregator.readme.rendering import render
from tests.readme.cases import source_of

PLANS = "This package plans the shifts of nurses."


def _excerpt(markdown: str, name: str = "rotas") -> str | None:
    return render(source_of(markdown.encode(), repository=f"owner/{name}")).excerpt


@pytest.mark.parametrize(
    ("before", "own"),
    [
        ("The Willow and Alder frameworks for data on wards can simplify care.", PLANS),
        ("Late shifts pose a serious threat to nurses.", PLANS),
        ("Sometimes you just need some functions for a ward.", "Rotas provides plans of shifts."),
        (
            "Les horaires des soins sont souvent faits \u00e0 la main. Les temps ont chang\u00e9.",
            "Le package rotas s'inscrit dans cette veine et permet de faire les horaires.",
        ),
        ("Night shifts are hard on all nurses.", "Our study developed a plan of their shifts."),
        ("Late shifts cost the hospitals of a town much.", "Our project tells which are late."),
        ("La nuit touche toutes les \u00e9quipes.", "Ce d\u00e9p\u00f4t contient les horaires."),
        ("Who is late? Shifts are late.", "The rotas project collects the hours of nurses."),
        ("Schichten werden oft von Hand geplant.", "Dieses Paket plant die Schichten."),
    ],
)
@pytest.mark.parametrize("gap", [" ", "\n\n"])
def test_what_the_project_says_of_itself_goes_before_a_general_truth(
    before: str, own: str, gap: str
) -> None:
    """A card does not show what is true of the world where the project speaks after it."""
    assert _excerpt(f"# rotas\n\n{before}{gap}{own}\n") == own


@pytest.mark.parametrize(
    "heading", ["## Dataset", "## Data description", "## Describe your dataset in a few words"]
)
def test_what_the_data_are_is_not_what_the_project_is(heading: str) -> None:
    """Under a heading on data the project is described only where it is a data set."""
    data = "This dataset is a combination of shifts and of days off."
    written = f"{heading}\n\n{data}\n"
    assert _excerpt(f"# Late nurses\n\n{written}", "late") is None
    assert _excerpt(f"# Shifts dataset\n\n{written}", "shifts-dataset") == data


@pytest.mark.parametrize("heading", ["## Groupe", "## Group", "## Gruppe", "## \u00c9quipe:"])
def test_a_group_is_people(heading: str) -> None:
    """Whoever is named under "Group" made the project and is not what it is."""
    people = "Anne Cueilleur\nBenoit Jardinier"
    assert _excerpt(f"# Rotas\n\n{heading}\n\n{people}\n") is None


@pytest.mark.parametrize("heading", ["## D\u00e9ploiement", "## Lancer en prod", "## Starten"])
def test_how_to_start_it_is_not_what_it_is(heading: str) -> None:
    """Headings of instructions are known in other languages too."""
    written = "Les horaires en production se basent sur le fichier des \u00e9quipes."
    assert _excerpt(f"# Rotas\n\n{heading}\n\n{written}\n") is None


def test_a_first_heading_may_be_no_title() -> None:
    """Below "1. Installation" stands what to install, though no title stands above."""
    needed = "Nursely, Wardly and Rotary are libraries for data that are sufficient here."
    assert _excerpt(f"## 1. **Installation**\n\n{needed}\n") is None
    planned = "Design a model to tell whether a nurse will be late."
    assert _excerpt(f"# Purpose\n\n{planned}\n\n# Data\n\nHours of nurses.\n") == planned


@pytest.mark.parametrize("heading", ["**Acknowledgements**", "**Support:**", "Support", "Funding"])
def test_a_line_alone_is_a_heading(heading: str) -> None:
    """What is refused below a heading is refused below the same words in bold, or alone."""
    assert (
        _excerpt(f"# rotas\n\n{heading}\n\nNurses of three wards helped with all plans.\n") is None
    )
    assert _excerpt(
        f"# rotas\n\n{heading}\n\n{PLANS}\n\n## About\n\nA planner for nurses on wards.\n"
    ) == ("A planner for nurses on wards.")


def test_a_bold_line_ends_a_section_in_bold() -> None:
    """Below "**Authors**" and then "**What it does**" the project is described."""
    written = "**Authors**\n\nNurses of three wards in the hills.\n\n**Story**\n\n"
    assert _excerpt(f"# rotas\n\n{written}{PLANS}\n") == PLANS


def test_a_label_of_a_list_is_no_heading() -> None:
    """A label such as "Contact:" belongs to the list below it, and to nothing after that."""
    written = f"Contact:\n\n- ann@example.org\n- [Ben](https://example.org)\n\n{PLANS}"
    assert _excerpt(f"# rotas\n\n{written}\n") == PLANS


def test_words_about_the_author_wait_for_those_about_the_project() -> None:
    """Neither "About me" nor a list of contents hides what the project says of itself."""
    own = "This portfolio showcases the plans that I made for nurses."
    contents = "### Table of Contents\n\n- [About Me](#about-me)\n- [Plans](#plans)"
    me = "## About Me\n\nPlans of shifts have been with me for years, at night as well."
    assert _excerpt(f"# Plans\n\n{contents}\n\n{own}\n\n{me}\n") == own
    assert _excerpt(f"# Plans\n\n{me}\n") is None


@pytest.mark.parametrize(
    ("title", "short", "is_ours"),
    [
        ("Planner of Hospital Rotas (PHR)", "PHR", True),
        ("Planner Of Hospital Rotas", "POHR", True),
        ("Ward Hours Rota Index", "WHRI", True),
        ("Planner of Hospital Rotas", "PHR", False),
        ("Analysis of Hospital Rotas (HR)", "HR", False),
        ("Ward Hours Rota Index", "WRHI", False),
    ],
)
def test_initials_of_the_title_are_a_name(title: str, short: str, is_ours: bool) -> None:
    """A project is called by its initials where there are enough of them or its title says so."""
    said = f"{short} is a first-hand graph of the hours of nurses."
    assert (_excerpt(f"# {title}\n\n{said}\n", "x") == said) is is_ours


def test_initials_of_a_notion_are_no_name() -> None:
    """A title may be the name of a disease, which its initials explain."""
    said = "SNWD is a chronic disease of nurses on all wards."
    assert _excerpt(f"# Slow Night Ward Disease\n\n{said}\n", "x") is None


def test_a_title_without_an_empty_line_is_cut_off() -> None:
    """A line such as "Ward Planning Dashboard" above "A dashboard for ..." is the title."""
    said = "A dashboard for planning the shifts of nurses."
    assert _excerpt(f"Ward Planning Dashboard\n{said}\n", "x") == said
    assert _excerpt("Rotas is\nA dashboard for the shifts of nurses.\n") == (
        "Rotas is A dashboard for the shifts of nurses."
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("F\u00fcr Nachtwachen (sammeln der Dienstplan-Daten:)", None),
        ("# Group YY - {Short snappy Title of your project}", None),
        ('This "book" is a set of plans for nurses at Ward University - School of Nursing.', ...),
        ("This package plans shifts. Many packages plan shifts e.g.", "This package plans shifts."),
    ],
)
def test_what_is_no_whole_sentence_is_left_out(line: str, expected: str | None) -> None:
    """What only leads to a list, or is still to be filled in, stands on no card."""
    assert _excerpt(f"# x\n\n{line}\n", "x") == (line if expected is ... else expected)
