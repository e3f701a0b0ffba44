"""What the browser test looks at: a daemon with some programs, and a web site of somebody else."""

import http.server
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request
import xmlrpc.client

DEADLINE = 20

SERVERS = """\
[supervisord]
logfile={dir}/log
pidfile={dir}/pid
childlogdir={dir}
identifier=shop.example
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[inet_http_server]
port=127.0.0.1:{port}
[inet_http_server:roles]
port=127.0.0.1:{roles_port}
username=boss
password=secret
readonly_username=guest
readonly_password=look
"""

# `cat` writes what the test sends to its standard input: logs grow when the test wants them to.
PROGRAMS = """\
[program:api]
command=/bin/sh -c 'cat {dir}/story; exec cat'
stdout_logfile={dir}/api.log
stderr_logfile={dir}/api.err
startsecs=0
[program:worker]
startsecs=0
command=/bin/cat
process_name=%(program_name)s-%(process_num)d
numprocs=3
[group:shop]
programs=api,worker
[program:cache]
startsecs=0
command=/bin/cat
[program:mailer]
command=/bin/sh -c 'echo "550 relay refused" >&2; exit 3'
startretries=0
[program:backup]
command=/bin/true
startsecs=0
autorestart=false
[program:importer]
startsecs=0
command=/bin/cat
autostart=false
"""

STORY = "".join(
    f"2026-05-04 09:{n // 60:02d}:{n % 60:02d} {level} {text}\n" for n, (level, text) in enumerate([
        ("INFO ", "listening on 127.0.0.1:8080"),
        ("INFO ", "database: 8 connections, schema 42"),
        ("INFO ", "GET  /products?page=1 200 12 ms"),
        ("INFO ", "POST /cart 201 31 ms"),
        ("WARN ", "slow query, 812 ms: select * from orders where customer = ?"),
        ("INFO ", "GET  /products/17 200 9 ms"),
        ("INFO ", "GET  /products/18 304 2 ms"),
        ("\x1b[31mERROR\x1b[0m", "payment provider answered 503, will be tried again in 5 s"),
        ("INFO ", "POST /orders 201 118 ms"),
        ("INFO ", "payment of order 4711 confirmed"),
    ] * 6))


def until(condition, what):
    """Asks until it holds. For what no event tells; the pause lets the daemon have the processor."""
    end = time.monotonic() + DEADLINE
    while not (result := condition()):
        if time.monotonic() > end:
            raise AssertionError("not within the deadline: " + what)
        threading.Event().wait(0.02)
    return result


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Daemon:
    """modinit in a directory of its own, on loopback ports that stay the same over a restart."""

    def __init__(self, program, more_programs=""):
        self.program = program
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="modinit-page-"))
        self.port, self.roles_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        text = (SERVERS + PROGRAMS + more_programs).replace("{port}", str(self.port))
        text = text.replace("{roles_port}", str(self.roles_port)).replace("{dir}", str(self.dir))
        (self.dir / "story").write_text(STORY)
        (self.dir / "conf").write_text(text)
        self.rpc = xmlrpc.client.ServerProxy(self.url + "RPC2").supervisor
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen([self.program, "-c", self.dir / "conf"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        until(self.answers, "an answer of the daemon; its log: " + str(self.dir / "log"))

    def answers(self):
        assert self.process.poll() is None, "the daemon ended"
        try:
            with urllib.request.urlopen(self.url + "ok.html", timeout=DEADLINE) as answer:
                return answer.status == 200
        except OSError:
            return False

    def kill(self):
        """As if the machine had lost power: nothing is said to anybody."""
        self.process.kill()
        self.process.wait()

    def state(self, name):
        return self.rpc.getProcessInfo(name)["statename"]

    def write(self, name, text):
        self.rpc.sendProcessStdin(name, text)

    def tell_story(self):
        """The log of shop:api as it is when the program has just begun."""
        self.rpc.stopProcess("shop:api")
        self.rpc.clearProcessLogs("shop:api")
        self.rpc.startProcess("shop:api")

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.dir)


class OtherSite:
    """A page of somebody else, whose scripts would like to stop our programs."""

    PAGE = """<!DOCTYPE html><title>evil</title><form method="post" action="{url}index.html">
<input name="action" value="stopall"><button id="form">a free gift</button></form>
<a id="link" href="{url}index.html?action=stopall">another one</a><p id="done"></p><script>
const call = "<methodCall><methodName>supervisor.stopAllProcesses</methodName></methodCall>";
const post = {{ method: "POST", mode: "no-cors", credentials: "include" }};
Promise.allSettled([
  fetch("{url}RPC2", {{ ...post, headers: {{ "Content-Type": "text/plain" }}, body: call }}),
  fetch("{url}api/v1/programs/*/stop", post),
  fetch("{url}api/v1/actions", {{ ...post, body: '{{"action":"stop","programs":["*"]}}' }}),
  fetch("{url}index.html?action=stopall", {{ mode: "no-cors", credentials: "include" }}),
  fetch("{url}api/v1/programs").then((answer) => answer.json()),
]).then((results) => {{ document.getElementById("done").textContent = results.map((r) => r.status).join(" "); }});
</script>"""

    def __init__(self, victim):
        page = self.PAGE.format(url=victim).encode()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
