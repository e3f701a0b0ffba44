"""run-static and build-static: files, and sites of the application's own."""
import gzip
import socket
import threading

from container import LIMIT_S, Container, Failed, check
from journey import APPS, HARDENED, SAMPLE, Journey, address_of, ask, folders, give_to_mop, once_it_answers, row

SMALL_LOG = SAMPLE + "stdout_logfile_maxbytes=1KB\nstdout_logfile_backups=2\n"


def volume(files, text="<h1>index</h1>", **sites):
    """An option: a volume with an index page and sites."""
    mnt = files.path / "mnt"
    folders(mnt, ("app/sites-enabled", "home", "log", "notifications", "tmp"))
    files.file("mnt/app/index.html", text)
    for name, site in sites.items():
        files.file("mnt/app/sites-enabled/" + name, site)
    give_to_mop(mnt)
    return "--volume=%s:/mnt" % mnt


def start(*options):
    return Container("--network=bridge", *HARDENED, *options, "start", image="run-static")


def once_it_is_nginx(box, not_pid=""):
    """Until then, workers of a killed master may be those who answer; then, nobody for a moment."""
    box.ask("sh", "-c", 'until p=$(modctl pid app); [ "$p" != "%s" ] && grep -qs nginx /proc/$p/comm; do :; done' % not_pid)
    return once_it_answers(box)


@row("static-site", "a static site, from source to stop: compression, index and error pages, hidden files stay hidden")
def site(files):
    with Journey(files, "static", APPS / "static") as journey:
        packed = journey.built / "input" / "packed.js"
        packed.write_text("original();\n")
        packed.with_suffix(".js.gz").write_bytes(gzip.compress(b"packed();\n"))
        give_to_mop(journey.built / "input")
        journey.build()
        for name in (".env", ".well-known/challenge", "docs/index.htm"):
            check("built " + name, (journey.built / "output" / name).exists(), True)
        journey.start(SMALL_LOG)
        address = address_of(journey.box.name)

        for path, status, text in (("/", 200, "from source to stop"), ("/docs/", 200, "documents"),
                                   ("/.well-known/challenge", 200, "certificate"), ("/packed.js", 200, "original"),
                                   ("/nothing", 404, "our own page"), ("/.env", 404, "our own page"),
                                   ("/.well-known/", 404, "our own page"), ("/sites-enabled/", 404, "our own page")):
            got, body, _ = ask(address, path)
            check(path, (got, text.encode() in body), (status, True))
        status, _, headers = ask(address, "/docs")
        check("folder", (status, headers["Location"]), (301, "/docs/"))
        zipped = {"Accept-Encoding": "gzip"}
        status, body, headers = ask(address, "/style.css", headers=zipped)
        check("compressed", headers.get("Content-Encoding"), "gzip")
        check("content", gzip.decompress(body).decode(), (journey.mnt / "app" / "style.css").read_text())
        check("packed before", gzip.decompress(ask(address, "/packed.js", headers=zipped)[1]), b"packed();\n")

        journey.withstands("/", "from source to stop")
        once_it_is_nginx(journey.box)
        journey.rotates("/style.css")
        old = (journey.mnt / "log" / "app.log.1").read_text()
        journey.get("/after-the-rotation")
        journey.stop()
        check("in the new file", "/after-the-rotation" in journey.log(), True)
        check("in the old file", "/after-the-rotation" in old, False)


@row("static-own-site", "a site of the application's own on the port takes the place of ours; large bodies go through files")
def own_site(files):
    with Journey(files, "static", APPS / "static-own") as journey:
        journey.build()
        journey.start()
        journey.expect("/", "a site of its own")
        check("said", "served by a site in /mnt/app/sites-enabled" in journey.log(), True)
        check("elsewhere", journey.get("/sites-enabled/site")[0], 404)
        status, body = journey.get("/upload", method="POST", body=b"x" * 3000000)
        check("upload", (status, b"took 3000000 bytes" in body), (200, True))
        check("its file", any((journey.mnt / "tmp" / "nginx" / "body").iterdir()), True)
        check("too much", journey.get("/upload", method="POST", headers={"Content-Length": "21000000"})[0], 413)
        journey.stop()


@row("static-broken-site", "a broken site of the application's own is named with file and line, and is the end with status 2")
def broken_site(files):
    option = volume(files, good="server {\n  listen 8081;\n}\n", wrong="server {\n  listen 8080;\n  rooot /mnt/app;\n}\n")
    with start(option) as box:
        check("status", box.status(), 2)
        check("words", box.rest(), 'ERROR: /mnt/app/sites-enabled/wrong, line 3: unknown directive "rooot"\n')


@row("static-start", "docker run IMAGE start, with PORT, as any user and as root; wrong settings are named")
def plain_start(files):
    option = volume(files)
    for user in ("0", "441:444"):
        with Container("--network=bridge", "--user=" + user, "--env=PORT=3000", option, "start", image="run-static") as box:
            check("body", once_it_answers(box, port=3000)[:2], (200, b"<h1>index</h1>"))
            check("user", box.ask("stat", "-c", "%u", "/proc/1"), "441")
            check("process 1", box.ask("cat", "/proc/1/comm"), "nginx")
            box.expect('"GET / HTTP/1.1" 200')  # the log is the console's
            check("status", box.stop(), 0)
    for wrong, words in (("PORT=http", "PORT is 'http'"), ("APP_DIR=/mnt/nowhere", "APP_DIR, /mnt/nowhere, is not there")):
        with start(option, "--env=" + wrong) as box:
            check("status with " + wrong, box.status(), 2)
            box.expect("ERROR: " + words)


@row("static-graceful", "docker stop lets nginx finish what it is sending")
def graceful(files):
    size = 40000000  # more than sockets hold
    option = volume(files, text="x" * size)
    with start(option) as box:
        once_it_answers(box, "/nothing")
        with socket.create_connection((address_of(box.name), 8080), LIMIT_S) as reader:
            reader.sendall(b"GET / HTTP/1.0\r\n\r\n")
            got = len(reader.recv(1000))
            stopping = threading.Thread(target=box.stop)
            stopping.start()
            # Workers that listen no more know of the stop.
            while refused(address_of(box.name)) is False:
                pass
            while data := reader.recv(1 << 20):
                got += len(data)
            stopping.join()
        if got < size:
            raise Failed("%d of %d bytes" % (got, size))
        check("status", box.status(), 0)


def refused(address):
    try:
        socket.create_connection((address, 8080), LIMIT_S).close()
        return False
    except ConnectionRefusedError:
        return True


@row("static-orphans", "workers of a killed nginx do not keep the port: it is served again, nobody is left")
def orphans(files):
    option = volume(files)
    files.file("mnt/supervisor.conf", SAMPLE)
    with Container("--network=bridge", *HARDENED, option, image="run-static") as box:
        once_it_answers(box)
        master = box.ask("modctl", "pid", "app")
        workers = box.ask("pgrep", "--parent", master).split()
        box.ask("kill", "-KILL", master)
        check("body", once_it_is_nginx(box, not_pid=master)[:2], (200, b"<h1>index</h1>"))
        box.ask("modctl", "stop", "app")
        left = set(workers) & set(box.ask("sh", "-c", "cd /proc; echo [0-9]*").split())
        check("left", left, set())
        check("nginx processes", box.run("pgrep", "nginx")[1], "")
        check("status", box.stop(), 0)
