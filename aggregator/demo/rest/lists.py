"""Endpoints for lists below a repository, and for searches and accounts."""

from itertools import islice
from typing import Any

from aggregator.demo import refusals
from aggregator.demo.finding import find_issues, find_repositories
from aggregator.demo.graph.releases import latest_release, release_order
from aggregator.demo.graph.roots import VIEWER
from aggregator.demo.messages import Response, json_response
from aggregator.demo.model import Issue, Repository
from aggregator.demo.rest import bodies, people
from aggregator.demo.rest.call import Call, cut_page, page_of, with_links

COMMITS_SHOWN = 10_000


def languages(_call: Call, item: Repository) -> Response:
    """Answer with bytes by language."""
    return json_response(200, dict(item.language_bytes))


def topics(_call: Call, item: Repository) -> Response:
    """Answer with the names of the topics."""
    return json_response(200, {"names": list(item.topics)})


def releases(call: Call, item: Repository) -> Response:
    """Answer with the releases, newest first."""
    return page_of(call, [bodies.release(call, item, r) for r in release_order(item)])


def newest_release(call: Call, item: Repository) -> Response:
    """Answer with the newest release that is no prerelease."""
    found = latest_release(item)
    return json_response(200, bodies.release(call, item, found)) if found else refusals.not_found()


def tags(call: Call, item: Repository) -> Response:
    """Answer with the tags, the last by name first."""
    ordered = sorted(item.tags, key=lambda tag: tag.name, reverse=True)
    return page_of(call, [bodies.tag(call, item, tag) for tag in ordered])


def branches(call: Call, item: Repository) -> Response:
    """Answer with the default branch, the only one in this world."""
    head = item.head
    if head is None:
        return page_of(call, [])
    url = call.api("repos", item.full_name, "commits", head.oid)
    commit = {"sha": head.oid, "url": url}
    return page_of(call, [{"name": item.default_branch, "commit": commit, "protected": False}])


def contributors(call: Call, item: Repository) -> Response:
    """Answer with the people who committed; nobody knows them all without `anon`."""
    if item.empty:
        return Response(204)
    known: list[dict[str, Any]] = [
        {**people.account(call, call.world.account(login)), "contributions": count}
        for login, count in item.history.by_author.items()
        if login
    ]
    nameless = {"email": "", "name": "", "type": "Anonymous", "contributions": 0}
    rest = (
        max(0, item.contributor_count - len(known)) if call.option("anon") in ("1", "true") else 0
    )
    return page_of(call, known + [nameless] * rest)


def commits(call: Call, item: Repository) -> Response:
    """Answer with the commits of the default branch, newest first."""
    if item.empty:
        return refusals.refuse(409, "Git Repository is empty.")
    since, until = call.option("since") or None, call.option("until") or None
    found = list(islice(item.history.since(since, until), COMMITS_SHOWN))
    page, links = cut_page(call, found)
    shown = [bodies.commit(call, item, made) for made in page]
    return with_links(json_response(200, shown), links)


def one_commit(call: Call, item: Repository, sha: str) -> Response:
    """Answer with one commit by id or by the name of the branch."""
    named = sha in ("HEAD", item.default_branch)
    found = item.head if named else item.history.find(sha)
    if found is None:
        return refusals.refuse(409 if item.empty else 422, f"No commit found for SHA: {sha}")
    return json_response(200, bodies.commit(call, item, found))


def issues(call: Call, item: Repository) -> Response:
    """Answer with issues and pull requests together, as GitHub does."""
    state, wanted = call.option("state", "open"), call.option("labels")
    labels = {name.strip().lower() for name in wanted.split(",") if name.strip()}
    found = [
        issue
        for issue in sorted(item.issues, key=lambda i: i.created_at, reverse=True)
        if state in ("all", issue.state) and labels <= {name.lower() for name in issue.labels}
    ]
    return page_of(call, [bodies.issue(call, item, issue) for issue in found])


def one_issue(call: Call, item: Repository, number: str) -> Response:
    """Answer with one issue."""
    found = _numbered(item, number)
    return json_response(200, bodies.issue(call, item, found)) if found else refusals.not_found()


def _numbered(item: Repository, number: str) -> Issue | None:
    return next((issue for issue in item.issues if str(issue.number) == number), None)


def search_issues(call: Call) -> Response:
    """Answer a search for issues and pull requests."""
    found = find_issues(call.world, call.option("q"))
    page, links = cut_page(call, found)
    items = [{**bodies.issue(call, item, issue), "score": 1.0} for item, issue in page]
    return with_links(_found(len(found), items), links)


def search_repositories(call: Call) -> Response:
    """Answer a search for repositories."""
    found = find_repositories(call.world, call.option("q"))
    page, links = cut_page(call, found)
    items = [{**bodies.repository(call, item), "score": 1.0} for item in page]
    return with_links(_found(len(found), items), links)


def _found(total: int, items: list[dict[str, Any]]) -> Response:
    body = {"total_count": total, "incomplete_results": False, "items": items}
    return json_response(200, body)


def rate_limit(call: Call) -> Response:
    """Answer with what the caller may still do; asking is free."""
    token = call.request.token
    names = ("core", "search", "graphql")
    left = {name: call.limits.look(token, name).body() for name in names}
    return json_response(200, {"resources": left, "rate": left["core"]})


def viewer(call: Call) -> Response:
    """Answer who the token belongs to."""
    if call.request.token is None:
        return refusals.refuse(401, "Requires authentication")
    return json_response(200, people.full_account(call, call.world.account(VIEWER)))


def person(call: Call, login: str) -> Response:
    """Answer with a person or an organisation."""
    if not call.world.knows(login):
        return refusals.not_found()
    return json_response(200, people.full_account(call, call.world.account(login)))


def organisation(call: Call, login: str) -> Response:
    """Answer with an organisation."""
    found = call.world.account(login)
    if found.kind != "Organization":
        return refusals.not_found()
    return json_response(200, people.organisation(call, found))


def owned(call: Call, login: str) -> Response:
    """Answer with the public repositories of an owner."""
    if not call.world.knows(login):
        return refusals.not_found()
    return page_of(call, [bodies.repository(call, item) for item in call.world.owned_by(login)])


def root(call: Call) -> Response:
    """Answer with where things are."""
    body = {
        "current_user_url": call.api("user"),
        "rate_limit_url": call.api("rate_limit"),
        "repository_url": call.api("repos/{owner}/{repo}"),
        "issue_search_url": call.api("search/issues?q={query}{&page,per_page,sort,order}"),
    }
    return json_response(200, body)
