"""Addresses on GitHub that open a form already filled in. Nothing is fetched.

Query parameters as documented for new files and issue forms:
https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/about-automation-for-issues-and-pull-requests-with-query-parameters
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from aggregator.registry.models import Entry, Showcase

URL_LIMIT = 8_000
GITHUB = "https://github.com"
ADD_FORM, EDIT_FORM, REMOVE_FORM = "add-project.yml", "edit-project.yml", "remove-project.yml"


@dataclass(frozen=True, slots=True)
class FormLinks:
    """Where a member adds, edits or removes a project; empty without `repository`.

    Args:
        add_form: The issue form for a new project.
        edit_file: The editor of GitHub on registry.yaml.
        new_file: The editor of GitHub on a new file in registry.d/.
        issues: The list of issues of the registry.
    """

    add_form: str = ""
    edit_file: str = ""
    new_file: str = ""
    issues: str = ""


def form_links(showcase: Showcase, web: str = GITHUB) -> FormLinks:
    """Build the addresses that every page may show.

    Args:
        showcase: The settings; without `repository` there is nowhere to lead to.
        web: The GitHub that people visit.
    """
    if showcase.repository is None:
        return FormLinks()
    base = f"{web.rstrip('/')}/{showcase.repository}"
    branch = quote(showcase.branch)
    return FormLinks(
        add_form=_form(base, ADD_FORM, {}),
        edit_file=f"{base}/edit/{branch}/registry.yaml",
        new_file=f"{base}/new/{branch}?{_query({'filename': 'registry.d/my-project.yaml'})}",
        issues=f"{base}/issues",
    )


def add_link(showcase: Showcase, fields: Mapping[str, str], web: str = GITHUB) -> str:
    """Build the address of the form for a new project, filled in with what is known."""
    base = _base(showcase, web)
    return _form(base, ADD_FORM, fields) if base else ""


def edit_link(showcase: Showcase, entry: Entry, web: str = GITHUB) -> str:
    """Build the address of the form that changes an entry, filled in with its name."""
    base = _base(showcase, web)
    return _form(base, EDIT_FORM, {"project": str(entry.repo)}) if base else ""


def remove_link(showcase: Showcase, entry: Entry, web: str = GITHUB) -> str:
    """Build the address of the form that removes an entry, filled in with its name."""
    base = _base(showcase, web)
    return _form(base, REMOVE_FORM, {"project": str(entry.repo)}) if base else ""


def line_link(showcase: Showcase, entry: Entry, web: str = GITHUB) -> str:
    """Build the address of an entry's line in the registry."""
    base = _base(showcase, web)
    file = "/".join(part for part in entry.where.file.split("/")[-2:] if part)
    name = file if file.startswith("registry.d/") else "registry.yaml"
    line = f"#L{entry.where.line}" if entry.where.line else ""
    return f"{base}/blob/{quote(showcase.branch)}/{quote(name)}{line}" if base else ""


def _base(showcase: Showcase, web: str) -> str:
    return f"{web.rstrip('/')}/{showcase.repository}" if showcase.repository else ""


def _form(base: str, template: str, fields: Mapping[str, str]) -> str:
    filled = {name: value for name, value in fields.items() if value}
    link = f"{base}/issues/new?{_query({'template': template, **filled})}"
    return link if len(link) <= URL_LIMIT else f"{base}/issues/new?{_query({'template': template})}"


def _query(fields: Mapping[str, str]) -> str:
    return urlencode(fields, quote_via=quote)
