#!/usr/bin/env python3
"""Advisories: exactly the contracts that cover an installed version are reached, once each, whatever is applied or restarted; read and
acknowledged by the customer. A whole suite with two intakes and stepped time. Usage: test_advisories.py [BUILD_DIR]"""
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from database import psql, query  # noqa: E402
from suite import Suite, free_port, wait_for  # noqa: E402
from world import World, run_tests  # noqa: E402

START = "2026-12-01T00:00:00+08:00"
CODE = re.compile(r"C-[0-9A-Z]+-[0-9A-Z]{10}")

# Beside the sample's contract taihu-2026, which covers 22.03 LTS and 20.03 LTS of two service packs that are installed.
CUSTOMERS = ("north", "south", "later", "bare", "over", "fleet", "elsewhere")
SITES = {
    "north-1": ("north", "22.03-lts"),
    "south-1": ("south", "20.03-lts-sp2"),  # another version
    "later-1": ("later", "22.03-lts-sp1"),
    "bare-1": ("bare", "22.03-lts"),
    "over-1": ("over", "22.03-lts"),
    "fleet-1": ("fleet", "22.03-lts"),
    "fleet-2": ("fleet", "22.03-lts"),
    "elsewhere-1": ("elsewhere", "22.03-lts"),
}
CONTRACTS = {
    "north-os": dict(customer="north"),
    "south-os": dict(customer="south"),
    "later-os": dict(customer="later", since="2027-01-01T00:00:00+08:00"),  # not begun
    "bare-os": dict(customer="bare", offerings="[]"),  # without the pack
    "over-os": dict(customer="over", until="2026-12-01T00:00:00+08:00"),  # ended
    "fleet-os": dict(customer="fleet"),  # two sites: one case
    "elsewhere-ceph": dict(customer="elsewhere", products="[ceph]"),  # covers something else
}
CONTRACT = """  {key}:
    customer: {customer}
    name: {key}
    policy: os-support
    offerings: {offerings}
    calendar: cn-office
    from: {since}
    until: {until}
    products: {products}
    holders: {{pm: pm-north, director: director, expert: expert, developer: developer}}
"""
ADVISORY = """advisories:
  {key}:
    title: {{zh: 内存泄漏, en: Memory leak}}
    product: {product}
    versions: {versions}
    severity: {severity}
    policy: {policy}
    fix_plan: {{zh: 升级内核, en: Update the kernel}}
    workaround: {{zh: 停用模块, en: Disable the module}}
    references: ['https://example.com/leak']
"""
BASE = dict(key="leak", product="openeuler", versions="[22.03-lts]", severity=2, policy="patch-push")
ENTITLED = dict(offerings="[patch-push]", since="2026-01-01T00:00:00+08:00", until="2028-01-01T00:00:00+08:00", products="[openeuler]")


def write(suite, name, text):
    with open(f"{suite.dir}/registry/{name}", "w") as out:
        out.write(text)


def world_file(sites, contracts):
    text = "customers:\n" + "".join(f"  {c}: {{name: {c.title()}}}\n" for c in CUSTOMERS)
    text += "persons:\n" + "".join(f"  {c}-ops: {{name: {c.title()}, email: {c}@example.com, language: {'zh' if c == 'north' else 'en'}}}\n" for c in CUSTOMERS)
    text += "sites:\n"
    for key, (customer, version) in sites.items():
        text += f"  {key}: {{customer: {customer}, name: {key}, contact: {customer}-ops, installed: [{{product: openeuler, version: {version}}}]}}\n"
    return text + "contracts:\n" + "".join(CONTRACT.format(key=key, **{**ENTITLED, **c}) for key, c in contracts.items())


def apply(suite, sites=None, contracts=None, check=True, advisory=True, **change):
    """The registry with the advisory so changed, and these sites and contracts more or different."""
    write(suite, "world.yaml", world_file({**SITES, **(sites or {})}, {**CONTRACTS, **(contracts or {})}))
    write(suite, "advisories.yaml", ADVISORY.format(**{**BASE, **change}) if advisory else "")
    return suite.callout("apply", "-f", f"{suite.dir}/registry", "--keys", f"{suite.dir}/keys", "--prune", "--yes", "--no-preview", key="admin", check=check)


def reached(suite):
    return [r[0].split("/")[2] for r in query(suite.url, "SELECT key FROM intake.receipt WHERE source = 'callout' AND key LIKE 'advisory/leak/%' ORDER BY key")]


def tickets(suite):
    return int(query(suite.url, "SELECT count(*) FROM journal.entry WHERE kind = 10")[0][0])


def settled(suite, time=START):
    """An intake has opened all that the newest registry wants at that time; nothing else comes."""
    wait_for(f"everything up to {time} is opened",
             lambda: query(suite.url, f"SELECT 1 FROM intake.planned WHERE at >= '{time}'::timestamptz AND version = (SELECT max(version) FROM registry.version)"))


def to(suite, time):
    psql(suite.url, "-c", f"UPDATE journal.clock SET anchor_domain = greatest(anchor_domain, '{time}'::timestamptz) WHERE rate = 0")
    settled(suite, time)


def shown(suite):
    return {row["contract"]: row for row in json.loads(suite.callout("advisory", "show", "leak", "-o", "json"))}


def number_of(w, contract):
    return shown(w.suite)[contract]["number"]


def opened(w, contract):
    return w.wait(number_of(w, contract), "it is open", lambda v: v.state == "open")


def told(w, view, slot="customer/0"):
    w.wait(view.number, "the customer is told", lambda v: any(n.obligation == "opened" and n.slot == slot for n in v.notices))
    return query(w.suite.url, f"SELECT replace(body, E'\\n', ' ') FROM notify.notice_text WHERE case_id = {view.case_id} AND obligation = 'opened' AND slot = '{slot}'")[0][0]


def nothing_is_known_at_first(w):
    assert "there are no advisories" in w.suite.callout("advisory", "list")
    assert json.loads(w.suite.callout("advisory", "list", "-o", "json")) == []


def it_reaches_exactly_the_contracts_that_cover_an_installed_version(w):
    apply(w.suite)
    settled(w.suite)
    assert reached(w.suite) == ["fleet-os", "north-os", "taihu-2026"], reached(w.suite)


def its_case_says_where_it_comes_from_and_what_to_do(w):
    view = opened(w, "north-os")
    assert (view.source, view.origin.kind, view.origin.key) == ("callout", "advisory", "leak"), view
    assert (view.contract, view.site, view.product, view.version) == ("north-os", "north-1", "openeuler", "22.03-lts"), view
    assert (view.policy.key, view.severity, view.title) == ("patch-push", 2, "内存泄漏 / Memory leak"), view
    for words in ("修复方案：升级内核", "Fix plan: Update the kernel", "规避措施：停用模块", "Workaround: Disable the module", "https://example.com/leak"):
        assert words in view.description, view.description
    view = opened(w, "fleet-os")
    assert (view.site, view.version) == ("", "22.03-lts"), view
    assert "Concerns: fleet-1 22.03 LTS" in view.description and "fleet-2" in view.description, view.description


def its_customer_is_told_in_his_language_also_where_it_concerns_several_sites(w):
    body = told(w, opened(w, "north-os"))
    assert "涉及：north-1 22.03 LTS（5.10 内核）" in body and "修复方案：升级内核" in body and "停用模块" in body and "Update" not in body, body
    view = opened(w, "fleet-os")
    body = told(w, view)
    assert "Concerned: fleet-1 22.03 LTS (kernel 5.10); fleet-2 22.03" in body and "Fix plan: Update the kernel" in body and "https://example.com/leak" in body, body
    assert [n.person for n in w.view(view.number).notices if n.slot.startswith("customer/")] == ["fleet-ops"]


def read_is_that_the_customer_answers_the_notice(w):
    view = opened(w, "north-os")
    assert shown(w.suite)["north-os"]["read_us"] == 0
    body = told(w, view)
    w.suite.callout("answer", re.search("我来处理 (" + CODE.pattern + ")", body).group(1))
    row = wait_for("it is read", lambda: (lambda r: r if r["read_us"] else None)(shown(w.suite)["north-os"]))
    assert row["read_by"] == "north-ops" and row["told_us"] > 0 and row["told"] == "delivered", row
    assert [s["state"] for s in row["steps"]] == ["open", "waiting"], row


def applied_again_and_restarted_it_opens_nothing_twice(w):
    before = tickets(w.suite)
    for name in ("intake", "intake-2"):
        w.suite.kill(name)
    start(w.suite, "intake")
    start(w.suite, "intake-2")
    apply(w.suite)
    apply(w.suite, severity=1)
    apply(w.suite, advisory=False)
    apply(w.suite)
    settled(w.suite)
    assert tickets(w.suite) == before and len(reached(w.suite)) == 3, reached(w.suite)


def why_others_are_not_reached_is_shown(w):
    rows = shown(w.suite)
    assert {key: row["state"] for key, row in rows.items()} == {
        "bare-os": "not_offered", "elsewhere-ceph": "not_covered", "fleet-os": "opened", "later-os": "ahead", "north-os": "opened",
        "over-os": "expired", "taihu-2026": "opened"}, rows
    out = w.suite.callout("advisory", "show", "leak")
    assert re.search(r"^bare-os .*none: ", out, re.M) and re.search(r"^later-os .*opens in 31 d", out, re.M), out
    row = json.loads(w.suite.callout("advisory", "list", "-o", "json"))[0]
    assert (row["key"], row["reached"], row["ahead"]) == ("leak", 3, 1), row
    refused = w.suite.callout("advisory", "show", "leek", check=False)
    assert refused.returncode == 4 and "did you mean 'leak'?" in refused.stderr, refused


def a_contract_that_begins_later_is_reached_when_it_begins(w):
    to(w.suite, "2026-12-31T23:59:59+08:00")
    assert "later-os" not in reached(w.suite)
    to(w.suite, "2027-01-01T00:00:00+08:00")
    wait_for("the contract that begins", lambda: "later-os" in reached(w.suite))
    assert opened(w, "later-os").held.reason == ""


def whoever_is_concerned_later_is_reached_then(w):
    more = dict(contracts={"bare-os": dict(customer="bare"), "second-north": dict(customer="north")}, sites={"south-2": ("south", "22.03-lts-sp4")})
    before = set(reached(w.suite))
    apply(w.suite, **more)
    wait_for("the pack is sold, the contract is added, the version installed", lambda: set(reached(w.suite)) - before == {"bare-os", "second-north", "south-os"})
    assert opened(w, "south-os").site == "south-2"
    before = tickets(w.suite)
    apply(w.suite, versions="[22.03-lts, 20.03-lts]", **more)  # more versions of whoever has his case already
    settled(w.suite, "2027-01-01T00:00:00+08:00")
    assert tickets(w.suite) == before


def nothing_is_taken_back_silently(w):
    before = tickets(w.suite)
    apply(w.suite, versions="[24.03-lts]")
    settled(w.suite, "2027-01-01T00:00:00+08:00")
    assert tickets(w.suite) == before
    assert opened(w, "north-os").state == "open" and shown(w.suite)["north-os"]["state"] == "opened"
    apply(w.suite)


def acknowledged_and_applied_are_steps_of_the_customer(w):
    number = number_of(w, "north-os")
    refused = w.suite.callout("act", number, "step_done", "--name", "applied", "--as", "customer", "--by", "north-ops", check=False)
    assert refused.returncode == 3 and "acknowledged" in refused.stderr, refused
    refused = w.suite.callout("act", number, "step_done", "--name", "acknowledged", "--as", "pm", "--by", "pm-north", check=False)
    assert refused.returncode == 3, refused
    w.suite.callout("act", number, "step_done", "--name", "acknowledged", "--as", "customer", "--by", "north-ops")
    row = shown(w.suite)["north-os"]
    assert [(s["step"], s["state"]) for s in row["steps"]] == [("acknowledged", "complete"), ("applied", "open")], row
    assert row["steps"][0]["person"] == "north-ops" and row["steps"][0]["done_us"] > 0, row
    w.suite.callout("act", number, "step_done", "--name", "applied", "--as", "customer", "--by", "north-ops")
    w.wait(number, "it is over", lambda v: v.state == "closed")
    out = w.suite.callout("advisory", "show", "leak")
    assert re.search(rf"^north-os +north +{number} +closed .* by north-ops .*complete .* by north-ops .*applied complete", out, re.M), out


def he_may_decide_not_to_apply_it(w):
    number = number_of(w, "fleet-os")
    w.suite.callout("act", number, "step_done", "--name", "acknowledged", "--as", "customer", "--by", "fleet-ops")
    w.suite.callout("act", number, "step_skipped", "--name", "applied", "--as", "customer", "--by", "fleet-ops", "--note", "replaced in March")
    w.wait(number, "it is over", lambda v: v.state == "closed")
    assert shown(w.suite)["fleet-os"]["steps"][1]["state"] == "skipped"


def an_advisory_of_something_unknown_is_refused_with_its_place(w):
    for change, said in ((dict(product="openeuller"), 'advisories.yaml:2: advisory leak, product: no product "openeuller"; did you mean "openeuler"?'),
                         (dict(versions="[22.03-lst]"), 'versions[0]: "22.03-lst" is not known; did you mean "22.03-lts"?'),
                         (dict(severity=5), "severity: 5 is out of range; allowed: 1 to 4"),
                         (dict(policy="patch-pull"), 'policy: no policy "patch-pull"; did you mean "patch-push"?'),
                         (dict(policy="preventive"), "policy: \"preventive\" is about something that takes place at a time")):
        done = apply(w.suite, check=False, **change)
        assert done.returncode != 0 and said in done.stdout + done.stderr, (said, done)
    done = apply(w.suite, check=False, sites={"north-1": ("north", "22.03-lts-sp9")})
    assert done.returncode != 0 and "site north-1, installed[0].version" in done.stdout + done.stderr, done
    apply(w.suite)


def what_was_announced_is_what_follows(w):
    for what in ("refold", "timers"):
        w.suite.callout("audit", what)


def start(suite, name):
    if name == "intake":
        suite.start("intake")
    else:
        suite.counts[name] = suite.counts.get(name, 0) + 1
        suite.ports["http_" + name] = free_port()
        suite.spawn(name, [f"{suite.build}/callout-intake", "--instance", f"{name}.{suite.counts[name]}", "--mesh-endpoint",
                           f"ipc://{suite.dir}/{name}.{suite.counts[name]}.sock", "--http-address",
                           f"127.0.0.1:{suite.ports['http_' + name]}", "--endpoint", f"tcp://127.0.0.1:{free_port()}", "--key-file",
                           f"{suite.dir}/keys/intake.key", "--admin-key", suite.public("admin")])
    suite.wait_ready(name)


TESTS = (nothing_is_known_at_first, it_reaches_exactly_the_contracts_that_cover_an_installed_version,
         its_case_says_where_it_comes_from_and_what_to_do, its_customer_is_told_in_his_language_also_where_it_concerns_several_sites,
         read_is_that_the_customer_answers_the_notice, applied_again_and_restarted_it_opens_nothing_twice, why_others_are_not_reached_is_shown,
         a_contract_that_begins_later_is_reached_when_it_begins, whoever_is_concerned_later_is_reached_then, nothing_is_taken_back_silently,
         acknowledged_and_applied_are_steps_of_the_customer, he_may_decide_not_to_apply_it,
         an_advisory_of_something_unknown_is_refused_with_its_place, what_was_announced_is_what_follows)


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else None
    os.environ["TZ"] = "Asia/Shanghai"
    with Suite(build, migrate=("--clock-rate", "0", "--clock-from", START)) as suite:
        start(suite, "intake-2")
        return 1 if run_tests(TESTS, World(suite)) else 0


if __name__ == "__main__":
    sys.exit(main())
