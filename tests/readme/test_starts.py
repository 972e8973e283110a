"""How to start a project, what its authors warn of: in their words, or nothing."""

from pathlib import Path

import pytest

from aggregator.catalogue.titles import title_in_words
from aggregator.readme.commands import way_of
from aggregator.readme.readme import Quote, Readme, Start
from aggregator.readme.rendering import render
from aggregator.readme.unlink import unlink_readme
from aggregator.readme.ways import OwnNames, own_lines
from aggregator.words.blocked import Blocklist
from tests.conftest import ROOT
from tests.readme.cases import source_of
from tests.readme.start_readings import is_set_aside, read_all

NAMES = OwnNames("owner/orchard")
LINES = [
    line.split(None, 1)
    for line in (ROOT / "tests/cases/reuse/commands.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]

STARTS = sorted((ROOT / "tests/cases/reuse/starts").glob("*.md"))

CAUTIONS = [
    case.splitlines()
    for case in (ROOT / "tests/cases/reuse/cautions.txt")
    .read_text("utf-8")
    .partition("\n")[2]
    .split("\n\n")
]


def shown(text: str, **where: str) -> Readme:
    """Render a README of owner/orchard."""
    return render(source_of(text.encode(), repository="owner/orchard", **where))


@pytest.mark.parametrize(("way", "line"), LINES, ids=[line for _, line in LINES])
def test_only_what_a_careful_colleague_would_pass_on_starts_a_project(way: str, line: str) -> None:
    """Each line of the case file is read as it says; tricks of a shell are never passed on."""
    lines = own_lines(line)
    found = way_of(lines[0], NAMES)
    assert (found.name if found is not None else "-") == way


@pytest.mark.parametrize("case", STARTS, ids=[case.stem for case in STARTS])
def test_a_start_is_whole_for_this_system_and_says_where_it_is_not(case: Path) -> None:
    """Each README of the case files has the lines beside it, after what is said of them."""
    wanted = case.with_suffix(".txt").read_text("utf-8").splitlines()
    said = ("in_r", "in_copy", "on_unix", "goes_on")
    marks = wanted.pop(0).split() if wanted[0].split()[0] in said else []
    start = shown(case.read_text("utf-8")).start
    assert (start.code.splitlines() if start else ["nothing"]) == wanted
    assert [each for each in said if getattr(start, each, False)] == marks


@pytest.mark.parametrize("sign", ["\x1b[31m", "\u202e", "\x00", "\u200b", "\t;"])
def test_a_command_with_signs_that_nobody_sees_is_left_out(sign: str) -> None:
    """What one reads is what one pastes: a line with hidden signs is not shown at all."""
    assert way_of(f"pip install{sign} orchard", NAMES) is None
    assert way_of("pip install orchard" + " " * 200 + "x", NAMES) is None


def test_a_package_comes_before_a_copy_and_its_heading_is_named() -> None:
    """The best way for a stranger wins, wherever it stands, and one can go there."""
    readme = shown(
        "# Orchard\n\n## Download\n\n```\ngit clone https://github.com/owner/orchard\nmake\n```\n\n"
        "## Install\n\n```sh\n$ pip install orchard  # or later\n```\n"
    )
    assert readme.start == Start("pip install orchard", "Install", "user-content-install")


def test_steps_within_a_copy_follow_it_in_order() -> None:
    """A copy is followed by its steps; a second way to install is a choice, and none of them."""
    readme = shown(
        "# Orchard\n## Getting started\n```\ngit clone https://github.com/owner/orchard\n"
        "cd orchard\n```\nthen\n```\npip install -r requirements.txt\n```\nor\n"
        "```\nconda env create -f environment.yml\n```\n"
    )
    assert readme.start is not None
    assert readme.start.code.splitlines() == [
        "git clone https://github.com/owner/orchard",
        "cd orchard",
        "pip install -r requirements.txt",
    ]


COPIED = ["git clone https://github.com/owner/orchard.git", "cd orchard"]


@pytest.mark.parametrize(
    ("after", "steps"),
    [
        ("- `python -m venv .venv`\n- `pip install .`", ["python -m venv .venv", "pip install ."]),
        ("## Setup\n```\nscript/setup\n```\n```\nscript/server\n```\n", 2 * [""]),
        ("1. In `orchard` type `npm ci`\n2. Pick\n3. `npm start`", ["npm ci"]),
        ("1. `npm ci`\n2. Optional: `npm audit`\n3. `npm start`", ["npm ci"]),
    ],
)
def test_a_copy_comes_with_its_next_steps_up_to_one_that_is_no_command(
    after: str, steps: list[str]
) -> None:
    """One stands in the new folder before anything is done in it; no numbered step is left out."""
    readme = shown(f"# Orchard\n## Setup\n`git clone git@github.com:owner/orchard.git`\n\n{after}")
    assert readme.start is not None
    wanted = steps if any(steps) else ["script/setup", "script/server"]
    assert readme.start.code.splitlines() == [*COPIED, *wanted]


def test_what_is_installed_within_a_copy_is_also_run() -> None:
    """Packages alone show nothing; a page that is served does."""
    readme = shown("# Orchard\n## Setup\n```\nnpm i\n```\nthen\n```\nnpm run dev\n```\n")
    assert readme.start is not None
    assert readme.start.code == "npm i\nnpm run dev"


def test_the_recommended_way_comes_before_the_first() -> None:
    """Among ways that are as good as each other, that of the authors; a package before an image."""
    readme = shown(
        "# Orchard\n## Docker\n`docker run owner/orchard`\n## pip\n`pip install orchard`\n"
        "## With uv (recommended)\n`uv tool install orchard`\n"
    )
    assert readme.start is not None
    assert readme.start.code == "uv tool install orchard"


def test_a_script_that_sets_all_up_counts_among_what_is_for_developers() -> None:
    """An application is begun by developing it; its tests are not the beginning."""
    assert shown("# Orchard\n## Development\n```\nbin/setup\n```\n").start is not None
    assert shown("# Orchard\n## Testing\n```\nbin/setup\n```\n").start is None


@pytest.mark.parametrize(
    "text",
    [
        "# Orchard\n## Install\n```\ngit clone https://github.com/owner/orchard\ncd orchard\n```\n",
        "# Orchard\n## Install\n```\ndocker pull owner/orchard\n```\n",
        "# Orchard\n{SHORT DESCRIPTION}\n## Install\n`pip install orchard`\n\n{LIST OF OUTPUTS}\n",
        "# Orchard\nNO CODE AVAILABLE YET\n## Install\n`pip install orchard`\n",
        "# Orchard\n## Development\n```\npip install -e .\n```\n",
        "# Orchard\n## Usage\n```\npip install pandas\n```\n",
        "# Orchard\n## Setup\n```\nsudo apt install x\n```\n```\npip install -r r.txt\n```",
        "# Orchard\n## Install\nRead the manual.\n",
    ],
)
def test_where_nothing_is_sure_nothing_is_said(text: str) -> None:
    """What is for developers, for something else, or begins in the middle is no start."""
    assert shown(text).start is None


def test_the_readme_of_a_part_says_nothing_of_the_whole() -> None:
    """Commands of a README in some folder work in that folder only."""
    text = "# Orchard\n## Install\n```\npip install orchard\n```\n"
    assert shown(text, path="parts/pips/README.md").start is None
    assert shown(text, path=".github/README.md").start is not None


def test_a_badge_tells_under_which_name_it_is_found() -> None:
    """A package called otherwise than its repository is its own where its badge says so."""
    text = "# Orchard\n{}\n## Install\n`pip install apple-tree`\n"
    badge = (
        "[![PyPI](https://img.shields.io/pypi/v/apple-tree)](https://pypi.org/project/apple-tree/)"
    )
    assert shown(text.format("")).start is None
    assert shown(text.format(badge)).start is not None


def test_a_caution_and_the_data_are_told_in_whole_sentences() -> None:
    """One sentence of each, as the authors wrote it, with its heading."""
    readme = shown(
        "# Orchard\n\n> [!WARNING]\n> This tool is experimental. It grows.\n\n"
        "## Data sources\n\nThe apple dataset can be downloaded from the guild. It is large.\n"
    )
    assert readme.caution == Quote("This tool is experimental.", "Orchard", "user-content-orchard")
    assert readme.needs is not None
    assert readme.needs.text == "The apple dataset can be downloaded from the guild."
    assert shown("# Orchard\nAn experimental library for apples.\n").caution is None


@pytest.mark.parametrize(("text", "caution"), CAUTIONS, ids=[case[0] for case in CAUTIONS])
def test_a_title_or_a_sentence_that_warns_is_told_and_no_other(text: str, caution: str) -> None:
    """How far a project is may stand in its title; what only sounds like it is no caution."""
    title = "" if text.startswith("# ") else "# Orchard\n\n"
    found = shown(f"{title}{text}\n\nA map of all orchards in the valley.\n").caution
    assert (found.text if found else "-") == caution


@pytest.mark.parametrize(
    "status", ["[retired]", "(no longer maintained)", "{draft}", "- proof of concept", ": beta"]
)
def test_what_a_title_loses_is_heard_as_a_caution(status: str) -> None:
    """How far a project is goes from its title to what a colleague hears first, and never away."""
    assert title_in_words(f"Orchard maps {status}", "orchard-maps") == "Orchard maps"
    caution = shown(f"# Orchard maps {status}\n\nA map of all orchards.\n").caution
    assert caution is not None
    assert caution.text == f"Orchard maps {status}"


def test_what_it_is_unfit_for_comes_before_all_other_cautions() -> None:
    """Safety first, wherever it stands, also in a quotation; a short sentence is not left alone."""
    far = "\n\n".join(f"Paragraph {number} on apples." for number in range(20))
    text = f"# Orchard\n\nThis tool is experimental.\n\n{far}\n\n## More\n\n"
    for said in (
        "Orchard is for research only.",
        "> It is not intended for clinical use in people. Ask first.",
        "_Orchard can only be run on the machine of the guild._",
    ):
        caution = shown(text + said + "\n").caution
        assert caution is not None
        assert caution.text == said.removesuffix(" Ask first.").strip("> _")
    short = shown("# Orchard\n\nNot for use in production. It burns all apples.\n").caution
    assert short is not None
    assert short.text == "Not for use in production. It burns all apples."


def test_of_data_is_told_first_who_may_have_them() -> None:
    """A sentence on access goes before the first; one on real data takes its correction along."""
    text = "# Orchard\n\n## Data\n\nThe data are rows of apples. {}\n"
    needs = shown(text.format("They weigh much. The data are not publicly available.")).needs
    assert needs is not None
    assert needs.text == "The data are not publicly available."
    broken = "# Orchard\n\n## Data\n\nThe data [of the guild are public.\n\n{}\n"
    assert shown(broken.format("")).needs is None
    needs = shown(text.format("They are synthetic.")).needs
    assert needs is not None
    assert needs.text == "The data are rows of apples. They are synthetic."


def test_what_names_a_blocked_domain_is_not_passed_on() -> None:
    """A command or a sentence that leads to a blocked domain is left out, never rewritten."""
    caution = "This tool is deprecated, see https://lapsed.example/orchard instead."
    readme = shown(f"# Orchard\n\n{caution}\n")
    assert readme.caution is not None
    assert unlink_readme(readme, Blocklist(("lapsed.example",))).caution is None


@pytest.mark.corpus
def test_of_real_readmes_seven_in_ten_say_how_to_start_and_none_is_wrong(corpus: Path) -> None:
    """What is shown of a real README somebody has read and found right."""
    readings = list(read_all(corpus))
    unread = [f"{each.name}: {each.shown}" for _, each in readings if each.is_unread]
    assert not unread, "read these, then put them into tests/cases/starts.jsonl"
    for half in (True, False):
        with_one = [each for aside, each in readings if each.expected and aside is half]
        assert sum(each.is_right for each in with_one) >= 0.7 * len(with_one)


def test_the_halves_are_told_apart_by_name_alone() -> None:
    """Which READMEs are set aside does not depend on what stands in them."""
    assert [is_set_aside(f"owner/{name}", "README.md") for name in "abcdef"] == [
        is_set_aside(f"owner/{name}", "README.md") for name in "abcdef"
    ]
    assert {is_set_aside(f"owner/{number}", "README.md") for number in range(20)} == {True, False}
