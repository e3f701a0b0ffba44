#!/usr/bin/env python3
"""Are the manifests in docs/kubernetes what the Kubernetes API publishes, and do they fit each other and the images?

    manifests.py FOLDER MODINIT     # FOLDER is made: the schemas are installed there with npm

The schemas are taken strictly: what they do not name is an error. That errors are found is tried as well, with
changes to these manifests. Exit status 77 where there is no npm.
"""
import configparser
import copy
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import jsonschema
import yaml

HERE = pathlib.Path(__file__).resolve().parent
REPO = HERE.parents[1]
MANIFESTS = REPO / "docs" / "kubernetes"
QUANTITY = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?")
MODCTL_TIMEOUT_S = 5  # modctl health waits that long for an answer

# A place in a manifest, what to put there (ABSENT: nothing), and how the error that is to follow begins.
ABSENT = object()
POD = ("spec", "template", "spec")
APP = (*POD, "containers", 0)
BREAKS = (
    ("Deployment", (*APP, "readinessProbes"), {}, "spec.template.spec.containers.0: Additional properties"),
    ("Deployment", (*APP, "livenessProbe", "exec", "command"), "modctl health", "spec.template.spec.containers.0.livenessProbe.exec.command"),
    ("Deployment", (*APP, "securityContext", "runAsNonroot"), True, "spec.template.spec.containers.0.securityContext: Additional"),
    ("Deployment", (*APP, "resources", "limits", "memory"), "512 MB", "spec.template.spec.containers.0.resources.limits.memory"),
    ("Deployment", (*APP, "name"), ABSENT, "spec.template.spec.containers.0: 'name' is a required property"),
    ("Deployment", (*APP, "terminationMessagePolicy"), "Always", "spec.template.spec.containers.0.terminationMessagePolicy"),
    ("Deployment", (*POD, "terminationGracePeriodSeconds"), "15s", "spec.template.spec.terminationGracePeriodSeconds"),
    ("Deployment", ("spec", "selector"), ABSENT, "spec: 'selector' is a required property"),
    ("Deployment", ("apiVersion",), "apps/v2", "no schema"),
    ("Service", ("spec", "ports", 0, "port"), "http", "spec.ports.0.port"),
    ("ConfigMap", ("data", "supervisor.conf"), {"program": "app"}, "data.supervisor.conf"),
    ("Secret", ("stringdata",), {}, "(top): Additional properties"),
    ("PodDisruptionBudget", ("spec", "minAvailable"), 0.5, "spec.minAvailable"),
    ("Job", ("spec", "backoffLimit"), None, "spec.backoffLimit"),
)


class UniqueKeys(yaml.SafeLoader):
    """YAML as SafeLoader reads it, but a key that is there twice is an error."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if len(set(keys)) != len(keys):
            raise yaml.constructor.ConstructorError(None, None, "a key twice among %s" % keys, node.start_mark)
        return super().construct_mapping(node, deep)


def install(folder):
    """npm's packages into the folder, once for each lock file."""
    lock = HERE / "package-lock.json"
    done = folder / "installed"
    if done.exists() and done.read_bytes() == lock.read_bytes():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for file in (HERE / "package.json", lock):
        shutil.copy(file, folder)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True, timeout=240)
    shutil.copy(lock, done)


def strict(node):
    """A schema without null where a value is optional, and with nothing permitted that is not named."""
    if isinstance(node, list):
        return [strict(it) for it in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        return {"$ref": "#/definitions/" + node["$ref"].rstrip("#")}
    one_of = node.get("oneOf")
    if isinstance(one_of, list) and {"type": "null"} in one_of:
        return strict(next(it for it in one_of if it != {"type": "null"}))
    result = {key: strict(value) for key, value in node.items()}
    if node.get("type") == "object" and "properties" in node:
        result.setdefault("additionalProperties", False)
    return result


class Api:
    def __init__(self, folder):
        install(folder)
        text = subprocess.run(["node", str(HERE / "schemas.js"), str(folder)], stdout=subprocess.PIPE, check=True, timeout=60).stdout
        self.definitions = strict(json.loads(text))
        self.kinds = {}
        for name, schema in self.definitions.items():
            enums = [schema.get("properties", {}).get(key, {}).get("enum", [None])[0] for key in ("apiVersion", "kind")]
            self.kinds[tuple(enums)] = name
        self.formats = jsonschema.FormatChecker(formats=())
        self.formats.checks("quantity")(lambda text: not isinstance(text, str) or bool(QUANTITY.fullmatch(text)))

    def errors(self, document):
        name = self.kinds.get((document.get("apiVersion"), document.get("kind")))
        if name is None:
            return ["no schema for %s %s" % (document.get("apiVersion"), document.get("kind"))]
        schema = {"$ref": "#/definitions/" + name, "definitions": self.definitions}
        found = jsonschema.Draft7Validator(schema, format_checker=self.formats).iter_errors(document)
        return sorted(".".join(map(str, it.absolute_path)) + ": " + it.message if it.absolute_path else "(top): " + it.message
                      for it in found)


def read_all():
    """(file, document) of every manifest."""
    return [(file.relative_to(MANIFESTS), document) for file in sorted(MANIFESTS.rglob("*.yaml"))
            for document in yaml.load_all(file.read_text(), UniqueKeys)]


def broken(document, place, value):
    result = copy.deepcopy(document)
    inner = result
    for key in place[:-1]:
        inner = inner[key]
    if value is ABSENT:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return result


def breaks_not_found(api, of_kind):
    for kind, place, value, begin in BREAKS:
        errors = api.errors(broken(of_kind[kind], place, value))
        if not any(it.startswith(begin) for it in errors):
            yield "not found: %s with another %s: %s" % (kind, ".".join(map(str, place)), errors)


def pods(documents):
    """(name, pod specification) of what makes Pods."""
    return [("%s %s" % (it["kind"], it["metadata"]["name"]), it["spec"]["template"]["spec"])
            for it in documents if "template" in it.get("spec", {})]


def unprotected(name, pod):
    """What a Pod has that it must not have."""
    of_pod = pod.get("securityContext", {})
    wanted = {"runAsNonRoot": True, "runAsUser": 441, "runAsGroup": 444, "fsGroup": 444, "seccompProfile": {"type": "RuntimeDefault"}}
    yield from ("%s: %s is %r" % (name, key, of_pod.get(key)) for key in wanted if of_pod.get(key) != wanted[key])
    if pod.get("automountServiceAccountToken") is not False:
        yield name + ": has a token for the API"
    for container in pod["containers"] + pod.get("initContainers", []):
        got = container.get("securityContext", {})
        if (got.get("allowPrivilegeEscalation"), got.get("readOnlyRootFilesystem"), got.get("capabilities")) != (False, True, {"drop": ["ALL"]}):
            yield "%s, %s: not hardened: %s" % (name, container["name"], got)
        if "memory" not in container.get("resources", {}).get("limits", {}):
            yield "%s, %s: no limit of memory" % (name, container["name"])


def misfits(of_kind, settings):
    """Where the manifests do not fit each other, or the settings of process 1."""
    deployment, service = of_kind["Deployment"]["spec"], of_kind["Service"]["spec"]
    pod = deployment["template"]["spec"]
    app = pod["containers"][0]
    labels = deployment["template"]["metadata"]["labels"]
    mounted, volumes = {it["name"] for it in app["volumeMounts"]}, {it["name"]: it for it in pod["volumes"]}
    grace = int(app["lifecycle"]["preStop"]["exec"]["command"][1]) + settings.getint("supervisord", "shutdown_deadline")
    rules = {
        "the Deployment selects its own Pods": deployment["selector"]["matchLabels"] == labels,
        "the Service selects them": service["selector"] == labels,
        "the PodDisruptionBudget selects them": of_kind["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels,
        "it lets a Pod go": of_kind["PodDisruptionBudget"]["spec"]["minAvailable"] < deployment["replicas"],
        "the Service names a port": service["ports"][0]["targetPort"] in [it["name"] for it in app["ports"]],
        "PORT is that port": {"name": "PORT", "value": str(app["ports"][0]["containerPort"])} in app["env"],
        "what is mounted is a volume, and each is mounted": mounted == set(volumes),
        "the ConfigMap is that": volumes["configuration"]["configMap"]["name"] == of_kind["ConfigMap"]["metadata"]["name"],
        "the Secret is that": volumes["secrets"]["secret"]["secretName"] == of_kind["Secret"]["metadata"]["name"],
        "the kubelet waits longer than process 1 needs": pod["terminationGracePeriodSeconds"] > grace,
        "the reason of an end is where it is looked for": settings.get("navi", "termination_log") == app["terminationMessagePath"],
        "probes wait longer than modctl does": all(app[it]["timeoutSeconds"] > MODCTL_TIMEOUT_S
                                                   for it in ("startupProbe", "readinessProbe", "livenessProbe")),
        "probes ask modctl": all("modctl health" in " ".join(app[it]["exec"]["command"])
                                 for it in ("startupProbe", "readinessProbe", "livenessProbe")),
    }
    return ["not so: " + rule for rule, holds in rules.items() if not holds]


def setting_errors(modinit, name, text):
    """What modinit says of a /mnt/supervisor.conf in the configuration that the run images have."""
    with tempfile.TemporaryDirectory() as folder:
        main = (REPO / "images/run-base/etc/supervisor/supervisord.conf").read_text()
        main = main.replace("/mnt/", folder + "/").replace("user=mop\n", "")
        for part in ("home", "log", "tmp", "notifications"):
            os.mkdir(folder + "/" + part)
        pathlib.Path(folder, "main.conf").write_text(main)
        pathlib.Path(folder, "supervisor.conf").write_text(text)
        done = subprocess.run([modinit, "--check", "-c", folder + "/main.conf"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=30, check=False)
    if done.returncode != 0 or "unknown" in done.stdout or "WARN" in done.stdout:
        yield "%s: status %d, %s" % (name, done.returncode, done.stdout)


def main():
    folder, modinit = pathlib.Path(sys.argv[1]), sys.argv[2]
    if not shutil.which("npm") or not shutil.which("node"):
        print("NOT TESTED: there is no npm")
        return 77
    api = Api(folder)
    manifests = read_all()
    documents = [document for _, document in manifests]
    of_kind = {document["kind"]: document for document in documents}
    text = of_kind["ConfigMap"]["data"]["supervisor.conf"]
    settings = configparser.ConfigParser(interpolation=None)
    settings.read_string(text)
    problems = ["%s, %s" % (file, error) for file, document in manifests for error in api.errors(document)]
    problems += breaks_not_found(api, of_kind)
    problems += [it for name, pod in pods(documents) for it in unprotected(name, pod)]
    problems += misfits(of_kind, settings)
    problems += setting_errors(modinit, "ConfigMap", text)
    for file in sorted((REPO / "images" / "stack").glob("*.conf")):
        if file.name != "site.conf":
            problems += setting_errors(modinit, file.name, file.read_text())
    if not list(setting_errors(modinit, "broken", text + "[program:other]\ncomand=start\n")):
        problems.append("not found: a broken /mnt/supervisor.conf")
    print("\n".join(problems + ["%d manifests, %d broken ones, %d problems" % (len(manifests), len(BREAKS), len(problems))]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
