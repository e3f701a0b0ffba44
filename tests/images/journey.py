"""An application's way through build image and run image, and what it has to withstand there.

    with Journey(files, "node", APPS / "express") as journey:
        journey.build()
        journey.start()
        journey.withstands("/", "hello")
        journey.stop()

The volumes are folders of the host, so that what an image wrote can be read: journey.built is what the build
image saw as /mnt, journey.mnt what the run image sees.
"""
import http.client
import json
import os
import pathlib
import shutil
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "docker"), str(HERE.parent / "support")]
from container import LIMIT_S, PREFIX, Container, Failed, check, docker  # noqa: E402  (found by the line above)
from folder_watch import FolderWatch  # noqa: E402

APPS = HERE / "apps"
MOP = (441, 444)
ROWS = []
# What a platform gives its containers: nothing of the image is writable, no capability, no way to more rights.
HARDENED = ("--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges")
BUILD_LIMIT_S = 600
START_LIMIT_S = 120  # Tomcat needs five seconds of a processor, and others use it, too
SAMPLE = """[program:app]
command=start
environment=
  PORT=8080,
  NODE_ENV=production
stdout_logfile=/mnt/log/app.log
"""


def row(name, what):
    """Registers a test: its name is a row of the table in docs/images.md."""
    def register(function):
        ROWS.append((name, what, function))
        return function
    return register


def network():
    """Options for a container that installs packages: the machine's network, its certificates and registry."""
    options = ["--network=host"]
    certificates = os.environ.get("NODE_EXTRA_CA_CERTS")
    if certificates:
        options += ["--volume=%s:%s:ro" % (certificates, certificates), "--env=NODE_EXTRA_CA_CERTS"]
    for name in ("http_proxy", "https_proxy", "no_proxy", "npm_config_registry"):
        options += ["--env=" + name] if name in os.environ else []
    return options


def environment(values):
    return ["--env=%s=%s" % pair for pair in (values or {}).items()]


def folders(root, names):
    root.mkdir(parents=True, exist_ok=True)
    for name in names:
        (root / name).mkdir(parents=True)
    give_to_mop(root)


def give_to_mop(root):
    for path in [root, *root.rglob("*")]:
        os.chown(path, *MOP, follow_symlinks=False)


def address_of(name):
    status, text = docker("inspect", "--format={{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", name)
    if status != 0 or not text.strip():
        raise Failed("no address of container %s: %s" % (name, text))
    return text.strip()


def ask(address, path="/", port=8080, method="GET", body=None, headers=None):
    """Status, body and headers of one HTTP answer."""
    connection = http.client.HTTPConnection(address, port, timeout=LIMIT_S)
    try:
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())
    finally:
        connection.close()


def once_it_answers(container, path="/", port=8080):
    """The first answer of an application that is just starting. Nothing tells when somebody else begins to
    listen, so this asks again and again."""
    deadline = time.monotonic() + START_LIMIT_S
    while True:
        try:
            return ask(address_of(container.name), path, port)
        except (OSError, Failed) as error:  # nobody listens, or the engine has not made it yet
            if time.monotonic() > deadline or container.process.poll() is not None:
                raise Failed("no answer: %s; the container said %r" % (error, container.rest(1)[-800:])) from None
            time.sleep(0.05)


class Journey:
    def __init__(self, files, language, application, build_env=None, run_env=None, run_options=HARDENED):
        self.language, self.files = language, files
        self.build_env, self.run_env, self.run_options = build_env, run_env, run_options
        self.built, self.mnt = files.path / "build", files.path / "mnt"
        folders(self.built, ("output", "home", "tmp"))
        shutil.copytree(application, self.built / "input", symlinks=True)
        give_to_mop(self.built)
        self.box = None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self.box:
            if error[0]:
                log = self.mnt / "log" / "app.log"
                print("--- app.log of %s ends in\n%s" % (self.language, log.read_text(errors="replace")[-1500:]
                                                         if log.exists() else "(not there)"), file=sys.stderr)
            self.box.__exit__(*error)

    def build(self, status=0):
        """Runs the build image; its output. What it is to end with may be said."""
        got, text = docker("run", "--rm", *network(), "--volume=%s:/mnt" % self.built, *environment(self.build_env),
                           "%s/build-%s" % (PREFIX, self.language), "build", limit_s=BUILD_LIMIT_S)
        if got != status:
            raise Failed("build ended with %d, not %d: %s" % (got, status, text[-1500:]))
        return text

    def ship(self):
        """What the platform does in between: the output becomes /mnt/app of a volume of its own."""
        folders(self.mnt, ("home", "log", "notifications", "tmp", "app-storage"))
        (self.built / "output").rename(self.mnt / "app")
        (self.built / "output").mkdir()
        os.chown(self.built / "output", *MOP)

    def start(self, configuration=SAMPLE, path="/"):
        """Runs the run image until the application answers; its first answer."""
        if not self.mnt.exists():
            self.ship()
        if configuration is not None:
            file = self.mnt / "supervisor.conf"
            file.write_text(configuration)
            os.chown(file, *MOP)
        self.box = Container("--network=bridge", "--volume=%s:/mnt" % self.mnt, *self.run_options,
                             *environment(self.run_env), image="run-" + self.language)
        self.box.__enter__()
        return once_it_answers(self.box, path)

    def get(self, path="/", **how):
        return ask(address_of(self.box.name), path, **how)[:2]

    def expect(self, path, body):
        status, got, _ = once_it_answers(self.box, path)
        check("status of " + path, status, 200)
        if body.encode() not in got:
            raise Failed("no %r in %r" % (body, got[:500]))

    def log(self):
        return (self.mnt / "log" / "app.log").read_text(errors="replace")

    def pid(self):
        return self.box.ask("modctl", "pid", "app")

    def withstands(self, path, body, crash="KILL"):
        """Restarts by both clients, rotation, a crash with its notice."""
        self.expect(path, body)
        for client in ("modctl", "supervisorctl"):
            before = self.pid()
            check(client + " restart", self.box.ask(client, "restart", "app"), "app: stopped\napp: started")
            if self.pid() == before:
                raise Failed("%s restart: still process %s" % (client, before))
            self.expect(path, body)
        self.crashes(crash)
        self.expect(path, body)

    def crashes(self, signal="KILL"):
        """A signal from outside ends the application: the notice of it, which also is returned."""
        before = self.pid()
        watch = FolderWatch(self.mnt / "notifications")
        try:
            self.box.ask("sh", "-c", "kill -%s %s" % (signal, before))
            notice = self.notice(watch, lambda it: it.get("Process", {}).get("Pid") == int(before))
        finally:
            watch.close()
        check("kind of notice", notice["Kind"], "crash")
        check("signal", notice["Process"]["SignalName"], "SIG" + signal)
        return notice

    def notice(self, watch, wanted=lambda notice: True):
        deadline = time.monotonic() + LIMIT_S
        while True:
            for file in sorted((self.mnt / "notifications").glob("*.json")):
                notice = json.loads(file.read_text())
                if wanted(notice):
                    return notice
            if not watch.wait(deadline - time.monotonic()):
                raise Failed("no notice of it in %s" % [file.name for file in (self.mnt / "notifications").iterdir()])

    def rotates(self, path="/", limit=2000):
        """Asks until app.log was rotated; start it with a small stdout_logfile_maxbytes and an application that
        prints a line for each request."""
        for _ in range(limit):
            if (self.mnt / "log" / "app.log.1").exists():
                return
            self.get(path)
        raise Failed("no app.log.1 after %d requests; app.log has %d bytes" % (limit, len(self.log())))

    def stop(self, status=0, within_s=5):
        """docker stop: in time, with this exit status."""
        begin = time.monotonic()
        check("exit status", self.box.stop(), status)
        took = time.monotonic() - begin
        if took > within_s:
            raise Failed("docker stop took %.1f s" % took)
