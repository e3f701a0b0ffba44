"""What is expected of modinit as the init of a machine. Each is a function of a Machine that runs; they are
performed in order, on one machine, and the last ends it."""
from machine import Failed

BEHAVIOURS = []


def behaviour(text, rounds=False):
    """Enters a function into the table; with rounds it is to hold so often."""
    def enter(function):
        BEHAVIOURS.append((function.__name__, text, function, rounds))
        return function
    return enter


def expect(condition, text):
    if not condition:
        raise Failed(text)


@behaviour("is the init of a machine")
def boots(machine):
    expect(machine.run("readlink /proc/1/exe").strip() == "/bin/modinit", "process 1 is another program")
    expect(machine.run("cat /proc/1/comm").strip() == "my_init", "it has another name")
    groups = machine.run("cat /proc/1/cgroup")
    expect(groups == "0::/app/main\n", "process 1 is in %r" % groups)
    expect("Running /etc/my_init.d/10_mounts" in machine.console.text, "the start-up scripts are not told")


@behaviour("supervises: a program that is killed comes back")
def supervises(machine):
    before = machine.run("modctl pid waits").strip()
    expect(int(before) > 1, "pid %s" % before)
    machine.run("kill -KILL " + before)
    after = machine.until("modctl pid waits || true", lambda pid: pid.strip() not in ("0", before)).strip()
    expect(machine.run("readlink /proc/%s/exe" % after).strip() == "/bin/guest", "another program runs")


@behaviour("collects orphans")
def reaps(machine):
    for _ in range(5):
        machine.run("guest orphan")
    machine.until("cat /proc/[0-9]*/stat 2>/dev/null | grep -c ') Z ' || true", lambda count: count.strip() == "0")


def of_pressure(machine):
    return [notice for notice in machine.told() if notice["Kind"] == "pressure"]


@behaviour("programs wait for memory: a notice of pressure, nobody ends")
def pressure(machine):
    expect(of_pressure(machine) == [], "told already, when nobody waited")
    machine.run("modctl start squeezed || true")
    pid = machine.run("modctl pid squeezed")
    notice = machine.notice(0, type="pressure")
    expect(notice["Kind"] == "pressure", "Kind %s" % notice["Kind"])
    expect(notice["Payload"] == "/sys/fs/cgroup/memory.pressure", "watched: %s" % notice["Payload"])
    expect(notice["Memory"]["LimitBytes"] == 64 << 20, "%s" % notice["Memory"])
    expect(machine.run("modctl pid squeezed") == pid, "the program does not live on")
    machine.run("modctl stop squeezed")


def killed(machine, commands, *programs):
    """The notices of programs that end by these commands."""
    begin = len(machine.notices.text)
    for command in commands:
        machine.run(command)
    return [machine.notice(begin, processname=program) for program in programs]


def expect_verdict(notice, verdict):
    """Verdict, and the numbers behind it."""
    memory = notice["Memory"]
    expect(memory["Verdict"] == verdict, "%s, not %s: %s" % (memory["Verdict"], verdict, notice))
    expect(notice["Kind"] == ("crash" if verdict == "none" else "oom"), "Kind %s" % notice["Kind"])
    expect((memory["CgroupVersion"], memory["Counter"]) == (2, "memory.events"), "%s" % memory)
    rise = memory["KillsAfter"] - memory["KillsBefore"]
    expect(rise == 0 if verdict == "none" else rise > 0, "the counter rose by %d" % rise)
    if verdict != "none":
        expect(memory["Kind"] == "kernel" and memory["LimitBytes"] == 64 << 20 and memory["PeakBytes"] > 60 << 20,
               "%s" % memory)


@behaviour("killed for memory: certain", rounds=True)
def eats(machine):
    notice, = killed(machine, ["modctl start eats || true"], "eats")
    expect_verdict(notice, "certain")
    expect(notice["Process"]["Signal"] == 9, "%s" % notice["Process"])


@behaviour("two at once: both certain", rounds=True)
def two(machine):
    for notice in killed(machine, ["modctl start eats eats_too || true"], "eats", "eats_too"):
        expect_verdict(notice, "certain")


@behaviour("the child of a program's shell: likely", rounds=True)
def shell(machine):
    notice, = killed(machine, ["modctl start shell || true"], "shell")
    expect_verdict(notice, "likely")
    expect(notice["Process"]["ExitCode"] == 137, "%s" % notice["Process"])


@behaviour("a worker of a program that lives on: a notice of its own", rounds=True)
def worker(machine):
    machine.run("modctl start pool || true")
    pid = machine.run("modctl pid pool")
    begin = len(machine.notices.text)
    machine.run("modctl signal USR1 pool")
    notice = machine.notice(begin, type="oom")
    expect_verdict(notice, "certain")
    expect(notice["Memory"]["Attributed"] is False, "it is attributed")
    expect(notice["Memory"]["KillsAfter"] == notice["Memory"]["KillsBefore"] + 1, "%s" % notice["Memory"])
    expect(machine.run("modctl pid pool") == pid, "the program does not live on")


@behaviour("an operator's SIGKILL near the limit: none", rounds=True)
def operator(machine):
    machine.run("modctl start holds || true")
    pid = machine.run("modctl pid holds").strip()
    machine.until("modctl tail holds", lambda text: "holding" in text)
    notice, = killed(machine, ["kill -KILL " + pid, "modctl clear holds"], "holds")
    expect_verdict(notice, "none")
    expect(notice["Process"]["Signal"] == 9, "%s" % notice["Process"])


@behaviour("a group that is killed as a whole: all certain", rounds=True)
def group(machine):
    commands = ["modctl start team_waits || true", "modctl start team_eats || true"]
    for notice in killed(machine, commands, "team_waits", "team_eats"):
        expect_verdict(notice, "certain")


@behaviour("a runtime that ran out by itself: likely, and the kernel killed nobody")
def runtime(machine):
    notice, = killed(machine, ["modctl start runtime || true"], "runtime")
    memory = notice["Memory"]
    expect(notice["Kind"] == "oom" and memory["Verdict"] == "likely", "%s" % notice)
    expect((memory["Kind"], memory["Runtime"]) == ("runtime", "go"), "%s" % memory)
    expect(memory["KillsAfter"] == memory["KillsBefore"], "%s" % memory)


@behaviour("and nothing else was said of memory")
def nothing_else(machine):
    notices = machine.told()
    worker(machine)  # what is late is told before
    expect(len(of_pressure(machine)) == 1, "pressure is told more often than once in rate_window")
    others = [notice for notice in notices if notice["Metadata"].get("type") == "oom"]
    expect(len(others) == machine.rounds, "%d notices of killed workers: %s" % (len(others), others))


@behaviour("moved to another group of the container: what happens there is told all the same")
def moved(machine):
    machine.run("mkdir /sys/fs/cgroup/elsewhere")
    machine.run("echo 1 >/sys/fs/cgroup/elsewhere/cgroup.procs")
    worker(machine)
    notice, = killed(machine, ["modctl start eats || true"], "eats")  # joins its parent's group
    expect_verdict(notice, "certain")


@behaviour("the kernel counts as the verdicts presume")
def kernel_facts(machine):
    facts = machine.run("memory_facts 3 || true")
    expect("NOT A FACT" not in facts and facts.count("fact ") == 8, facts)


@behaviour("at the end everything stops in order, and the machine has no power any more")
def powers_off(machine):
    begin = len(machine.console.text)
    machine.agent.write("kill -TERM 1\n")
    status = machine.wait_for_end()
    text = machine.console.text[begin:]
    expect(status == 0, "QEMU ended with %s" % status)
    expect("Running /etc/my_init.post_shutdown.d/90_power_off" in text, "the shutdown scripts did not run")
    expect("Kernel panic" not in text, "the kernel panicked")
    expect("Power down" in text, "the power was not cut by the script")
