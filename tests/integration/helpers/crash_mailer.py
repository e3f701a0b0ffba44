"""Mails when a program ends unexpectedly: crash_mailer.py SENDMAIL ADDRESS [PROGRAM...].

With Supervisor's childutils. SENDMAIL is a command of the shell that reads the mail from its standard
input; without PROGRAM, any program is meant."""

import subprocess
import sys

from supervisor import childutils


def mail(sendmail, address, fields, when):
    name = "%s:%s" % (fields["groupname"], fields["processname"])
    text = ("To: %s\nSubject: %s crashed\n\n%s: process %s (pid %s) ended unexpectedly from state %s\n"
            % (address, name, when, name, fields["pid"], fields["from_state"]))
    subprocess.run(["/bin/sh", "-c", sendmail], input=text.encode(), check=True)
    print("mailed", name, file=sys.stderr, flush=True)


def main(sendmail, address, *programs):
    while True:
        headers, payload = childutils.listener.wait(sys.stdin, sys.stdout)
        if headers["eventname"] == "PROCESS_STATE_EXITED":
            fields, _ = childutils.eventdata(payload + "\n")
            if not int(fields["expected"]) and (not programs or fields["processname"] in programs):
                mail(sendmail, address, fields, childutils.get_asctime())
        childutils.listener.ok(sys.stdout)


main(*sys.argv[1:])
