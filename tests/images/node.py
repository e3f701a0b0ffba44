"""Node.js applications: from source to stop, and what went wrong with the images of old."""
import base64
import contextlib
import hashlib
import http.server
import io
import json
import re
import tarfile
import threading

from container import PREFIX, Container, Failed, check, docker
from journey import APPS, BUILD_LIMIT_S, HARDENED, SAMPLE, Journey, folders, give_to_mop, network, row

SMALL_LOG = SAMPLE + "stdout_logfile_maxbytes=20KB\n"
SECRETS = ("secret-of-a-person", "token-of-a-person")
FAILS_TWICE = 2


def contains(text, *wanted):
    for word in wanted:
        if word not in text:
            raise Failed("no %r in %r" % (word, text[-1500:]))


def lacks(text, *unwanted):
    for word in unwanted:
        if word in text:
            raise Failed("%r in %r" % (word, text[-1500:]))


def application(files, name, texts):
    """An option: a folder with these files, as /mnt/app."""
    for path, text in texts.items():
        files.file("%s/%s" % (name, path), text if isinstance(text, str) else json.dumps(text))
    give_to_mop(files.path / name)
    return "--volume=%s:/mnt/app" % (files.path / name)


def start(files, name, texts, *options, status=0):
    """`docker run IMAGE start` over these files, without any network, to its end: its output."""
    got, text = docker("run", "--rm", "--network=none", *HARDENED, application(files, name, texts), *options,
                       PREFIX + "/run-node", "start")
    if got != status:
        raise Failed("%s: start ended with %d, not %d: %s" % (name, got, status, text[-800:]))
    return text


def in_order(text, *words):
    places = [text.find(word) for word in words]
    if -1 in places or places != sorted(places):
        raise Failed("not %r, in this order, in %r" % (words, text))


@row("node-express", "an Express application with a lock file: npm ci, then everything an application has to withstand")
def express(files):
    with Journey(files, "node", APPS / "express") as journey:
        text = journey.build()
        contains(text, "Package found: /package.json", "Running command: npm ci --omit=dev")
        if (journey.built / "output/.modulus/node").exists():
            raise Failed("Node.js is bundled although Debian's is in the range")
        if not any((journey.built / "home/.npm/_cacache").iterdir()):
            raise Failed("npm's cache is not on the volume")
        journey.start(SMALL_LOG)
        journey.expect("/.well-known", "seen")
        facts = json.loads(journey.get("/process")[1])
        check("version", facts["version"].split(".")[0], "v18")
        check("npm between", journey.box.ask("cat", "/proc/%s/comm" % journey.pid()), "node")
        check("for tests only", facts["forTests"], False)
        check("npm's variables", {name: facts["environment"].get(name) for name in
                                  ("npm_package_version", "npm_lifecycle_event", "NODE_ENV", "PORT")},
              {"npm_package_version": "1.4.0", "npm_lifecycle_event": "start", "NODE_ENV": "production", "PORT": "8080"})
        in_order(journey.log(), "before the start", "listening on 8080")
        lacks(journey.log(), "WARNING")
        journey.withstands("/", "hello from express")
        journey.rotates()
        journey.expect("/slow-stop", "as you wish")
        journey.stop()
        contains(journey.log(), "closed in peace")


@row("node-version", "engines.node that Debian does not have: fetched by the build, kept on the volume, with headers; started without a network")
def version(files):
    with Journey(files, "node", APPS / "node-version") as journey:
        found = re.search(r"Installing node-linux-\w+@(22\.\d+\.\d+) npm@10\.", journey.build())
        if not found:
            raise Failed("no Node.js 22 was installed")
        lacks(journey.build(), "Installing")
        journey.ship()
        with Container(*HARDENED, "--volume=%s:/mnt" % journey.mnt, "start", image="run-node") as box:
            box.expect("Using the bundled Node.js %s." % found[1])
            box.expect("Running command: node server.js")
            check("stop", box.stop(), 143)
        _, body, _ = journey.start()
        check("answer", body.decode(), "this is Node.js v%s, and 42" % found[1])
        journey.stop()


@row("node-unable", "engines that are no range, or that no version meets, end the build and are named; app.json has its say")
def unable(files):
    with Journey(files, "node", APPS / "node-main", {"MODULUS_CONFIG_ENGINES_NODE": "whatever"}) as journey:
        app = journey.built / "input/app.json"
        app.write_text('{"engines": {"node": "the newest"}}')
        contains(journey.build(1), 'Unable to determine node version: engines.node in app.json is "the newest"')
        app.write_text('{"engines": {"node": "5000.x"}}')
        contains(journey.build(1), 'Unable to determine node version: engines.node is "5000.x"', "The newest is ")


@row("node-main", "only a main file: input and output are mount points, the input read-only; EXEC_ARGS, memory and dot files")
def main_file(files):
    folders(files.path / "mnt", ("out", "home", "tmp"))
    status, text = docker("run", "--rm", *network(), *HARDENED, "--volume=%s:/mnt/input:ro" % (APPS / "node-main"),
                          *("--volume=%s:/mnt/%s" % (files.path / "mnt" / host, inside)
                            for host, inside in (("out", "output"), ("home", "home"), ("tmp", "tmp"))),
                          PREFIX + "/build-node", "build", limit_s=BUILD_LIMIT_S)
    check("build: " + text[-800:], status, 0)
    contains((files.path / "mnt/out/.hidden").read_text(), "seen")
    run = ["run", "--rm", "--network=none", *HARDENED, "--volume=%s:/mnt/app" % (files.path / "mnt/out"),
           "--env=EXEC_ARGS=--no-warnings --stack-trace-limit=7"]
    for option, heap in (("--env=SERVO_SIZE=200", "--max-old-space-size=150"), ("--memory=80m", "--max-old-space-size=60"),
                         ("--env=NODE_OPTIONS=--max-old-space-size=99", "--max-old-space-size=99")):
        status, text = docker(*run, option, PREFIX + "/run-node", "start")
        check("start: " + text[-800:], status, 0)
        facts = json.loads(text.splitlines()[-1])
        check("options", facts["options"], ["--no-warnings", "--stack-trace-limit=7"])
        check("NODE_OPTIONS", facts["environment"]["NODE_OPTIONS"], heap)


@row("node-lookup", "which package.json, which main file; without any application it is an error")
def lookup(files):
    say = "console.log('this is ' + __filename)"
    text = start(files, "deep", {"web/package.json": {"main": "gone.js"}, "web/app.js": say, "web/server.js": say,
                                 "node_modules/a/package.json": {}, ".git/package.json": {}, "a/b/package.json": {}})
    contains(text, "Found package.json: web/package.json", "WARNING: The main file of web/package.json, 'gone.js', is not there",
             "this is /mnt/app/web/app.js")
    contains(start(files, "none", {"server.js": say, "main.js": say}), "No package.json", "this is /mnt/app/server.js")
    contains(start(files, "broken", {"package.json": "{", "index.js": say}, status=1), "package.json cannot be read")
    contains(start(files, "empty", {"readme": ""}, status=1), "No main or start script found. There is no application to run.")


@row("node-status", "the exit status of an application is its own, also that of a start script, a signal's too")
def statuses(files):
    start(files, "exit", {"index.js": "process.exit(7)"}, status=7)
    start(files, "script", {"package.json": {"scripts": {"start": "true && node a.js"}}, "a.js": "process.exit(8)"}, status=8)
    start(files, "killed", {"index.js": "process.kill(process.pid, 'SIGKILL')"}, status=137)
    contains(start(files, "before", {"package.json": {"scripts": {"prestart": "exit 9", "start": "node a.js"}}}, status=9),
             "prestart failed")


@row("node-scripts", "a start script of npm's, through pre-scripts and `npm run`, ends in node alone, which gets the signals")
def scripts(files):
    package = {"name": "@scope/chain", "version": "2.0.0", "config": {"a-b": 5}, "scripts": {
        "start": "export FIRST=1 && npm run prod -- --word 'a b'", "preprod": "echo before",
        "prod": "tool && SECOND=2 node a.js"}}
    program = """
        const { FIRST, SECOND, npm_package_name: name, npm_package_config_a_b: value } = process.env
        console.log('is', process.argv.slice(2).join('|'), FIRST, SECOND, name, value, 'below', process.ppid)
        process.on('SIGHUP', () => console.log('told to hang up'))
        process.on('SIGTERM', () => process.exit(5))
        setInterval(() => {}, 1000)"""
    option = application(files, "chain", {"package.json": package, "a.js": program})
    tool = files.path / "chain/node_modules/.bin/tool"
    files.file(str(tool), "#!/bin/sh\necho a tool\n", 0o755)
    with Container(*HARDENED, option, "start", image="run-node") as box:
        text = box.expect("below 1\n")
        in_order(text, "before", "a tool", "is --word|a b 1 2 @scope/chain 5 ")
        box.kill("HUP")
        box.expect("told to hang up")
        check("stop", box.stop(), 5)


@row("node-pipe", "a start script that is a pipe is stopped as a whole: its port is free for the next start")
def pipe(files):
    with Journey(files, "node", APPS / "node-version") as journey:
        journey.ship()
        (journey.mnt / "app/package.json").write_text('{"scripts": {"start": "node server.js | cat"}}')
        (journey.mnt / "app/server.js").write_text("require('http').createServer((_, answer) => answer.end('through a pipe'))"
                                                   ".listen(process.env.PORT)")
        give_to_mop(journey.mnt)
        journey.start()
        check("restart", journey.box.ask("modctl", "restart", "app"), "app: stopped\napp: started")
        journey.expect("/", "through a pipe")
        check("restarts without being asked", "EADDRINUSE" in journey.log(), False)
        journey.stop()


@row("node-bundles", "a bundle of the old image and one of another machine are named; a range not met is a warning")
def bundles(files):
    say = {"index.js": "console.log('on', process.version)", "package.json": {"main": "index.js", "engines": {"node": "20.x"}}}
    text = start(files, "old", {**say, ".modulus/nvm/alias/deploy": "v4.4.7"})
    contains(text, "WARNING: This application was built by an older build image", "on v18.")
    contains(start(files, "none", say), "WARNING: The application asks for Node.js '20.x'. It runs with v18.")
    text = start(files, "other", {"index.js": "", ".modulus/node-version": "4.4.7"})
    contains(text, "WARNING: The packages were installed for Node.js 4.4.7")
    option = application(files, "foreign", {**say, ".modulus/node/bin/node": "\177ELF of another machine"})
    (files.path / "foreign/.modulus/node/bin/node").chmod(0o755)
    status, text = docker("run", "--rm", "--network=none", *HARDENED, option, PREFIX + "/run-node", "start")
    check("status", status, 1)
    contains(text, "ERROR: The Node.js that was bundled with this application does not run here")


@row("node-tests", "RUN_TESTS=true and nothing else runs npm test; tests that fail end the build")
def tests(files):
    with Journey(files, "node", APPS / "node-main", {"RUN_TESTS": "true"}) as journey:
        contains(journey.build(3), "--include=dev", "checking", "ERROR: The tests failed.")
        journey.build_env = {"RUN_TESTS": "1"}
        lacks(journey.build(), "checking")


class Registry(http.server.BaseHTTPRequestHandler):
    """A private registry with one package, for who has the token; the package cannot be had at first."""

    def log_message(self, *unused):
        pass

    def answer(self, status, body):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_PUT(self):
        user = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = self.path == "/-/user/org.couchdb.user:person" and user["password"] == SECRETS[0]
        self.answer(201 if known else 401, {"ok": known, "token": SECRETS[1]} if known else {"error": "no"})

    def do_GET(self):
        if self.headers.get("Authorization") != "Bearer " + SECRETS[1]:
            return self.answer(401, {"error": "who are you?"})
        if self.path == "/secret-thing/-/thing.tgz":
            return self.answer(200, self.server.package)
        self.server.asked += 1
        if self.server.asked <= FAILS_TWICE:
            return self.answer(503, {"error": "not today"})
        address = "http://127.0.0.1:%d/secret-thing/-/thing.tgz" % self.server.server_port
        digest = "sha512-" + base64.b64encode(hashlib.sha512(self.server.package).digest()).decode()
        return self.answer(200, {"name": "secret-thing", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": {
            "name": "secret-thing", "version": "1.0.0", "dist": {"tarball": address, "integrity": digest}}}})


@contextlib.contextmanager
def registry():
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        text = b'{"name": "secret-thing", "version": "1.0.0"}'
        member = tarfile.TarInfo("package/package.json")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    server.package, server.asked = data.getvalue(), 0
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@row("node-registry", "a private registry: login, three attempts, and no secret in output, logs or files; npm's errors can be ignored")
def private_registry(files):
    with registry() as server, Journey(files, "node", APPS / "node-main") as journey:
        (journey.built / "input/package.json").write_text('{"dependencies": {"secret-thing": "^1.0.0"}}')
        own = {"npm_config_registry": "http://127.0.0.1:%d/" % server.server_port, "npm_config_fetch_retries": "0"}
        journey.build_env = {**own, "MODULUS_CONFIG_IGNORE_NPM_ERRORS": "true"}
        contains(journey.build(), "Ignoring npm errors and continuing build attempt.")
        journey.build_env = {**own, "NPM_USER": "person", "NPM_PASSWORD": SECRETS[0], "NPM_EMAIL": "person@example.org"}
        text = journey.build()
        contains(text, "as person")
        check("attempts", text.count("npm install failed, trying again"), FAILS_TWICE)
        if not (journey.built / "output/node_modules/secret-thing/package.json").exists():
            raise Failed("the private package was not installed")
        journey.build_env = {**own, "NPM_TOKEN": SECRETS[1]}
        text += journey.build()
        lacks(text, *SECRETS)
        for file in journey.built.rglob("*"):
            if file.is_file() and not file.is_symlink():
                lacks(file.read_bytes().decode(errors="replace"), *SECRETS)
        journey.build_env = {**own, "NPM_USER": "person", "NPM_PASSWORD": "wrong", "NPM_EMAIL": "person@example.org"}
        contains(journey.build(1), "ERROR: The login to ")
