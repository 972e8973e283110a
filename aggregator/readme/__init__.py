"""READMEs: from the bytes GitHub keeps to HTML, words and a summary that are safe to show.

    bytes -> decode -> markdown | rst | notebook | plain -> finish -> sanitise -> Readme

`render` is the whole of it for one README; `open_renderer` runs many in workers that can be
stopped, and remembers what it rendered. Nothing here reads the network.
"""
