"""images/stack.yml on a Swarm of one node: updates, a crash, the end, with requests under way all the time.

An engine that is in no swarm becomes one for the time of these rows. Nothing here asks whether something has come
true yet where the engine tells it as an event.
"""
import contextlib
import http.client
import itertools
import os
import pathlib
import queue
import random
import socket
import subprocess
import threading
import time

from container import PREFIX, Failed, check, docker
from journey import row

IMAGES = pathlib.Path(__file__).resolve().parents[2] / "images"
LIMIT_S = 120  # what takes longer has failed
GRACE_S = 10  # stop_grace_period of stack.yml
NUMBERS = itertools.count(1)
SITE = 'server { listen 8080 default_server; location / { return 200 "%s\\n"; } }\n'
DOCKERFILE = "FROM %s/run-static\nCOPY --chown=441:444 app/ /mnt/app/\n"
FAILING = "COPY fails /etc/my_init.d/20_fails\n"


def succeed(*words, limit_s=LIMIT_S, env=None, stdin=subprocess.DEVNULL):
    done = subprocess.run(["docker", *words], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=limit_s,
                          check=False, text=True, env={**os.environ, **(env or {})})
    if done.returncode != 0:
        raise Failed("docker %s: %s" % (" ".join(words), done.stdout[-800:]))
    return done.stdout.strip()


def free_port():
    with socket.socket() as it:
        it.bind(("", 0))
        return it.getsockname()[1]


def free_data_port():
    """A UDP port that Docker permits (up to 49151), and that nobody gets by chance."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as it, contextlib.suppress(OSError):
            it.bind(("", random.randrange(20000, 32000)))
            return it.getsockname()[1]


class Swarm:
    """A swarm for as long as one row needs it. Whoever made it leaves it, with what it left in the engine."""
    lock = threading.Lock()
    users = 0
    ours = False
    had_bridge = True

    def __enter__(self):
        with Swarm.lock:
            if Swarm.users == 0 and succeed("info", "--format={{.Swarm.LocalNodeState}}") == "inactive":
                Swarm.had_bridge = docker("network", "inspect", "docker_gwbridge")[0] == 0
                self.own_bridge()
                succeed("swarm", "init", "--advertise-addr=127.0.0.1", "--listen-addr=127.0.0.1:%d" % free_port(),
                        "--data-path-port=%d" % free_data_port())
                Swarm.ours = True
            Swarm.users += 1

    @staticmethod
    def own_bridge():
        """The bridge of that name may be another engine's of this machine, and two do not share one."""
        if not Swarm.had_bridge and pathlib.Path("/sys/class/net/docker_gwbridge").exists():
            succeed("network", "create", "--subnet=100.99.45.0/24", "--opt=com.docker.network.bridge.enable_icc=false",
                    "--opt=com.docker.network.bridge.enable_ip_masquerade=true",
                    "--opt=com.docker.network.bridge.name=modinit%d" % (os.getpid() % 10000), "docker_gwbridge")

    def __exit__(self, *unused):
        with Swarm.lock:
            Swarm.users -= 1
            if Swarm.users == 0 and Swarm.ours:
                docker("swarm", "leave", "--force", limit_s=LIMIT_S)
                if not Swarm.had_bridge:
                    docker("network", "rm", "docker_gwbridge", limit_s=LIMIT_S)
                Swarm.ours = False


class Events:
    """The engine's events of one kind from here on, each as a list of the fields asked for."""

    def __init__(self, fields, *filters):
        self.seen = queue.Queue()
        # The engine begins to tell some time after it was asked to: what it has told nobody until then is wanted, too.
        self.process = subprocess.Popen(
            ["docker", "events", "--since=%.6f" % time.time(), "--format=" + "\t".join(fields),
             *("--filter=" + it for it in filters)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.thread = threading.Thread(target=self._read)
        self.thread.start()

    def _read(self):
        for line in self.process.stdout:
            self.seen.put(line.rstrip("\n").split("\t"))

    def next(self, what, deadline):
        try:
            return self.seen.get(timeout=max(0, deadline - time.monotonic()))
        except queue.Empty:
            raise Failed("not in time: " + what) from None

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.process.kill()
        self.process.wait()
        self.thread.join()
        self.process.stdout.close()


class Requests:
    """Asks web again and again until told to end: on one connection that is kept, and on a new one each time. The
    latter with POST, if that is what is asked for: nginx gives such a request to no second replica."""

    def __init__(self, port, posts=False):
        self.posts = posts
        self.port, self.bodies, self.failures = port, {}, []
        self.lock, self.ended, self.new_body = threading.Lock(), threading.Event(), threading.Condition()
        self.threads = [threading.Thread(target=self._ask, args=(kept,)) for kept in (True, False)]

    def _ask(self, kept):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        while not self.ended.wait(0.02):  # a pause, so that others are served as well
            begin = time.monotonic()
            try:
                if kept:
                    connection.request("GET", "/")
                else:
                    connection.request("POST" if self.posts else "GET", "/", headers={"Connection": "close"})
                answer = connection.getresponse()
                self._note(answer.status, answer.read().decode().strip())
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                self._note("%s after %.2f s" % (error, time.monotonic() - begin), "")
        connection.close()

    def _note(self, status, body):
        with self.new_body:
            if status == 200:
                self.bodies[body] = self.bodies.get(body, 0) + 1
            else:
                self.failures.append((status, body[:80]))
            self.new_body.notify_all()

    def wait_for(self, body, more=1):
        """Until so many further answers are this."""
        with self.new_body:
            wanted = self.bodies.get(body, 0) + more
            if not self.new_body.wait_for(lambda: self.bodies.get(body, 0) >= wanted, LIMIT_S):
                raise Failed("no %r in %s, failures %s" % (body, self.bodies, self.failures[:5]))

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *unused):
        self.ended.set()
        for thread in self.threads:
            thread.join()

    def none_failed(self):
        check("failed requests of %d" % sum(self.bodies.values()), self.failures, [])


class Stack:
    """stack.yml deployed with two replicas of an application, an nginx."""

    def __init__(self, files):
        self.files, self.port = files, free_port()
        self.name = "modinit-test-%d-%d" % (os.getpid(), next(NUMBERS))
        self.label = "label=com.docker.stack.namespace=" + self.name
        self.images = []

    def image(self, version, further=""):
        """The application, which answers everything with its version; further lines of its Dockerfile."""
        folder = self.files.path / version
        self.files.file(version + "/app/sites-enabled/site.conf", SITE % version)
        self.files.file(version + "/fails", "#!/bin/sh\nexit 3\n", 0o755)
        self.files.file(version + "/Dockerfile", DOCKERFILE % PREFIX + further)
        name = "%s:%s" % (self.name, version)
        succeed("build", "--quiet", "--tag=" + name, str(folder))
        self.images.append(name)
        return name

    def deploy(self, image):
        succeed("stack", "deploy", "--resolve-image=never", "--compose-file=%s" % (IMAGES / "stack.yml"), self.name, env={
            "APP_IMAGE": image, "WEB_IMAGE": PREFIX + "/run-static", "WEB_PORT": str(self.port),
            "APP_SECRETS": self.files.file("secrets", "TOKEN=known to the application\n")})

    def start(self, image):
        """Deploys it for the first time: until all three containers are healthy and web has an answer of app's."""
        deadline = time.monotonic() + LIMIT_S
        with Events(["{{.ID}}", "{{.Action}}"], self.label, "event=health_status", "event=die") as events:
            self.deploy(image)
            healthy = set()
            while len(healthy) < 3:
                container, action = events.next("three healthy containers", deadline)
                if action == "die":
                    raise Failed("a container died at the start")
                if action == "health_status: healthy":
                    healthy.add(container)
        # The engine gives a name to what is healthy, but tells nobody when it has.
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
            with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
                connection.request("GET", "/")
                if connection.getresponse().status == 200:
                    return
            if time.monotonic() > deadline:
                raise Failed("no answer through web")
            time.sleep(0.1)

    def update(self, image, wanted):
        """Deploys another image; returns once the service's update ended, which it must do in this state."""
        deadline = time.monotonic() + LIMIT_S
        with Events(['{{index .Actor.Attributes "updatestate.new"}}'], "type=service", "event=update",
                    "service=%s_app" % self.name) as events:
            self.deploy(image)
            state = ""
            while state not in ("completed", "paused", "rollback_completed", "rollback_paused"):
                state = events.next("end of the update, which is " + (state or "not begun"), deadline)[0] or state
        check("state of the update", state, wanted)

    def containers(self, service):
        return succeed("ps", "--quiet", "--no-trunc", "--filter=label=com.docker.swarm.service.name=%s_%s" %
                       (self.name, service)).split()

    def remove(self):
        """Removes the stack: exit status and seconds from the signal to the end, of each container."""
        left = set(self.containers("app") + self.containers("web"))
        fields = ["{{.ID}}", "{{.Action}}", "{{.TimeNano}}", '{{index .Actor.Attributes "exitCode"}}']
        deadline = time.monotonic() + LIMIT_S
        told, ends = {}, []
        with Events(fields, self.label, "event=kill", "event=die") as events:
            succeed("stack", "rm", self.name)
            while left:
                container, action, nanoseconds, status = events.next("end of %d containers" % len(left), deadline)
                if action == "kill":
                    told.setdefault(container, int(nanoseconds))
                elif container in left:
                    left.discard(container)
                    ends.append((int(status), (int(nanoseconds) - told[container]) / 1e9))
        return ends

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if error[0]:
            for service in ("app", "web"):
                for words in (("ps", "--no-trunc"), ("logs", "--tail=8")):
                    print(docker("service", *words, "%s_%s" % (self.name, service))[1])
        docker("stack", "rm", self.name, limit_s=LIMIT_S)
        self._wait_until_gone()
        for image in self.images:
            docker("rmi", "--force", image, limit_s=LIMIT_S)

    def _wait_until_gone(self):
        """Containers first, then the network, which those hold. `stack rm` waits for neither."""
        deadline = time.monotonic() + LIMIT_S
        while time.monotonic() < deadline and (docker("ps", "--all", "--quiet", "--filter=" + self.label)[1].strip() or
                                               docker("network", "ls", "--quiet", "--filter=" + self.label)[1].strip()):
            time.sleep(0.2)


@row("stack-update", "a Swarm updates two replicas in turn, and takes back what does not come up; no request fails; the secret is mop's")
def update(files):
    with Swarm(), Stack(files) as stack:
        stack.start(stack.image("one"))
        container = stack.containers("app")[0]
        check("the secret", succeed("exec", container, "cat", "/run/secrets/app"), "TOKEN=known to the application")
        check("its owner", succeed("exec", container, "stat", "-c", "%u:%g %a", "/run/secrets/app"), "441:444 400")
        with Requests(stack.port, posts=True) as requests:
            requests.wait_for("one")
            stack.update(stack.image("broken", FAILING), "rollback_completed")
            requests.wait_for("one", 20)
            check("versions seen", sorted(requests.bodies), ["one"])
            second = stack.image("two")
            stack.update(second, "completed")
            requests.wait_for("two", 20)
        requests.none_failed()
        check("versions seen", sorted(requests.bodies), ["one", "two"])
        check("replicas of the new version", len(succeed("ps", "--quiet", "--filter=ancestor=" + second).split()), 2)


@row("stack-crash", "a replica's killed process is started again in its container, no request fails; the stack ends in time")
def crash(files):
    with Swarm(), Stack(files) as stack:
        stack.start(stack.image("one"))
        containers = stack.containers("app")
        with Requests(stack.port) as requests:
            requests.wait_for("one")
            before = succeed("exec", containers[0], "modctl", "pid", "app")
            succeed("exec", containers[0], "sh", "-c", "kill -KILL " + before)
            until_runs_again(containers[0])
            requests.wait_for("one", 20)
        requests.none_failed()
        if succeed("exec", containers[0], "modctl", "pid", "app") == before:
            raise Failed("still process " + before)
        check("containers", sorted(stack.containers("app")), sorted(containers))
        check("notices", len(succeed("exec", containers[0], "ls", "/mnt/notifications").split()), 1)
        for status, seconds in stack.remove():
            check("exit status", status, 0)
            if seconds >= GRACE_S:
                raise Failed("%.1f s from the signal to the end" % seconds)


def until_runs_again(container):
    """The second time its log says that app runs."""
    with subprocess.Popen(["docker", "logs", "--follow", container], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True) as log:
        limit = threading.Timer(LIMIT_S, log.kill)
        limit.start()
        runs = 0
        while runs < 2:
            line = log.stdout.readline()
            if not line:
                raise Failed("app did not run again")
            runs += "app entered RUNNING state" in line
        limit.cancel()
        log.kill()
