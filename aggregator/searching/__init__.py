"""Search: the index that `build` writes, and the same ranking in Python as in the browser.

The site hands over `Document`s and publishes the files; the command line asks. Nothing here
imports the rest of the product, touches a file, or knows what a page looks like.
"""
