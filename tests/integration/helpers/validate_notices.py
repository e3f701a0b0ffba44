"""Holds every notice of a directory against the schema: validate_notices.py SCHEMA DIRECTORY"""

import json
import pathlib
import sys

import jsonschema


def main(schema: str, directory: str) -> int:
    validator = jsonschema.Draft7Validator(json.loads(pathlib.Path(schema).read_text()))
    wrong = 0
    for file in sorted(pathlib.Path(directory).glob("*.json")):
        text = file.read_bytes()
        problems = [error.message for error in validator.iter_errors(json.loads(text))]
        if b"\n" in text:
            problems.append("more than one line")
        for problem in problems:
            wrong += 1
            print(f"{file.name}: {problem}\n{text.decode()}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
