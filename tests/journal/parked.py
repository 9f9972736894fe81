#!/usr/bin/python3
"""A case that a service cannot stand: set aside, waited for in order, replayed, dropped. Usage: parked.py JOURNAL_PEER [TEST...]"""
import sys

from peers import end, run, wait

POISON, DEADLY, GREEDY = 666, 667, 668
CLOSED = {"body": "\\xf20100", "kind": 30}  # an empty CaseClosed


def effects(world, case):
    return [int(row[0]) for row in world.sql.rows(f"SELECT seq FROM test.effect WHERE case_id = {case} ORDER BY ord")]


def is_parked(world, case=POISON, what="count(*)"):
    return world.equals(f"SELECT {what} FROM journal.parked WHERE service = 'reader' AND case_id = {case}", "1")


def ask(world, verb, case=POISON):
    world.sql.rows(f"UPDATE journal.parked SET asked = '{verb}' WHERE case_id = {case}")


def unparked(world, case=POISON):
    return world.equals(f"SELECT count(*) FROM journal.parked WHERE case_id = {case}", "0")


def only_the_poisoned_case_waits(world, checks):
    world.append(0, [1, POISON, 2, POISON, 3, 1])
    reader = world.start("read", "r1")
    wait("parked", is_parked(world))
    wait("all read", world.caught_up())
    checks.same("others went on", [effects(world, c) for c in (1, 2, 3)], [[1, 6], [3], [5]])
    world.append(0, [POISON, 4])
    wait("all read", world.caught_up())
    checks.same("nothing of the parked case", effects(world, POISON), [])
    checks.same("since its first entry", world.sql.value("SELECT since_seq FROM journal.parked"), "2")
    checks.same("case 4 went on", effects(world, 4), [8])
    checks.same("no tries are left over", world.sql.value("SELECT count(*) FROM journal.attempt"), "0")
    checks.same("exit code", end(reader), 0)


def a_replay_takes_every_entry_once_and_in_order(world, checks):
    world.append(0, [POISON] * 700 + [1])
    world.start("read", "r1")
    wait("parked", is_parked(world))
    wait("all read", world.caught_up())
    world.heal()
    ask(world, "replay")
    for _ in range(20):  # entries that come during the replay
        world.append(0, [POISON, 2])
    wait("replayed", unparked(world))
    world.append(0, [POISON])
    wait("all read", world.caught_up())
    entries = [int(row[0]) for row in world.sql.rows(f"SELECT seq FROM journal.entry WHERE case_id = {POISON} ORDER BY seq")]
    checks.holds("several slices and what came meanwhile", len(entries) > 720)
    checks.holds("each once, in order", effects(world, POISON) == entries)


def a_replay_that_fails_leaves_the_case_parked_and_is_not_repeated(world, checks):
    world.append(0, [POISON, 1])
    world.start("read", "r1")
    wait("parked", is_parked(world))
    wait("all read", world.caught_up())
    ask(world, "replay")
    wait("refused", is_parked(world, what="count(*) FILTER (WHERE asked IS NULL)"))
    world.append(0, [POISON, 2])
    wait("all read", world.caught_up())
    checks.same("still parked from its first entry", world.sql.value("SELECT since_seq FROM journal.parked"), "1")
    checks.same("nothing of it took effect", effects(world, POISON), [])
    world.heal()
    ask(world, "replay")
    wait("replayed", unparked(world))
    checks.same("in order", effects(world, POISON), [1, 3])


def dropping_passes_over_what_waits_and_lets_the_rest_through(world, checks):
    world.append(0, [POISON, 1, POISON])
    world.start("read", "r1")
    wait("parked", is_parked(world))
    wait("all read", world.caught_up())
    world.heal()
    ask(world, "drop")
    wait("dropped", unparked(world))
    world.append(0, [POISON])
    wait("all read", world.caught_up())
    checks.same("only what came after", effects(world, POISON), [4])


def dropping_hands_over_what_ends_the_case(world, checks):
    world.append(0, [POISON] * 690)
    world.append(0, [POISON], **CLOSED)
    world.append(0, [1, POISON])
    world.start("read", "r1")
    wait("parked", is_parked(world))
    wait("all read", world.caught_up())
    world.heal()
    ask(world, "drop")
    wait("dropped", unparked(world))
    world.append(0, [POISON])
    wait("all read", world.caught_up())
    checks.same("its end, and what came after", effects(world, POISON), [691, 694])


def a_drop_whose_end_fails_leaves_the_case_parked(world, checks):
    world.append(0, [POISON])
    world.append(0, [POISON], **CLOSED)
    world.start("read", "r1")
    wait("parked", is_parked(world))
    wait("all read", world.caught_up())
    ask(world, "drop")
    wait("refused", is_parked(world, what="count(*) FILTER (WHERE asked IS NULL AND reason LIKE 'not dropped%')"))
    checks.same("parked from its first entry", world.sql.value("SELECT since_seq FROM journal.parked"), "1")
    world.heal()
    ask(world, "drop")
    wait("dropped", unparked(world))
    checks.same("its end", effects(world, POISON), [2])


def a_new_owner_knows_what_is_parked_before_it_reads(world, checks):
    world.append(0, [POISON, 1])
    first = world.start("read", "r1")
    wait("parked", is_parked(world))
    wait("all read", world.caught_up())
    world.heal()
    for i in range(2, 6):
        checks.same("exit code", end(first), 0)
        world.append(0, [POISON, i])
        first = world.start("read", f"r{i}")
        wait("all read", world.caught_up())
    checks.same("nothing of the parked case", effects(world, POISON), [])


def an_entry_that_is_no_event_is_set_aside_and_survives_a_replay(world, checks):
    world.append(0, [5], body="\\xffff")
    world.append(0, [1, 5])
    world.start("read", "r1")
    wait("parked", is_parked(world, 5))
    wait("all read", world.caught_up())
    ask(world, "replay", 5)
    wait("refused", is_parked(world, 5, "count(*) FILTER (WHERE asked IS NULL)"))
    checks.same("nothing was passed over", world.sql.value("SELECT since_seq FROM journal.parked"), "1")
    checks.same("nothing took effect", effects(world, 5), [])


def a_poisoned_timer_is_parked_while_entries_keep_coming(world, checks):
    world.sql.rows(f"INSERT INTO test.timer VALUES (0, {POISON}, clock_timestamp()), (0, 1, clock_timestamp())")
    world.start("write", "w1", "--count", "200000", "--group", "5")
    world.start("read", "r1", "--timers", "yes")
    wait("parked", is_parked(world))
    wait("the other timer fired", world.equals("SELECT count(*) FROM test.fired", "1"))
    world.heal()
    ask(world, "replay")
    wait("the timer of the replayed case fired", world.equals("SELECT count(*) FROM test.fired", "2"))
    del checks


def what_needs_too_much_memory_alone_is_parked_too(world, checks):
    world.append(0, [1, GREEDY, 2, GREEDY, 3])
    world.start("read", "r1")
    wait("parked", is_parked(world, GREEDY))
    wait("all read", world.caught_up())
    checks.same("others went on", [effects(world, c) for c in (1, 2, 3)], [[1], [3], [5]])
    ask(world, "replay", GREEDY)
    wait("refused", is_parked(world, GREEDY, "count(*) FILTER (WHERE asked IS NULL AND reason LIKE 'its replay%')"))
    world.append(0, [4])
    wait("all read", world.caught_up())
    checks.same("the lane went on", effects(world, 4), [6])
    world.heal()
    ask(world, "replay", GREEDY)
    wait("replayed", unparked(world, GREEDY))
    checks.same("in order", effects(world, GREEDY), [2, 4])


def what_kills_its_process_is_parked_even_under_one_name(world, checks):
    world.append(0, [1, 2, DEADLY, 3])
    world.append(1, [4, 5, 6])
    for _ in range(12):
        reader = world.start("read", "r1")  # the same name, as a container that is started again
        wait("dead or through", lambda r=reader: r.poll() is not None or world.caught_up()())
        if reader.poll() is None:
            break
    checks.same("parked", world.sql.rows("SELECT lane, case_id, since_seq FROM journal.parked"), [["0", str(DEADLY), "3"]])
    checks.same("others went on", [effects(world, c) for c in range(1, 7)], [[1], [2], [4], [1], [2], [3]])


def what_a_dead_owner_left_is_counted_in_groups(world, checks):
    world.sql.rows("""CREATE TABLE test.counted (n int8); CREATE FUNCTION test.count() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN INSERT INTO test.counted VALUES (1); RETURN NULL; END';
        CREATE TRIGGER count AFTER INSERT OR UPDATE ON journal.attempt FOR EACH ROW EXECUTE FUNCTION test.count()""")
    reader = world.start("read", "r1")
    wait("r1 has the lanes", world.equals("SELECT count(*) FROM journal.cursor WHERE owner = 'r1'", "2"))
    reader.kill()
    reader.wait()
    world.append(0, range(1, 201))
    world.start("read", "r2")
    wait("all read", world.caught_up())
    checks.same("each entry once", world.sql.value("SELECT (SELECT count(*) FROM test.effect) - (SELECT count(*) FROM journal.entry)"), "0")
    tries = int(world.sql.value("SELECT count(*) FROM test.counted"))
    checks.holds("far fewer tries than entries", 0 < tries < 50, tries)
    checks.same("no tries are left over", world.sql.value("SELECT count(*) FROM journal.attempt"), "0")


if __name__ == "__main__":
    sys.exit(run(sys.argv[1], [
        only_the_poisoned_case_waits, a_replay_takes_every_entry_once_and_in_order,
        a_replay_that_fails_leaves_the_case_parked_and_is_not_repeated,
        dropping_passes_over_what_waits_and_lets_the_rest_through, dropping_hands_over_what_ends_the_case,
        a_drop_whose_end_fails_leaves_the_case_parked, a_new_owner_knows_what_is_parked_before_it_reads,
        an_entry_that_is_no_event_is_set_aside_and_survives_a_replay,
        a_poisoned_timer_is_parked_while_entries_keep_coming, what_needs_too_much_memory_alone_is_parked_too,
        what_kills_its_process_is_parked_even_under_one_name, what_a_dead_owner_left_is_counted_in_groups]))
