"""images/record: docs/images.md names the packages of every image."""
import pathlib
import subprocess

from journey import Failed, row

RECORD = str(pathlib.Path(__file__).resolve().parents[2] / "images" / "record")


@row("record-packages", "the packages of every image are those that this page names")
def packages(files):
    done = subprocess.run([RECORD, "--check"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=240, check=False)
    if done.returncode != 0:
        raise Failed(done.stdout.decode(errors="replace")[:3000])
