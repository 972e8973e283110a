"""An embedded stand-in for api.github.com over real HTTP, with a made-up sample community.

For the demo, for tests and for benchmarks: no network, no token and no account are needed. It
never talks to GitHub and never runs as part of a real fetch.

    with serve(sample_community()) as server:
        ...  # server.api_url, server.graphql_url, server.world, server.faults, server.counts
"""
