"""A line of R or Julia: whether it starts this very project, and how.

Beside `commands`, which reads what is typed into a shell, and by the same rule: only what is known
to be plain, from well-known registries or from the project's own repository.
"""

import re

from aggregator.readme.ways import OwnNames, Way

_HOSTS = re.compile(
    r"https://(?:[\w-]+\.r-universe\.dev|cran\.r-project\.org|cran\.rstudio\.(?:com|org)|"
    r"cloud\.r-project\.org)/?"
)
_OPTIONS_OF_R = (
    r"(?:\s*,\s*(?:dependencies|build_vignettes|upgrade|force|ref|branch|subdir|auth_token)\s*=\s*"
    r"(?:TRUE|FALSE|T|F|NA|\"[\w./-]*\"|'[\w./-]*'))*"
)
_REPOS = (
    r"(?:\s*,\s*repos\s*=\s*(?:c\(\s*)?(?:\w+\s*=\s*)?[\"'](?P<host>[^\"']+)[\"']"
    r"(?:\s*,\s*(?:CRAN\s*=\s*)?[\"'](?P<other>[^\"']+)[\"'])?\s*\)?)?"
)
_R = (
    (
        re.compile(
            r"(?:utils::)?(?:install\.packages|BiocManager::install|renv::install|pak::pak"
            r"|pak::pkg_install|remotes::install_cran)\(\s*[\"'](?P<package>[\w.]+)[\"']"
            + _OPTIONS_OF_R
            + _REPOS
            + _OPTIONS_OF_R
            + r"\s*\)"
        ),
        Way.REGISTRY,
    ),
    (
        re.compile(
            r"(?:(?:devtools|remotes|ghit)::)?(?:install_github|install_git)\(\s*(?:repo\s*=\s*)?"
            r"[\"'](?P<repository>[\w./:@#-]+)[\"']" + _OPTIONS_OF_R + r"\s*\)"
        ),
        Way.REPOSITORY,
    ),
    (
        re.compile(
            r"(?:pak::pak|pak::pkg_install|renv::install|BiocManager::install)"
            r"\(\s*[\"'](?P<repository>[\w.:-]+/[\w.@#-]+)[\"']" + _OPTIONS_OF_R + r"\s*\)"
        ),
        Way.REPOSITORY,
    ),
    (
        re.compile(r"(?:shiny::)?runGitHub\(\s*[\"'](?P<package>[\w./-]+)[\"'][^()]*\)"),
        Way.REPOSITORY,
    ),
    (
        re.compile(
            r"(?:using Pkg;\s*)?Pkg\.add\(\s*\"(?P<package>[\w.]+)\"\s*\)|\]\s*add (?P<added>\w+)"
        ),
        Way.REGISTRY,
    ),
    (
        re.compile(
            r"renv::(?:restore|activate)\(\)|devtools::(?:install|install_deps)\(\)|tar_make\(\)|"
            r"targets::tar_make\(\)|(?:shiny::)?runApp\((?:[\"'][\w./-]*[\"'])?\)"
        ),
        Way.INSIDE,
    ),
)


def call_in_r(part: str, names: OwnNames) -> Way | None:
    """Tell how a call as R and Julia have them starts a project; None where it does not."""
    if not may_be_in_r(part):
        return None
    for pattern, way in _R:
        match = pattern.fullmatch(part)
        if match is None:
            continue
        said = match.groupdict()
        hosts = filter(None, (said.get("host"), said.get("other")))
        package = said.get("package") or said.get("added")
        repository = said.get("repository")
        is_own = (package is None or names.own_package(package)) and (
            repository is None or names.own_repository(repository)
        )
        return way if is_own and all(map(_HOSTS.fullmatch, hosts)) else None
    return None


def is_in_r(line: str) -> bool:
    """Tell whether a line is for R or Julia and not for a shell."""
    return may_be_in_r(line) and any(pattern.fullmatch(line) for pattern, _ in _R)


def may_be_in_r(line: str) -> bool:
    """Tell whether a line can be any of `_R`, as few can: they end with a bracket, or begin so."""
    return line.endswith(")") or line.startswith("]")
