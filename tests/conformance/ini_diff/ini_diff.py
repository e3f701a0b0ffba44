#!/usr/bin/env python3
"""Compares parse_ini with Python's RawConfigParser, set up as the reference product sets it up.

Random documents, a third of them wrong on purpose, are parsed by both; ours with every line parked
(verbatim limit 0), with some lines parked (120) and as usual (180). Sections, keys, values, their
order and the texts of errors must be the same, and so must the lines on which Python met them.

Not compared: lines on which the leftmost rule for comments differs from what CPython before 3.13
does (it looks for the k-th ';' and the k-th '#' at the same time). Such lines are not generated.
"""
import argparse
import configparser
import io
import random
import re
import subprocess
import sys

LIMITS = (0, 120, 180)
SPACES = [' ', '  ', '\t', ' \t ', '\u00a0', '\u3000', '\v', '\x1c', '\u2028', '\x85', '\f']
LETTERS = list('abcKZ019_.-/%$"\'\\()') + ['é', 'Ä', 'Ÿ', 'Ĺ', 'Ж', 'Ω', 'ß', '日', '😀', '\ufeff']
MARKS = list(';#=:[]') + ['\x01', '\x7f', '\x1b', '\u200b']


def leftmost_comment(line):
    """Where our rule cuts `line`; None without a comment."""
    for at, char in enumerate(line):
        if char in ';#' and (at == 0 or line[at - 1].isspace()):
            return at
    return None


def comment_in_rounds(line):
    """Where CPython before 3.13 cuts `line`."""
    positions = {';': -1, '#': -1}
    while positions:
        found = {mark: line.find(mark, at + 1) for mark, at in positions.items()}
        positions = {mark: at for mark, at in found.items() if at >= 0}
        valid = [at for at in positions.values() if at == 0 or line[at - 1].isspace()]
        if valid:
            return min(valid)
    return None


class Generator:
    """Documents made of what configurations are made of, and of what they should not be."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def chance(self, probability):
        return self.random.random() < probability

    def pick(self, choices):
        return choices[int(self.random.random() * len(choices))]

    def between(self, low, high):
        return low + int(self.random.random() * (high - low + 1))

    def space(self):
        return '' if self.chance(0.5) else self.pick(SPACES[:3] if self.chance(0.8) else SPACES)

    def length(self):
        """Mostly short; often around inih's limits of 50 and 200 bytes."""
        kind = self.random.random()
        if kind < 0.75:
            return self.between(1, 12)
        if kind < 0.85:
            return self.between(45, 53)
        return self.between(170, 205) if kind < 0.97 else self.between(300, 3000)

    def text(self, odd):
        """`odd` is the share of characters that mean something to a parser."""
        letters = LETTERS if self.chance(0.3) else LETTERS[:9]
        out = [self.pick(MARKS if self.chance(odd) else letters) for _ in range(self.length())]
        for _ in range(self.between(0, 3)):
            out.insert(self.between(0, len(out)), self.pick(SPACES[:3]))
        return ''.join(out)

    def name(self):
        """Few different ones, so that sections and keys repeat."""
        if self.chance(0.6):
            return self.pick(['a', 'A', 'b', 'key', 'KÄ', 'program:x', 'n' * 60, 'n' * 60 + 'x'])
        return self.text(0.05)

    def comment(self):
        if self.chance(0.7):
            return ''
        return self.pick([' ;', '\t;', ' #', ';', '#', '\u00a0;']) + self.text(0.1)

    def header(self):
        name = self.name() if self.chance(0.9) else self.pick(['', ']', '[', 'DEFAULT', ' s '])
        return '[' + name + self.pick([']'] * 12 + ['', ']]', '] x', ']=1', '][t]'])

    def option(self):
        value = self.text(self.pick([0, 0, 0.03, 0.2]))
        return self.name() + self.space() + self.pick('=:') + self.space() + value

    def body(self):
        kind = self.random.random()
        if kind < 0.2:
            return self.header()
        if kind < 0.7:
            return self.option()
        if kind < 0.8:
            return self.text(0.1)
        if kind < 0.83:
            return self.pick(['=', ':', '=1', ' : x', '[]', '[', ']', '\x01', '\x01=\x01', '[\x01]'])
        return ''

    def line(self):
        while True:
            indent = ''.join(self.pick(SPACES[:3]) for _ in range(self.pick([0, 0, 0, 1, 1, 2, 3])))
            if self.chance(0.03):
                indent = self.pick(SPACES) + indent
            line = indent + self.body() + self.comment()
            if leftmost_comment(line) == comment_in_rounds(line):
                return line

    def tame_line(self):
        """One that is never wrong: an option, a continuation, a comment or nothing."""
        while True:
            line = self.line()
            text = line[:leftmost_comment(line)].strip()
            if not text or line[:2].isspace() or re.match(r'[^\[=:\s][^=:]*[=:]', text):
                return line

    def document(self):
        tame = self.chance(0.66)
        lines = [self.line() if self.chance(0.1) else '[s]'] if not self.chance(0.03) else []
        if tame:
            lines = ['; head', '', '[' + self.text(0).strip() + 'x]']
        for _ in range(self.between(0, 24)):
            lines.append(self.tame_line() if tame else self.line())
        ends = ['\n'] * 8 + (['\r\n', '\r'] if self.chance(0.2) else [])
        data = ''.join(line + self.pick(ends) for line in lines)
        if self.chance(0.2):
            data = data.rstrip('\r\n')
        data = data.encode()
        if self.chance(0.02) and data:  # never at the very end, where Python loses the position
            at = self.between(0, len(data) - 1)
            data = data[:at] + self.pick([b'\xff', b'\x80', b'\xe4\xbd', b'\xc3']) + data[at:] + b'\n'
        return data


class LineCounter:
    """Hands out the lines of a file and knows which one was last; 0 when there are no more."""

    def __init__(self, data):
        self.file = io.TextIOWrapper(io.BytesIO(data), encoding='utf-8')
        self.line = 0

    def __iter__(self):
        for self.line, text in enumerate(self.file, start=1):
            yield text
        self.line = 0


def dictionary_with_lines(counter):
    """A type for RawConfigParser's dictionaries that notes where each key was set last."""

    class Lines(dict):
        def __init__(self):
            super().__init__()
            self.lines = {}

        def __setitem__(self, key, value):
            if counter.line:  # not when the parser goes over all values at the end
                self.lines[key] = counter.line
            super().__setitem__(key, value)

        def listed(self):
            return [(key, value, self.lines[key]) for key, value in self.items()]

    return Lines


def expected_from_python(data):
    """What the reference's parser makes of `data`: ('document', sections) or ('errors', text)."""
    counter = LineCounter(data)
    parser = configparser.RawConfigParser(strict=False, inline_comment_prefixes=(';', '#'),
                                          dict_type=dictionary_with_lines(counter))
    try:
        parser.read_file(counter, 'x.conf')
    except (configparser.Error, UnicodeDecodeError) as error:
        return 'errors', str(error)
    sections = [(name, options.listed(), line) for name, options, line in parser._sections.listed()]
    return 'document', (parser._defaults.listed(), sections)


def read_answers(stream, count):
    """Splits ini_dump's output into one list of fields per answer."""
    answers, at = [], 0

    def number():
        nonlocal at
        end = stream.index(b'\n', at)
        value, at = int(stream[at:end]), end + 1
        return value

    for _ in range(count):
        fields = []
        for _ in range(number()):
            size = number()
            fields.append(stream[at:at + size].decode('utf-8', 'surrogateescape'))
            at += size
        answers.append(fields)
    return answers


def interpret(fields):
    """An answer in the form of expected_from_python()."""
    if fields[0] == 'errors':
        return 'errors', '\n'.join(fields[2::2])
    defaults, sections, at = [], [], 1
    options = None
    while at < len(fields):
        if fields[at] == 'section':
            name, line = fields[at + 1:at + 3]
            options = defaults if name == 'DEFAULT' else []
            if name != 'DEFAULT':
                sections.append((name, options, int(line)))
            at += 3
        else:
            key, value, line = fields[at + 1:at + 4]
            options.append((key, value, int(line)))
            at += 4
    return 'document', (defaults, sections)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument('--documents', type=int, default=3000)
    arguments.add_argument('--seed', type=int, default=1)
    arguments.add_argument('ini_dump')
    options = arguments.parse_args()

    generator = Generator(options.seed)
    documents = [generator.document() for _ in range(options.documents)]
    requests = b''.join(b'%d %d\n%s' % (limit, len(data), data)
                        for data in documents for limit in LIMITS)
    ran = subprocess.run([options.ini_dump], input=requests, stdout=subprocess.PIPE, check=True)
    answers = iter(read_answers(ran.stdout, len(documents) * len(LIMITS)))

    failures, refused = 0, 0
    for number, data in enumerate(documents):
        expected = expected_from_python(data)
        refused += expected[0] == 'errors'
        for limit in LIMITS:
            found = interpret(next(answers))
            if found == expected:
                continue
            failures += 1
            if failures <= 5:
                print(f'document {number} at limit {limit}: {data!r}\n  expected {expected!r}\n'
                      f'  found    {found!r}')
    print(f'{len(documents)} documents ({refused} refused by both) at {len(LIMITS)} limits: '
          f'{failures} differences')
    if not 0.15 < refused / max(len(documents), 1) < 0.6:
        print('the documents are not mixed as intended')
        return 1
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main())
