"""Takes notices: notice_server.py SOCKET FILE STATUS... answers one request after another with these
statuses (0: closes without an answer), then with 200, and appends the bodies it took to FILE."""

import socketserver
import sys
from http.server import BaseHTTPRequestHandler


class Handler(BaseHTTPRequestHandler):
    statuses: list[int] = []
    file = ""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status = self.statuses.pop(0) if self.statuses else 200
        line = f"{status} {self.path} {self.headers['Content-Type']} {self.headers.get('X-Token', '-')} "
        with open(self.file, "ab") as file:
            file.write(line.encode() + body + b"\n")
        if status:
            self.send_response(status)
            self.end_headers()

    def log_message(self, *_):
        pass

    def address_string(self):
        return "unix"


class Server(socketserver.UnixStreamServer):
    def get_request(self):
        request, _ = super().get_request()
        return request, ("unix", 0)


if __name__ == "__main__":
    Handler.file = sys.argv[2]
    Handler.statuses = [int(word) for word in sys.argv[3:]]
    with Server(sys.argv[1], Handler) as server:
        open(sys.argv[2], "ab").close()
        server.serve_forever()
