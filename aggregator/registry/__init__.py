"""The registry: what members write, read strictly and answered kindly.

    loader        the way in: files, and the order of what follows
    tree          bytes to nodes that know their line      layout    the same for what is not YAML
    sections      nodes to entries and settings            slips     what people really typed
    validation    one entry to one model                   messages  fields that there are not
    registry      the parts side by side, and what can be used of them
    models        each field, declared once                rules     what may be written in one
    declaration   how a field is declared                  mistakes  what is wrong, and where
    glossary      words that mean the same                 sightings what GitHub says of an entry
    judgements    what the search should find

Nothing here talks to GitHub, and nothing changes a file: what needs an answer from there takes a
callable, and the ways to add and edit are in `joining`.
"""
