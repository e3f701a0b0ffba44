"""What is expected of modinit as the init of a machine. Each is a function of a Machine that runs; they are
performed in order, on one machine, and the last ends it."""
from machine import Failed

BEHAVIOURS = []


def behaviour(text):
    """Enters a function into the table."""
    def enter(function):
        BEHAVIOURS.append((function.__name__, text, function))
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


@behaviour("an operator's SIGKILL leaves a notice of a crash")
def tells_crashes(machine):
    machine.notices.wait(r'"Kind":"crash".*"Name":"waits"')


@behaviour("collects orphans")
def reaps(machine):
    for _ in range(5):
        machine.run("guest orphan")
    machine.until("cat /proc/[0-9]*/stat 2>/dev/null | grep -c ') Z ' || true", lambda count: count.strip() == "0")


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
