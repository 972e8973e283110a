"""The ways in: what a member wrote, the change that it asks for, the verdict on it, and the words.

    a command:  words --add--> drafts --answers--> with_additions --proposal--> registry.yaml
    an issue:   body --forms--> answers --from_issue--> Proposal --> answer and pull request
    a change:   files --earlier, differences--> check --> Judgement --preview, renderings--> words

`editor` turns the text of a registry into another text, and every change goes through it.
`generated` writes the schema, the reference and the forms from the declarations in `registry`.
What a value may be is never decided here, and nothing here speaks to GitHub: a lookup is handed in.
"""
