"""The languages of a project: every one with a fair share of its code, not only the largest.

GitHub names one main language, by bytes. A page of Python with a generated report beside it is then
a project in HTML, and a notebook, whose bytes are mostly pictures, hides what it is written in: it
is a format here, and never a language. The rule is documented in docs/outputs.md. Pure.
"""

import re
from collections.abc import Mapping

from aggregator.facts.repository import Details, RepoFacts
from aggregator.readme.kept import KeptText
from aggregator.words.speech import later

NOTEBOOK = "Jupyter Notebook"
# What GitHub counts as a language and is none, each with what visitors are told of it.
FORMATS: Mapping[str, str] = {
    NOTEBOOK: later(
        "A format in which code, results and words stand in one document. What the code is "
        "written in is listed under its own name, wherever that is known."
    ),
}
FAIR_SHARE = 0.10  # of the code, what supports it left out
LARGE_SHARE = 0.50  # of everything but notebooks: for what usually supports other code
# What is written beside a program: markup, styles, templates, building and configuration. Chosen
# by use; github-linguist files some of these under "programming".
SUPPORTING = frozenset(
    """
    ANTLR|Batchfile|BibTeX Style|Blade|CMake|CSS|D2|Dockerfile|EJS|Gherkin|Go Template|HCL|HTML|
    HTML+ERB|HTML+Django|Haml|Handlebars|Jinja|Jsonnet|Just|Less|Liquid|M4|MDX|Makefile|Markdown|
    Mermaid|Meson|Mustache|Nix|Nunjucks|PostScript|Procfile|Pug|Roff|Rich Text Format|SCSS|Sass|
    Shell|Slim|Smarty|Starlark|Stylus|TeX|Twig|XSLT|reStructuredText
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
# What notebooks are mostly written in, and the files that only people who use it have.
KERNELS = ("Python", "R", "Julia")
_SIGNS = {
    "Python": re.compile(
        r"(?:requirements[\w.-]*\.(?:txt|in)|environment[\w.-]*\.ya?ml|conda[\w.-]*\.ya?ml|"
        r"pyproject\.toml|setup\.(?:py|cfg)|pipfile(?:\.lock)?|poetry\.lock|uv\.lock|"
        r"\.python-version|\.flake8|tox\.ini|[\w.-]+\.py)"
    ),
    "R": re.compile(r"(?:renv\.lock|renv/|\.rprofile|description|[\w.-]+\.(?:rproj|r|rmd))"),
    "Julia": re.compile(r"(?:project\.toml|manifest\.toml|[\w.-]+\.jl)"),
}
# What a README tells people to type.
_TYPED = {
    "Python": re.compile(r"\bpip3? install\b|\bpython3? -m\b|\bimport (?:numpy|pandas)\b"),
    "R": re.compile(r"\binstall\.packages\(|\blibrary\(|\brenv::restore"),
    "Julia": re.compile(r"\bPkg\.add\(|\busing Pkg\b"),
}


def languages_of(facts: RepoFacts | None, readme: str | KeptText = "") -> tuple[str, ...]:
    """List the languages of a project, the main one first, then by their share.

    The main one is GitHub's; of a project of notebooks it is the language that they run.

    Args:
        facts: What GitHub said last.
        readme: The words of the README; read only where nothing else tells.
    """
    if facts is None:
        return ()
    sizes = (facts.details.language_bytes or {}) if facts.details else {}
    main = facts.glance.primary_language
    found = [main] if main and main != NOTEBOOK else []
    written = {name: size for name, size in sizes.items() if name != NOTEBOOK}
    code = {name: size for name, size in written.items() if name not in SUPPORTING}
    for name in sorted(written, key=lambda name: (-written[name], name)):
        beside, least = (code, FAIR_SHARE) if name in code else (written, LARGE_SHARE)
        if _share(beside, name) >= least:
            found.append(name)
    if NOTEBOOK in formats_of(facts) and (kernel := _kernel(sizes, facts.details, readme)):
        # Where most of it is notebooks, what they run is the main language, and no report beside.
        found.insert(0 if main == NOTEBOOK else len(found), kernel)
    return tuple(dict.fromkeys(found))


def formats_of(facts: RepoFacts | None) -> tuple[str, ...]:
    """List the formats in which a fair share of a project is written, notebooks for one."""
    if facts is None:
        return ()
    sizes = (facts.details.language_bytes or {}) if facts.details else {}
    main = facts.glance.primary_language
    return tuple(name for name in FORMATS if main == name or _share(sizes, name) >= FAIR_SHARE)


def _share(sizes: Mapping[str, int], name: str) -> float:
    total = sum(sizes.values())
    return sizes.get(name, 0) / total if total else 0.0


def _kernel(
    sizes: Mapping[str, int], details: Details | None, readme: str | KeptText
) -> str | None:
    """Find what notebooks run: by the code beside them, its files, or what the README has typed.

    GitHub does not tell; where nothing else does, it is not known.
    """
    beside = [name for name in KERNELS if sizes.get(name)]
    if beside:
        return max(beside, key=lambda name: sizes[name])
    files = [name.lower() for name in (details.top_level or ())] if details else []
    by_files = (name for name in KERNELS if any(map(_SIGNS[name].fullmatch, files)))
    if found := next(by_files, None):
        return found
    words = str(readme)
    return next((name for name in KERNELS if _TYPED[name].search(words)), None)
