"""The registry: what members write, read strictly and answered kindly.

Everything about `registry.yaml` lives in this package: its values, the loader,
the checks and the ways in. Nothing here talks to GitHub; what needs an answer
from there takes a callable.
"""
