"""READMEs: from the bytes GitHub keeps to HTML, words and a summary that are safe to show.

    bytes -> encodings -> markdown | rst -> markup, a tree
                                              |
    Readme <- sanitise <- blocks <- excerpt <- links <- images

`rendering.render` is the whole of it for one README; `workers.open_renderer` runs many in processes
that can be stopped, and remembers what they gave. Nothing here reads the network.
"""
