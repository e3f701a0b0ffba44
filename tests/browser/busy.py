"""A program that works now and then; with `memory` one that also fills and empties its memory."""

import random
import sys
import time

kept = []
while True:
    if sys.argv[1:] == ["memory"]:
        kept.append(bytes(random.randrange(6 * 2**20)))
        kept = kept[-random.choice((6, 6, 6, 2)):]
    sum(range(random.randrange(12_000_000)))
    time.sleep(random.choice((0.3, 0.5, 1.5)))
