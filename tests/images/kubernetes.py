"""docs/kubernetes without a cluster: a container with what its Deployment asks for, and with the volumes that a kubelet
makes. Whether the API takes the manifests is tested in tests/kubernetes."""
import os
import pathlib
import time

import yaml

from container import Container, Failed, check
from journey import row

MANIFESTS = pathlib.Path(__file__).resolve().parents[2] / "docs" / "kubernetes"
PAGE = "server { listen 8080; root /mnt/app; }\n"
RUNS = "app entered RUNNING state"


def manifest(file):
    return yaml.safe_load((MANIFESTS / file).read_text())


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
        security = self.specification["securityContext"]
        self.box = Container("--user=%d:%d" % (security["runAsUser"], security["runAsGroup"]), "--group-add=%d" % security["fsGroup"],
                             "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges",
                             *("--env=%(name)s=%(value)s" % it for it in self.app["env"]),
                             *(self.mount(it) for it in self.app["volumeMounts"]),
                             "--volume=%s:%s" % (self.reason, self.app["terminationMessagePath"]),
                             "--volume=%s:/mnt/app:ro" % (files.path / "app"), *options, image="run-static")

    def mount(self, mount):
        """An option: root's, and the group's that fsGroup names, as the kubelet makes it."""
        volume = next(it for it in self.specification["volumes"] if it["name"] == mount["name"])
        group = self.specification["securityContext"]["fsGroup"]
        if "emptyDir" in volume:
            path = self.files.path / "volumes" / volume["name"]
            path.mkdir(parents=True)
            os.chown(path, 0, group)
            path.chmod(0o2777)
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
        begin = time.monotonic()
        box.ask(*it.app["lifecycle"]["preStop"]["exec"]["command"])
        check("exit status", box.stop(), 0)
        took = time.monotonic() - begin
        if took >= it.specification["terminationGracePeriodSeconds"]:
            raise Failed("%.1f s from preStop to the end" % took)


@row("kubernetes-reason", "an application that cannot be kept running ends its Pod's container, with the reason for kubectl describe")
def reason(files):
    it = Pod(files, "--env=APP_DIR=/nowhere")
    with it.box as box:
        check("exit status", box.status(), 2)
        text = it.reason.read_text()
        check("reason, which is %r" % text, ["app" in text.splitlines()[0], "APP_DIR, /nowhere, is not there" in text], [True, True])
