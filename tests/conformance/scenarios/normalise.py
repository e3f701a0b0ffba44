"""Takes out of an observation what differs between any two runs of the same product: times, pids,
random names, the directory. Nothing else."""

import re

TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}")
SUBSTITUTIONS = [
    (TIMESTAMP, "<TIME>"),
    (re.compile(r"^(<\d+>)[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d "), r"\1<DATE> "),
    (re.compile(r"\bpid[: ]+[1-9]\d*"), "pid <PID>"),
    (re.compile(r"\(\d+\) with SIG"), "(<PID>) with SIG"),
    (re.compile(r"(unknown problem [^(]*)\(\d+\)"), r"\1(<PID>)"),
    (re.compile(r"uptime (\d+ days?, )?\d+:\d\d:\d\d"), "uptime <UPTIME>"),
    (re.compile(r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d\d \d\d:\d\d [AP]M"), "<DATE>"),
    (re.compile(r"(---[^\s/]+-)[a-z0-9_]{8}\.log"), r"\1<RANDOM>.log"),
    (re.compile(r"(file: )\S+ line: \d+"), r"\1<SOURCE>"),
    (re.compile(r"For help, use \S+ -h"), "For help, use <PROGRAM> -h"),
    (re.compile(r"when:\d+"), "when:<TIME>"),
]
# Numbers that are times or pids in structs; whether they are zero is a fact to compare.
NUMBERS = {"start", "stop", "now", "pid"}


def normalise_text(text, names):
    """`names` holds literal texts and what stands for them."""
    for literal, placeholder in names.items():
        text = text.replace(literal, placeholder)
    for pattern, replacement in SUBSTITUTIONS:
        text = pattern.sub(replacement, text)
    return text


def normalise_event(header, payload, names):
    """Header and payload of an event. The length of a payload with pids depends on their digits."""
    words = dict(word.split(":", 1) for word in header.split())
    if int(words["len"]) != len(payload):
        return f"{header}{payload!r} has another length"
    short = normalise_text(payload, names)
    header = normalise_text(header.rstrip("\n"), names)
    return re.sub(r"len:\d+$", f"len:{len(short)}", header) + " | " + short


def normalise(value, names):
    if isinstance(value, str):
        return normalise_text(value, names)
    if isinstance(value, dict):
        return {key: ("<NUMBER>" if value[key] else 0) if key in NUMBERS else normalise(value[key], names)
                for key in value}
    if isinstance(value, (list, tuple)):
        return [normalise(entry, names) for entry in value]
    return value
