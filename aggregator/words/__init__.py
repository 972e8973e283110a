"""One truth each: names, addresses, phrases, outcomes, errors. Imports nothing of ours."""
