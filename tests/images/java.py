"""WARs, exploded applications and executable JARs. All are compiled here, in build-java; none is in the repository."""
import http.client
import io
import re
import shutil
import subprocess
import threading
import zipfile

from journey import APPS, BUILD_LIMIT_S, HARDENED, SAMPLE, Journey, address_of, ask, folders, give_to_mop, once_it_answers, row
from container import LIMIT_S, PREFIX, Container, Failed, Files, check, docker
from folder_watch import FolderWatch

LOCK = threading.RLock()
MADE = {}


def servlet_api():
    """What the servlets are compiled against: the run image's own."""
    with LOCK:
        if "api" not in MADE:
            MADE["api"] = subprocess.run(
                ["docker", "run", "--rm", "--network=none", PREFIX + "/run-java", "cat", "/usr/share/tomcat10/lib/servlet-api.jar"],
                stdout=subprocess.PIPE, check=True, timeout=LIMIT_S).stdout
        return MADE["api"]


def war_journey(files, **how):
    journey = Journey(files, "java", APPS / "java-war", **how)
    (journey.built / "input" / "servlet-api.jar").write_bytes(servlet_api())
    return journey


def made(kind):
    """The one file that a build of that application leaves at the top, built once for all rows; and what is beside."""
    with LOCK:
        if kind not in MADE:
            with Files() as files:
                journey = war_journey(files) if kind == "war" else Journey(files, "java", APPS / "java-jar")
                journey.build()
                output = journey.built / "output"
                MADE[kind] = {str(path.relative_to(output)): path.read_bytes() for path in output.rglob("*") if path.is_file()}
        return MADE[kind]


def lay(root, contents):
    for name, content in contents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def volume(files, application):
    """A /mnt with that application, as an option."""
    mnt = files.path / "mnt"
    lay(mnt / "app", application)
    folders(mnt, ("home", "log", "notifications", "tmp", "app-storage"))
    return "--volume=%s:/mnt" % mnt


def start(*options, status=7):
    """`start` without a supervisor, to its end: its output."""
    got, text = docker("run", "--rm", "--network=none", *HARDENED, *options, PREFIX + "/run-java", "start")
    check("status, " + text[-1500:], got, status)
    return text


def starts(options, cases):
    """`start` in one container again and again: (environment, status, words that it says)."""
    script = "".join("env %s start 2>&1; echo \"=== $?\"\n" % words for words, _, _ in cases)
    status, text = docker("run", "--rm", "--network=none", *HARDENED, *options, PREFIX + "/run-java", "sh", "-c", script)
    check("status, " + text[-1500:], status, 0)
    for (words, status, said), got in zip(cases, re.findall(r"(.*?)=== (\d+)\n", text, re.S)):
        check("status with " + words, int(got[1]), status)
        for word in said:
            check("%s, which is said with %s, in %s" % (word, words, got[0]), word in got[0], True)
    return text


def has(text, *words):
    for word in words:
        if word not in text:
            raise Failed("no %r in %r" % (word, text[-1500:]))


def tree(root):
    return sorted(str(path.relative_to(root)) for path in root.rglob("*"))


@row("java-war", "a servlet and a page in a WAR, built by the project's mvnw, on Tomcat")
def war(files):
    with war_journey(files) as journey:
        text = journey.build()
        has(text, "wrapper called with: --batch-mode --no-transfer-progress -DskipTests package")
        check("output", tree(journey.built / "output"), ["shop-1.0.war"])
        journey.start()
        journey.expect("/page.jsp", "1 + 1 = 2, motto from context.xml")
        journey.withstands("/", "shop at ''")
        status, body, headers = ask(address_of(journey.box.name), headers={"X-Forwarded-Proto": "https"})
        check("status", status, 200)
        has(body.decode(), "shop at '', visit 1, https, temporary /mnt/tmp, grüß Gott")
        check("restart", journey.box.ask("modctl", "restart", "app"), "app: stopped\napp: started")
        once_it_answers(journey.box)
        session = {"Cookie": headers["Set-Cookie"].partition(";")[0]}
        has(journey.get("/", headers=session)[1].decode(), "visit 2, http,")
        has(journey.log(), "visit 1 of /", "/mnt/app/shop-1.0.war is served at /\n", "Server startup in")
        check("written to the application", tree(journey.mnt / "app"), ["shop-1.0.war"])
        check("a second conf", (journey.mnt / "home" / "tomcat" / "conf" / "conf").exists(), False)
        check("temporary files", tree(journey.mnt / "tmp"), [])
        journey.stop()


@row("java-jar", "an executable JAR with a JAR in it and one beside it, built by gradlew; an exhausted heap is an end with a notice")
def jar(files):
    with Journey(files, "java", APPS / "java-jar", run_env={"SERVO_SIZE": "64"}) as journey:
        wrapper = journey.built / "input" / "gradlew"  # as some systems commit it
        wrapper.write_bytes(wrapper.read_bytes().replace(b"\n", b"\r\n"))
        wrapper.chmod(0o644)
        has(journey.build(), "wrapper called with: --no-daemon --console=plain assemble", "Result: build/libs/boot.jar")
        check("output", tree(journey.built / "output"), ["boot.jar", "lib", "lib/farewell.jar"])
        journey.start(SAMPLE + "stdout_logfile_maxbytes=2KB\n")
        journey.withstands("/", "hello from a JAR in a JAR, goodbye from a JAR beside it")
        journey.rotates()
        watch = FolderWatch(journey.mnt / "notifications")
        try:
            before = journey.pid()
            try:
                journey.get("/leak")
            except (OSError, http.client.HTTPException):
                pass  # cut off in the middle, as it should be
            notice = journey.notice(watch, lambda it: it["Process"]["Pid"] == int(before))
        finally:
            watch.close()
        check("notice", (notice["Kind"], notice["Process"]["ExitCode"], notice["Memory"]["Runtime"]), ("oom", 3, "java"))
        journey.expect("/", "hello")
        check("written to the application", tree(journey.mnt / "app"), ["boot.jar", "lib", "lib/farewell.jar"])
        check("temporary files", tree(journey.mnt / "tmp"), [])
        journey.stop()


@row("java-maven", "a project with pom.xml alone is built by Debian's Maven; the input may be read-only")
def maven(files):
    image = PREFIX + "/test-build-java"
    status, text = docker("build", "--network=host", "--quiet", "--tag=" + image, "--build-arg=PARENT=%s/build-java" % PREFIX,
                          str(APPS / "java-maven"), limit_s=BUILD_LIMIT_S)
    check("image, " + text, status, 0)
    root = files.path / "mnt"
    folders(root, ("output", "home", "tmp"))
    status, text = docker("run", "--rm", "--network=none", *HARDENED, "--volume=%s:/mnt" % root,
                          "--volume=%s:/mnt/input:ro" % (APPS / "java-maven"), image, "build", limit_s=BUILD_LIMIT_S)
    check("status, " + text, status, 0)
    has(text, "Building with mvn --batch-mode --no-transfer-progress -DskipTests package", "BUILD SUCCESS")
    check("output", tree(root / "output"), ["counter-1.0.jar"])
    has(start("--volume=%s:/mnt/app" % (root / "output"), status=0), "built by Maven")


@row("java-heap", "the heap is 75 % of SERVO_SIZE or of the container's limit; JAVA_OPTS wins; never NaN")
def heap(files):
    mount = [volume(files, made("jar")), "--env=EXEC_ARGS=facts"]
    wrong = [("SERVO_SIZE=" + value, 2, ["SERVO_SIZE is '%s'; a number of megabytes" % value]) for value in ("NaN", "0", "512M")]
    starts(mount, [("SERVO_SIZE=512", 7, ["\nheap 384\n"]),
                   ("SERVO_SIZE=100", 7, ["\nheap 76\n"]),  # in steps of 2 MB
                   ("SERVO_SIZE=512 JAVA_OPTS=-Xmx64m", 7, ["\nheap 64\n"]),
                   ("SERVO_SIZE=64 JAVA_OPTS='-Dsome=x -XX:MaxPermSize=64m'", 7,
                    ["WARNING: JAVA_OPTS: -XX:MaxPermSize=64m is left out", "\nheap 48\n", "property x"]),
                   ("", 7, ["\nheap "]),  # no limit at all: the JVM's own share of the machine
                   *wrong])
    starts([*mount, "--memory=256m"], [("", 7, ["\nheap 192\n"]),
                                       ("SERVO_SIZE=192", 7, ["\nheap 144\n"]),
                                       ("JAVA_OPTS='-Dsome=x -XX:MaxRAMPercentage=50'", 7, ["\nheap 128\n", "property x"])])


@row("java-start", "arguments, options, exit status and working directory of a JAR are as asked for, without APP_DIR too")
def started(files):
    mount = volume(files, made("jar"))
    shutil.copytree(files.path / "mnt" / "app", files.path / "mnt" / "two")
    # With a script in front, as Spring Boot makes them on demand.
    (files.path / "mnt" / "two" / "copy.jar").write_bytes(b"#!/bin/sh\nexec java -jar $0\n" + made("jar")["boot.jar"])
    text = starts([mount], [
        ("-u APP_DIR EXEC_ARGS=\"facts 'two words'\" JAVA_OPTS=\"-Dsome='more words'\"", 7,
         ["arguments [facts, two words]", "property more words", "home /mnt/home", "directory /mnt/app"]),
        ("EXEC_ARGS=\"'facts\"", 2, ["EXEC_ARGS has a quote that is not closed"]),
        ("PORT=http", 2, ["PORT is 'http'"]),
        ("APP_DIR=/mnt/nowhere", 1, ["APP_DIR, /mnt/nowhere, is not there"]),
        ("APP_DIR=/mnt/log", 1, ["There is no application to run: /mnt/log has neither"]),
        ("APP_DIR=/mnt/two", 1, ["More than one executable JAR in /mnt/two: boot.jar copy.jar."]),
        ("APP_DIR=/mnt/two APP_JAR=copy.jar EXEC_ARGS=facts", 7, ["Running command: java -jar copy.jar\n", "directory /mnt/two"])])
    check("warnings", "WARNING" in text, False)
    (files.path / "mnt").chmod(0o777)
    has(start("--user=12345:12345", "--env=HOME=/mnt/somebody", "--env=EXEC_ARGS=facts", mount), "home /mnt/somebody")
    check("temporary files", tree(files.path / "mnt" / "tmp"), [])


@row("java-engines", "a Java or Tomcat that is asked for and not there is a warning in the log")
def engines(files):
    text = starts([volume(files, made("jar")), "--env=EXEC_ARGS=facts"], [
        ("MODULUS_CONFIG_ENGINES_JAVA=8 MODULUS_CONFIG_ENGINES_TOMCAT=8", 7,
         ["WARNING: The application asks for Java 8; this image has Java 17", "WARNING: The application asks for Tomcat 8;"]),
        ("MODULUS_CONFIG_ENGINES_JAVA='>= 11' MODULUS_CONFIG_ENGINES_TOMCAT=10.1.x", 7, []),
        ("MODULUS_CONFIG_ENGINES_JAVA='>=21'", 7, ["WARNING: The application asks for Java >=21"])])
    check("warnings", text.count("WARNING"), 3)


def serves(files, *options, application):
    """Tomcat with that application, read-only, as a container in which it is process 1."""
    mnt = files.path / "mnt"
    if not mnt.exists():
        folders(mnt, ("home", "log", "tmp"))
    return Container("--network=bridge", "--volume=%s:/mnt" % mnt, "--volume=%s:/mnt/app:ro" % application, *HARDENED,
                     *options, "start", image="run-java")


@row("java-wars", "several WARs and folders, each at its name, ROOT at /; a read-only application; PORT; its own conf")
def wars(files):
    war_file = made("war")["shop-1.0.war"]
    application = lay(files.path / "application", {
        "ROOT.war": war_file, "webapps/north#shop.war": war_file, "webapps/north#shop/index.html": "unpacked by an older Tomcat",
        "webapps/plain/index.html": "a folder", "conf/tomcat-users.xml": "<tomcat-users/>"})
    with serves(files, "--env=PORT=9090", application=application) as box:
        for path, body in (("/", "shop at ''"), ("/north/shop/", "shop at '/north/shop'"), ("/plain/", "a folder")):
            status, got, _ = once_it_answers(box, path, port=9090)
            check("status of " + path, status, 200)
            has(got.decode(), body)
        has(box.text + box.expect("startup in"), "/mnt/app/webapps/north#shop.war is served at /north/shop\n")
        check("its own file", box.ask("cat", "/mnt/home/tomcat/conf/tomcat-users.xml"), "<tomcat-users/>")
        check("status after TERM", box.stop(), 143)
    # The same volume with another application: nothing is left of the first.
    shutil.rmtree(application / "webapps")
    shutil.rmtree(application / "conf")
    with serves(files, application=application) as box:
        check("status of /", once_it_answers(box)[0], 200)
        for path in ("/plain/", "/north/shop/"):
            check("status of " + path, ask(address_of(box.name), path)[0], 404)
        check("folders of conf", box.ask("find", "/mnt/home/tomcat/conf/", "-type", "d"), "/mnt/home/tomcat/conf/")


def unpacked(war_file, folder):
    folder.mkdir()
    with zipfile.ZipFile(io.BytesIO(war_file)) as archive:
        archive.extractall(folder)
    return folder


@row("java-exploded", "an application with WEB-INF is served at / where it lies")
def exploded(files):
    application = unpacked(made("war")["shop-1.0.war"], files.path / "application")
    before = tree(application)
    with serves(files, application=application) as box:
        has(once_it_answers(box)[1].decode(), "shop at ''")
        has(ask(address_of(box.name), "/page.jsp")[1].decode(), "1 + 1 = 2, motto from context.xml")
        check("WEB-INF", ask(address_of(box.name), "/WEB-INF/web.xml")[0], 404)
        check("status after TERM", box.stop(), 143)
    check("application", tree(application), before)


@row("java-javax", "a WAR of Tomcat 9 and before: run-java refuses it, build-java converts it, packed or unpacked")
def javax(files):
    lay(files.path / "input", made("war"))
    give_to_mop(files.path)
    back = docker("run", "--rm", "--network=none", "--volume=%s:/mnt/input" % (files.path / "input"), PREFIX + "/build-java", "sh", "-c",
                  "cd /mnt/input && javax2jakarta -logLevel=WARNING -profile=JEE8 shop-1.0.war old.war && rm shop-1.0.war")
    check("an old one", back, (0, ""))
    has(start("--volume=%s:/mnt/app" % (files.path / "input"), status=1), "/mnt/app/old.war was compiled for javax.servlet")
    old = (files.path / "input" / "old.war").read_bytes()
    unpacked(old, files.path / "folder")
    (files.path / "folder" / ".hidden").write_text("a dot file")
    give_to_mop(files.path / "folder")
    has(start("--volume=%s:/mnt/app" % (files.path / "folder"), status=1), "/mnt/app was compiled for javax.servlet")
    for kind in ("input", "folder"):
        output = files.path / (kind + "-output")
        folders(output, ())
        status, text = docker("run", "--rm", "--network=none", *HARDENED, "--volume=%s:/mnt/input:ro" % (files.path / kind),
                              "--volume=%s:/mnt/output" % output, "--tmpfs=/mnt/tmp:mode=1777", PREFIX + "/build-java", "build")
        check("status, " + text, status, 0)
        has(text, "is written for javax.servlet; converting it")
    check("dot file", (files.path / "folder-output" / ".hidden").read_text(), "a dot file")
    servlet = (files.path / "folder-output" / "WEB-INF" / "classes" / "shop" / "Shop.class").read_bytes()
    check("converted", (b"javax/servlet" in servlet, b"jakarta/servlet" in servlet), (False, True))
    with serves(files, application=files.path / "input-output") as box:
        has(once_it_answers(box)[1].decode(), "shop at ''")


def build(files, status, contents, *options):
    """A build of these files, to its end: its output."""
    lay(files.path / "input", contents)
    folders(files.path / "output", ())
    give_to_mop(files.path / "input")
    got, text = docker("run", "--rm", "--network=none", *HARDENED, *options, "--volume=%s:/mnt/input" % (files.path / "input"),
                       "--volume=%s:/mnt/output" % (files.path / "output"), "--tmpfs=/mnt/tmp:mode=1777", "--tmpfs=/mnt/home:mode=1777",
                       PREFIX + "/build-java", "build")
    check("status, " + text, got, status)
    shutil.rmtree(files.path / "input")
    return text


@row("java-build", "what cannot be built, or has no single result, is told with what to do; a failed build is its status")
def build_says(files):
    jars = {"part/boot.jar": made("jar")["boot.jar"]}
    two = "#!/bin/sh\nmkdir -p a/target b/target\ncp part/boot.jar a/target/a.jar\ncp part/boot.jar b/target/b.jar\necho told: $*\n"
    has(build(files, 1, {"README": "nothing else"}), "There is nothing to build or to run in /mnt/input")
    has(build(files, 1, {"build.gradle": "plugins {}"}), "This Gradle project has no gradlew")
    has(build(files, 3, {"mvnw": "#!/bin/sh\necho broken\nexit 3\n"}), "broken\n", "exit status 3")
    has(build(files, 1, {"mvnw": "#!/bin/sh\nmkdir target\n"}), "neither a WAR nor an executable JAR")
    has(build(files, 1, {"mvnw": two, **jars}), "more than one executable JAR: a/target/a.jar b/target/b.jar.")
    has(build(files, 0, {"mvnw": two, **jars}, "--env=BUILD_ARTIFACT=b/target/b.jar", "--env=RUN_TESTS=true"),
        "told: --batch-mode --no-transfer-progress verify")
    check("output", tree(files.path / "output"), ["b.jar"])
    has(build(files, 1, {"none.war": "no ZIP file"}), "none.war is no WAR")
