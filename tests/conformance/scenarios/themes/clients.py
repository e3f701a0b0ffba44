"""Clients as people have them: Python's XML-RPC over TCP, Supervisor's own transport, curl for streams."""

import re
import subprocess
import xmlrpc.client

from product import DEADLINE, PYTHON
from scenario import scenario

TALKER = ("[program:talker]\ncommand=/bin/sh -c 'echo first; while read line; do echo \"$line\"; done'\nstartsecs=0\n"
          "stdout_logfile={dir}/talker.log\n")


class Curl:
    """A stream that is read while it grows."""

    def __init__(self, s, *arguments):
        self.s = s
        self.path = s.dir / f"curl{len(s.seen)}"
        self.process = subprocess.Popen(["curl", "-sSN", "--max-time", str(DEADLINE), *arguments],
                                        stdout=self.path.open("wb"), stderr=subprocess.STDOUT)

    def until(self, text):
        self.s.until(f"{text!r} from curl", lambda: text in self.path.read_text(errors="replace"))

    def end(self):
        self.process.terminate()
        self.process.wait()
        return self.path.read_text(errors="replace")


def over_tcp(s, credentials=""):
    port = s.port()
    with_password = "username=me\npassword=secret\n" if credentials else ""
    s.config(TALKER + f"[inet_http_server]\nport=127.0.0.1:{port}\n{with_password}")
    s.start()
    s.until_file("talker.log", "first")
    s.until_state("talker", "RUNNING")
    return f"http://{credentials}127.0.0.1:{port}"


@scenario
def python_over_tcp(s):
    """xmlrpc.client with one connection that is kept, and a new one for each call."""
    url = over_tcp(s, "me:secret@")
    with xmlrpc.client.ServerProxy(url + "/RPC2") as server:
        s.observe("state", server.supervisor.getState())
        for _ in range(3):
            s.observe("info", server.supervisor.getProcessInfo("talker"))
        s.observe("stdin", server.supervisor.sendProcessStdin("talker", "h\u00e9\n"))
        s.until_file("talker.log", "h\u00e9")
        s.observe("tail", server.supervisor.tailProcessStdoutLog("talker", 0, 100))
        s.observe("multicall", server.system.multicall([
            {"methodName": "supervisor.getAPIVersion", "params": []}, {"methodName": "supervisor.getState", "params": []}]))
        try:
            server.supervisor.stopProcess("nosuch")
        except xmlrpc.client.Fault as fault:
            s.observe("fault", [fault.faultCode, fault.faultString])
    s.observe("without a path", xmlrpc.client.ServerProxy(url).supervisor.getAPIVersion())
    try:
        xmlrpc.client.ServerProxy(url.replace("secret", "wrong")).supervisor.getState()
    except xmlrpc.client.ProtocolError as error:
        s.observe("wrong password", [error.errcode, error.errmsg])


@scenario
def threads_with_a_connection_each(s):
    """Twenty at the same time."""
    url = over_tcp(s)
    servers = [xmlrpc.client.ServerProxy(url) for _ in range(20)]
    answers = []
    threads = [s.later(lambda server=server: answers.append(server.supervisor.getProcessInfo("talker")["statename"]))
               for server in servers]
    for thread in threads:
        thread.join()
    s.observe("answers", answers)


@scenario
def supervisor_s_own_transport(s):
    """supervisor.childutils in a program, over the socket it is told of, with and without a password."""
    ask = (f"{PYTHON.replace(' -S', '')} -c 'import os; from supervisor.childutils import getRPCInterface; "
           "s = getRPCInterface(os.environ).supervisor; print(s.getState(), s.getProcessInfo(\"talker\")[\"statename\"], "
           "s.getIdentification())'")
    s.config(TALKER + f"[program:asks]\ncommand={ask}\nstartsecs=0\nautorestart=false\nautostart=false\n"
             "stdout_logfile={dir}/asks.log\nstderr_logfile={dir}/asks.err\n"
             f"[program:tells]\ncommand={ask}\nstartsecs=0\nautorestart=false\nautostart=false\n"
             "stdout_logfile={dir}/tells.log\nstderr_logfile={dir}/tells.err\nserverurl=unix://{dir}/t.sock\n"
             "environment=SUPERVISOR_USERNAME=\"me\",SUPERVISOR_PASSWORD=\"secret\"\n"
             "[unix_http_server:two]\nfile={dir}/t.sock\nusername=me\npassword=secret\n")
    s.start()
    s.until_state("talker", "RUNNING")
    for name in ("asks", "tells"):
        s.rpc("startProcess", name)
        s.until_state(name, "EXITED")
        s.content(f"{name}.log")
        s.content(f"{name}.err")


@scenario
def curl_follows_a_log(s):
    """/logtail of both channels: what is there, and what comes; a name nobody has."""
    url = over_tcp(s)
    stream = Curl(s, f"{url}/logtail/talker/stdout")
    stream.until("first\n")
    for line in ("one", "two h\u00e9 <&>"):
        s.call("supervisor.sendProcessStdin", "talker", line + "\n")
        stream.until(line)
    s.observe("stdout", stream.end())
    short = Curl(s, f"{url}/logtail/talker")
    short.until("two")
    s.observe("without a channel", short.end())
    for path in ("/logtail/nosuch", "/logtail/talker/stdin"):
        answer = subprocess.run(["curl", "-sS", "--max-time", "10", "-w", "%{http_code}", "-o", "/dev/null", url + path],
                                capture_output=True, text=True, check=False)
        s.observe(path, answer.stdout)


@scenario
def curl_follows_the_activity_log(s):
    """/mainlogtail, with a password and over the socket."""
    url = over_tcp(s, "me:secret@")
    stream = Curl(s, f"{url}/mainlogtail")
    stream.until("RUNNING state")
    s.call("supervisor.stopProcess", "talker")
    stream.until("stopped: talker")
    s.observe("lines", [line for line in stream.end().splitlines()
                        if re.search("(spawned|success|stopped): .*talker", line)])
    stream = Curl(s, "--unix-socket", str(s.dir / "s.sock"), "http://localhost/mainlogtail")
    stream.until("stopped: talker")
    s.observe("over the socket", "stopped: talker" in stream.end())
