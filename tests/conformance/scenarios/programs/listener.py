"""An event listener that follows a script.

    listener.py RECORD [STEP...]

    ready       says READY
    event       reads an event and appends header and payload to the file RECORD
    ok, fail    answers
    say:TEXT    writes TEXT to standard output; err:TEXT to standard error (\\n and the like are escapes)
    until:FIFO  waits until somebody has written to FIFO
    touch:FILE  makes a file
    exit:N      ends
    rest        does nothing until a signal comes
    close       closes standard input
    loop        goes back to the first step

Without steps: ready event ok loop. Behind the last step it ends. A record of a file is one line of
JSON: it is complete when it is there."""

import io
import json
import os
import signal
import sys


class Listener:
    def __init__(self, record):
        self.record = record
        # The length of a payload counts characters.
        self.input = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="")

    def say(self, text):
        os.write(1, text.encode())

    def event(self):
        header = self.input.readline()
        if not header:
            sys.exit(0)
        words = dict(word.split(":", 1) for word in header.split())
        payload = self.input.read(int(words["len"]))
        with open(self.record, "a", encoding="utf-8") as file:
            file.write(json.dumps([header, payload]) + "\n")

    def step(self, word, text):
        text = text.encode().decode("unicode_escape")
        if word == "ready":
            self.say("READY\n")
        elif word == "event":
            self.event()
        elif word == "ok":
            self.say("RESULT 2\nOK")
        elif word == "fail":
            self.say("RESULT 4\nFAIL")
        elif word == "say":
            self.say(text)
        elif word == "err":
            os.write(2, text.encode())
        elif word == "until":
            with open(text, "rb") as fifo:
                fifo.read()
        elif word == "touch":
            with open(text, "w", encoding="utf-8"):
                pass
        elif word == "exit":
            sys.exit(int(text))
        elif word == "rest":
            signal.pause()
        elif word == "close":
            os.close(0)
        else:
            sys.exit(f"no such step: {word}")


def main(record, *steps):
    listener = Listener(record)
    steps = steps or ("ready", "event", "ok", "loop")
    position = 0
    while position < len(steps):
        word, _, text = steps[position].partition(":")
        position = 0 if word == "loop" else position + 1
        if word != "loop":
            listener.step(word, text)


main(*sys.argv[1:])
