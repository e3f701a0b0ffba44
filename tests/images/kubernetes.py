"""docs/kubernetes without a cluster: a container with what its Deployment asks for, and with the volumes that a kubelet
makes. Whether the API takes the manifests is tested in tests/kubernetes."""
import os
import pathlib
import tarfile

import yaml

from container import PREFIX, Container, Failed, check, docker
from journey import row

MANIFESTS = pathlib.Path(__file__).resolve().parents[2] / "docs" / "kubernetes"
PAGE = "server { listen 8080; root /mnt/app; }\n"
RUNS = "app entered RUNNING state"


def manifest(file):
    return yaml.safe_load((MANIFESTS / file).read_text())


def folder_of(group, path):
    """What the kubelet makes of a volume: root's, and the group's that fsGroup names."""
    path.mkdir(parents=True)
    os.chown(path, 0, group)
    path.chmod(0o2777)
    return path


def secured(specification):
    """Options of docker run for what a Pod says of rights."""
    security = specification["securityContext"]
    return ["--user=%d:%d" % (security["runAsUser"], security["runAsGroup"]), "--group-add=%d" % security["fsGroup"],
            "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges"]


class Pod:
    """The only container of the Deployment, with nginx as the application."""

    def __init__(self, files, *options):
        self.specification = manifest("deployment.yaml")["spec"]["template"]["spec"]
        self.app = self.specification["containers"][0]
        self.files = files
        files.file("app/index.html", "hello\n")
        files.file("app/sites-enabled/site", PAGE)
        self.reason = pathlib.Path(files.file("reason", ""))
        self.reason.chmod(0o666)
        self.box = Container(*secured(self.specification),
                             *("--env=%(name)s=%(value)s" % it for it in self.app["env"]),
                             *(self.mount(it) for it in self.app["volumeMounts"]),
                             "--volume=%s:%s" % (self.reason, self.app["terminationMessagePath"]),
                             "--volume=%s:/mnt/app:ro" % (files.path / "app"), *options, image="run-static")

    def mount(self, mount):
        """An option: that volume, in its place."""
        volume = next(it for it in self.specification["volumes"] if it["name"] == mount["name"])
        group = self.specification["securityContext"]["fsGroup"]
        if "emptyDir" in volume:
            path = folder_of(group, self.files.path / "volumes" / volume["name"])
            return "--volume=%s:%s" % (path, mount["mountPath"])
        if "configMap" in volume:
            text = manifest("configuration.yaml")["data"][mount["subPath"]]
            return "--volume=%s:%s:ro" % (self.files.file("volumes/" + mount["subPath"], text), mount["mountPath"])
        mode = volume["secret"]["defaultMode"]
        for name, text in manifest("secret.example.yaml")["stringData"].items():
            path = self.files.file("volumes/secret/" + name, text, mode)
            os.chown(path, 0, group)
        return "--volume=%s:%s:ro" % (self.files.path / "volumes" / "secret", mount["mountPath"])

    def probe(self, name):
        return self.box.run(*self.app[name]["exec"]["command"])

    def probes(self):
        """What startup, readiness and liveness say now."""
        return [self.probe(it)[0] for it in ("startupProbe", "readinessProbe", "livenessProbe")]


@row("kubernetes-pod", "as the Deployment of docs/kubernetes has it: probes while the application runs, is down, crashes; an end in time")
def pod(files):
    it = Pod(files)
    with it.box as box:
        box.expect(RUNS)
        check("probes", it.probes(), [0, 0, 0])
        check("secret", box.ask("cat", "/run/secrets/app/token"), "replace-me")
        box.ask("modctl", "stop", "app")
        check("probes while it is down", it.probes(), [1, 1, 0])
        box.ask("modctl", "start", "app")
        box.expect(RUNS)
        box.ask("sh", "-c", "kill -KILL $(modctl pid app)")
        check("liveness after a crash", it.probe("livenessProbe")[0], 0)
        box.expect(RUNS)
        check("probes", it.probes(), [0, 0, 0])
        program, seconds = it.app["lifecycle"]["preStop"]["exec"]["command"]
        box.ask("sh", "-c", "command -v " + program)
        check("exit status", box.stop(), 0)
        took = float(box.line("*** Ended in ").split(" ")[0])
        if took >= it.specification["terminationGracePeriodSeconds"] - int(seconds):
            raise Failed("%.1f s for the end" % took)


@row("kubernetes-reason", "an application that cannot be kept running ends its Pod's container, with the reason for kubectl describe")
def reason(files):
    it = Pod(files, "--env=APP_DIR=/nowhere")
    with it.box as box:
        check("exit status", box.status(), 2)
        text = it.reason.read_text()
        check("reason, which is %r" % text, ["app" in text.splitlines()[0], "APP_DIR, /nowhere, is not there" in text], [True, True])


@row("kubernetes-build", "the Job of docs/kubernetes gets an archive of sources and builds it, twice in the same claim")
def build(files):
    job = next(it for it in yaml.safe_load_all((MANIFESTS / "build" / "job.yaml").read_text()) if it["kind"] == "Job")
    pod_specification = job["spec"]["template"]["spec"]
    claim = folder_of(pod_specification["securityContext"]["fsGroup"], files.path / "claim")
    for version in ("one", "two"):
        files.file("shop-main/index.html", version)
        with tarfile.open(files.path / "sources.tar.gz", "w:gz") as archive:
            archive.add(files.path / "shop-main", "shop-main")
        for container in pod_specification["initContainers"] + pod_specification["containers"]:
            status, text = docker("run", "--rm", "--network=none", *secured(pod_specification),
                                  *("--env=%(name)s=%(value)s" % it for it in container["env"]),
                                  "--volume=%s:%s" % (claim, container["volumeMounts"][0]["mountPath"]),
                                  "--volume=%s:/sources:ro" % files.path, "--env=SOURCES=file:///sources/sources.tar.gz",
                                  PREFIX + "/build-static", *container.get("command", container.get("args")), limit_s=120)
            check(container["name"] + ", which said " + text, status, 0)
        check("result", (claim / "output" / "index.html").read_text(), version)
