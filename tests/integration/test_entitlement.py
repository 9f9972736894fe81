#!/usr/bin/python3
"""Under which contract a ticket is served and why, or who decides on it, through the real intake and sla: nothing is dropped.

Usage: test_entitlement.py BUILD_DIR
"""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "support"))
from suite import Suite  # noqa: E402
from world import World, run_tests  # noqa: E402

TESTS = []
SENT = set()  # numbers of all tickets

REGISTRY = """customers:
  cloud: {name: {zh: 云, en: Cloud}}
  rail: {name: {zh: 铁路, en: Rail}}
  bank: {name: {zh: 银行, en: Bank}}
  school: {name: {zh: 学校, en: School}}
products:
  os:
    name: {zh: 操作系统, en: Operating system}
    versions:
      - {key: 22-lts, name: 22 LTS}
      - {key: 22-lts-sp1, name: 22 LTS SP1, of: 22-lts}
      - {key: 20-lts, name: 20 LTS}
      - {key: 18-lts, name: 18 LTS, until: 2025-01-01T00:00:00+08:00}
  tape: {name: {zh: 磁带库, en: Tape library}, until: 2025-06-01T00:00:00+08:00}
  array: {name: {zh: 阵列, en: Array}}
persons: {pm: {name: pm, email: pm@example.com}, desk: {name: desk, email: desk@example.com}}
desks: {desk: {holders: {desk: desk}}}
clients: {sample: {public_key_file: sample.pub, roles: [submit, command, query], rate_per_s: 0}}
contracts:
  cloud-os: {customer: cloud, name: {zh: 云系统, en: Cloud OS}, policy: trial, calendar: plant, products: [os, tape],
      versions: {os: [22-lts, 18-lts]}, holders: {pm: pm},
      from: 2020-01-01T00:00:00+08:00, until: 2040-01-01T00:00:00+08:00}
  rail-old: {customer: rail, name: {zh: 铁路, en: Rail}, policy: trial, calendar: plant,
      from: 2020-01-01T00:00:00+08:00, until: 2021-01-01T00:00:00+08:00}
  bank-a: {customer: bank, name: {zh: 甲, en: A}, policy: trial, calendar: plant, holders: {pm: pm},
      from: 2020-01-01T00:00:00+08:00, until: 2040-01-01T00:00:00+08:00}
  bank-b: {customer: bank, name: {zh: 乙, en: B}, policy: trial, calendar: plant, service_level: 2, offerings: [course],
      from: 2020-01-01T00:00:00+08:00, until: 2040-01-01T00:00:00+08:00}
  bank-c: {customer: bank, name: {zh: 丙, en: C}, policy: trial, calendar: plant, service_level: 1,
      from: 2022-01-01T00:00:00+08:00, until: 2040-01-01T00:00:00+08:00}
  bank-d: {customer: bank, name: {zh: 丁, en: D}, policy: trial, calendar: plant, products: [array],
      from: 2020-01-01T00:00:00+08:00, until: 2040-01-01T00:00:00+08:00}
  school-a: {customer: school, name: {zh: 学校, en: School}, policy: course, calendar: plant, holders: {pm: pm},
      from: 2020-01-01T00:00:00+08:00, until: 2040-01-01T00:00:00+08:00}
  bank-e: {customer: bank, name: {zh: 戊, en: E}, policy: trial, calendar: plant,
      from: 2020-01-01T00:00:00+08:00, until: 2021-01-01T00:00:00+08:00}
"""
COURSE = """policy:
  name: course
  title: {zh: 课程, en: Course}
  source: made up for a test
  dated: true
  severities:
    - {level: 1, name: {zh: 一级, en: One}, definition: {zh: 一级, en: One}}
  default_severity: 1
  milestones:
    - {name: plan, title: {zh: 计划, en: Plan}, start: [entitled], stop: [process_started], targets: {1: 2h}}
"""
PACK = """policy:
  name: trial
  title: {zh: 试验, en: Trial}
  source: made up for a test
  severities:
    - {level: 1, name: {zh: 一级, en: One}, definition: {zh: 一级, en: One}}
  default_severity: 1
  held_traits: {caused_by_people: {zh: 人为原因, en: Caused by people}}
  milestones:
    - {name: response, title: {zh: 响应, en: Response}, start: [entitled], stop: [contacted], targets: {1: 2h}}
"""
CALENDAR = """calendar: plant
zone: Asia/Shanghai
utc_offset: "+08:00"
week: {mon: ["09:00-18:00"], tue: ["09:00-18:00"], wed: ["09:00-18:00"], thu: ["09:00-18:00"], fri: ["09:00-18:00"]}
"""


def test(function):
    TESTS.append(function)
    return function


def apply(suite, registry):
    """Applies the registry of this test; returns the finished command."""
    directory = f"{suite.dir}/own"
    os.makedirs(directory, exist_ok=True)
    for name, text in (("registry", registry), ("trial", PACK), ("course", COURSE), ("plant", CALENDAR)):
        with open(f"{directory}/{name}.yaml", "w") as file:
            file.write(text)
    return suite.callout("apply", "-f", directory, "--keys", f"{suite.dir}/keys", "--yes", key="admin", check=False)


def send(w, **ticket):
    done = w.submit(**ticket)
    SENT.add(done.number)
    return done


def opened(w, **ticket):
    return w.wait(send(w, **ticket).number, "open", lambda v: v.state == "open" and v.clocks)


def held(w, **ticket):
    return w.wait(send(w, **ticket).number, "held", lambda v: v.state == "held")


@test
def apply_names_the_version_that_was_meant(w):
    done = apply(w.suite, REGISTRY.replace("[22-lts, 18-lts]", "[22-lst]"))
    assert done.returncode != 0 and 'did you mean "22-lts"?' in done.stdout + done.stderr, done


@test
def a_covered_version_and_its_service_pack_are_served(w):
    for version in ("22-lts", "22-lts-sp1"):
        view = opened(w, customer="cloud", product="os", version=version)
        assert (view.contract, view.version, view.is_version_open) == ("cloud-os", version, False), view
    assert "version    22-lts-sp1" in w.suite.callout("show", view.number)


@test
def several_contracts_fit_and_the_case_keeps_why_it_is_this_one(w):
    view = opened(w, customer="bank", contract="bank-a")
    assert (view.contract, view.entitled.why, list(view.entitled.others)) == ("bank-a", "named", []), view
    view = opened(w, customer="bank", product="array")
    assert (view.contract, view.entitled.why, view.entitled.other_count) == ("bank-d", "lists_product", 3), view
    view = opened(w, customer="bank")
    e = view.entitled
    assert (view.contract, e.why, list(e.others), e.other_count) == ("bank-b", "better_level", ["bank-c", "bank-a", "bank-d"], 3), view
    words = "its service level is higher; bank-c, bank-a, bank-d would fit too"
    assert f"contract   bank-b: {words}\n" in w.suite.callout("show", view.number)
    assert f": {words}\n" in w.suite.callout("explain", view.number)
    chinese = w.suite.callout("explain", view.number, "--lang", "zh")
    assert "：服务等级更高；bank-c, bank-a, bank-d 同样适用" in chinese, chinese
    assert json.loads(w.suite.callout("explain", view.number, "-o", "json"))["entitled"]["why"] == "better_level"
    assert "no other one fits" in w.suite.callout("show", opened(w, customer="cloud", product="os").number)
    assert w.suite.callout("audit", "refold", check=False).returncode == 0


@test
def the_command_line_takes_a_version(w):
    number = w.suite.callout("submit", "--customer", "cloud", "--product", "os", "--version", "22-lts-sp1", "--title", "panic").split()[0]
    view = w.wait(number, "open", lambda v: v.state == "open")
    assert view.version == "22-lts-sp1", view


@test
def a_contract_with_several_packs_serves_the_one_that_is_asked_for(w):
    done = w.suite.callout("submit", "--customer", "bank", "--offering", "course", "--title", "Ceph for beginners",
                           "--date", "2030-03-01T09:00:00+08:00", "--date-end", "2030-03-02T17:00:00+08:00")
    SENT.add(done.split()[0])
    view = w.wait(done.split()[0], "open", lambda v: v.state == "open" and v.clocks)
    assert (view.contract, view.policy.key, view.clocks[0].milestone) == ("bank-b", "course", "plan"), view
    assert view.dated_until_us - view.dated_us == 32 * 3600 * 1000000, view
    assert "date       2030-03-01 " in w.suite.callout("show", view.number)
    assert opened(w, customer="bank").policy.key == "trial"


@test
def what_needs_a_date_is_refused_without_one_where_the_pack_is_named(w):
    for named in (("--offering", "course", "--customer", "bank"), ("--contract", "school-a")):
        done = w.suite.callout("submit", *named, "--title", "course", check=False)
        assert done.returncode != 0 and "submit.dated_us" in done.stderr and "say when" in done.stderr, done


@test
def a_held_report_gets_its_date_before_it_is_taken_on(w):
    view = held(w, customer="school")
    done = w.suite.callout("act", view.number, "approve", "--as", "pm", check=False)
    assert done.returncode != 0 and "say it first (reschedule)" in done.stderr, done
    w.suite.callout("act", view.number, "reschedule", "--from", "2030-03-01T09:00:00+08:00", "--as", "pm")
    w.suite.callout("act", view.number, "approve", "--as", "pm")
    view = w.wait(view.number, "open", lambda v: v.state == "open" and v.clocks)
    assert view.dated_us == 1898557200000000, view


@test
def an_end_needs_a_date_before_it(w):
    for dates in (("--date-end", "2030-03-02T17:00:00Z"), ("--date", "2030-03-02T17:00:00Z", "--date-end", "2030-03-02T17:00:00Z")):
        done = w.suite.callout("submit", "--customer", "bank", "--title", "course", *dates, check=False)
        assert done.returncode != 0 and "submit.dated_until_us" in done.stderr, done


@test
def without_a_version_it_is_served_and_shown_as_not_known(w):
    view = opened(w, customer="cloud", product="os")
    assert view.version == "" and view.is_version_open, view
    assert "version    not known: the report names none" in w.suite.callout("show", view.number)


HELD = [
    ({"customer": "cloud", "product": "os", "version": "20-lts"}, ("version_not_covered", "version", "20-lts", "cloud-os", "pm")),
    ({"customer": "cloud", "product": "os", "version": "22-lts-sp9"}, ("unknown_version", "version", "22-lts-sp9", "cloud-os", "pm")),
    ({"customer": "cloud", "product": "os", "version": "18-lts"}, ("out_of_life", "version", "18-lts", "cloud-os", "pm")),
    ({"customer": "cloud", "product": "tape"}, ("out_of_life", "product", "tape", "cloud-os", "pm")),
    ({"customer": "cloud", "product": "os", "version": "22-lts", "traits": ["caused_by_people"]},
     ("excluded_cause", "trait", "caused_by_people", "cloud-os", "pm")),
    ({"customer": "cloud", "product": "array"}, ("not_covered", "product", "array", "cloud-os", "pm")),
    ({"customer": "school"}, ("not_dated", "dated_us", "course", "school-a", "pm")),
    ({"customer": "cloud", "offering": "course", "dated_us": 1900000000000000}, ("not_offered", "offering", "course", "cloud-os", "pm")),
    ({"customer": "bank", "offering": "cuorse"}, ("unknown_offering", "offering", "cuorse", "bank-c", "desk")),
    ({"customer": "rail"}, ("expired", "contract", "rail-old", "rail-old", "desk")),
    ({"customer": "cluod"}, ("unknown_customer", "customer", "cluod", "", "desk")),
    ({}, ("no_contract", "contract", "", "", "desk")),
]


@test
def each_reason_holds_the_case_for_who_decides_and_nothing_is_promised(w):
    for ticket, (reason, field, value, contract, role) in HELD:
        view = held(w, **ticket)
        h = view.held
        assert (h.reason, h.field, h.value, h.contract) == (reason, field, value, contract), (ticket, h)
        assert w.suite.case(view.number)["held"]["role"] == role, (ticket, h)
        assert not view.clocks, view


@test
def an_unknown_version_comes_with_those_that_look_alike(w):
    done = send(w, customer="cloud", product="os", version="22-lts-sp9")
    assert [(u.field, u.value, u.nearest[0]) for u in done.unknown] == [("version", "22-lts-sp9", "22-lts-sp1")], done


@test
def a_cause_that_is_not_covered_is_named_as_the_pack_names_it_and_known_to_an_approved_case(w):
    view = held(w, customer="cloud", conditions=["caused_by_people"], traits=["dreamt_of"])
    held_line = "excluded_cause Caused by people (the service does not cover a fault with this cause): pm decides"
    assert held_line in w.suite.callout("show", view.number)
    assert w.client.command(view.number, "approve", role="ROLE_PM", person="pm").applied
    view = w.wait(view.number, "open", lambda v: v.state == "open")
    assert list(view.passed_over) == ["dreamt_of"], view


@test
def who_decides_takes_a_held_case_on_under_the_contract_it_would_be_under_or_another(w):
    view = held(w, customer="cloud", product="os", version="20-lts")
    assert w.client.command(view.number, "approve", role="ROLE_PM", person="pm").applied
    view = w.wait(view.number, "open", lambda v: v.state == "open" and v.clocks)
    assert (view.contract, view.version, view.entitled.why) == ("cloud-os", "20-lts", "approved"), view
    view = held(w, customer="cluod")
    assert w.client.command(view.number, "approve", role="ROLE_DESK", name="rail-old").applied
    assert w.wait(view.number, "open", lambda v: v.state == "open" and v.clocks).contract == "rail-old"


@test
def every_ticket_is_either_open_or_held(w):
    rows = [json.loads(line) for line in w.suite.callout("list", "-o", "json").splitlines()]
    states = {row["number"]: row["state"] for row in rows}
    assert SENT <= set(states) and set(states.values()) == {"open", "held"}, (SENT, states)


def main():
    with Suite(sys.argv[1], daemons=("sla", "intake"), migrate=("--lanes", "4"), registry=()) as suite:
        done = apply(suite, REGISTRY)
        assert done.returncode == 0, done
        failures = run_tests(TESTS, World(suite))
    print(f"Checks: {len(TESTS)}, Failures: {failures}, Errors: 0")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
