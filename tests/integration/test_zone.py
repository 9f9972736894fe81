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


def zone(*words, code=0, paths=None, policy="storage-after-sales"):
    paths = paths or [f"{room}/registry.yaml", f"{ROOT}/policies", f"{ROOT}/calendars"]
    more = [] if "--table" in words or policy is None else ["--policy", policy]
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
    assert found["held_out_share"] > found["held_out_before_share"] and 1000 < found["held_out_pairs"] < 3000, found
    text = zone("fit", BELGIUM, "--office", "beijing")
    assert "before       2.00 km + 1.100" in text and "  beijing:\n    road_fixed_km: " in text, text


def a_csv_is_read_whatever_the_order_of_its_columns():
    rows = "".join(f"x,{i / 100 * 111.19508 * 1.2 + 1:.3f},0,0,0,{i / 100}\n" for i in range(1, 400))
    found = json.loads(zone("fit", written("ok.csv", "name,km,from_lat,to_lat,from_lon,to_lon\n" + rows), "-o", "json"))
    assert found["pairs"] == 399 and found["share"] == 1.0 and abs(found["road_factor"] - 1.2) < 0.02, found


def pairs_begin_at_an_office_of_the_registry():
    """Each of 60 places is 1.3 times as far from Wuhan as the great circle, and 1.1 times from Beijing."""
    rows = [f"{office},{lat + i / 100},{lon},{i / 100 * 111.19508 * factor + 1:.3f}\n" for i in range(1, 300, 5)
            for office, lat, lon, factor in (("wuhan", 30.58333, 114.26667, 1.3), ("beijing", 39.9075, 116.39723, 1.1))]
    path = written("offices.csv", "office,to_lat,to_lon,km\n" + "".join(rows))
    for office, factor in (("wuhan", 1.3), ("beijing", 1.1)):
        found = json.loads(zone("fit", path, "--office", office, "-o", "json"))
        assert (found["pairs"], found["other_offices"], found["share"]) == (60, 60, 1.0), found
        assert abs(found["road_factor"] - factor) < 0.03, found
    assert json.loads(zone("fit", path, "-o", "json"))["pairs"] == 120
    assert "60 pairs of other offices are passed over" in zone("fit", path, "--office", "wuhan")
    alone = written("alone.csv", "to_lat,to_lon,km\n" + "".join(r[len("beijing,"):] for r in rows if r.startswith("beijing")))
    assert abs(json.loads(zone("fit", alone, "--office", "beijing", "-o", "json"))["road_factor"] - 1.1) < 0.03
    assert 'no column "from_lat" in its first line; needed are from_lat, from_lon (or office, or --office)' in zone("fit", alone, code=3)
    text = zone("fit", written("b.csv", "office,to_lat,to_lon,km\nbejing,1,1,1\n"), code=3)
    assert "b.csv:2: there is no office \"bejing\"; did you mean 'beijing'?" in text, text
    assert "no office 'wuhann'; did you mean 'wuhan'?" in zone("fit", path, "--office", "wuhann", code=4)


def positions_of_pairs_may_be_of_a_chinese_map():
    """From the office, whose position is WGS-84, to places whose roads are as long as the great circle: only in their datum."""
    places = [(39.915 + i / 1000, 116.404 + i / 1000) for i in range(10, 400, 5)]
    rows = "".join(f"{lat:.6f},{lon:.6f},{json.loads(zone('test', f'{lat:.6f},{lon:.6f}', '--datum', 'gcj02', '-o', 'json'))['offices'][0]['straight_km']:.4f}\n"
                   for lat, lon in places)
    path = written("gcj.csv", "to_lat,to_lon,km\n" + rows)
    found = json.loads(zone("fit", path, "--office", "beijing", "--datum", "gcj02", "-o", "json"))
    assert (found["share"], found["impossible"], found["road_factor"], found["road_fixed_km"]) == (1.0, 0, 1.0, 0.0), found
    assert "shorter than the straight line" in zone("fit", path, "--office", "beijing")
    assert "allowed are wgs84, gcj02, bd09" in zone("fit", path, "--datum", "gcj", code=2)


def what_is_wrong_with_pairs_is_said_with_its_line():
    head = "from_lat,from_lon,to_lat,to_lon,km\n"
    assert 'no column "to_lon"' in zone("fit", written("a.csv", "from_lat,from_lon,to_lat,km\n"), code=3)
    assert 'a.csv:2: from_lat is "95"' in zone("fit", written("a.csv", head + "95,1,1,1,1\n"), code=3)
    assert 'a.csv:3: km is "null"' in zone("fit", written("a.csv", head + "1,1,1,1,1\n1,1,1,1,null\n"), code=3)
    assert 'km is "-1"' in zone("fit", written("a.csv", head + "1,1,1,1,-1\n"), code=3)
    assert "at least 20 are needed" in zone("fit", written("a.csv", head + "1,1,1,1,1\n"), code=3)
    assert "are latitude and longitude swapped?" in zone("fit", written("a.csv", head + "116.4,39.9,1,1,1\n"), code=3)
    short = head + "".join(f"40,116,41,{116 + i / 100},1\n" for i in range(40))
    text = zone("fit", written("a.csv", short), code=3)
    assert "40 roads are shorter than the straight line and left out: lines 2, 3, 4, 5, 6, ..." in text and "swapped?" in text, text
    assert "No such file" in zone("fit", f"{room}/none.csv", code=4)
    matrix = open(BELGIUM).read()
    assert "EDGE_WEIGHT_SECTION, row " in (text := zone("fit", written("cut.vrp", matrix[:len(matrix) // 2]), code=3)), text
    assert "the file ends there" in text, text
    first = matrix.index("EDGE_WEIGHT_SECTION") + len("EDGE_WEIGHT_SECTION\n")
    row = matrix[first:].splitlines()[0].split()
    for wrong, told in (("null", "row 1 column 2: kilometres are wanted, 0 or more, before: null"), ("-3", "row 1 column 2"), ("0.5", "row 1 column 2")):
        text = zone("fit", written("wrong.vrp", matrix[:first] + " ".join([row[0], wrong, *row[2:]]) + matrix[first:][matrix[first:].index("\n"):]),
                    code=0 if wrong == "0.5" else 3)
        assert told in text, text
    assert "1 road is shorter than the straight line and left out: row 1 column 2" in text, text
    assert 'EDGE_WEIGHT_UNIT_OF_MEASUREMENT is "sec"; allowed is km' in zone("fit", BELGIUM.replace("-km-", "-time-"), code=3)
    assert "there is no table of zones 'jurney'" in zone("fit", BELGIUM, "--table", "jurney", code=4)


def offices(*words, **more):
    return json.loads(zone("test", *words, "-o", "json", **more))["offices"]


def arrival(office):
    found = [z for z in office["zones"] if z["milestone"] == "arrival" and z["table"] == "journey"]
    assert len(found) == 1, office
    return found[0]


def a_place_has_its_distance_zone_and_promise():
    base = offices("39.92,116.41")[0]
    assert base["office"] == "beijing" and base["is_base"] and base["router"] == "not asked", base
    assert (base["road_fixed_km"], base["road_factor"], base["source"], base["contract_km"]) == (2, 1.1, "estimate", None), base
    assert abs(base["km"] - (2 + 1.1 * base["straight_km"])) < 1e-6 and base["km"] == base["estimate_km"], base
    assert (arrival(base)["zone"], arrival(base)["promised"]) == ("zone 1", {"1": "2h", "2": "3h", "3": "4h"}), base
    assert arrival(base)["whole_km"] == round(base["km"]), base
    text = zone("test", "near")
    assert "near: 39.92000, 116.41000 (WGS-84)" in text and "zone 1" in text and "base of a case there: beijing" in text, text
    shifted = offices("39.92,116.41", "--datum", "gcj02")[0]
    assert 0.01 < abs(shifted["km"] - base["km"]) < 1, shifted
    edge = offices("40.21,116.40")[0]
    assert arrival(edge)["zone"] == "zone 1" and 38 < edge["km"] < 40.5 and arrival(edge)["borderline_to"] == "zone 2", edge
    assert arrival(offices("39.92,116.41", "--severity", "2")[0])["promised"] == {"2": "3h"}
    assert "--severity 9: policy 'storage-after-sales' has levels 1 to 4" in zone("test", "near", "--severity", "9", code=2)
    assert len(offices("near", "--offices", "1")) == 1


def a_figure_of_the_contract_wins_and_is_never_borderline():
    (stated,) = offices("stated")
    assert (stated["office"], stated["km"], stated["contract_km"], stated["source"]) == ("wuhan", 41, 41, "contract"), stated
    assert (stated["estimate_km"], arrival(stated)["borderline_to"], arrival(stated)["zone"]) == (None, None, "zone 2"), stated


PEOPLE = """persons: {a: {name: A, email: a@example.com}, b: {name: B, email: b@example.com}}
engineers:
  a: {office: beijing, skill: 1, products: [disk]}
  b: {office: wuhan, skill: 1}
products: {disk: {name: Disk}, tape: {name: Tape}}
"""


def the_base_is_the_nearest_office_from_which_somebody_works_on_the_product():
    files = [f"{room}/registry.yaml", written("people.yaml", PEOPLE), f"{ROOT}/policies", f"{ROOT}/calendars"]
    for product, base in (("disk", "beijing"), ("tape", "wuhan")):
        found = offices("near", "--product", product, paths=files)
        assert [(o["office"], o["is_base"]) for o in found][0] == (base, True) and len(found) == 2, found
    assert "there is no product 'disc'; did you mean 'disk'?" in zone("test", "near", "--product", "disc", paths=files, code=4)


CONTRACT = """contracts:
  held: {customer: bank, name: Held, policy: ceph-expert, calendar: cn-office, from: 2020-01-01T00:00:00Z, until: 2120-01-01T00:00:00Z,
         sites: [near], targets: {arrival: {3: working day 2}}}
"""


def a_site_goes_by_its_contract_and_a_contract_has_figures_of_its_own():
    files = [f"{room}/registry.yaml", written("contract.yaml", CONTRACT), f"{ROOT}/policies", f"{ROOT}/calendars"]
    for words in (["near"], ["39.92,116.41", "--contract", "held"]):
        found = json.loads(zone("test", *words, "-o", "json", paths=files, policy=None))
        assert (found["contract"], found["policy"]) == ("held", "ceph-expert"), found
        assert [z["promised"] for z in found["offices"][0]["zones"] if z["table"] is None and z["milestone"] == "arrival"] == [{"3": "working day 2 (contract)"}], found
    assert "contract held, policy ceph-expert" in zone("test", "near", paths=files, policy=None)
    assert "leave --policy out" in zone("test", "near", "--contract", "held", paths=files, code=2)
    assert "there is no contract 'heldd'; did you mean 'held'?" in zone("test", "near", "--contract", "heldd", paths=files, policy=None, code=4)
    assert "promises nothing by distance" in zone("test", "near", policy="os-support", code=4)
    assert "by policy ceph-expert; --policy may also be: " in zone("test", "39.92,116.41", policy=None)


def a_region_decides_before_the_distance_and_without_one():
    with open(f"{ROOT}/policies/storage-after-sales.yaml") as file:
        pack = file.read()
    rows = "regions: [{region: hills}, {region: north, name: North, targets: {1: 1h, 2: 2h, 3: 3h}}]"
    before = "edge_percent: 5 "
    assert before in pack
    pack = pack.replace(before, f"{rows}\n      {before}", 1).replace("name: storage-after-sales", "name: by-region", 1)
    sites = """customers: {bank: {name: Bank}}
sites:
  in-the-hills: {customer: bank, name: H, position: {lat: 39.92, lon: 116.41}, regions: [hills]}
  unplaced: {customer: bank, name: U, regions: [north]}
offices: {beijing: {name: Beijing, position: {lat: 39.9075, lon: 116.39723}}}
"""
    files = [written("region-pack.yaml", pack), written("region.yaml", sites), f"{ROOT}/calendars"]
    (found,) = offices("in-the-hills", paths=files, policy="by-region")
    assert (arrival(found)["region"], set(arrival(found)["promised"].values())) == ("hills", {"excluded"}), found
    found = json.loads(zone("test", "unplaced", "-o", "json", paths=files, policy="by-region"))
    north = [z for z in found["zones"] if z["table"] == "journey"][0]
    assert (found["offices"], north["zone"], north["region"], north["promised"]) == ([], "North", "north", {"1": "1h", "2": "2h", "3": "3h"}), found
    text = zone("test", "unplaced", paths=files, policy="by-region")
    assert "unplaced: no position" in text and "North, by region north" in text and "nobody knows how far it is" in text, text


def what_is_no_place_is_said():
    assert "said of several sites: near, stated" in zone("test", "Long Street", code=3)
    assert "near:" in zone("test", "1 Long")
    assert "did you mean 'near'?" in zone("test", "neer", code=4)
    assert "they look swapped" in zone("test", "116.4,39.9", code=2)
    assert "allowed are wgs84" in zone("test", "39.9,116.4", "--datum", "moon", code=2)
    lost = written("lost.yaml", "customers: {bank: {name: Bank}}\nsites: {lost: {customer: bank, name: Lost}}\n")
    assert "nobody knows how far it is" in zone("test", "lost", paths=[lost, f"{ROOT}/policies", f"{ROOT}/calendars"], code=4)


TESTS = [figures_learned_from_real_roads_put_95_of_100_pairs_into_their_zone,
         a_csv_is_read_whatever_the_order_of_its_columns,
         pairs_begin_at_an_office_of_the_registry,
         positions_of_pairs_may_be_of_a_chinese_map,
         what_is_wrong_with_pairs_is_said_with_its_line,
         a_place_has_its_distance_zone_and_promise,
         a_figure_of_the_contract_wins_and_is_never_borderline,
         the_base_is_the_nearest_office_from_which_somebody_works_on_the_product,
         a_site_goes_by_its_contract_and_a_contract_has_figures_of_its_own,
         a_region_decides_before_the_distance_and_without_one,
         what_is_no_place_is_said]
for test in TESTS:
    test()
    print("passed ", test.__name__)
print(f"Checks: {len(TESTS)}, Failures: 0, Errors: 0")
