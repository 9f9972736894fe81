#!/usr/bin/python3
"""TLS and channel binding to PostgreSQL by the connection string, against a server of the test's own with certificates made here; and where its
password is never seen. Usage: test_database_tls.py BUILD_DIR
"""
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from database import ROOT, psql  # noqa: E402
from suite import free_port, wait_for  # noqa: E402
from wire import Checks  # noqa: E402


def is_equal(what, seen, wanted):
    if seen != wanted:
        raise AssertionError(f"{what}: {seen!r}, not {wanted!r}")


def run(*command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, **more).stdout


def make_ca(at, name):
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}", "-keyout", f"{at}/{name}.key",
        "-out", f"{at}/{name}.crt")


def make_certificate(at, name, host, ca="ca", dates=("20200101000000Z", "20990101000000Z")):
    """Signed by `ca` for `host`, good from and until these dates."""
    run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={host}", "-keyout", f"{at}/{name}.key", "-out", f"{at}/{name}.csr")
    work = tempfile.mkdtemp(dir=at)
    open(f"{work}/index", "w").close()
    open(f"{work}/config", "w").write(f"[ca]\ndefault_ca=d\n[d]\ndatabase={work}/index\nnew_certs_dir={work}\ndefault_md=sha256\npolicy=p\n"
                                      f"rand_serial=yes\nx509_extensions=x\n[p]\ncommonName=supplied\n[x]\nsubjectAltName=DNS:{host}\n")
    run("openssl", "ca", "-batch", "-config", f"{work}/config", "-cert", f"{at}/{ca}.crt", "-keyfile", f"{at}/{ca}.key", "-in", f"{at}/{name}.csr",
        "-out", f"{at}/{name}.crt", "-startdate", dates[0], "-enddate", dates[1], "-notext")


class World:
    """A PostgreSQL that takes TLS with SCRAM at `port`."""

    def __init__(self, build):
        self.build, self.password = build, "canary-" + secrets.token_hex(12)

    def __enter__(self):
        self.temp = tempfile.TemporaryDirectory(prefix="callout-tls-")
        self.dir = self.temp.name
        os.chmod(self.dir, 0o711)
        self.port = free_port()
        self.pg = f"{self.dir}/pg"
        url = run(f"{ROOT}/scripts/postgres", "start", self.pg, "--fast", "--port", str(self.port)).strip()
        self.url = url
        self.data = psql(url, "-c", "SHOW data_directory")
        for name in ("ca", "other-ca"):
            make_ca(self.dir, name)
        make_certificate(self.dir, "good", "localhost")
        make_certificate(self.dir, "expired", "localhost", dates=("20200101000000Z", "20210101000000Z"))
        make_certificate(self.dir, "elsewhere", "db.example.com")
        self.use("good")
        psql(url, "-c", "SET password_encryption = 'scram-sha-256'", "-c", f"CREATE ROLE tls LOGIN SUPERUSER PASSWORD '{self.password}'", "-c",
             "CREATE DATABASE tls OWNER tls")
        subprocess.run([f"{self.build}/callout", "migrate"], env=dict(os.environ, CALLOUT_DATABASE_URL=re.sub("/callout\\?", "/tls?", url)), check=True,
                       capture_output=True)
        hba = psql(url, "-c", "SHOW hba_file")
        own = open(hba).read()
        open(hba, "w").write("hostssl tls tls 127.0.0.1/32 scram-sha-256\nhost tls tls 127.0.0.1/32 scram-sha-256\n" + own)
        psql(url, "-c", "SELECT pg_reload_conf()")
        return self

    def __exit__(self, *_):
        run(f"{ROOT}/scripts/postgres", "remove", self.pg)
        self.temp.cleanup()

    def use(self, certificate):
        """The server shows this certificate from now on; None: it speaks plainly."""
        if certificate is not None:
            for end in ("key", "crt"):
                target = f"{self.data}/server.{end}"
                shutil.copy(f"{self.dir}/{certificate}.{end}", target)
                os.chmod(target, 0o600)
                owner = os.stat(self.data)
                os.chown(target, owner.st_uid, owner.st_gid)
        psql(self.url, "-c", f"ALTER SYSTEM SET ssl = {'off' if certificate is None else 'on'}", "-c", "SELECT pg_reload_conf()")
        wait_for("ssl", lambda: psql(self.url, "-c", "SHOW ssl") == ("off" if certificate is None else "on"))

    def daemon_url(self, host="localhost", ca="ca", port=None, more=""):
        return (f"postgresql://tls:{self.password}@{host}/tls?port={port or self.port}&sslmode=verify-full&channel_binding=require"
                f"&sslrootcert={self.dir}/{ca}.crt{more}")

    def start(self, url, by_file=True):
        """An sla with this connection string; by a file, as containers have it, or by the environment."""
        name = f"sla-{secrets.token_hex(4)}"
        secret, log, http = f"{self.dir}/{name}.url", f"{self.dir}/{name}.log", free_port()
        with open(os.open(secret, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(url + "\n")
        env = {n: v for n, v in os.environ.items() if not n.startswith(("PG", "CALLOUT_"))}
        env["CALLOUT_DATABASE_URL_FILE" if by_file else "CALLOUT_DATABASE_URL"] = secret if by_file else url
        env.update(PGSSLMODE="disable", PGPASSWORD="wrong", PGHOST="192.0.2.1")  # what is inherited does not count
        with open(log, "w") as out:
            process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", f"{self.build}/callout-sla", "--instance", name, "--mesh-endpoint",
                                        f"ipc://{self.dir}/{name}.sock", "--http-address", f"127.0.0.1:{http}", "--log-level", "debug"],
                                       env=env, stdout=out, stderr=out)
        return process, log, http


def is_ready(http):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{http}/readyz", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def get(http, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{http}/{path}", timeout=5) as answer:
        return answer.read().decode()


def stop(process):
    process.terminate()
    process.wait(30)


def a_server_with_the_right_certificate_is_spoken_to_over_tls_bound_to_its_channel(w):
    process, log, http = w.start(w.daemon_url())
    try:
        wait_for("ready", lambda: is_ready(http) or process.poll() is not None, 30)
        is_equal("runs", process.poll(), None)
        rows = psql(w.url, "-c", "SELECT bool_and(s.ssl), count(*) > 0, bool_and(s.version >= 'TLSv1.2') FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)"
                                 " WHERE a.usename = 'tls'")
        is_equal("every connection", rows, "t|t|t")
        others = {}
        for path in ("cmdline", "environ"):
            others[path] = open(f"/proc/{process.pid}/{path}", "rb").read().decode(errors="replace")
        others["log"], others["metrics"], others["readyz"] = open(log).read(), get(http, "metrics"), get(http, "readyz")
        others["activity"] = psql(w.url, "-c", "SELECT string_agg(query || application_name, ' ') FROM pg_stat_activity")
        is_equal("where the password is", [name for name, text in others.items() if w.password in text], [])
    finally:
        stop(process)


def several_hosts_are_tried_and_each_is_verified(w):
    closed = free_port()
    for hosts, ports in (("localhost,localhost", f"{closed},{w.port}"), ("127.0.0.1,localhost", f"{w.port},{w.port}")):
        process, log, http = w.start(w.daemon_url(host=hosts, port=ports))
        try:
            wait_for(f"ready by {hosts} {ports}", lambda: is_ready(http), 40)
        finally:
            stop(process)


def refusal(w, url, words, by_file=True):
    """It never gets a connection, keeps running and trying, and says why in words that name the trouble."""
    before = psql(w.url, "-c", "SELECT count(*) FROM pg_stat_activity WHERE usename = 'tls'")
    process, log, http = w.start(url, by_file)
    try:
        said = wait_for(f"a line that says {words}", lambda: [line for line in open(log).read().splitlines() if "event=database_lost" in line
                                                              and re.search(words, line)] or (process.poll() is not None and ["it ended: " + open(log).read()]), 20)
        is_equal(f"{words}: {said[0]}", (process.poll(), is_ready(http)), (None, False))
        is_equal("connections", (before, psql(w.url, "-c", "SELECT count(*) FROM pg_stat_activity WHERE usename = 'tls'")), ("0", "0"))
        is_equal("the password in the log", w.password in open(log).read(), False)
        print(f"        {re.search('why=(.*)', said[0]).group(1)[:150]}")
    finally:
        stop(process)


def a_certificate_of_another_ca_is_refused(w):
    refusal(w, w.daemon_url(ca="other-ca"), "certificate verify failed")


def an_expired_certificate_is_refused(w):
    w.use("expired")
    try:
        refusal(w, w.daemon_url(), "certificate verify failed.*hint=.*expired")
    finally:
        w.use("good")


def a_certificate_of_another_host_is_refused(w):
    w.use("elsewhere")
    try:
        refusal(w, w.daemon_url(), 'does not match host name')
    finally:
        w.use("good")


def a_server_without_tls_is_refused(w):
    w.use(None)
    try:
        refusal(w, w.daemon_url(), "does not support SSL")
    finally:
        w.use("good")


def a_missing_ca_and_a_wrong_password_are_said(w):
    refusal(w, w.daemon_url(ca="no-such-ca"), "root certificate file .*no-such-ca.crt")
    refusal(w, w.daemon_url().replace(w.password, "canary-wrong"), "password authentication failed", by_file=False)


def what_is_no_connection_string_is_said_without_its_password(w):
    for url in (f"postgresql://tls:p%zz{w.password}@localhost/tls", f"postgresql://tls:p@{w.password}@localhost/tls", f"password = {w.password} more host=localhost"):
        refusal(w, url, "no connection string; .* %40 ")
        done = subprocess.run([f"{w.build}/callout", "migrate", "--check"], env=dict(os.environ, CALLOUT_DATABASE_URL=url), capture_output=True, text=True)
        is_equal("migrate", (done.returncode != 0, "no connection string" in done.stderr, w.password in done.stdout + done.stderr), (True, True, False))


def a_plain_connection_cannot_be_bound_to_its_channel(w):
    w.use(None)
    try:
        refusal(w, w.daemon_url().replace("verify-full", "disable"), "channel binding required")
    finally:
        w.use("good")


TESTS = [a_server_with_the_right_certificate_is_spoken_to_over_tls_bound_to_its_channel, several_hosts_are_tried_and_each_is_verified,
         a_certificate_of_another_ca_is_refused, an_expired_certificate_is_refused, a_certificate_of_another_host_is_refused,
         a_server_without_tls_is_refused, a_plain_connection_cannot_be_bound_to_its_channel, a_missing_ca_and_a_wrong_password_are_said,
         what_is_no_connection_string_is_said_without_its_password]


def main():
    checks = Checks()
    with World(sys.argv[1]) as world:
        checks.run(TESTS, world)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
