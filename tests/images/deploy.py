"""images/deploy: an application from its folder to an address, in one command."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import urllib.request

from journey import APPS, LIMIT_S, MOP, Failed, check, docker, give_to_mop, row

DEPLOY = str(pathlib.Path(__file__).resolve().parents[2] / "images" / "deploy")
SECRET = "a ; b # c, d=\"x\" 100% \\ 'q' $X `y` é"


class Deployment:
    """A copy of an application's folder, and the name it is deployed under."""

    def __init__(self, files, what):
        self.name = "modinit-test-%d-%s" % (os.getpid(), what)
        self.folder = files.path / "My App"
        shutil.copytree(APPS / "static", self.folder)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        call("--destroy", self.name)

    def start(self, *options):
        """The command as it runs, for what is to be seen meanwhile."""
        return subprocess.Popen(self.words(*options), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)

    def words(self, *options):
        return [DEPLOY, "static", str(self.folder), "--name", self.name, "--port=0", *options]

    def deploy(self, *options, status=0):
        return call(*self.words(*options)[1:], status=status)

    def says(self, text):
        page = self.folder / "index.html"
        page.write_text(text)
        page.chmod(0o600)  # whoever deploys may keep his files to himself

    def answer(self):
        status, port = docker("port", self.name, "8080")
        check("docker port", status, 0)
        check("only this machine can connect", port.partition(":")[0], "127.0.0.1")
        with urllib.request.urlopen("http://%s/" % port.split()[0], timeout=LIMIT_S) as answer:
            return answer.read().decode()

    def ask(self, *command):
        status, text = docker("exec", self.name, *command)
        check(" ".join(command), status, 0)
        return text

    def leftovers(self):
        """Containers and volumes with the name, whatever their state."""
        return "".join(docker(*words, "--filter=name=" + self.name)[1]
                       for words in (("ps", "--all", "--format={{.Names}}"), ("volume", "ls", "--quiet"))).split()


def call(*words, status=0, **more):
    done = subprocess.run([DEPLOY, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=300, check=False, **more)
    text = done.stdout.decode(errors="replace")
    if status is not None and done.returncode != status and words[0] != "--destroy":
        raise Failed("%s: status %d, not %d: %s" % (words, done.returncode, status, text))
    return text


def contains(what, text, *parts):
    for part in parts:
        if part not in text:
            raise Failed("%s: no %r in %s" % (what, part, text))


def words_of_processes():
    """What anybody on this machine can read of every process."""
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if b"docker" in (words := (folder / "cmdline").read_bytes()) or b"deploy" in words:
                yield words
        except OSError:
            continue


def starts_in_secret(deployment):
    """The first deployment; while it runs, its --env is in nobody's command line."""
    process = deployment.start("--env", "SECRET=" + SECRET, "--env=EMPTY=", "--env=FROM_HERE")
    text = b""
    for line in process.stdout:
        text += line
        if line.startswith(b"==>") and any(SECRET.encode() in words for words in words_of_processes()):
            raise Failed("the value of --env is in a command line")
    check("status of %s" % text.decode(), process.wait(), 0)
    contains("what a person is told", text.decode(), "http://127.0.0.1:", "modctl tail -f app", "modctl restart app",
             "--destroy " + deployment.name)


@row("deploy-again", "`images/deploy`: a secret variable, hardening, replacement, a failing build, a failing start")
def again(files):
    os.environ["FROM_HERE"] = "here"
    with Deployment(files, "again") as it:
        it.says("first")
        (it.folder / ".git").mkdir()
        (it.folder / "passwd").symlink_to("/etc/passwd")
        starts_in_secret(it)
        check("answer", it.answer(), "first")
        variables = variables_of(it)
        for pair in ("SECRET=" + SECRET, "EMPTY=", "FROM_HERE=here", "PORT=8080"):
            contains("environment", variables, pair)
        check("mode of supervisor.conf", it.ask("stat", "-c", "%a %u:%g", "/mnt/supervisor.conf"), "600 441:444\n")
        check("the link is a link", it.ask("readlink", "/mnt/app/passwd"), "/etc/passwd\n")
        is_hardened(it)
        it.ask("sh", "-c", "echo kept >/app-storage/data")
        replaces(it)
        call("--destroy", it.name)
        check("what is left", it.leftovers(), [])
        contains("destroyed twice", call("--destroy", it.name), "nothing is deployed as " + it.name)


def variables_of(it):
    """What modinit makes of the supervisor.conf that was written: the program is exchanged for one that tells."""
    it.ask("sh", "-c", """cd /mnt/tmp
        printf '[supervisord]\nlogfile=/dev/null\npidfile=/mnt/tmp/pid\nchildlogdir=/mnt/tmp\n' >env.conf
        printf '[include]\nfiles=/mnt/supervisor.conf /mnt/tmp/program.conf\n' >>env.conf
        printf '[program:app]\ncommand=env\non_exit=shutdown\nstartsecs=0\nstdout_logfile=/mnt/tmp/env\n' >program.conf
        modinit -c env.conf >/dev/null""")
    return it.ask("cat", "/mnt/tmp/env").splitlines()


def is_hardened(it):
    told = json.loads(docker("inspect", it.name)[1])[0]
    host = told["HostConfig"]
    check("limits", (host["Memory"], host["ReadonlyRootfs"], host["CapDrop"], host["PidsLimit"], told["Config"]["User"],
                     host["RestartPolicy"]["Name"]),
          (512 << 20, True, ["ALL"], 512, "441:444", "unless-stopped"))
    contains("security", "".join(host["SecurityOpt"]), "no-new-privileges")
    if "100%" in json.dumps(told):
        raise Failed("docker inspect shows the value of --env")


def replaces(it):
    it.says("second")
    it.deploy()
    check("answer", it.answer(), "second")
    check("the application's data", it.ask("cat", "/app-storage/data"), "kept\n")
    it.says("third")
    contains("failing build", it.deploy("--build-env", "BUILD_TIMEOUT=soon", status=1), "BUILD_TIMEOUT is 'soon'",
             "the build failed; nothing was changed")
    check("answer", it.answer(), "second")
    contains("failing start", it.deploy("--env", "APP_DIR=/nowhere", status=1), "/nowhere",
             "starting again what ran before")
    answers_again(it, "second")


def answers_again(it, text):
    """Nobody waits for what was put back; the port it had may be another one."""
    it.ask("sh", "-c", "until curl -s -o /dev/null http://127.0.0.1:8080/; do sleep 0.1; done")
    check("answer", it.answer(), text)
    if any("previous" in name for name in it.leftovers() + it.ask("ls", "/mnt").split()):
        raise Failed("left behind: %s" % it.leftovers())


@row("deploy-folder", "`images/deploy --volume`: a folder of the host; interrupted; somebody else's folder and names")
def folder(files):
    place = files.path / "volumes" / "app"
    with Deployment(files, "folder") as it:
        it.says("first")
        it.deploy("--volume", str(place))
        check("owner", (place.stat().st_uid, place.stat().st_gid), MOP)
        contains("log", (place / "log" / "app.log").read_text(), "deployed")
        contains("another volume", it.deploy(status=1), "%s has its files in %s" % (it.name, place))
        interrupted(it, place)
        check("folder is kept", call("--destroy", it.name).splitlines()[-1],
              "kept %s, which was not made by %s, with all its files" % (place, DEPLOY))
        check("what is left", it.leftovers(), [])
        check("its files", (place / "app" / "index.html").read_text(), "first")
        strangers(it, files.path)


def interrupted(it, place):
    it.says("second")
    process = it.start("--volume", str(place), "--env=APP_DIR=/nowhere")
    text = b""
    for line in process.stdout:
        text += line
        if b"] starting " in line and b"/run-static" in line:
            process.send_signal(signal.SIGTERM)
    check("status of %s" % text.decode(), process.wait(), 128 + signal.SIGTERM)
    answers_again(it, "first")


def strangers(it, path):
    (path / "theirs").mkdir()
    (path / "theirs" / "file").touch()
    contains("their folder", it.deploy("--volume", str(path / "theirs"), status=1), "is not empty and belongs to 0:0")
    check("their folder's owner", (path / "theirs").stat().st_uid, 0)
    check("volume", docker("volume", "create", it.name)[0], 0)
    try:
        contains("their volume", it.deploy(status=1), "a docker volume %s that %s did not make" % (it.name, DEPLOY))
        contains("destroy", call("--destroy", it.name), "removed volume %s-build" % it.name)
        check("their volume", docker("volume", "inspect", it.name)[0], 0)
    finally:
        docker("volume", "rm", it.name)


@row("deploy-mistakes", "`images/deploy`: mistakes in the call are found before anything is done, each with its remedy")
def mistakes(files):
    app = str(files.path)
    rows = [
        ([], "Exit status: 0 it answers"),
        (["static"], "what kind of application, and in which folder?"),
        (["ruby", app], "no kind 'ruby'; there are node, java, php and static"),
        (["static", app + "/none"], "/none is no folder"),
        (["static", app, "--prot=80"], "unknown option --prot"),
        (["static", app, "--port=80x"], "a number up to 65535 is expected"),
        (["static", app, "--port", "0.0.0.0:70000"], "a number up to 65535 is expected"),
        (["static", app, "--memory", "lots"], "like 512m"),
        (["static", app, "--wait=-1"], "a number of seconds is expected"),
        (["static", app, "--name", "../x"], "'../x' cannot be a name"),
        (["static", app, "--name", "x-build"], "its end is one of ours"),
        (["static", app, "--volume", "/a:b"], "no folder with a colon"),
        (["static", app, "--env", "A-B=1"], "--env 'A-B': the name of a variable"),
        (["static", app, "--env", "1A=1"], "--env '1A': the name of a variable"),
        (["static", app, "--env", "A=1\n2"], "--env A: the value has a line break"),
        (["static", app, "--build-env", "A=\x1b"], "--build-env A: the value has a line break or another control"),
        (["static", app, "--env", b"A=\xff"], "is not UTF-8"),
        (["static", app, "--env", "PORT=80"], "--port says where it answers"),
        (["static", app, "--env", "NOT_SET_ANYWHERE"], "this process has no variable NOT_SET_ANYWHERE"),
        (["static", app, "--env"], "--env is no option, or needs a value"),
        (["--destroy", "a", "b"], "--destroy takes a NAME and nothing else"),
    ]
    for words, message in rows:
        contains(str(words), call(*words, status=2), message)
