"""The words with which GitHub refuses, shared by genuine answers and injected faults.

Bodies follow what api.github.com sends (docs.github.com, "Troubleshooting the REST API" and "Rate
limits for the REST API").
"""

from aggregator.demo.messages import Response, json_response
from aggregator.demo.world import Block

DOCS = "https://docs.github.com"
SAML_REST = (
    "Resource protected by organization SAML enforcement. "
    "You must grant your Personal Access token access to this organization."
)
SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)
SECONDARY_DOCS = (
    f"{DOCS}/free-pro-team@latest/rest/overview/"
    "rate-limits-for-the-rest-api#about-secondary-rate-limits"
)


def refuse(status: int, message: str, where: str = f"{DOCS}/rest") -> Response:
    """Make the usual body of a refusal."""
    body = {"message": message, "documentation_url": where, "status": str(status)}
    return json_response(status, body)


def not_found() -> Response:
    """Say that there is no such thing, or that it is private: GitHub does not tell which."""
    return refuse(404, "Not Found")


def bad_credentials() -> Response:
    """Refuse a token that is wrong, expired or revoked."""
    return refuse(401, "Bad credentials")


def graphql_needs_token() -> Response:
    """Refuse GraphQL without a token."""
    where = f"{DOCS}/graphql/guides/forming-calls-with-graphql#authenticating-with-graphql"
    return refuse(401, "This endpoint requires you to be authenticated.", where)


def over_limit(token: str | None, status: int = 403) -> Response:
    """Refuse a caller who has used up the hour."""
    where = f"{DOCS}/rest/overview/rate-limits-for-the-rest-api"
    if token:
        return refuse(status, "API rate limit exceeded for user ID 1.", where)
    words = (
        "API rate limit exceeded for 127.0.0.1. (But here's the good news: Authenticated requests "
        "get a higher rate limit. Check out the documentation for more details.)"
    )
    return refuse(status, words, where)


def graphql_over_limit(kind: str = "RATE_LIMITED") -> Response:
    """Refuse a GraphQL caller who has used up the hour: status 200, as GitHub does."""
    error = {
        "type": kind,
        "code": "graphql_rate_limit",
        "message": "API rate limit exceeded for user ID 1.",
    }
    return json_response(200, {"errors": [error]})


def blocked(block: Block | None) -> Response:
    """Refuse a blocked repository: 451 after a takedown notice, 403 after a breach of terms."""
    reason = block.reason if block else "dmca"
    body = {
        "message": "Repository access blocked",
        "block": {
            "reason": reason,
            "created_at": block.created_at if block else None,
            "html_url": block.html_url if block else None,
        },
    }
    return json_response(451 if reason == "dmca" else 403, body)


def needs_single_sign_on(owner: str) -> Response:
    """Refuse a token that its owner did not authorise for an organisation with SAML."""
    where = f"{DOCS}/articles/authenticating-to-a-github-organization-with-saml-single-sign-on/"
    response = refuse(403, SAML_REST, where)
    address = f"required; url=https://github.com/orgs/{owner}/sso?authorization_request=SANDBOX"
    return Response(response.status, response.body, (*response.headers, ("x-github-sso", address)))
