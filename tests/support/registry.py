"""A registry of any size, made up from a seed: offices all over China, engineers, customers with contracts and sites."""
import random

HEAD = {"contracts": "from: 2026-01-01T00:00:00+08:00, until: 2036-01-01T00:00:00+08:00"}


def write_registry(path, offices, engineers, customers, sites, smtp_port, http_port, seed=1):
    """Writes the YAML files of everything but calendars and policies into the directory `path`."""
    rng = random.Random(seed)
    places = [(rng.uniform(22.0, 45.0), rng.uniform(98.0, 126.0)) for _ in range(offices)]
    rooms = {
        "offices": [f"o{i}: {{name: {{zh: 分公司{i}, en: Branch {i}}}, position: {{lat: {lat:.5f}, lon: {lon:.5f}}}}}"
                    for i, (lat, lon) in enumerate(places)],
        "engineers": [f"e{i}: {{office: o{i % offices}, skill: {1 + i % 3}}}" for i in range(engineers)],
        "persons": [f"e{i}: {{name: 工程师{i}, email: e{i}@example.com}}" for i in range(engineers)]
        + [f"{who}: {{name: {who}, email: {who}@example.com}}" for who in ("pm", "director", "desk", "support", "expert", "vendor", "contact")],
        "customers": [f"c{i}: {{name: {{zh: 客户{i}, en: Customer {i}}}}}" for i in range(customers)],
        "contracts": [f"k{i}: {{customer: c{i}, name: {{zh: 合同{i}, en: Contract {i}}}, policy: storage-after-sales, calendar: cn-office, "
                      f"{HEAD['contracts']}, holders: {{pm: pm, director: director}}}}" for i in range(customers)],
        "products": ["storage: {name: {zh: 存储阵列, en: Storage array}}"],
        "desks": ["service-desk: {holders: {desk: desk, support: support, expert: expert, vendor: vendor, director: director}}"],
        "clients": ["sample: {public_key_file: sample.pub, roles: [submit, command, query], rate_per_s: 0}"],
        "channels": [f"mail: {{kind: smtp, url: 'smtp://127.0.0.1:{smtp_port}', from: callout@example.com}}",
                     f"hook: {{kind: webhook, url: 'http://127.0.0.1:{http_port}/hook', secret_file: webhook}}"],
        "sites": [],
    }
    for i in range(sites):
        lat, lon = places[rng.randrange(offices)]
        lat, lon = lat + rng.uniform(-1.5, 1.5), lon + rng.uniform(-1.5, 1.5)
        rooms["sites"].append(f"s{i}: {{customer: c{i % customers}, name: {{zh: 机房{i}, en: Site {i}}}, "
                              f"position: {{lat: {lat:.5f}, lon: {lon:.5f}}}, contact: contact}}")
    for room, lines in rooms.items():
        with open(f"{path}/{room}.yaml", "w") as out:
            out.write(f"{room}:\n" + "".join(f"  {line}\n" for line in lines))
