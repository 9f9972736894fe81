"""Chat robots, an SMS gateway and two pagers on loopback, each as strict as the real one: signature, form, limits, error codes in good answers.

    server = RobotServer()          # server.url; .secret signs, .token is known, .keyword must be in the text
    server.taken                    # [(kind, body)] of what was taken
    server.answer = (500, b"...")   # instead of its own, until None
"""
import base64
import hashlib
import hmac
import http.server
import json
import threading
import time
import urllib.parse

MINUTE_S = 60


def mac(key, text):
    return base64.b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


class RobotServer:
    def __init__(self):
        self.token, self.secret, self.keyword, self.limit = "tok-1", "", "", 20
        self.taken, self.times, self.answer, self.heard = [], [], None, []
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                server.heard.append((self.path, dict(self.headers), raw))
                status, body, headers = server.answer or server.judge(self.path, self.headers, raw)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    pass  # who posted has heard enough

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.http.shutdown()
        self.http.server_close()

    def is_too_fast(self):
        now = time.monotonic()
        self.times = [t for t in self.times if t > now - MINUTE_S] + [now]
        return len(self.times) > self.limit

    def judge(self, path, headers, raw):
        url = urllib.parse.urlsplit(path)
        query = dict(urllib.parse.parse_qsl(url.query, strict_parsing=True)) if url.query else {}
        for prefix, kind in ROOMS.items():
            if url.path.startswith(prefix):
                body = json.loads(raw)
                status, answer = kind(self, url.path, query, headers, body)
                if status in (200, 202) and not any(answer.get(name) for name in ("errcode", "code", "StatusCode")):
                    self.taken.append((kind.__name__, body))
                return status, json.dumps(answer).encode(), {"Content-Type": "application/json"}
        return 404, b"", {}


def dingtalk(server, path, query, headers, body):
    if query.get("access_token") != server.token:
        return 200, {"errcode": 300001, "errmsg": "token is not exist"}
    if server.secret:
        at = int(query.get("timestamp", "0"))
        if abs(at / 1000 - time.time()) > 3600 or query.get("sign") != mac(server.secret, f"{at}\n{server.secret}"):
            return 200, {"errcode": 310000, "errmsg": "sign not match"}
    said = {"text": ("content",), "markdown": ("title", "text")}.get(body.get("msgtype"), ())
    if not said or any(server.keyword not in body[body["msgtype"]][name] for name in said):
        return 200, {"errcode": 310000, "errmsg": "keywords not in content"}
    if server.is_too_fast():
        return 200, {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}
    return 200, {"errcode": 0, "errmsg": "ok"}


def wecom(server, path, query, headers, body):
    if query.get("key") != server.token:
        return 200, {"errcode": 93000, "errmsg": "invalid webhook url"}
    limit = {"text": 2048, "markdown": 4096}.get(body.get("msgtype"))
    if limit is None or len(body[body["msgtype"]]["content"].encode()) > limit or (body["msgtype"] == "markdown" and len(body) > 2):
        return 200, {"errcode": 40058, "errmsg": "invalid Request Parameter"}
    if server.is_too_fast():
        return 200, {"errcode": 45009, "errmsg": "api freq out of limit"}
    return 200, {"errcode": 0, "errmsg": "ok"}


def feishu_text(body):
    if body["msg_type"] == "text":
        return body["content"]["text"]
    (element,), title = body["card"]["elements"], body["card"]["header"]["title"]
    assert (element["tag"], title["tag"]) == ("markdown", "plain_text"), body
    return element["content"]


def feishu(server, path, query, headers, body):
    if path.rsplit("/", 1)[1] != server.token:
        return 200, {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}
    if server.secret:
        at = body.get("timestamp", "0")
        if abs(int(at) - time.time()) > 3600 or body.get("sign") != mac(f"{at}\n{server.secret}", ""):
            return 200, {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"}
    if body.get("msg_type") not in ("text", "interactive"):
        return 200, {"code": 9499, "msg": "Bad Request"}
    if server.keyword not in feishu_text(body):
        return 200, {"code": 19024, "msg": "Key Words Not Found"}
    if server.is_too_fast():
        return 200, {"code": 11232, "msg": "frequency limited"}
    return 200, {"code": 0, "msg": "success", "data": {}, "StatusCode": 0}


def sms(server, path, query, headers, body):
    if headers.get("Authorization") != f"Bearer {server.token}":
        return 401, {"message": "who are you"}
    return 200, {"id": "1"}


def pagerduty(server, path, query, headers, body):
    if body.get("routing_key") != server.token or body.get("event_action") not in ("trigger", "acknowledge", "resolve"):
        return 400, {"status": "invalid event", "message": "Event object is invalid", "errors": ["routing_key"]}
    wanted = {"summary", "source", "severity"}
    if body["event_action"] == "trigger" and not wanted <= {k for k, v in body["payload"].items() if v}:
        return 400, {"status": "invalid event", "message": "Event object is invalid", "errors": ["payload"]}
    return 202, {"status": "success", "message": "Event processed", "dedup_key": body["dedup_key"]}


def alertmanager(server, path, query, headers, body):
    good = isinstance(body, list) and all(a["labels"].get("alertname") and all(isinstance(v, str) for v in a["labels"].values()) for a in body)
    return (200, {}) if good else (400, {"message": "no alert name"})


ROOMS = {"/robot/send": dingtalk, "/cgi-bin/webhook/send": wecom, "/open-apis/bot/v2/hook/": feishu, "/sms": sms, "/v2/enqueue": pagerduty,
         "/api/v2/alerts": alertmanager}
