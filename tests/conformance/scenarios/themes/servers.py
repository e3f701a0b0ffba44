"""Sections of servers and interfaces: which they are, their addresses, passwords, files."""

import base64
import hashlib
import os
import re
import socket

from product import BASE
from scenario import scenario

SLEEP = "[program:p]\ncommand=/bin/sleep 1000\nstartsecs=0\n"


def asks(s, socket_file, *credentials):
    for words in credentials:
        header = b"Authorization: Basic " + base64.b64encode(words) + b"\r\n" if words is not None else b""
        s.http(b"GET /ok.html HTTP/1.1\r\n" + header + b"\r\n", socket_file)


@scenario
def sections_by_their_beginning(s):
    """[unix_http_serverfoo] and [inet_http_serverX:y] are servers, too."""
    port = s.port()
    s.config(SLEEP + f"[unix_http_serverfoo]\nfile={{dir}}/t.sock\n[inet_http_serverX:y]\nport=127.0.0.1:{port}\n"
             "[Unix_http_server]\nfile={dir}/never.sock\n")
    s.start()
    s.until_state("p", "RUNNING")
    s.listing("*.sock")
    with socket.create_connection(("127.0.0.1", port)):
        s.observe("connected", True)
    s.log("RPC|Server")
    s.end()
    s.listing("*.sock")


@scenario
def the_digest_of_a_password(s):
    """{SHA} with small letters; anything else is a plain password."""
    digest = hashlib.sha1(b"secret").hexdigest()
    passwords = {"small": "{SHA}" + digest, "capital": "{SHA}" + digest.upper(), "other": "{sha}" + digest,
                 "short": "{SHA}" + digest[:10], "none": "{SHA}"}
    s.config("".join(f"[unix_http_server:{name}]\nfile={{dir}}/{name}.sock\nusername=me\npassword={password}\n"
                     for name, password in passwords.items()))
    s.start()
    for name, password in passwords.items():
        asks(s, f"{name}.sock", b"me:secret", b"me:" + password.encode())


@scenario
def a_password_of_signs(s):
    """Percent signs are doubled; marks of comments without a space in front are not."""
    s.config("[unix_http_server:a]\nfile={dir}/t.sock\nusername=u%%1\npassword=a#b;c%%:d\n"
             "[unix_http_server:b]\nfile={dir}/u.sock\nusername=m\u00fc\npassword=\u00e4 b\n")
    s.start()
    asks(s, "t.sock", b"u%1:a#b;c%:d", b"u%%1:a#b;c%:d", b"u%1:a#b;c%", None)
    asks(s, "u.sock", "m\u00fc:\u00e4 b".encode())


@scenario
def empty_credentials(s):
    """Are none."""
    s.config("[unix_http_server:a]\nfile={dir}/t.sock\nusername=\npassword=\n"
             "[unix_http_server:b]\nfile={dir}/u.sock\nusername=\npassword=x\n")
    s.start()
    asks(s, "t.sock", None, b":", b"a:b")
    asks(s, "u.sock", None, b":x", b"a:b")
    s.log("Server")


@scenario
def credentials_from_the_environment(s):
    """%(ENV_X)s, of the system and of [supervisord]."""
    s.config("[unix_http_server:a]\nfile={dir}/%(ENV_NAME)s.sock\nusername=%(ENV_NAME)s\npassword=%(ENV_WORD)s\n",
             supervisord="environment=NAME=\"me\"")
    s.start(environment={"NAME": "outside", "WORD": "pa%ss"})
    s.listing("*.sock")
    asks(s, "me.sock", b"me:pa%ss", b"outside:pa%ss")


@scenario
def paths_of_sockets(s):
    """Made absolute and short; a tilde is the home."""
    os.mkdir(s.dir / "x")
    s.write("home/keep", "")
    s.config("[program:p]\ncommand=/bin/sh -c 'echo $SUPERVISOR_SERVER_URL'\nstartsecs=0\nautorestart=false\n"
             "stdout_logfile={dir}/p.log\n[unix_http_server:b]\nfile=x/.././x//t.sock\n"
             "[unix_http_server:c]\nfile=~/u.sock\n",
             base=BASE.replace("[unix_http_server]\nfile={dir}/s.sock", "[unix_http_server]\nfile=x/../s.sock"))
    s.start(environment={"HOME": str(s.dir / "home")})
    s.until_state("p", "EXITED")
    s.content("p.log")
    s.listing("*.sock")
    s.listing("x/*.sock")
    s.listing("home/*.sock")


@scenario
def modes_of_sockets(s):
    """chmod= is octal, and the mask does not matter."""
    modes = ("0700", "777", "0o640", "0", "1777")
    s.config("".join(f"[unix_http_server:{m}]\nfile={{dir}}/{m}.sock\nchmod={m}\n" for m in modes))
    s.start()
    for mode in modes:
        s.mode(f"{mode}.sock")


@scenario
def servers_in_their_order(s):
    """Ports first, then sockets, in the order of the file."""
    ports = s.port(), s.port()
    s.config(f"[unix_http_server:z]\nfile={{dir}}/z.sock\n[inet_http_server:y]\nport=127.0.0.1:{ports[0]}\n"
             f"[unix_http_server:a]\nfile={{dir}}/a.sock\nusername=u\npassword=p\n[inet_http_server:b]\nport={'127.0.0.1'}:{ports[1]}\n")
    s.start()
    s.log("RPC|Server")


@scenario
def a_port_by_a_host_s_name(s):
    """The name is looked up, whatever its letters."""
    port = s.port()
    s.config(SLEEP + f"[inet_http_server]\nport=LOCALHOST:{port}\n")
    s.start()
    s.until_state("p", "RUNNING")
    with socket.create_connection(("127.0.0.1", port)):
        s.observe("connected", True)


@scenario
def a_port_by_the_node_s_name(s):
    """What /etc/hosts knows."""
    port = s.port()
    s.config(SLEEP + f"[inet_http_server]\nport=%(ENV_NODE)s:{port}\nusername=u\npassword=p\n")
    with open("/etc/hosts", encoding="utf-8") as hosts:
        known = [line.split()[1] for line in hosts if re.match(r"127\.[\d.]+\s+[A-Za-z]", line)]
    s.start(environment={"NODE": known[-1]})
    s.until_state("p", "RUNNING")
    with socket.create_connection((known[-1], port)):
        s.observe("connected", True)


@scenario
def a_host_that_does_not_exist(s):
    """Cannot be opened."""
    s.config(f"[inet_http_server]\nport=no.such.host.invalid:{s.port()}\nusername=u\npassword=p\n")
    s.run_to_end("-n", "-s")
