#!/usr/bin/python3
"""Readers of the journal and what may happen to them: stopped, shut out, started too early, flooded, left behind.
Usage: readers.py JOURNAL_PEER [TEST...]"""
import glob
import os
import signal
import socket
import struct
import sys
import threading
import time

import zmq

from peers import ROOT, TABLES, Session, end, psql, run, wait

ERA = "SELECT s.system_identifier::text || '.' || left(pg_walfile_name(pg_current_wal_lsn()), 8) FROM pg_control_system() AS s"
OWNERS = "SELECT string_agg(lane || ' ' || coalesce(owner, '-') || ' ' || epoch, ', ' ORDER BY lane) FROM journal.cursor"
ANSWER = 35  # CommandApplied
EFFECTS = "SELECT (SELECT count(*) FROM test.effect) = (SELECT count(*) FROM journal.entry)"


def lanes_of(world, name, count):
    return world.equals(f"SELECT count(*) FROM journal.cursor WHERE owner = '{name}'", str(count))


def a_reader_without_a_database_ends_at_once(world, checks):
    reader = world.start("read", "r1", url="postgresql:///nowhere?host=/nonexistent")
    wait("it tries", lambda: "database_lost" in world.log_of("r1"))
    checks.same("exit code", end(reader), 0)


def a_reader_that_is_there_before_the_tables_waits_for_them(world, checks):
    world.sql.rows("DROP SCHEMA journal CASCADE; DROP SCHEMA read CASCADE; DROP SCHEMA test CASCADE")
    reader = world.start("read", "r1")
    wait("it says so", lambda: "journal_unusable" in world.log_of("r1"))
    for path in sorted(glob.glob(os.path.join(ROOT, "lib/io/schema", "*.sql"))):
        psql(world.url, "-1", "-f", path)
    psql(world.url, "-c", TABLES)
    wait("it took the lanes", lanes_of(world, "r1", 2))
    checks.same("said once", world.log_of("r1").count("journal_unusable"), 1)
    checks.same("exit code", end(reader), 0)


def a_server_that_does_not_answer_does_not_keep_us_from_the_next(world, checks):
    head, _, tail = world.url.partition("?")
    given = dict(part.split("=") for part in tail.split("&"))
    silent = socket.socket(socket.AF_UNIX)
    silent.bind(f"{world.dir}/.s.PGSQL.{given['port']}")
    silent.listen()
    given["host"] = world.dir + "," + given["host"]
    reader = world.start("read", "r1", url=head + "?" + "&".join(f"{k}={v}" for k, v in given.items()))
    wait("r1 has the lanes", lanes_of(world, "r1", 2))
    checks.same("exit code", end(reader), 0)
    silent.close()


def refuse_logins(listener):
    """A server that lets nobody in."""
    said = b"SFATAL\0C28P01\0Mnobody comes in here\0\0"
    while True:
        try:
            with listener.accept()[0] as client:
                client.recv(4096)
                client.sendall(b"E" + struct.pack(">I", len(said) + 4) + said)
        except OSError:
            return


def a_login_that_is_refused_does_not_keep_us_from_the_next(world, checks):
    head, _, tail = world.url.partition("?")
    given = dict(part.split("=") for part in tail.split("&"))
    refusing = socket.socket(socket.AF_UNIX)
    refusing.bind(f"{world.dir}/.s.PGSQL.{given['port']}")
    refusing.listen()
    threading.Thread(target=refuse_logins, args=(refusing,), daemon=True).start()
    given["host"] = ",".join(["name.that.is.nowhere.invalid", world.dir, given["host"], "127.0.0.1"])
    given["port"] = ",".join([given["port"]] * 3 + ["1"])
    reader = world.start("read", "r1", url=head + "?" + "&".join(f"{k}={v}" for k, v in given.items()))
    wait("r1 has the lanes", lanes_of(world, "r1", 2))
    checks.same("exit code", end(reader), 0)
    refusing.close()


def a_name_that_is_looked_up_at_the_end_does_no_harm(world, checks):
    reader = world.start("read", "r1", url="postgresql://a.host.that.is.nowhere.invalid/x")
    wait("it runs", lambda: os.path.exists(f"{world.dir}/r1"))
    checks.same("exit code", end(reader, 60), 0)


def a_stopped_owner_loses_its_lanes_once_and_its_writes_are_refused(world, checks):
    world.append(0, range(1, 101))
    first = world.start("read", "r1", fault="before_commit:stop:1")
    wait("r1 has the lanes", lanes_of(world, "r1", 2))
    second = world.start("read", "r2")
    wait("r2 has them", world.equals(OWNERS, "0 r2 2, 1 r2 2"))
    wait("read", world.caught_up())
    before = world.sql.value(EFFECTS)
    first.send_signal(signal.SIGCONT)
    wait("the stopped one was refused", lambda: "turn_failed" in world.log_of("r1") or "journal_forgotten" in world.log_of("r1"))
    wait("one lane each", world.equals("SELECT count(DISTINCT owner) FROM journal.cursor", "2"))
    checks.same("each entry once", [before, world.sql.value(EFFECTS)], ["t", "t"])
    checks.same("exit codes", [end(first), end(second)], [0, 0])


def a_held_cursor_does_not_keep_the_other_lanes_from_moving(world, checks):
    first = world.start("read", "r1")
    wait("r1 has the lanes", lanes_of(world, "r1", 4))
    zombie = Session(world.url)
    zombie.rows("BEGIN; UPDATE journal.cursor SET seq = seq WHERE lane = 1")
    first.kill()
    first.wait()
    world.start("read", "r2")
    took = wait("r2 has the others", lanes_of(world, "r2", 3))
    checks.same("and only those", world.sql.value("SELECT owner FROM journal.cursor WHERE lane = 1"), "r1")
    print(f"  taken from the dead after {took:.1f} s")
    zombie.rows("COMMIT")
    wait("and the last", lanes_of(world, "r2", 4))
    zombie.close()


a_held_cursor_does_not_keep_the_other_lanes_from_moving.settings = {"callout.lanes": "4"}


def a_session_that_stops_inside_a_transaction_delays_its_lane_by_little(world, checks):
    world.start("read", "r1")
    wait("r1 has the lanes", lanes_of(world, "r1", 2))
    stopped = Session(world.url)
    stopped.rows("SET idle_in_transaction_session_timeout = 2000; BEGIN; UPDATE journal.lane SET seq = seq + 1 WHERE lane = 0")
    start = time.monotonic()
    world.append(0, [1, 2])
    took = time.monotonic() - start
    checks.holds("the writer waited", 1 < took < 30, f"{took:.1f} s")
    wait("read", world.caught_up())
    checks.same("no number is missing", world.sql.value("SELECT max(seq) FROM journal.entry WHERE lane = 0"), "2")


def releasing_never_moves_a_cursor_back(world, checks):
    world.sql.rows("INSERT INTO journal.cursor VALUES (0, 'reader', 60, 'r1', 7)")
    with open(os.path.join(ROOT, "lib/io/sql/release_lane.sql")) as file:
        world.sql.rows(f"PREPARE release (int2, text, int8, int8) AS {file.read().rstrip().rstrip(';')}")
    world.sql.rows("EXECUTE release (0, 'reader', 7, 50)")
    checks.same("cursor", world.sql.rows("SELECT seq, owner IS NULL FROM journal.cursor"), [["60", "t"]])


def a_flood_of_early_messages_does_not_block_the_lane(world, checks):
    era = world.sql.value(ERA)
    flood = b"".join(struct.pack(">qqqHI", seq, 0, 1, 11, 2) + b"\x5a\x00" for seq in range(2, 4501))
    with zmq.Context() as context, context.socket(zmq.XPUB) as publisher:
        publisher.bind(f"ipc://{world.dir}/fake")
        publisher.setsockopt(zmq.LINGER, 0)
        world.sql.rows(f"""INSERT INTO journal.member (instance, service, endpoint, public_key, started_at, seen_at)
                           VALUES ('fake', 'writer', 'ipc://{world.dir}/fake', '', clock_timestamp(), clock_timestamp())""")
        world.start("read", "r1")
        while publisher.recv() != b"\x01\x00":  # it wants lane 0
            pass
        publisher.send_multipart([b"\x00", era.encode(), flood])
        world.append(0, [1] * 4500)
        wait("read", world.caught_up())
    checks.same("each once", world.sql.value("SELECT count(*) FROM test.effect WHERE case_id = 1 AND lane = 0 AND seq <= 4500"), "4500")


def many_dead_instances_do_not_hide_the_living(world, checks):
    world.sql.rows("""INSERT INTO journal.member (instance, service, endpoint, public_key, started_at, seen_at)
                      SELECT 'a' || i, 'reader', 'ipc:///nonexistent/' || i, '', now() - interval '1 min', now() - interval '1 min'
                        FROM generate_series(1, 600) AS i""")
    reader = world.start("read", "r1")
    wait("it took the lanes", lanes_of(world, "r1", 2))
    checks.same("exit code", end(reader), 0)


def who_died_before_it_came_keeps_no_lane_from_it(world, checks):
    world.sql.rows("""INSERT INTO journal.member (instance, service, endpoint, public_key, started_at, seen_at)
        VALUES ('a', 'reader', 'ipc:///nonexistent/a', '', now() - interval '1 min', now() - interval '1 min');
        CREATE TABLE test.taken (lane int2, at timestamptz);
        CREATE FUNCTION test.note_taken() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN INSERT INTO test.taken VALUES (new.lane, transaction_timestamp()); RETURN NULL; END';
        CREATE TRIGGER taken AFTER UPDATE OF owner ON journal.cursor FOR EACH ROW EXECUTE FUNCTION test.note_taken()""")
    reader = world.start("read", "r1")
    wait("it took the lanes", lanes_of(world, "r1", 2))
    checks.same("all at once, not one after the time-to-live of the dead", world.sql.value("SELECT count(DISTINCT at) FROM test.taken"), "1")
    checks.same("exit code", end(reader), 0)


def timers_fire_beside_a_backlog(world, checks):
    world.sql.rows("""CREATE FUNCTION test.slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.05); RETURN NULL; END';
        CREATE TRIGGER slow AFTER INSERT ON test.effect FOR EACH STATEMENT EXECUTE FUNCTION test.slow();
        INSERT INTO test.timer SELECT lane, 5, clock_timestamp() + interval '2 s' FROM generate_series(0, 3) AS lane""")
    world.start("read", "r1", "--timers", "yes")
    fired = world.equals("SELECT count(*) FROM test.fired", "4")

    def fired_while_fed():
        for lane in range(3):
            if int(world.sql.value(f"SELECT coalesce(sum(l.seq - c.seq), 0) FROM journal.lane l JOIN journal.cursor c USING (lane) WHERE lane = {lane}")) < 5000:
                world.append(lane, [1] * 10000)
        return fired()
    took = wait("all fired", fired_while_fed, 30)
    checks.holds("there was a backlog", world.caught_up()() is not True, f"{took:.1f} s")


timers_fire_beside_a_backlog.settings = {"callout.lanes": "4"}


def more_timers_than_a_look_takes_fire_once_each(world, checks):
    """A look takes 16,384 rows of the one lane: many at one time, many at times of their own, some while it works on them."""
    world.sql.rows("""INSERT INTO test.timer SELECT 0, 1000 + i, clock_timestamp() - interval '1 min' FROM generate_series(1, 20000) AS i;
        INSERT INTO test.timer SELECT 0, 1000 + i, 'epoch'::timestamptz + interval '56 years' FROM generate_series(20001, 40000) AS i;
        INSERT INTO test.timer SELECT 0, 1000 + i, clock_timestamp() + i * interval '100 us' FROM generate_series(40001, 60000) AS i""")
    reader = world.start("read", "r1", "--timers", "yes")
    wait("all fired", world.equals("SELECT count(*) FROM test.timer", "0"), 120)
    checks.same("each once", world.sql.value("SELECT count(DISTINCT case_id) FROM test.fired"), "60000")
    checks.same("exit code", end(reader), 0)


more_timers_than_a_look_takes_fire_once_each.settings = {"callout.lanes": "1"}


def what_is_said_is_never_before_the_time_it_was_decided_at(world, checks):
    """The clock is set back while a reader, which never goes back, is at a later time."""
    world.sql.rows("UPDATE journal.clock SET anchor_domain = anchor_domain + interval '1 h'")
    reader = world.start("read", "r1")
    wait("r1 has the lanes", lanes_of(world, "r1", 2))
    world.sql.rows("UPDATE journal.clock SET anchor_domain = anchor_domain - interval '1 h'")
    world.append(0, [1] * 16)
    answers = f"FROM journal.entry WHERE lane = 0 AND kind = {ANSWER}"
    wait("it answers", world.equals(f"SELECT count(*) {answers}", "1"))
    checks.same("its time", world.sql.value(f"SELECT at > clock_timestamp() + interval '50 min' {answers}"), "t")
    checks.same("exit code", end(reader), 0)


def cpu_seconds(process):
    with open(f"/proc/{process.pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def a_slow_database_does_not_make_it_spin(world, checks):
    world.sql.rows("INSERT INTO test.timer SELECT lane, 5 + i, clock_timestamp() FROM generate_series(0, 3) AS lane, generate_series(1, 3) AS i")
    blocker = Session(world.url)
    blocker.rows("BEGIN; LOCK TABLE test.fired IN ACCESS EXCLUSIVE MODE")
    reader = world.start("read", "r1", "--timers", "yes")
    reading = world.equals("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'r1' AND wait_event_type = 'Lock'", "2")
    wait("both its connections wait", reading)
    before = cpu_seconds(reader)
    time.sleep(2)  # the time over which is measured
    used = cpu_seconds(reader) - before
    checks.holds("little work meanwhile", used < 0.5, f"{used:.2f} s of 2")
    blocker.rows("COMMIT")
    wait("all fired", world.equals("SELECT count(*) FROM test.fired", "12"))
    blocker.close()


a_slow_database_does_not_make_it_spin.settings = {"callout.lanes": "4"}


if __name__ == "__main__":
    sys.exit(run(sys.argv[1], [
        a_reader_without_a_database_ends_at_once, a_reader_that_is_there_before_the_tables_waits_for_them,
        a_server_that_does_not_answer_does_not_keep_us_from_the_next, a_name_that_is_looked_up_at_the_end_does_no_harm,
        a_stopped_owner_loses_its_lanes_once_and_its_writes_are_refused,
        a_held_cursor_does_not_keep_the_other_lanes_from_moving,
        a_session_that_stops_inside_a_transaction_delays_its_lane_by_little, releasing_never_moves_a_cursor_back,
        a_flood_of_early_messages_does_not_block_the_lane, many_dead_instances_do_not_hide_the_living,
        who_died_before_it_came_keeps_no_lane_from_it,
        timers_fire_beside_a_backlog, what_is_said_is_never_before_the_time_it_was_decided_at, more_timers_than_a_look_takes_fire_once_each, a_slow_database_does_not_make_it_spin]))
