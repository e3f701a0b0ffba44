"""Every wanted difference from the reference, with the reason a user finds in docs/compatibility.md.

A rule rewrites one product's observation into the other's before they are compared:
(pattern, replacement, reason). GENERAL applies to every scenario's text, BY_SCENARIO to one.
A rule that never matches anything in a full run is reported by `run.py --all`."""

import re

# Applied to what our product said.
GENERAL = [
]

# Keys of structs that our product answers with and the installed reference does not.
ADDED_KEYS = {
    "autorestart": "getAllConfigInfo answers with autorestart, as the reference's development version does",
}

# Applied to what the reference said.
REFERENCE = [
]

# scenario -> rules for our product's observations
BY_SCENARIO = {
}


def apply(rules, value):
    if isinstance(value, str):
        for pattern, replacement, _reason in rules:
            value = re.sub(pattern, replacement, value)
        return value
    if isinstance(value, dict):
        return {key: apply(rules, entry) for key, entry in value.items() if key not in ADDED_KEYS}
    if isinstance(value, list):
        entries = [apply(rules, entry) for entry in value]
        return [entry for entry in entries if entry != "<DROPPED>"]
    return value
