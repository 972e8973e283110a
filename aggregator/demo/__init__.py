"""A stand-in for GitHub over real HTTP, with a made-up sample community: `demo` and `sandbox`.

    repository.yaml, repositories.jsonl -> World -> graph_answers, rest_answers
                                                 -> StandIn -> server -> a socket of this machine

It answers what this program asks GitHub, so that no network, token or account is needed. It never
talks to GitHub and never runs as part of a real fetch. What only tests want of GitHub is theirs.

    with serve(sample_community()) as server:
        ...  # server.api_url, server.graphql_url
"""
