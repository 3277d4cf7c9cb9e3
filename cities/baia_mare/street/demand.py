#!/usr/bin/env python3
"""Trips of one day, from demand/districts.toml and demand/day.toml, for SUMO's duarouter and sumo.

usage: demand.py NET OUTPUT_DIRECTORY SEED BEGIN_S END_S
writes parking.add.xml, cars.trips.xml, cycles.trips.xml and walks.rou.xml; the same seed gives the same files.
"""
import math
import pathlib
import random
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from xml.sax.saxutils import quoteattr

HERE = pathlib.Path(__file__).resolve().parent
SLICE = 900  # seconds
CYCLE_HEART = "L_bucuresti_unirii__bucuresti_republicii"  # a link in the middle of the cycle lanes
# In town one pulls out from the kerb; on an entry road one is already driving.
PLACE = {False: 'departLane="best" departPos="random_free"', True: 'departLane="best" departPos="base" departSpeed="avg"'}


def lets_in(lane, kind):
    return kind in lane.get("allow").split() if lane.get("allow") else kind not in (lane.get("disallow") or "").split()


def round_trip(start, ways):
    """All that can be reached from start and from which start can be reached."""
    result = None
    for step in (ways, [(b, a) for a, b in ways]):
        following = {}
        for a, b in step:
            following.setdefault(a, []).append(b)
        seen, rest = {start}, [start]
        while rest:
            new = [b for b in following.get(rest.pop(), []) if b not in seen]
            seen.update(new)
            rest.extend(new)
        result = seen if result is None else result & seen
    return result


def read_links(net_path):
    """Middle of every link, and whom it lets in; by cycle only where one gets there and away again."""
    links, root = {}, ElementTree.parse(net_path).getroot()
    cycle_lanes = {lane.get("id") for lane in root.iter("lane") if lets_in(lane, "bicycle")}
    ways = [(c.get("from"), c.get("to")) for c in root.iter("connection")
            if f'{c.get("from")}_{c.get("fromLane")}' in cycle_lanes and f'{c.get("to")}_{c.get("toLane")}' in cycle_lanes]
    cycle = round_trip(CYCLE_HEART, ways)
    for edge in root.iter("edge"):
        if edge.get("function"):
            continue
        lanes = edge.findall("lane")
        points = [tuple(map(float, p.split(",")[:2])) for p in lanes[-1].get("shape").split()]
        middle = ((points[0][0] + points[-1][0]) / 2, (points[0][1] + points[-1][1]) / 2)
        cars = [lane for lane in lanes if lane.get("allow") not in ("pedestrian", "bicycle")]
        links[edge.get("id")] = {"middle": middle, "length": float(lanes[-1].get("length")), "lane": cars[0].get("id"),
                                 "cycle": edge.get("id") in cycle,
                                 "truck": lets_in(cars[0], "truck")}
    return links


def distance(a, b):
    return math.hypot(a[0] - b[0], a[1] - b[1])


def places(districts, links):
    """Districts and entry roads in one form: id, weights, links out of it, links into it, middle."""
    result = []
    for d in districts["district"]:
        missing = [link for link in d["links"] if link not in links]
        if missing:
            sys.exit(f"districts.toml: {d['id']}: no such link in the network: {', '.join(missing)}")
        middles = [links[link]["middle"] for link in d["links"]]
        middle = (sum(m[0] for m in middles) / len(middles), sum(m[1] for m in middles) / len(middles))
        result.append(d | {"through": 0, "out": d["links"], "in": d["links"], "middle": middle, "edge": False})
    for g in districts["gateway"]:
        result.append(g | {"out": [g["link_in"]], "in": [g["link_out"]], "middle": links[g["link_in"]]["middle"],
                           "edge": True})
    return result


def pair_weights(purpose, all_places, day, reach=None):
    pairs, weights = [], []
    for a in all_places:
        for b in all_places:
            if a is b and a["edge"]:
                continue
            length = distance(a["middle"], b["middle"])
            if reach and (length > reach or a["edge"] or b["edge"]):
                continue
            if a["edge"] and b["edge"] and purpose["id"] != "through":
                continue
            decay = 1.0 if purpose["id"] == "through" else math.exp(-length / (reach / 2 if reach else day["distance_m"]))
            near = day["own_district"] if a is b and not reach else 1.0
            weight = a[purpose["from"]] * b[purpose["to"]] * decay * near
            if weight > 0:
                pairs.append((a, b))
                weights.append(weight)
    return pairs, weights


def slice_shares(hours):
    """Share of the day in each quarter of an hour, straight lines between the middles of the hours."""
    shares = []
    for i in range(24 * 3600 // SLICE):
        position = (i + 0.5) * SLICE / 3600 - 0.5
        left = math.floor(position)
        part = position - left
        shares.append(hours[left % 24] * (1 - part) + hours[(left + 1) % 24] * part)
    total = sum(shares)
    return [s / total for s in shares]


def trips(mode, day, all_places, seed, reach=None):
    """(second, purpose, from place, to place, number), in no special order."""
    number = 0
    for purpose in day["purpose"]:
        per_day = purpose.get(mode, 0)
        if not per_day:
            continue
        dice = random.Random(f"{seed}/{mode}/{purpose['id']}")
        pairs, weights = pair_weights(purpose, all_places, day, reach)
        rest = 0.0
        for i, share in enumerate(slice_shares(purpose["hours"])):
            rest += per_day * share
            count, rest = int(rest), rest - int(rest)
            for a, b in dice.choices(pairs, weights, k=count):
                number += 1
                yield (round(i * SLICE + dice.random() * SLICE, 1), purpose["id"], a, b, number)


def pick(dice, names, links, wanted=None):
    fitting = [n for n in names if wanted is None or links[n][wanted]]
    return dice.choice(fitting or names)


def write(path, lines, root="routes"):
    with open(path, "w", encoding="utf-8") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        out.write(f"<{root}>\n")
        out.writelines(line for _, line in sorted(lines))
        out.write(f"</{root}>\n")


class Bays:
    """Who stands where and until when, so that nobody is sent to a full area."""

    def __init__(self, areas, usable):
        self.link = {name: area["link"] for name, area in areas.items()}
        self.limit = {name: int(area["capacity"] * usable) for name, area in areas.items()}
        self.taken = {name: [0] * (2 * 24 * 12) for name in areas}  # per five minutes, over two days

    def take(self, name, begin, end):
        slots = range(int(begin // 300), min(int(end // 300) + 2, len(self.taken[name])))
        if any(self.taken[name][slot] >= self.limit[name] for slot in slots):
            return False
        for slot in slots:
            self.taken[name][slot] += 1
        return True


def write_areas(path, areas, links):
    lines = []
    for name, area in sorted(areas.items()):
        if area["link"] not in links or area["to_m"] > links[area["link"]]["length"]:
            sys.exit(f"parking.toml: {name}: {area['link']} is no link of the network, or shorter than {area['to_m']} m")
        lines.append(("", f'    <parkingArea id="{name}" lane="{links[area["link"]]["lane"]}" startPos="{area["from_m"]}" '
                          f'endPos="{area["to_m"]}" roadsideCapacity="{area["capacity"]}" name={quoteattr(area["name"])}/>\n'))
    write(path, lines, "additional")


def car_trips(day, all_places, links, bays, seed, begin, end):
    """Trips by car; some stand in a parking area in between and make the way back with the same car."""
    purposes = {p["id"]: p for p in day["purpose"]}
    dice, cars, backs, stood, inside = random.Random(f"{seed}/cars/links"), [], [], {}, {}
    for second, purpose, a, b, number in sorted(trips("cars", day, all_places, seed), key=lambda t: t[0]):
        rule, kinds = purposes[purpose], day["vehicles"][purpose]
        kind = dice.choices(list(kinds), list(kinds.values()))[0]
        wanted = "truck" if kind == "truck" else None
        origin, target = pick(dice, a["out"], links, wanted), pick(dice, b["in"], links, wanted)
        if "back_from" in rule:
            backs.append((second, purpose, a, kind, number, origin, target))
            continue
        if "stay_min" in rule and kind == "car" and b.get("parking") and dice.random() < rule["parking_share"]:
            area = dice.choice(b["parking"])
            way = distance(links[origin]["middle"], links[bays.link[area]]["middle"]) * day["parking"]["detour"]
            arrives = second + way / (day["speed_kmh"] / 3.6)
            leaves = arrives + 60 * dice.uniform(*rule["stay_min"])
            home = pick(dice, a["in"], links)
            if origin != bays.link[area] and home != bays.link[area] and bays.take(area, arrives, leaves):
                key = (purpose, b["id"])
                stood[key] = stood.get(key, 0) + 1
                if begin <= second < end:
                    cars.append((second, trip(kind, number, second, origin, home,
                                              f'<stop parkingArea="{area}" duration="{leaves - arrives:.0f}"/>',
                                              PLACE[a["edge"]])))
                elif second < begin < leaves:
                    at = begin + 4 * inside.setdefault(area, 0)  # one after another, they need the lane for a moment
                    inside[area] += 1
                    cars.append((at, trip(kind, number, at, bays.link[area], home,
                                             f'<stop parkingArea="{area}" until="{max(leaves, at + 10):.0f}"/>',
                                             'departPos="stop"')))
                continue
        if origin != target and begin <= second < end:
            cars.append((second, trip(kind, number, second, origin, target, place=PLACE[a["edge"]])))
    dice.shuffle(backs)  # whoever drove back from a parking area is not counted a second time
    for second, purpose, a, kind, number, origin, target in backs:
        key = (purposes[purpose]["back_from"], a["id"])
        if stood.get(key, 0) > 0:
            stood[key] -= 1
        elif origin != target and begin <= second < end:
            cars.append((second, trip(kind, number, second, origin, target, place=PLACE[a["edge"]])))
    return cars


def trip(kind, number, second, origin, target, stop="", place=PLACE[False]):
    return (f'    <trip id="{kind}_{number}" type="{kind}" depart="{second:.1f}" from="{origin}" to="{target}" {place}'
            + (f">{stop}</trip>\n" if stop else "/>\n"))


def main():
    net, out, seed, begin, end = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
    day = tomllib.loads((HERE / "demand/day.toml").read_text("utf-8"))
    links = read_links(net)
    all_places = places(tomllib.loads((HERE / "demand/districts.toml").read_text("utf-8")), links)

    areas = {a["id"]: a for a in tomllib.loads((HERE.parent / "parking.toml").read_text("utf-8"))["area"]}
    write_areas(out / "parking.add.xml", areas, links)
    cars = car_trips(day, all_places, links, Bays(areas, day["parking"]["usable"]), seed, begin, end)
    write(out / "cars.trips.xml", cars)

    cycles, dice = [], random.Random(f"{seed}/cycles/links")
    for second, _, a, b, number in trips("cycles", day, all_places, seed, day["reach"]["cycle_m"]):
        origin, target = pick(dice, a["out"], links, "cycle"), pick(dice, b["in"], links, "cycle")
        if origin != target and begin <= second < end:
            cycles.append((second, f'    <trip id="cycle_{number}" type="bicycle" depart="{second:.1f}" '
                                   f'from="{origin}" to="{target}" departLane="best" departPos="random_free"/>\n'))
    write(out / "cycles.trips.xml", cycles)

    walks, dice = [], random.Random(f"{seed}/walks/links")
    for second, _, a, b, number in trips("walks", day, all_places, seed, day["reach"]["walk_m"]):
        origin, target = pick(dice, a["out"], links), pick(dice, b["in"], links)
        if origin != target and begin <= second < end:
            walks.append((second, f'    <person id="walk_{number}" type="pedestrian" depart="{second:.1f}">'
                                  f'<walk from="{origin}" to="{target}"/></person>\n'))
    write(out / "walks.rou.xml", walks)
    print(f"demand: {len(cars)} cars, {len(cycles)} cycles, {len(walks)} walks")


main()
