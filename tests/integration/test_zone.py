#!/usr/bin/python3
"""callout zone fit|test from files, with the real roads of Belgium. No daemon.

    test_zone.py CALLOUT
"""
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
CALLOUT = sys.argv[1]
room = tempfile.mkdtemp(prefix="callout-zone-")
BELGIUM = f"{ROOT}/tests/data/geo/belgium-road-km-d3-n100-k10.vrp"
REGISTRY = """customers: {bank: {name: Bank}}
persons: {p: {name: P, email: p@example.com}}
offices:
  beijing: {name: Beijing, position: {lat: 39.9075, lon: 116.39723}, road_fixed_km: 2, road_factor: 1.1}
  wuhan: {name: Wuhan, position: {lat: 30.58333, lon: 114.26667}}
sites:
  near: {customer: bank, name: Near, address: 1 Long Street, contact: p, position: {lat: 39.92, lon: 116.41}}
  stated: {customer: bank, name: Stated, address: 2 Long Street, contact: p, distances: {wuhan: 41}}
"""
with open(f"{room}/registry.yaml", "w") as file:
    file.write(REGISTRY)


def zone(*words, code=0, paths=None):
    paths = paths or [f"{room}/registry.yaml", f"{ROOT}/policies", f"{ROOT}/calendars"]
    more = [] if "--table" in words else ["--policy", "storage-after-sales"]
    done = subprocess.run([CALLOUT, "zone", words[0], words[1], *paths, *words[2:], *more], capture_output=True, text=True, check=False,
                          env={"PATH": os.environ["PATH"]})
    assert done.returncode == code, f"{words}: exit {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def written(name, text):
    with open(f"{room}/{name}", "w") as out:
        out.write(text)
    return f"{room}/{name}"


def figures_learned_from_real_roads_put_95_of_100_pairs_into_their_zone():
    found = json.loads(zone("fit", BELGIUM, "-o", "json"))
    assert found["pairs"] == 9900 and found["before_share"] < 0.9 <= 0.95 <= found["share"], found
    assert found["held_out_share"] >= 0.95, found
    text = zone("fit", BELGIUM, "--office", "beijing")
    assert "before       2.00 km + 1.100" in text and "  beijing:\n    road_fixed_km: " in text, text


def a_csv_is_read_whatever_the_order_of_its_columns():
    rows = "".join(f"x,{i / 100 * 111.19508 * 1.2 + 1:.3f},0,0,0,{i / 100}\n" for i in range(1, 400))
    found = json.loads(zone("fit", written("ok.csv", "name,km,from_lat,to_lat,from_lon,to_lon\n" + rows), "-o", "json"))
    assert found["pairs"] == 399 and found["share"] == 1.0 and abs(found["road_factor"] - 1.2) < 0.02, found


def what_is_wrong_with_pairs_is_said_with_its_line():
    head = "from_lat,from_lon,to_lat,to_lon,km\n"
    assert 'no column "to_lon"' in zone("fit", written("a.csv", "from_lat,from_lon,to_lat,km\n"), code=3)
    assert 'a.csv:2: from_lat is "95"' in zone("fit", written("a.csv", head + "95,1,1,1,1\n"), code=3)
    assert 'a.csv:3: km is "null"' in zone("fit", written("a.csv", head + "1,1,1,1,1\n1,1,1,1,null\n"), code=3)
    assert 'km is "-1"' in zone("fit", written("a.csv", head + "1,1,1,1,-1\n"), code=3)
    assert "at least 20 are needed" in zone("fit", written("a.csv", head + "1,1,1,1,1\n"), code=3)
    short = head + "".join(f"40,116,41,{116 + i / 100},1\n" for i in range(40))
    text = zone("fit", written("a.csv", short), code=3)
    assert "40 roads are shorter than the straight line" in text and "lines 2, 3" in text and "swapped?" in text, text
    assert "No such file" in zone("fit", f"{room}/none.csv", code=4)
    matrix = open(BELGIUM).read()
    assert "not a full matrix" in zone("fit", written("cut.vrp", matrix[:len(matrix) // 2]), code=3)
    assert "there is no table of zones 'jurney'" in zone("fit", BELGIUM, "--table", "jurney", code=4)


def a_place_has_its_distance_zone_and_promise():
    rows = json.loads(zone("test", "39.92,116.41", "-o", "json"))
    assert rows[0]["office"] == "beijing" and abs(rows[0]["km"] - (2 + 1.1 * rows[0]["straight_km"])) < 1e-6, rows
    assert rows[0]["zone"] == "zone 1" and rows[0]["promised"] == "1: 2h, 2: 3h, 3: 4h", rows
    text = zone("test", "near")
    assert "near: 39.92000, 116.41000 (WGS-84)" in text and "zone 1" in text, text
    shifted = json.loads(zone("test", "39.92,116.41", "--datum", "gcj02", "-o", "json"))
    assert 0.01 < abs(shifted[0]["km"] - rows[0]["km"]) < 1, shifted
    stated = json.loads(zone("test", "stated", "-o", "json"))
    assert [(r["office"], r["km"], r["source"], r["borderline_to"]) for r in stated] == [("wuhan", 41, "contract", "")], stated
    edge = json.loads(zone("test", "40.21,116.40", "-o", "json"))[0]
    assert edge["zone"] == "zone 1" and 38 < edge["km"] < 40.5 and edge["borderline_to"] == "zone 2", edge


def what_is_no_place_is_said():
    assert "said of several sites: near, stated" in zone("test", "Long Street", code=3)
    assert "near:" in zone("test", "1 Long")
    assert "did you mean 'near'?" in zone("test", "neer", code=4)
    assert "they look swapped" in zone("test", "116.4,39.9", code=2)
    assert "allowed are wgs84" in zone("test", "39.9,116.4", "--datum", "moon", code=2)


TESTS = [figures_learned_from_real_roads_put_95_of_100_pairs_into_their_zone, a_csv_is_read_whatever_the_order_of_its_columns,
         what_is_wrong_with_pairs_is_said_with_its_line, a_place_has_its_distance_zone_and_promise, what_is_no_place_is_said]
for test in TESTS:
    test()
    print("passed ", test.__name__)
print(f"Checks: {len(TESTS)}, Failures: 0, Errors: 0")
