"""A client on a pseudo terminal: editing, completion and history."""

import os
import pty
import select
import signal
import time

from daemons import DEADLINE_SECONDS


class Terminal:
    def __init__(self, program, arguments):
        self.seen = b""
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            os.environ["TERM"] = "dumb"
            os.execv(program, [program, *arguments])

    def type(self, text):
        os.write(self._fd, text.encode())

    def expect(self, text):
        """Waits for text behind what the last call waited for."""
        end = time.monotonic() + DEADLINE_SECONDS
        while text.encode() not in self.seen:
            ready, _, _ = select.select([self._fd], [], [], max(0, end - time.monotonic()))
            try:
                piece = os.read(self._fd, 65536) if ready else b""
            except OSError:  # how Linux reports that the other side is closed
                piece = b""
            if not piece:
                raise AssertionError(f"waited for {text!r}, saw {self.seen!r}")
            self.seen += piece
        self.seen = self.seen.partition(text.encode())[2]

    def exit_code(self):
        """Waits for the end of the program."""
        try:
            while select.select([self._fd], [], [], DEADLINE_SECONDS)[0]:
                if not os.read(self._fd, 65536):
                    break
        except OSError:
            pass
        os.close(self._fd)
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    def kill(self):
        os.kill(self._pid, signal.SIGKILL)
        return self.exit_code()
