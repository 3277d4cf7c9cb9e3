#!/usr/bin/env python3
"""Buses, their stops and their passengers for SUMO, from the built gtfs/ and transit.toml.

usage: gtfs_to_sumo.py NET OUTPUT_DIRECTORY SEED BEGIN_S END_S
writes stops.add.xml, buses.rou.xml and riders.rou.xml
"""
import csv
import pathlib
import random
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from xml.sax.saxutils import quoteattr

HERE = pathlib.Path(__file__).resolve().parent
SERVICE = "WORKDAY"
STOP_LENGTH, BAY_LENGTH = 22, 40   # one long bus on the lane; two beside it
BOARD_S = 15       # a bus is there that long before it leaves its first stop
HOURLY_RIDERS = [0, 0, 0, 0, 0, 3, 7, 14, 9, 5, 4, 4, 5, 6, 7, 9, 11, 8, 4, 2, 1, 1, 0, 0]


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def seconds(clock):
    h, m, s = map(int, clock.split(":"))
    return h * 3600 + m * 60 + s


def bus_lanes(net_path):
    """The kerbside lane of every link on which buses drive."""
    result = {}
    for edge in ElementTree.parse(net_path).getroot().iter("edge"):
        if not edge.get("function"):
            result[edge.get("id")] = next(lane.get("id") for lane in edge.findall("lane")
                                          if lane.get("allow") not in ("pedestrian", "bicycle"))
    return result


def main():
    net, out, seed, begin, end = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
    gtfs = out / "gtfs"
    maps = tomllib.loads((out / "transit.toml").read_text("utf-8"))
    stops, shapes = {s["id"]: s for s in maps["stop"]}, {s["id"]: s["links"] for s in maps["shape"]}
    names = {s["stop_id"]: s["stop_name"] for s in rows(gtfs / "stops.txt")}
    lines = {r["route_id"]: r for r in rows(gtfs / "routes.txt")}
    calls = {}
    for row in rows(gtfs / "stop_times.txt"):
        calls.setdefault(row["trip_id"], []).append(row)
    lanes = bus_lanes(net)

    with open(out / "stops.add.xml", "w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<additional>\n')
        for name, stop in stops.items():
            length = BAY_LENGTH if stop["bay"] else STOP_LENGTH
            file.write(f'    <busStop id="{name}" lane="{lanes[stop["link"]]}" '
                       f'startPos="{max(1.0, stop["position_m"] - length)}" endPos="{stop["position_m"]}" '
                       f'name={quoteattr(names[name])} personCapacity="80"/>\n')
        file.write("</additional>\n")

    vehicles = []
    for trip in rows(gtfs / "trips.txt"):
        start = seconds(calls[trip["trip_id"]][0]["departure_time"])
        if trip["service_id"] != SERVICE or not begin <= start < end:
            continue
        line = lines[trip["route_id"]]
        kind = "trolleybus" if line["route_type"] == "11" else "bus"
        text = (f'    <vehicle id="{trip["trip_id"]}" type="{kind}" line="{line["route_short_name"]}/{trip["direction_id"]}" '
                f'depart="{max(begin, start - BOARD_S)}" departPos="stop" departLane="best">\n'
                f'        <route edges="{" ".join(shapes[trip["shape_id"]])}"/>\n')
        for call in calls[trip["trip_id"]]:
            bay = ' parking="true"' if stops[call["stop_id"]]["bay"] else ""
            until = f' until="{seconds(call["departure_time"])}"' if call["timepoint"] == "1" else ""
            text += f'        <stop busStop="{call["stop_id"]}" duration="10"{until}{bay}/>\n'
        vehicles.append((start - BOARD_S, text + "    </vehicle>\n"))
    write(out / "buses.rou.xml", vehicles)

    courses = {}
    for trip in rows(gtfs / "trips.txt"):
        courses.setdefault((trip["route_id"], trip["direction_id"]), [c["stop_id"] for c in calls[trip["trip_id"]]])
    riders, dice = [], random.Random(f"{seed}/riders")
    for line in tomllib.loads((HERE.parent / "transit/lines.toml").read_text("utf-8"))["line"]:
        for n in range(line["riders_per_day"]):
            second = dice.choices(range(24), HOURLY_RIDERS)[0] * 3600 + dice.random() * 3600
            direction = dice.choice("01")
            course = courses[f"R_{line['id']}", direction]
            a, b = sorted(dice.sample(range(len(course)), 2))
            if begin <= second < end:
                riders.append((second, f'    <person id="rider_{line["id"]}_{n}" type="pedestrian" depart="{second:.1f}">'
                                       f'<walk from="{stops[course[a]]["link"]}" busStop="{course[a]}"/>'
                                       f'<ride busStop="{course[b]}" lines="{line["id"]}/{direction}"/></person>\n'))
    write(out / "riders.rou.xml", riders)
    print(f"transit: {len(vehicles)} trips, {len(riders)} riders")


def write(path, entries):
    with open(path, "w", encoding="utf-8") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n<routes>\n')
        out.writelines(text for _, text in sorted(entries))
        out.write("</routes>\n")


main()
