"""Colours that GitHub shows: of programming languages and of the usual issue labels.

The language colours are facts from github-linguist's list; a language that is not here has none.
"""

LANGUAGE_COLOURS = {
    "C": "#555555",
    "C++": "#f34b7d",
    "CSS": "#663399",
    "Dockerfile": "#384d54",
    "Go": "#00ADD8",
    "HTML": "#e34c26",
    "Java": "#b07219",
    "JavaScript": "#f1e05a",
    "Julia": "#a270ba",
    "Jupyter Notebook": "#DA5B0B",
    "Makefile": "#427819",
    "Python": "#3572A5",
    "R": "#198CE7",
    "Rust": "#dea584",
    "SAS": "#B34936",
    "SCSS": "#c6538c",
    "Shell": "#89e051",
    "Stata": "#1a5f91",
    "TeX": "#3D6117",
    "TSQL": "#e38c00",
    "TypeScript": "#3178c6",
}
LABEL_COLOURS = {
    "bug": "d73a4a",
    "documentation": "0075ca",
    "enhancement": "a2eeef",
    "good first issue": "7057ff",
    "help wanted": "008672",
    "question": "d876e3",
}


def colour_of(language: str) -> str | None:
    """Give the colour of a language, None when it has none."""
    return LANGUAGE_COLOURS.get(language)
