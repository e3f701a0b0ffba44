"""A listener as people write them, with Supervisor's childutils: childutils_listener.py FILE.

Starts again whatever ended, over RPC while it still has the event; refuses an event of the type "refuse"
once; tells in FILE what it heard, a line for each event."""

import os
import sys

from supervisor import childutils


def tell(file, headers, payload):
    with open(file, "a", encoding="utf-8") as out:
        out.write("%s %s %r\n" % (headers["eventname"], headers["pool"], payload))


def main(file):
    rpc = childutils.getRPCInterface(os.environ)
    refused = False
    while True:
        headers, payload = childutils.listener.wait(sys.stdin, sys.stdout)
        tell(file, headers, payload)
        if headers["eventname"] == "PROCESS_STATE_EXITED":
            fields, _ = childutils.eventdata(payload + "\n")
            name = "%s:%s" % (fields["groupname"], fields["processname"])
            if rpc.supervisor.getProcessInfo(name)["statename"] == "EXITED":
                rpc.supervisor.startProcess(name)
        if payload.startswith("type:refuse\n") and not refused:
            refused = True
            childutils.listener.fail(sys.stdout)
        else:
            childutils.listener.ok(sys.stdout)


main(*sys.argv[1:])
