#!/usr/bin/python3
"""A proxy for the apt-get of image builds, in front of whatever way this machine's own apt takes: apt_proxy.py ADDRESS PORT

Images are built in a network of their own that has no way out; this is the only one, and only for GET of http addresses."""
import http.server
import shutil
import subprocess
import sys
import urllib.error
import urllib.request

PASSED = ("range", "if-range", "if-modified-since", "cache-control", "accept", "user-agent")


def own_proxy():
    said = subprocess.run(["apt-config", "shell", "proxy", "Acquire::http::Proxy"], capture_output=True, text=True).stdout
    value = said.partition("=")[2].strip().strip("'")
    return {"http": value} if value and value != "DIRECT" else {}


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler(own_proxy()))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        headers = {k: v for k, v in self.headers.items() if k.lower() in PASSED}
        try:
            answer = OPENER.open(urllib.request.Request(self.path, headers=headers), timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        except (OSError, ValueError) as error:
            return self.send_error(502, str(error))
        body = answer.headers.get("Content-Length")
        self.send_response(answer.status)
        for name in ("Content-Type", "Content-Length", "Content-Range", "Last-Modified", "ETag"):
            if answer.headers.get(name):
                self.send_header(name, answer.headers[name])
        self.close_connection = body is None
        if body is None:
            self.send_header("Connection", "close")
        self.end_headers()
        shutil.copyfileobj(answer, self.wfile)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Handler).serve_forever()
