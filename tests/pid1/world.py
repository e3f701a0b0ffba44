"""modinit in a root file system of its own, of which every write is seen afterwards."""
import os
import pathlib
import shutil
import subprocess
import tempfile

from sandbox import Sandbox, wait_until

OVERLAY = """
set -e
mount -t overlay -o lowerdir=/,upperdir={base}/upper,workdir={base}/work overlay {base}/root
for folder in dev sys; do mount --rbind /$folder {base}/root/$folder; done
mount -t proc proc {base}/root/proc
mount --bind {base}/place {base}/root/mnt
mount --bind {build}/bin {base}/root/opt
mount --bind {build}/tests {base}/root/srv
for file in passwd group; do mount --bind {base}/$file {base}/root/etc/$file; done
{remount}
cd {base}/root
pivot_root . mnt/.old
umount -l /mnt/.old
set +e
cd /
"""


class Failed(Exception):
    pass


def check(what, got, wanted):
    if got != wanted:
        raise Failed("%s: %r, not %r" % (what, got, wanted))


class World:
    """modinit with its configuration, logs and socket in /mnt, which is `place` on the host: `with World(...)`.

    The root is a copy of the host's that remembers what is written to it. `setup` is shell code that runs in
    there before modinit.
    """

    def __init__(self, build, programs, where="process 1", user="root", read_only=False, no_new_privs=False,
                 logs="/mnt", setup="", command=("/opt/modinit", "-c", "/mnt/conf")):
        self.where = where
        self.build = build
        parent = "/dev/shm" if os.path.isdir("/dev/shm") else None  # an overlay cannot be written to an overlay
        self.base = pathlib.Path(tempfile.mkdtemp(prefix="pid1-", dir=parent))
        self.base.chmod(0o755)
        for folder in ("upper", "work", "root", "place/.old", "place/logs"):
            (self.base / folder).mkdir(parents=True)
        self.place = self.base / "place"
        self._write_accounts()
        self._write_configuration(programs, logs, "mop" if user == "mop" else None)
        owner = {"root": (0, 0), "mop": (441, 444), "12345": (12345, 12345)}[user]
        for path in (self.place, self.place / "logs"):
            os.chown(path, *owner)
        # mop is what modinit becomes; whoever has no account was started like that.
        words = list(command)
        privileges = ["--no-new-privs"] if no_new_privs else []
        if user == "12345":
            privileges += ["--reuid", user, "--regid", user, "--clear-groups"]
        if privileges:
            words = ["setpriv", *privileges, *words]
        if where == "plain":
            words = ["/srv/integration/integration_forbid_subreaper", *words]
        if where != "process 1":
            words = ["sh", "-c", '"$@"; exit $?', "sh", *words]
        script = OVERLAY.format(base=self.base, build=build,
                                remount="mount -o remount,ro %s/root" % self.base if read_only else "")
        self.box = Sandbox(words, setup=script + setup)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.box.__exit__()
        shutil.rmtree(self.base)

    def _write_accounts(self):
        for name, line in (("passwd", "mop:x:441:444::/mnt:/bin/sh\n"), ("group", "mop:x:444:\n")):
            kept = [old for old in pathlib.Path("/etc", name).read_text().splitlines(True)
                    if not old.startswith("mop:")]
            (self.base / name).write_text("".join(kept) + line)

    def _write_configuration(self, programs, logs, user):
        (self.place / "conf").write_text(
            "[supervisord]\nlogfile=%s/log\npidfile=/mnt/pid\nchildlogdir=/mnt\n%s"
            "[unix_http_server]\nfile=/mnt/sock\n"
            "[rpcinterface:supervisor]\n"
            "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n%s"
            % (logs, "user=%s\n" % user if user else "", programs))

    # What can be seen of it ---------------------------------------------------------------------------

    def until(self, what, condition):
        try:
            return wait_until(what, condition)
        except Exception as error:
            raise Failed("%s; the log: %r" % (error, self.log()[-800:])) from None

    @property
    def daemon(self):
        """modinit, as the host numbers it."""
        first = self.box.init
        if self.where == "process 1":
            return first
        children = pathlib.Path("/proc/%d/task/%d/children" % (first, first))
        return int(wait_until("modinit", lambda: children.read_text().split())[0])

    def host_pid(self, pid):
        for candidate in [self.box.init, *self.box.inside()]:
            try:
                text = pathlib.Path("/proc/%d/status" % candidate).read_text()
            except OSError:
                continue
            if text.split("NSpid:")[1].splitlines()[0].split()[-1] == str(pid):
                return candidate
        raise Failed("no process %d in there" % pid)

    @staticmethod
    def parent_of(pid):
        return int(pathlib.Path("/proc/%d/stat" % pid).read_text().rsplit(")", 1)[1].split()[1])

    def modctl(self, *words):
        done = subprocess.run([str(self.build / "bin" / "modctl"), "-s", "unix://%s/sock" % self.place, *words],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=30)
        return done.stdout.decode()

    def until_running(self, name):
        self.until("RUNNING", lambda: "RUNNING" in self.modctl("status", name))

    def pid_of(self, name):
        text = self.modctl("pid", name).strip()
        return int(text) if text.isdigit() else 0

    def stop(self):
        os.kill(self.daemon, 15)
        check("exit status", self.box.status(), 0)

    def text(self, name):
        path = self.place / name
        return path.read_text() if path.exists() else ""

    def log(self):
        return self.text("log")

    def complaints(self):
        """Lines of the log that say ERRO or CRIT; that it is root and has no password is what we configured."""
        wanted = ("running as root", "without any HTTP authentication checking")
        return [line for line in self.log().splitlines() if (" ERRO " in line or " CRIT " in line)
                and not any(word in line for word in wanted)]

    def written(self):
        """What was written to the root, but for the folders of mount points."""
        return sorted(str(path.relative_to(self.base / "upper")) for path in (self.base / "upper").rglob("*"))
