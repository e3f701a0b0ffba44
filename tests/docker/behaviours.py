"""What modinit does in real containers. Each function performs one behaviour and fails with what was seen."""
import pathlib
import subprocess
import termios
import time

from container import Container, Files, check, docker, program

BEHAVIOURS = []
INIT = "/sbin/my_init"
# Process groups of a shell: its own, and that of its terminal's foreground.
FOREGROUND = 'set -- $(cat /proc/$$/stat); [ "$5" = "$8" ] && echo foreground || echo background; '
APP = program("app", "echo up as $(id -u); exec sleep 1000", "startsecs=0")
STUBBORN = program("app", 'trap "" TERM; echo up; while :; do sleep 1; done', "startsecs=0")


def behaviour(what):
    def register(function):
        BEHAVIOURS.append((function.__name__, what, function))
        return function
    return register


def status_of(*words, **options):
    with Container(*words, **options) as box:
        return box.status()


def is_reaped(box, pid):
    """Ends a child of modinit, which sees that before it answers the next question."""
    box.ask("sh", "-c", "kill -KILL " + pid)
    box.ask("modctl", "pid")
    check("is there", box.run("test", "-e", "/proc/" + pid)[0], 1)


# docker run -----------------------------------------------------------------------------------------


@behaviour("docker run: the main command's status is the container's")
def main_status(files):
    check("status", status_of(INIT, "--", "sh", "-c", "exit 7"), 7)


@behaviour("docker run: 128 + n when a signal ended the main command")
def main_signal(files):
    check("status", status_of(INIT, "--", "sh", "-c", "kill -KILL $$"), 137)
    check("status", status_of(INIT, "--", "sh", "-c", "kill -TERM $$"), 143)


@behaviour("docker run: 127 without such a command, 126 when it is not executable")
def main_not_there(files):
    check("status", status_of(INIT, "--", "/nonexistent"), 127)
    check("status", status_of(INIT, "--", "/etc/passwd"), 126)


@behaviour("docker run: a failed start-up script is the end, with its status")
def boot_script(files):
    script = files.script("/etc/my_init.d/10_fail", "exit 9")
    check("status", status_of(script, INIT, "--", "echo", "no"), 9)


@behaviour("docker run: a mistake in the configuration is the end, with 2")
def bad_configuration(files):
    conf = files.configuration("[program:app]\n")
    with Container(conf) as box:
        check("status", box.status(), 2)
        box.expect("program:app")


@behaviour("docker run: a program that was all there was decides, with its status")
def any_fatal(files):
    conf = files.configuration(program("app", "exit 5", "startretries=0", "autorestart=false"), "exit_on=any_fatal")
    with Container(conf) as box:
        check("status", box.status(), 5)
        box.expect("ending: app is FATAL (exit status 5), exit status 5")


@behaviour("docker run -e: variables reach the main command and /etc/container_environment")
def variables(files):
    (files.path / "store").mkdir()
    store = "--volume=%s:/etc/container_environment" % (files.path / "store")
    script = "echo $COLOUR $(cat /etc/container_environment/COLOUR)"
    with Container("--env=COLOUR=blue", store, INIT, "--", "sh", "-c", script) as box:
        box.expect("\nblue blue\n")


@behaviour("docker run -i: standard input reaches the main command")
def standard_input(files):
    with Container(INIT, "--quiet", "--", "sh", "-c", "read line; echo got $line", stdin=subprocess.PIPE) as box:
        box.process.stdin.write(b"a line\n")
        box.process.stdin.flush()
        box.expect("got a line\n")
        check("status", box.status(), 0)


# docker stop, docker kill ---------------------------------------------------------------------------


@behaviour("docker stop: everything stopped in time, 0")
def stop(files):
    with Container(files.configuration(APP)) as box:
        box.expect("up as 0\n")
        check("status", box.stop(), 0)


@behaviour("docker stop: with a main command, its status")
def stop_main(files):
    script = 'trap "exit 3" TERM; echo ready; while :; do sleep 0.05; done'
    with Container(INIT, "--", "sh", "-c", script) as box:
        box.expect("ready\n")
        check("status", box.stop(), 3)


@behaviour("docker stop: what ignores TERM is killed before the engine would, 124")
def stop_stubborn(files):
    with Container(files.configuration(STUBBORN + "stopwaitsecs=3600\n")) as box:
        box.expect("up\n")
        check("status", box.stop(), 124)
        box.expect("gets ")  # its share of the time, said beforehand


@behaviour("docker stop: a script, a program and what detached itself ignore TERM, each is killed in time and named")
def stop_everybody(files):
    stubborn = "trap '' TERM; while :; do sleep 0.1; done\n"
    hangs = files.script("/etc/my_init.pre_shutdown.d/10_hangs", stubborn)
    leftover = files.script("/leftover", stubborn)
    app = program("app", 'setsid /leftover & trap "" TERM; echo up; while :; do sleep 0.1; done', "startsecs=0",
                  "stop_tree=false")
    with Container(files.configuration(app + "stopwaitsecs=3600\n"), hangs, leftover) as box:
        box.expect("up\n")
        check("status", box.stop(), 124)
        box.expect("10_hangs (PID ")
        box.expect("app gets ")
        box.expect("killing 'app'")
        box.expect("leftover (PID ")
        box.expect(" s of 9.0 s: scripts ")


@behaviour("docker stop: a service's grandchild in a session of its own is told, too")
def stop_service(files):
    grandchild = 'trap "echo told >/told/grandchild; exit" TERM; echo up; while :; do sleep 0.05; done'
    run = files.script("/etc/service/web/run",
                       "setsid sh -c '%s' 2>/dev/null &\ntrap 'echo told >/told/service; exit' TERM\n"
                       "while :; do sleep 0.05; done\n" % grandchild)
    told = files.path / "told"
    told.mkdir()
    with Container(run, "--volume=%s:/told" % told) as box:
        box.expect("up\n")
        check("status", box.stop(), 0)
        check("told", sorted(path.name for path in told.iterdir()), ["grandchild", "service"])


@behaviour("docker kill -s TERM, a second time: no waiting, 124")
def hurry(files):
    with Container(files.configuration(STUBBORN + "stopwaitsecs=3600\n", "shutdown_deadline=0")) as box:
        box.expect("up\n")
        box.kill("TERM")
        box.expect("received SIGTERM")
        box.kill("TERM")
        check("status", box.status(5), 124)


@behaviour("docker kill -s INT, QUIT, PWR, RTMIN+3: the end, 0")
def ends(files):
    conf = files.configuration(APP)
    for name in ("INT", "QUIT", "PWR", "RTMIN+3"):
        with Container(conf) as box:
            box.expect("up as 0\n")
            box.kill(name)
            check("status after " + name, box.status(), 0)


@behaviour("docker kill -s HUP: configuration read again, programs restarted")
def reload(files):
    with Container(files.configuration(APP)) as box:
        box.expect("up as 0\n")
        files.configuration(program("other", "echo other; exec sleep 1000", "startsecs=0"))
        box.kill("HUP")
        box.expect("other\n")
        check("programs", box.ask("modctl", "status").split()[0], "other")
        check("status", box.stop(), 0)


@behaviour("docker kill -s USR2: logs are opened anew")
def reopen(files):
    log = pathlib.Path(files.path, "log")
    log.mkdir()
    conf = files.configuration("[program:app]\ncommand=/bin/cat\nstartsecs=0\nstdout_logfile=/log/app\n")
    with Container(conf, "--volume=%s:/log" % log) as box:
        box.expect("entered RUNNING")
        (log / "app").rename(log / "app.old")
        box.kill("USR2")
        box.expect("received SIGUSR2")
        box.ask("modctl", "pid")  # answered after the signal's work is done
        check("files", sorted(path.name for path in log.iterdir() if path.name.startswith("app")), ["app", "app.old"])
        check("status", box.stop(), 0)


@behaviour("docker kill -s USR1, WINCH, ALRM: to the main command")
def forwarded(files):
    traps = "".join('trap "echo got %s" %s; ' % (name, name) for name in ("USR1", "WINCH", "ALRM"))
    with Container(INIT, "--", "sh", "-c", traps + "echo ready; while :; do sleep 0.05; done") as box:
        box.expect("ready\n")
        for name in ("USR1", "WINCH", "ALRM"):
            box.kill(name)
            box.expect("got %s\n" % name)


@behaviour("docker kill -s KILL and docker start: what was left behind is no obstacle")
def start_again(files):
    with Files() as more, Container(files.configuration(APP), "--volume=%s:/tmp" % more.path) as box:
        box.expect("up as 0\n")
        box.kill("KILL")
        check("status", box.status(), 137)
        check("left behind", (more.path / "sock").is_socket(), True)
        with Container(files.configuration(APP), "--volume=%s:/tmp" % more.path) as again:
            again.expect("up as 0\n")
            again.ask("modctl", "status", "app")
            check("status", again.stop(), 0)


# docker exec ----------------------------------------------------------------------------------------


@behaviour("docker exec modctl: works without any configuration")
def control(files):
    with Container(files.script("/etc/service/web/run", "echo up; exec sleep 1000")) as box:
        box.expect("up\n")
        check("status", box.ask("modctl", "status").split()[:2], ["service:web", "RUNNING"])
        check("restart", box.ask("modctl", "restart", "service:web"), "service:web: stopped\nservice:web: started")
        check("status", box.stop(), 0)


@behaviour("docker exec modctl shutdown: the container ends with 0")
def shutdown(files):
    with Container(files.configuration(APP)) as box:
        box.expect("up as 0\n")
        box.run("modctl", "shutdown")  # may itself be ended by the end of everything
        check("status", box.status(), 0)


@behaviour("docker exec: what it leaves behind is reaped")
def exec_orphan(files):
    with Container(files.configuration(APP)) as box:
        box.expect("up as 0\n")
        orphan = box.ask("sh", "-c", "sleep 1000 >/dev/null & echo $!")
        check("parent", box.ask("cut", "-d ", "-f4", "/proc/%s/stat" % orphan), "1")
        is_reaped(box, orphan)


@behaviour("docker exec kill of a program: restarted, the container goes on")
def restart(files):
    with Container(files.configuration(program("app", "echo up; exec sleep 1000"))) as box:
        box.expect("up\n")
        box.expect("entered RUNNING")
        box.ask("sh", "-c", "kill -KILL $(modctl pid app)")
        box.expect("up\n")
        check("status", box.stop(), 0)


@behaviour("docker run --health-cmd 'modctl health': healthy when the program runs")
def health(files):
    with Container("--health-cmd=modctl health --ready=app", "--health-interval=1s", files.configuration(APP)) as box:
        box.expect("up as 0\n")
        events = subprocess.Popen(["docker", "events", "--since=10m", "--filter=container=" + box.name,
                                   "--filter=event=health_status"], stdout=subprocess.PIPE, text=True)
        with events:
            check("first verdict", events.stdout.readline().split()[3:4], ["healthy"])
            events.kill()


# docker run -it -------------------------------------------------------------------------------------


@behaviour("docker run -it: the main command is the terminal's foreground, its status counts")
def terminal(files):
    with Container(INIT, "--", "sh", "-c", FOREGROUND + "exit 4", terminal=True) as box:
        box.expect("foreground\n")
        check("status", box.status(), 4)


@behaviour("docker run -it: Ctrl-C reaches the main command alone")
def control_c(files):
    script = 'trap "echo interrupted; exit 5" INT; echo ready; while :; do sleep 0.05; done'
    with Container(files.configuration(APP), INIT, "--", "sh", "-c", script, terminal=True) as box:
        box.expect("ready\n")
        box.write("\x03")
        box.expect("interrupted\n")
        check("status", box.status(), 5)
        check("told", "received SIGINT" in box.text, False)


@behaviour("docker run -it: Ctrl-Z and fg work in a shell")
def job_control(files):
    with Container(INIT, "--quiet", "--", "bash", "--norc", "-i", terminal=True) as box:
        box.write("PS1='rea''dy> '\n")  # so that its echo is another text
        box.expect("ready> ")
        # No shell that forks: stopped between vfork and exec, its child would keep it from stopping.
        box.write("perl -e '$| = 1; $SIG{CONT} = sub { print qq(on\\n) }; print qq(begun\\n); sleep 9 while 1'\n")
        box.expect("begun\n")
        box.write("\x1a")
        box.expect("Stopped")
        box.expect("ready> ")
        box.write("fg\n")
        box.expect("on\n")
        box.write("\x03")
        box.expect("ready> ")
        box.write("exit 6\n")
        check("status", box.status(), 6)


@behaviour("docker run -it: the window's size and its change (WINCH) reach the main command")
def window_size(files):
    script = 'trap "stty size" WINCH; echo ready; while :; do sleep 0.05; done'
    with Container(INIT, "--", "sh", "-c", script, terminal=True) as box:
        box.expect("ready\n")
        box.resize_until(41, 123, "41 123\n")


@behaviour("docker run -it: a shutdown script has the terminal back")
def terminal_back(files):
    script = files.script("/etc/my_init.post_shutdown.d/10", FOREGROUND + "read line; echo read $line")
    with Container(script, INIT, "--", "sh", "-c", "echo main; exit 4", terminal=True) as box:
        box.expect("main\n")
        box.expect("foreground\n")
        box.write("a line\n")
        box.expect("read a line\n")
        check("status", box.status(), 4)
        check("the outer terminal's settings", termios.tcgetattr(box.inner), box.before)


@behaviour("docker run -it: docker stop ends it, with the main command's status")
def terminal_stop(files):
    script = 'trap "exit 3" TERM; echo ready; while :; do sleep 0.05; done'
    with Container(INIT, "--", "sh", "-c", script, terminal=True) as box:
        box.expect("ready\n")
        check("status", box.stop(), 3)


# What a container may be denied ---------------------------------------------------------------------


def supervises(box, user):
    """A program runs as `user`, is restarted after a KILL, modctl answers, TERM is 0."""
    box.expect("up as %s\n" % user)
    check("status", box.ask("modctl", "status", "app").split()[1], "RUNNING")
    box.ask("sh", "-c", "kill -KILL $(modctl pid app)")
    box.expect("up as %s\n" % user)
    check("exit status", box.stop(), 0)


@behaviour("--read-only: all is well with a tmpfs where the configuration writes")
def read_only(files):
    with Container("--read-only", "--tmpfs=/tmp", files.configuration(APP)) as box:
        supervises(box, 0)


@behaviour("--read-only: without any place to write the main command runs all the same")
def read_only_main(files):
    check("status", status_of("--read-only", INIT, "--", "sh", "-c", "exit 7"), 7)


@behaviour("--user 12345, without an entry in passwd")
def user(files):
    with Container("--user=12345", files.configuration(APP)) as box:
        supervises(box, 12345)


@behaviour("--cap-drop=ALL --security-opt no-new-privileges")
def no_capabilities(files):
    with Container("--cap-drop=ALL", "--security-opt=no-new-privileges", files.configuration(APP)) as box:
        supervises(box, 0)


@behaviour("--user 12345 --read-only --cap-drop=ALL --security-opt no-new-privileges")
def nothing_permitted(files):
    with Container("--user=12345", "--read-only", "--tmpfs=/tmp", "--cap-drop=ALL",
                   "--security-opt=no-new-privileges", files.configuration(APP)) as box:
        supervises(box, 12345)


@behaviour("run-base, --read-only: writes to /mnt alone")
def run_image(files):
    with Container("--read-only", files.run_volume(APP), image="run-base") as box:
        supervises(box, 441)


@behaviour("run-base, --user 441:444 with nothing permitted")
def run_image_user(files):
    with Container("--user=441:444", "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges",
                   files.run_volume(APP), image="run-base") as box:
        supervises(box, 441)


@behaviour("run-base, --cap-drop=ALL: cannot become mop, says so, 2")
def run_image_no_capabilities(files):
    with Container("--cap-drop=ALL", files.run_volume(APP), image="run-base") as box:
        check("status", box.status(), 2)
        box.expect("user 'mop': Operation not permitted")


@behaviour("modinit doctor names what is denied, and the option that would change it")
def doctor(files):
    with Container("--read-only", files.configuration(APP), "modinit", "doctor") as box:
        check("status", box.status(), 1)
        box.expect("--tmpfs")


# Not process 1 --------------------------------------------------------------------------------------


def adopts(box):
    """An orphan of a program becomes modinit's child, whoever process 1 is."""
    orphan = box.line("orphan ")
    ours = box.ask("modctl", "pid")
    check("is process 1", ours == "1", False)
    check("parent", box.ask("cut", "-d ", "-f4", "/proc/%s/stat" % orphan), ours)
    is_reaped(box, orphan)


PARENT = program("app", 'sh -c "sleep 1000 & echo orphan \\$!"; echo up as $(id -u); exec sleep 1000', "startsecs=0")


@behaviour("--init: not process 1, adopts its programs' orphans all the same, docker stop is 0")
def under_init(files):
    with Container("--init", files.configuration(PARENT)) as box:
        adopts(box)
        supervises(box, 0)


@behaviour("--pid=container:OTHER: the same, and the other's processes are left alone")
def shared_namespace(files):
    with Container("sh", "-c", "echo other; exec sleep 1000") as other:
        other.expect("other\n")
        with Container("--pid=container:" + other.name, files.configuration(PARENT)) as box:
            adopts(box)
            supervises(box, 0)
        check("the other still runs", other.ask("cat", "/proc/1/comm"), "sleep")


# docker pause ---------------------------------------------------------------------------------------


@behaviour("docker pause for longer than startsecs, and unpause: nothing is restarted")
def pause(files):
    with Container(files.configuration(program("app", "echo up; exec sleep 1000", "startsecs=2"))) as box:
        box.expect("up\n")
        check("docker pause", docker("pause", box.name)[0], 0)
        # The one place where time has to pass: that of startsecs, without us.
        time.sleep(2.5)
        check("docker unpause", docker("unpause", box.name)[0], 0)
        box.expect("entered RUNNING")
        pid = box.ask("modctl", "pid", "app")
        check("docker pause", docker("pause", box.name)[0], 0)
        time.sleep(2.5)
        check("docker unpause", docker("unpause", box.name)[0], 0)
        check("pid", box.ask("modctl", "pid", "app"), pid)
        check("status", box.stop(), 0)
        check("restarted", "up\n" in box.rest(), False)
