"""GitHub as tests and benchmarks need it: the demo's stand-in, with all that a real one does too.

    with serve(sample_community()) as server:
        ...  # server.api_url, server.graphql_url, server.world, server.faults, server.counts

Built on `aggregator.demo`, never a copy of it: `world` lets things happen between two nights,
`faults` and `actions` let answers go wrong, `rest` and `graph` know more paths and fields,
`prices` counts what queries cost, `server` has ETags, revoked tokens and the usual headers.
"""
