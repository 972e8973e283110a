"""Addresses on GitHub that open a form already filled in. Nothing is fetched.

Query parameters as documented for new files and issue forms:
https://docs.github.com/communities/using-templates-to-encourage-useful-issues-and-pull-requests/about-automation-for-issues-and-pull-requests-with-query-parameters
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from aggregator.registry.models import Showcase

GITHUB = "https://github.com"
ADD_FORM, EDIT_FORM, REMOVE_FORM = "add-project.yml", "edit-project.yml", "remove-project.yml"


@dataclass(frozen=True, slots=True)
class FormLinks:
    """Where a member adds, edits or removes a project; empty without `repository`.

    Args:
        add_form: The issue form for a new project.
        edit_file: The editor of GitHub on registry.yaml.
    """

    add_form: str = ""
    edit_file: str = ""


def form_links(showcase: Showcase, web: str = GITHUB) -> FormLinks:
    """Build the addresses that every page may show.

    Args:
        showcase: The settings; without `repository` there is nowhere to lead to.
        web: The GitHub that people visit.
    """
    base = _base(showcase, web)
    if not base:
        return FormLinks()
    branch = quote(showcase.branch)
    return FormLinks(
        add_form=_form(base, ADD_FORM, {}),
        edit_file=f"{base}/edit/{branch}/registry.yaml",
    )


def add_link(showcase: Showcase, repo: str, web: str = GITHUB) -> str:
    """Build the address of the form for a new project, filled in with its repository."""
    base = _base(showcase, web)
    return _form(base, ADD_FORM, {"repository": repo}) if base else ""


def edit_link(showcase: Showcase, listed_as: str, web: str = GITHUB) -> str:
    """Build the address of the form that changes an entry, filled in with its name."""
    base = _base(showcase, web)
    return _form(base, EDIT_FORM, {"project": listed_as}) if base else ""


def remove_link(showcase: Showcase, listed_as: str, web: str = GITHUB) -> str:
    """Build the address of the form that removes an entry, filled in with its name."""
    base = _base(showcase, web)
    return _form(base, REMOVE_FORM, {"project": listed_as}) if base else ""


def _base(showcase: Showcase, web: str) -> str:
    return f"{web.rstrip('/')}/{showcase.repository}" if showcase.repository else ""


def _form(base: str, template: str, fields: Mapping[str, str]) -> str:
    return f"{base}/issues/new?{_query({'template': template, **fields})}"


def _query(fields: Mapping[str, str]) -> str:
    return urlencode(fields, quote_via=quote)
