"""A server that speaks OSRM's table protocol and knows the ways between Belgian towns, and every way to answer wrongly.

    router = Router()                  # http://127.0.0.1:PORT is router.url
    router.mode = "hang"               # how it answers from now on, one of MODES
    router.asked                       # the paths that came so far
    router.towns["BRUSSEL"]            # (latitude, longitude); router.km("DAMME", "BRUSSEL"), router.seconds(...)
    router.close()
"""
import http.server
import json
import os
import re
import threading
import urllib.parse

GEO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "geo")
PATH = re.compile(r"^/table/v1/driving/(-?\d+\.\d+,-?\d+\.\d+(?:;-?\d+\.\d+,-?\d+\.\d+)+)$")
ENDLESS = 64 * 1024 * 1024


def read_matrix(name):
    """Towns with their positions, and rows of numbers, as the file has them."""
    towns, rows, section = {}, [], None
    for line in open(f"{GEO}/{name}"):
        words = line.split()
        if words[0].endswith("_SECTION"):
            section = words[0]
        elif section == "NODE_COORD_SECTION":
            towns[words[3]] = (float(words[1]), float(words[2]))
        elif section == "EDGE_WEIGHT_SECTION":
            rows.append([float(w) for w in words])
    return towns, rows


def table(km, seconds, sources, destinations):
    return {"code": "Ok", "distances": [[None if km[s][d] is None else km[s][d] * 1000 for d in destinations] for s in sources],
            "durations": [[seconds[s][d] for d in destinations] for s in sources]}


class Router:
    def __init__(self):
        self.towns, self.km_rows = read_matrix("belgium-road-km-n50-k10.vrp")
        _, self.second_rows = read_matrix("belgium-road-time-n50-k10.vrp")
        self.index = {name: i for i, name in enumerate(self.towns)}
        self.by_place = {(round(lon, 5), round(lat, 5)): i for i, (lat, lon) in enumerate(self.towns.values())}
        self.mode, self.asked, self.released = "right", [], threading.Event()
        router = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                router.asked.append(self.path)
                MODES[router.mode](router, self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def km(self, origin, destination):
        return self.km_rows[self.index[origin]][self.index[destination]]

    def seconds(self, origin, destination):
        return self.second_rows[self.index[origin]][self.index[destination]]

    def answer_to(self, path):
        """As OSRM does: an object with code, and HTTP 400 where the code is not Ok."""
        url = urllib.parse.urlsplit(path)
        query = dict(urllib.parse.parse_qsl(url.query))
        match = PATH.match(url.path)
        if match is None or query.get("annotations") != "distance,duration":
            return 400, {"code": "InvalidQuery", "message": "what is asked cannot be read"}
        places = [tuple(float(x) for x in pair.split(",")) for pair in match.group(1).split(";")]
        if any(place not in self.by_place for place in places):
            return 400, {"code": "NoSegment", "message": "Could not find a matching segment for a coordinate"}
        towns = [self.by_place[place] for place in places]
        chosen = [[towns[int(i)] for i in query[side].split(";")] for side in ("sources", "destinations")]
        return 200, table(self.km_rows, self.second_rows, *chosen)

    def close(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()


def send(handler, status, body, **headers):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    handler.send_response(status)
    for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    try:
        handler.wfile.write(data)
    except OSError:
        pass  # who asked has gone


def right(router, handler):
    send(handler, *router.answer_to(handler.path))


def change(what):
    """Answers with what `what` makes of the right answer."""
    def answer(router, handler):
        status, body = router.answer_to(handler.path)
        send(handler, status, what(body))
    return answer


def slow(router, handler):
    router.released.wait(0.4)
    right(router, handler)


def hang(router, handler):
    router.released.wait()


def endless(router, handler):
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(ENDLESS // 65536):
            handler.wfile.write(b" " * 65536)
    except OSError:
        pass


def first_row(key, value):
    return lambda body: {**body, key: [[value]] + body[key][1:]}


def nothing_reached(body):
    return {**body, "distances": [[None] for _ in body["distances"]], "durations": [[None] for _ in body["durations"]]}


MODES = {
    "right": right,
    "slow": slow,
    "hang": hang,
    "endless": endless,
    "text": lambda router, handler: send(handler, 200, b"<html>welcome</html>"),
    "trouble": lambda router, handler: send(handler, 503, b"overloaded"),
    "elsewhere": lambda router, handler: send(handler, 302, b"", Location=f"{router.url}/other"),
    "no": lambda router, handler: send(handler, 400, {"code": "TooBig", "message": "Too many table coordinates"}),
    "short": change(lambda body: {**body, "distances": body["distances"][1:]}),
    "negative": change(first_row("distances", -1)),
    "too_far": change(first_row("distances", 1e12)),
    "word": change(first_row("durations", "soon")),
    "first_null": change(lambda body: first_row("distances", None)(first_row("durations", None)(body))),
    "all_null": change(nothing_reached),
}
