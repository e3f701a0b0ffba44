"""What every image of the family keeps, whatever language it is for."""
import os
import stat
import subprocess
import threading

from container import LIMIT_S, PREFIX, Container, Failed, check, docker
from journey import HARDENED, folders, row

LANGUAGES = ("node", "java", "php", "static")
RUN = ("run-base", *("run-" + language for language in LANGUAGES))
BUILD = ("build-base", *("build-" + language for language in LANGUAGES))
ALL = ("base", *RUN, *BUILD)
MOP = "--user=441:444"


def run(image, *words, options=(), status=0, limit_s=120):
    """A container to its end: its output, once the exit status is right."""
    got, text = docker("run", "--rm", "--network=none", *options, "%s/%s" % (PREFIX, image), *words, limit_s=limit_s)
    if got != status:
        raise Failed("%s %s: status %d, not %d: %s" % (image, " ".join(words), got, status, text[-800:]))
    return text


def writable(image, *options):
    # /dev and the like are mounts of their own, which -xdev leaves out; docker adds its own files to /etc.
    return run(image, "sh", "-c", "find / -xdev -path /mnt -prune -o -writable ! -type l -print 2>/dev/null || true", options=options).split()


@row("contract-writes", "mop can write nowhere in any image but in /mnt, nor can any other user")
def writes(_files):
    for image in ALL:
        check(image, writable(image, MOP, *HARDENED[1:]), [])
    for image in ("base", "run-base", "build-base"):
        check(image + ", read-only", writable(image, MOP, *HARDENED), [])
        for user in ("12345:12345", "441:12345", "65534"):
            check("%s as %s" % (image, user), writable(image, "--user=" + user), [])


@row("contract-rights", "no image has a set-uid or set-gid file")
def rights(_files):
    for image in ALL:
        found = run(image, "find", "/", "-xdev", "-type", "f", "-perm", "/6000", options=["--user=0"])
        check(image, found.split(), [])


@row("contract-user", "mop is 441:444 with the published home and shell; language images run as mop")
def user(_files):
    check("account", run("base", "getent", "passwd", "mop"), "mop:x:441:444:Modulus Image User:/mnt/home:/bin/bash\n")
    for image in RUN[1:] + BUILD[1:]:
        check(image, run(image, "id", "-u").strip() + ":" + run(image, "id", "-g").strip(), "441:444")


@row("contract-environment", "the published environment, in every image")
def environment(_files):
    wanted = {"HOME": "/mnt/home", "TEMP_DIR": "/mnt/tmp", "TMPDIR": "/mnt/tmp", "TMP_DIR": "/mnt/tmp"}
    for image in ALL:
        got = dict(line.partition("=")[::2] for line in run(image, "env").splitlines())
        check(image, {name: got.get(name) for name in wanted}, wanted)
        check(image + ": PATH", got["PATH"].split(":")[0], "/opt/modulus/bin")
        if image in RUN:
            check(image + ": APP_DIR", got.get("APP_DIR"), "/mnt/app")


@row("contract-programs", "my_init, supervisord, supervisorctl, setuser are ours; no Python or runit in run images")
def programs(_files):
    for image in ALL:
        text = run(image, "sh", "-c", "readlink -f /sbin/my_init /sbin/setuser $(command -v supervisord) $(command -v supervisorctl)")
        check(image, text.split(), ["/opt/modulus/bin/modinit"] * 3 + ["/opt/modulus/bin/modctl"])
        status, text = docker("inspect", "--format={{json .Config.Cmd}} {{json .Config.Entrypoint}}", "%s/%s" % (PREFIX, image))
        check(image + ": command", (status, text.strip()), (0, '["/sbin/my_init"] null'))
    for image in RUN:
        check(image, run(image, "sh", "-c", "command -v python3 python runsv runsvdir systemctl sshd; true"), "")


@row("contract-volume", "each missing or unwritable part of /mnt is told in one line, with what to do")
def volume(files):
    mnt = files.path / "mnt"
    mnt.mkdir()
    mnt.chmod(0o755)
    (mnt / "log").mkdir(0o755)
    (mnt / "tmp").write_text("")
    for options in ((), (MOP, *HARDENED)):
        with Container("--volume=%s:/mnt" % mnt, *options, image="run-base") as box:
            for part in ("home is missing", "tmp is no folder", "log may not be written by 441:444 (it is 0:0, mode 755)",
                         "notifications is missing", "app-storage is missing", "app is missing"):
                begin = box.line("WARNING: /mnt/" + part)
                if not part.startswith("app is") and "is no folder" not in part and "On the host: " not in begin:
                    raise Failed("no advice in %r" % begin)
    text = run("run-base", "my_init", "--skip-runit", "--", "true", options=[MOP, *HARDENED])
    check("without a volume", text.count("(it is on a file system that is mounted read-only)"), 5)
    os.chown(mnt, 441, 444)
    (mnt / "tmp").unlink()
    (mnt / "log").rmdir()
    with Container("--volume=%s:/mnt" % mnt, image="run-base") as box:
        box.line("WARNING: /mnt/app is missing")
    made = sorted(path.name for path in mnt.iterdir())
    for part in ("app-storage", "home", "log", "notifications", "tmp"):
        check(part + " was made", part in made, True)
        check("owner of " + part, (mnt / part).stat().st_uid, 441)


@row("contract-app", "without /mnt/supervisor.conf there is `app`, which runs start; its errors are in app.log, too")
def default_app(files):
    option = files.run_volume("")
    (files.path / "mnt" / "supervisor.conf").unlink()
    start = files.script("/opt/modulus/bin/start", "echo out; echo err >&2; sleep 999 & wait\n")
    with Container(option, start, image="run-base") as box:
        box.expect("app entered RUNNING")
        check("app.log", box.ask("timeout", "20", "sh", "-c", "tail -n +1 -F /mnt/log/app.log 2>/dev/null | head -n 2"), "out\nerr")
        check("stop", box.ask("modctl", "stop", "app"), "app: stopped")
        left = box.ask("sh", "-c", "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -c '[s]leep 999' || true")
        check("left of it", left, "0")


@row("contract-fatal", "a container without a start says so and ends")
def fatal(files):
    option = files.run_volume("")
    (files.path / "mnt" / "supervisor.conf").unlink()
    text = run("run-base", options=[option, MOP, *HARDENED], status=127)
    check("said", "ending: app is FATAL" in text, True)


@row("contract-any-user", "a platform may choose any user: with a volume of that user's, everything works as that")
def any_user(files):
    option = files.run_volume("[program:app]\ncommand=sleep 1000\nstdout_logfile=/mnt/log/app.log\n")
    for path in [files.path / "mnt", *(files.path / "mnt").rglob("*")]:
        os.chown(path, 12345, 12346)
    with Container(option, "--user=12345:12346", *HARDENED, image="run-base") as box:
        box.expect("user=441 has no effect: process 1 was started as user 12345")
        box.expect("app entered RUNNING")
        check("identity", box.ask("sh", "-c", "stat -c %u:%g /proc/$(modctl pid app)"), "12345:12346")
        check("restart", box.ask("modctl", "restart", "app"), "app: stopped\napp: started")
        check("exit status", box.stop(), 0)
    text = run("run-base", options=[option, "--user=0", "--cap-drop=ALL"], status=2)
    check("advice", "run it with --user 441:444" in text, True)


@row("contract-links", "as root, links in /mnt lead nowhere: nothing outside is made or given away")
def links(files):
    mnt = files.path / "mnt"
    folders(mnt, ("app",))
    (mnt / "log").symlink_to("/etc/planted")
    (mnt / "home").symlink_to("/etc")
    text = run("run-base", "my_init", "--skip-runit", "--", "sh", "-c", "ls -d /etc/planted; stat -c 'etc of %u' /etc",
               options=["--volume=%s:/mnt" % mnt])
    check("told", "WARNING: /mnt/home may not be written" in text, True)
    check("planted", "\n/etc/planted" in text, False)
    check("owner", "etc of 0" in text, True)


@row("contract-storage", "/mnt/app-storage is /app-storage, and /tmp is on the volume")
def storage(files):
    option = files.run_volume("")
    run("run-base", "sh", "-c", "echo kept >/app-storage/file; echo kept >/tmp/file; echo kept >/var/tmp/other", options=[option, MOP])
    for path in ("app-storage/file", "tmp/file", "tmp/other"):
        check(path, (files.path / "mnt" / path).read_text(), "kept\n")


@row("contract-named-volume", "a new named volume is mop's without anybody's doing")
def named_volume(_files):
    name = "modinit-test-volume-%d" % os.getpid()
    try:
        run("run-base", "sh", "-c", "for part in app home log notifications tmp app-storage; do echo >/mnt/$part/file; done",
            options=["--volume=%s:/mnt" % name, MOP])
    finally:
        docker("volume", "rm", "--force", name)


@row("contract-health", "the engine calls a container healthy, and no longer once a program is FATAL")
def health(files):
    option = files.run_volume("[supervisord]\nexit_on=none\n[program:app]\ncommand=sleep 1000\n"
                              "[program:bad]\ncommand=false\nautostart=false\nstartretries=0\n")
    with Container(option, "--health-interval=1s", "--health-start-period=0s", "--health-retries=1", image="run-base") as box:
        wait_health(box, "healthy")
        check("start bad", box.run("modctl", "start", "bad")[1], "bad: ERROR (spawn error)\n")
        wait_health(box, "unhealthy")


def wait_health(box, wanted):
    """Until the engine says so, from the beginning of the container on."""
    command = ["docker", "events", "--since=0", "--filter=event=health_status", "--filter=container=" + box.name]
    with subprocess.Popen([*command, "--format={{.Action}}"], stdout=subprocess.PIPE, text=True) as events:
        limit = threading.Timer(LIMIT_S, events.kill)
        limit.start()
        seen = []
        while not seen or seen[-1] != "health_status: " + wanted:
            line = events.stdout.readline()
            if not line:
                raise Failed("never %s, but %s" % (wanted, seen))
            seen.append(line.strip())
        limit.cancel()
        events.kill()


def steps(files, text):
    """An option: what build-base runs."""
    return files.script("/opt/modulus/lib/build", text)


def build_volume(files, *parts):
    folders(files.path / "mnt", parts or ("input", "output", "home", "tmp"))
    (files.path / "mnt" / "input" / ".hidden").write_text("hidden")
    return "--volume=%s:/mnt" % (files.path / "mnt")


COPY = ". /opt/modulus/lib/common.sh; copy_input\n"


@row("build-names", "INPUT and OUTPUT are as good as INPUT_DIR and OUTPUT_DIR; without any it is /mnt/input and /mnt/output")
def build_names(files):
    mount = build_volume(files)
    script = steps(files, COPY + 'env | grep -E "^(IN|OUT)PUT" | sort\npwd\n')
    text = run("build-base", "build", options=[mount, script])
    check("defaults", text.splitlines()[:5], ["INPUT=/mnt/input", "INPUT_DIR=/mnt/input", "OUTPUT=/mnt/output",
                                              "OUTPUT_DIR=/mnt/output", "/mnt/input"])
    (files.path / "mnt" / "input").rename(files.path / "mnt" / "in")
    text = run("build-base", "build", options=[mount, script, "--env=INPUT=/mnt/in", "--env=OUTPUT=/mnt/out"])
    check("old names", text.splitlines()[1::2][:2], ["INPUT_DIR=/mnt/in", "OUTPUT_DIR=/mnt/out"])
    text = run("build-base", "build", options=[mount, script, "--env=INPUT=/nowhere", "--env=INPUT_DIR=/mnt/in"])
    check("both", text.splitlines()[:2], ["INPUT=/mnt/in", "INPUT_DIR=/mnt/in"])


@row("build-as-mop", "started as root, a build looks at nothing as root; dot files come along; folders may be mount points")
def build_as_mop(files):
    for name in ("in", "out"):
        folders(files.path / name, ())
    (files.path / "in" / ".hidden").write_text("hidden")
    (files.path / "out" / "older").write_text("result of another build")
    for file in ("in/.hidden", "out/older"):
        os.chown(files.path / file, 441, 444)
    text = run("build-base", "build", options=["--user=0", "--volume=%s:/mnt/input" % (files.path / "in"),
                                               "--volume=%s:/mnt/output" % (files.path / "out"), steps(files, COPY + "id -u\n")])
    check("identity", text.splitlines()[0], "441")
    out = files.path / "out"
    check("output", sorted(path.name for path in out.iterdir()), [".hidden"])
    check("owner", (out / ".hidden").stat().st_uid, 441)
    check("kind", stat.S_ISREG((out / ".hidden").stat().st_mode), True)


@row("build-folders", "a build without input, without output or into itself says so, a line for each")
def build_folders(files):
    script = steps(files, COPY)
    options = [script, "--tmpfs=/mnt:mode=755"]
    text = run("build-base", "build", options=options, status=2)
    check("lines", [text.count("INPUT_DIR, /mnt/input, is not there"), text.count("OUTPUT_DIR, /mnt/output, is not there")], [1, 1])
    mount = build_volume(files, "input", "output", "home", "tmp")
    for inner, words in (("/mnt/input/out", "inside of INPUT_DIR"), ("/mnt", "emptied before a build")):
        text = run("build-base", "build", options=[script, mount, "--env=OUTPUT_DIR=" + inner], status=2)
        check(words, words in text, True)
    check("still there", (files.path / "mnt" / "input" / ".hidden").exists(), True)
    text = run("build-base", "build", options=[mount], status=2)
    check("no language", "builds nothing by itself" in text, True)


@row("build-status", "the exit status of a build is that of its steps, and its output is whole")
def build_status(files):
    mount = build_volume(files)
    text = run("build-base", "build", options=[mount, steps(files, "seq 100000; echo failing >&2; exit 7\n")], status=7)
    check("lines", text.count("\n") >= 100001, True)
    check("end", "exit status 7" in text.splitlines()[-1], True)
    check("help", run("build-base", "build", "--help").splitlines()[-1], "language's step ended with.")


@row("build-timeout", "BUILD_TIMEOUT ends a build and everything it started, and says so")
def build_timeout(files):
    mount = build_volume(files)
    # A child in a session of its own, and one that ignores TERM.
    script = steps(files, "setsid sleep 999 & (trap '' TERM; exec sleep 998) & echo begun; sleep 997\n")
    with Container(mount, script, MOP, "sh", "-c", "echo up; exec sleep 1000", image="build-base") as box:
        box.expect("up")
        status, text = box.run("env", "BUILD_TIMEOUT=1s", "build")
        check("status, after " + text, status, 124)
        check("begun", "begun" in text, True)
        check("said", "was not done after BUILD_TIMEOUT (1s)" in text, True)
        check("left", box.ask("sh", "-c", "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -c '[s]leep 99' || true"), "0")
    text = run("build-base", "build", options=[mount, script, "--env=BUILD_TIMEOUT=soon"], status=2)
    check("wrong value", "BUILD_TIMEOUT is 'soon'" in text, True)


@row("build-stop", "docker stop ends a build at once, with everything it started")
def build_stop(files):
    script = steps(files, "echo begun; sleep 999\n")
    with Container(build_volume(files), script, "build", image="build-base") as box:
        box.expect("begun")
        check("status", box.stop() in (1, 143), True)


@row("build-full", "a volume that is too small is named as such, also by tools that tidy up")
def build_full(files):
    script = steps(files, 'head -c 9000000 /dev/zero >"$OUTPUT_DIR/big" || { rm -f "$OUTPUT_DIR/big"; exit 3; }\n')
    text = run("build-base", "sh", "-c", "mkdir -p /mnt/input /mnt/tmp; echo x >/mnt/input/file; build", status=28,
               options=[MOP, "--tmpfs=/mnt:size=4m,uid=441,gid=444", script])
    check("said", "The volume is full: 4.0M" in text, True)


@row("contract-pictures", "ImageMagick and GraphicsMagick convert pictures, and open neither addresses nor scripts")
def pictures(files):
    mount = "--volume=%s:/mnt" % (files.path / "mnt")
    folders(files.path / "mnt", ("tmp",))
    msl = files.path / "mnt" / "tmp" / "x.msl"
    msl.write_text('<?xml version="1.0"?><image><read filename="/mnt/tmp/a.png"/><write filename="/mnt/tmp/stolen.png"/></image>')
    mvg = files.path / "mnt" / "tmp" / "x.mvg"
    mvg.write_text("push graphic-context\nviewbox 0 0 9 9\nimage over 0,0 9,9 '/mnt/tmp/a.png'\npop graphic-context\n")
    for convert in (["convert"], ["gm", "convert"]):
        run("run-base", *convert, "-size", "9x9", "xc:red", "/mnt/tmp/a.png", options=[mount, MOP])
        run("run-base", *convert, "/mnt/tmp/a.png", "/mnt/tmp/a.jpg", options=[mount, MOP])
        for source in ("msl:/mnt/tmp/x.msl", "mvg:/mnt/tmp/x.mvg", "https://127.0.0.1/a.png", "http://127.0.0.1/a.png"):
            status, text = docker("run", "--rm", "--network=none", mount, MOP, "%s/run-base" % PREFIX, *convert, source, "/mnt/tmp/b.png")
            if status == 0 or (files.path / "mnt" / "tmp" / "b.png").exists():
                raise Failed("%s read %s: %s" % (convert[0], source, text))
    check("stolen", (files.path / "mnt" / "tmp" / "stolen.png").exists(), False)
