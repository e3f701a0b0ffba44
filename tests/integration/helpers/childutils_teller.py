"""A program that says a message on each channel, with Supervisor's childutils: childutils_teller.py OUT ERR."""

import sys

from supervisor import childutils

# Given bytes and byte streams: with text, this version of childutils fails under Python 3.
childutils.pcomm.send(sys.argv[1].encode(), sys.stdout.buffer)
childutils.pcomm.send(sys.argv[2].encode(), sys.stderr.buffer)
