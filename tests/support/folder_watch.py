"""Files that appear in a folder, told by inotify: nothing is polled."""
import ctypes
import os
import select
import struct

CREATED, MOVED_IN = 0x100, 0x80


class FolderWatch:
    """Watches from its making on. close() when done."""

    def __init__(self, folder):
        libc = ctypes.CDLL(None, use_errno=True)
        self.descriptor = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self.descriptor < 0 or libc.inotify_add_watch(self.descriptor, os.fsencode(folder), CREATED | MOVED_IN) < 0:
            raise OSError(ctypes.get_errno(), "inotify", str(folder))

    def wait(self, limit_s):
        """Names that have appeared since, in their order; waits for the first. None in time: no names."""
        ready, _, _ = select.select([self.descriptor], [], [], max(0, limit_s))
        data = os.read(self.descriptor, 1 << 20) if ready else b""
        names = []
        while data:
            length = struct.unpack_from("iIII", data)[3]
            names.append(data[16:16 + length].rstrip(b"\0").decode())
            data = data[16 + length:]
        return names

    def close(self):
        os.close(self.descriptor)
