"""run-php and build-php: PHP-FPM and nginx as programs of a modinit of their own."""
import json
import os
import threading

from container import PREFIX, Container, Failed, check, docker
from folder_watch import FolderWatch
from journey import APPS, HARDENED, SAMPLE, Journey, address_of, ask, folders, give_to_mop, once_it_answers, row

EXTENSIONS = {"bcmath", "curl", "gd", "gmp", "intl", "mbstring", "mysqli", "pdo_mysql", "pdo_pgsql", "pgsql", "simplexml", "soap",
              "xml", "zend opcache", "zip"}
SLOW_S = 120  # for what starts PHP again and again, on a machine that has other things to do
INNER = ("modctl", "-c", "/opt/modulus/lib/php/programs.conf")
SMALL_LOG = SAMPLE + "stdout_logfile_maxbytes=1KB\nstdout_logfile_backups=2\n"


def volume(files, **application):
    """An option: a volume with these files of an application; a dot in a name is written __."""
    folders(files.path / "mnt", ("app/sites-enabled", "home", "log", "notifications", "tmp"))
    for name, text in application.items():
        files.file("mnt/app/" + name.replace("__", "."), text)
    give_to_mop(files.path / "mnt")
    return "--volume=%s:/mnt" % (files.path / "mnt")


def start(*options):
    return Container("--network=bridge", *HARDENED, *options, "start", image="run-php")


def in_image(*options, script, status=0):
    """What a script says in run-php."""
    got, text = docker("run", "--rm", "--network=none", *options, PREFIX + "/run-php", "bash", "-c", script,
                       limit_s=SLOW_S)
    if got != status:
        raise Failed("status %d, not %d: %s" % (got, status, text[-800:]))
    return text


def multipart(name, content):
    return b'--edge\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n%s\r\n--edge--\r\n' % (name, content)


def upload(journey, size):
    status, text = journey.get("/upload", method="POST", body=multipart(b"up.bin", b"x" * size),
                               headers={"Content-Type": "multipart/form-data; boundary=edge"})
    check("status of the upload", status, 200)
    return json.loads(text)


@row("php-composer", "a PHP application with a composer.lock, from source to stop: packages, autoload, uploads, sessions, log")
def composer(files):
    with Journey(files, "php", APPS / "php", run_env={"GREETING": "from outside"}) as journey:
        text = journey.build()
        for words in ("Copying files", "composer.lock found", "modinit/greeter"):
            check(words, words in text, True)
        check("dot files", (journey.built / "output" / ".env").exists(), True)
        journey.start(SMALL_LOG)
        facts = json.loads(journey.get("/facts?x=1")[1])
        check("extensions that are missing", EXTENSIONS - set(facts.pop("extensions")), set())
        check("memory", facts.pop("memory_limit") != "", True)
        check("facts", facts, {"greeting": "from outside", "opcache": True, "script": "/index.php", "temp": "/mnt/tmp", "user": 441})
        check("upload", upload(journey, 5000000), {"folder": "/mnt/tmp/php", "kept": True, "size": 5000000})
        check("kept", (journey.mnt / "app-storage" / "up.bin").stat().st_size, 5000000)
        for path in ("/.env", "/composer.lock", "/sites-enabled/", "/none.php"):
            check(path, journey.get(path)[0], 404)
        address = address_of(journey.box.name)
        cookie = ask(address, "/session")[2]["Set-Cookie"].partition(";")[0]
        check("session", ask(address, "/session", headers={"Cookie": cookie})[1], b"visit 2")

        journey.get("/log")
        check("broken", journey.get("/broken")[0], 500)
        journey.withstands("/", "Hello, world, from a package")
        journey.rotates()
        journey.stop(within_s=8)


@row("php-log", "what scripts write and what breaks in them is in the log as it is")
def log(files):
    option = volume(files, index__php="<?php error_log('a remark'); file_put_contents('php://stderr', \"plain\\n\");\n"
                                      "echo 'ok'; throw new LogicException('on purpose');\n")
    with start(option) as box:
        check("body", once_it_answers(box)[0], 500)
        box.expect("\nplain\n")
        box.expect("PHP Fatal error:  Uncaught LogicException: on purpose in /mnt/app/index.php:2\n")
        check("status", box.stop(), 0)
        check("decorated", "WARNING: [pool" in box.rest(), False)


@row("php-own-files", "php.ini, php-fpm.conf and sites of the application's own; what only root or other places could do is left out")
def own_files(files):
    with Journey(files, "php", APPS / "php-own", run_env={"GREETING": "passed on", "SERVO_SIZE": "192"}) as journey:
        journey.build()
        wanted = {"greeting": "passed on", "memory_limit": "64M", "upload": "3M", "sapi": "fpm-fcgi"}
        status, text, _ = journey.start()
        check("answer", (status, json.loads(text)), (200, wanted))
        journey.stop(within_s=8)


@row("php-memory", "memory_limit: 75 % of the instance; what the application states is kept if it is not more")
def memory(files):
    option = volume(files)
    script = (". /opt/modulus/lib/common.sh; . /opt/modulus/lib/nginx/nginx.sh; . /opt/modulus/lib/php/php.sh; application_folder\n"
              "limit() { ([ -z \"$1\" ] || export SERVO_SIZE=$1; printf \"$2\" >$APP_DIR/php.ini; [ -n \"$2\" ] || rm $APP_DIR/php.ini\n"
              "  printf '[www]\\npm=static\\npm.max_children=1\\n%s\\n' \"$3\" >$APP_DIR/php-fpm.conf\n"
              "  share=$(php_share); write_php_ini \"$share\"; write_fpm_conf \"$share\"\n"
              "  PHP_INI_SCAN_DIR= php -c /mnt/home/php.ini -r 'echo ini_get(\"memory_limit\"), \"\\n\";'; grep -h php_.*memory $fpm_conf || true); }\n"
              "limit '' ''; limit 192 ''; limit 192 'memory_limit=64M'; limit 192 '[PHP]\\nmemory_limit = 1G ; much\\n'\n"
              "limit 192 'memory_limit=-1'; limit 192 ' memory_limit = \"100000000\"\\n'; limit '' 'memory_limit=1G'\n"
              "limit 192 '' 'php_admin_value[memory_limit] = 512M'; limit 192 '' 'php_value[memory_limit]=32M'\n")
    lowered = "WARNING: memory_limit is %s in /mnt/app/%s, more than 75 %% of the memory there is: it is 144M now."
    got = in_image(option, script=script).splitlines()
    check("limits", got, ["128M", "144M", "64M", lowered % ("1G", "php.ini"), "144M", lowered % ("-1", "php.ini"), "144M",
                          "100000000", "1G", lowered % ("512M", "php-fpm.conf"), "144M", "php_admin_value[memory_limit] = 144M",
                          "144M", "php_value[memory_limit]=32M"])
    check("container's", in_image(option, "--memory=256m", script=script).splitlines()[0], "192M")
    check("no number", "SERVO_SIZE is 'lots'" in in_image(option, "--env=SERVO_SIZE=lots", script="start", status=2), True)


@row("php-version", "a PHP that is not there is asked for in vain, which is said; ranges as Composer has them")
def version(files):
    option = volume(files, app__json='{"engines": {"php": "5.6"}}')
    yes = ("8", "8.2", "v8.2", "8.2.*", "8.x", "^8.1", "~8.1", "~8.2.0", ">=7.4", ">=7.4 <9", "7.4 || 8.2", "^7.4|^8.0", "*")
    no = ("5.6.23", "7", "8.1", "8.1.*", "^7.4", "^8.3", "~8.1.0", "<8", ">=7.4 <8", "!=8.2", "latest")
    script = 'for asked; do php -n /opt/modulus/lib/php/satisfies.php 8.2.36 "$asked" && echo yes || echo no; done'
    got = docker("run", "--rm", "--network=none", PREFIX + "/run-php", "bash", "-c", script, "-", *yes, *no, limit_s=SLOW_S)[1].split()
    check("ranges", [asked for asked, said in zip(yes + no, got) if (said == "yes") != (asked in yes)], [])
    for options, asked in (((), "5.6"), (("--env=MODULUS_CONFIG_ENGINES_PHP=^7.4",), "^7.4")):
        with start(option, *options) as box:
            box.expect("WARNING: PHP %s was asked for; this image has PHP 8.2." % asked)


@row("php-broken", "mistakes in php.ini, php-fpm.conf and sites are named with file and line, and are the end with status 2")
def broken(files):
    option = volume(files)
    pool = "[www]\npm = static\npm.max_children = 1\n"
    for name, text, words in (("php.ini", "a = 1\nb = (\nc = 2\n", "php.ini, near line 3: syntax error"),
                              ("php-fpm.conf", pool + "pm.max_childs = 2\n", "php-fpm.conf, line 4: unknown entry 'pm.max_childs'"),
                              ("sites-enabled/site", "server {\n  listn 8080;\n}\n", "sites-enabled/site, line 2: unknown directive \"listn\"")):
        path = files.file("mnt/app/" + name, text)
        with start(option) as box:
            check("status with " + name, box.status(), 2)
            check("words", box.rest().startswith("ERROR: /mnt/app/" + words), True)
        os.unlink(path)


@row("php-alone", "PHP-FPM or nginx dying alone is noticed: a notice, the other one stays, and it answers again")
def alone(files):
    option = volume(files, index__php="<?php echo 'hello';")
    with start(option) as box:
        once_it_answers(box)
        for name, other in (("php-fpm", "nginx"), ("nginx", "php-fpm")):
            stays, dies = box.ask(*INNER, "pid", other), box.ask(*INNER, "pid", name)
            watch = FolderWatch(files.path / "mnt" / "notifications")
            try:
                box.ask("kill", "-KILL", dies)
                notice = watch_for(files, watch, name)
            finally:
                watch.close()
            check("signal", notice["Process"]["SignalName"], "SIGKILL")
            # Not before the new one is there: those the old one left might be who answer.
            comm = {"php-fpm": "php-fpm8.2", "nginx": "nginx"}[name]
            box.ask("sh", "-c", 'until p=$(%s pid %s); [ "$p" != %s ] && grep -qs %s /proc/$p/comm; do :; done'
                    % (" ".join(INNER), name, dies, comm))
            again = once_it_answers(box)
            while again[0] == 502:  # PHP-FPM does not listen yet
                again = once_it_answers(box)
            check("answer without the old " + name, again[:2], (200, b"hello"))
            check(other + " stays", box.ask(*INNER, "pid", other), stays)
        check("status", box.stop(), 0)
        kinds = {json.loads(file.read_text())["Kind"] for file in (files.path / "mnt" / "notifications").glob("*.json")}
        check("kinds of notices", kinds, {"crash"})
        names = {file.name for file in (files.path / "mnt" / "notifications").iterdir()}
        check("other names", [name for name in names if not name.removesuffix(".json").isdigit()], [])


def watch_for(files, watch, name):
    while True:
        for file in (files.path / "mnt" / "notifications").glob("*.json"):
            notice = json.loads(file.read_text())
            if notice.get("Process", {}).get("Name") == name:
                return notice
        if not watch.wait(30):
            raise Failed("no notice of " + name)


@row("php-together", "the end of what runs both is the end of both; the next start finds port and socket free; stop leaves nobody")
def together(files):
    option = volume(files, index__php="<?php echo 'hello';")
    files.file("mnt/supervisor.conf", SAMPLE)
    with Container("--network=bridge", *HARDENED, option, image="run-php") as box:
        once_it_answers(box)
        before = box.ask("modctl", "pid", "app")
        box.ask("sh", "-c", 'kill -KILL %s; until p=$(modctl pid app); [ "$p" != %s ] && grep -qs modinit /proc/$p/comm; do :; done'
                % (before, before))
        box.ask("sh", "-c", "until %s status nginx | grep -q RUNNING; do :; done" % " ".join(INNER))
        check("answer", once_it_answers(box)[:2], (200, b"hello"))
        check("masters", box.ask("pgrep", "--full", "--count", "master process"), "2")
        check("stop", box.ask("modctl", "stop", "app"), "app: stopped")
        check("left", box.run("pgrep", "nginx|php-fpm")[1], "")
        check("status", box.stop(), 0)


@row("php-fatal", "where PHP-FPM cannot be kept running, nginx is stopped and the status is PHP-FPM's")
def fatal(files):
    pool = "[%s]\nlisten = %s\npm = static\npm.max_children = 1\n"
    option = volume(files, php_fpm__conf=pool % ("www", "any") + pool % ("else", "192.0.2.1:9000"))
    (files.path / "mnt" / "app" / "php_fpm.conf").rename(files.path / "mnt" / "app" / "php-fpm.conf")
    with start(option) as box:
        check("status", box.status(SLOW_S), 78)
        box.expect("php-fpm is FATAL (exit status 78), exit status 78")


@row("php-start", "docker run IMAGE start, with PORT, as any user and as root, without SERVO_SIZE; a request under way is answered")
def plain_start(files):
    option = volume(files, index__php="<?php touch('/mnt/home/begun'); usleep(700000); echo 'slow, and whole';")
    begun = files.path / "mnt" / "home" / "begun"
    for user in ("0", "441:444"):
        with Container("--network=bridge", "--user=" + user, "--env=PORT=3000", option, "start", image="run-php") as box:
            check("body", once_it_answers(box, port=3000)[:2], (200, b"slow, and whole"))
            check("user", box.ask("stat", "-c", "%u", "/proc/1"), "441")
            box.expect('"GET / HTTP/1.1" 200')
            begun.unlink()
            address, answers = address_of(box.name), []
            watch = FolderWatch(begun.parent)
            asking = threading.Thread(target=lambda: answers.append(ask(address, port=3000)[:2]))
            asking.start()
            while not begun.exists():
                watch.wait(1)
            watch.close()
            check("status", box.stop(), 0)
            asking.join()
            check("request under way", answers, [(200, b"slow, and whole")])


@row("php-build", "a PHP application without composer.lock is copied; what Composer cannot do is the build's status")
def build(files):
    with Journey(files, "php", APPS / "php-own") as journey:
        text = journey.build()
        check("no Composer", "Composer" in text, False)
        source = journey.built / "input"
        (source / "composer.json").write_text('{"require": {"php": ">=9"}, "repositories": [{"packagist": false}]}')
        check("warning", "WARNING: composer.json without composer.lock" in journey.build(), True)
        (source / "composer.lock").write_text('{"packages": [], "packages-dev": [], "content-hash": "", "platform": {"php": ">=9"}, "platform-dev": []}')
        check("said", "php version" in journey.build(status=2), True)
