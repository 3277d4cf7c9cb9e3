#!/usr/bin/env python3
"""The timetable: lines.toml and stops.toml on the built network become GTFS, and transit.toml ties it to the links.

usage: build_gtfs.py NET OUTPUT_DIRECTORY
"""
import csv
import datetime
import math
import pathlib
import sys
import tomllib
import xml.etree.ElementTree as ElementTree

HERE = pathlib.Path(__file__).resolve().parent
ROUTE_TYPE = {"bus": 3, "metropolitan": 3, "trolleybus": 11}
COLOUR = {"bus": "1F6FB4", "metropolitan": "6B4FA0", "trolleybus": "C8401F"}
PAVEMENT_M = 7.0  # from the middle of the road to a waiting person
LINK_AT_DEFAULT = 70.0


class Net:
    """Lengths and successors of links in the network, and the junctions' longitude and latitude from the source."""

    def __init__(self, net_path):
        root = ElementTree.parse(net_path).getroot()
        self.length, self.car_lanes, self.next = {}, {}, {}
        for edge in root.iter("edge"):
            if not edge.get("function"):
                lanes = edge.findall("lane")
                self.length[edge.get("id")] = float(lanes[-1].get("length"))
                self.car_lanes[edge.get("id")] = sum(lane.get("allow") not in ("pedestrian", "bicycle") for lane in lanes)
        for c in root.iter("connection"):
            self.next.setdefault(c.get("from"), set()).add(c.get("to"))
        source = HERE.parent / "street"
        self.place = {n.get("id"): (float(n.get("x")), float(n.get("y")))
                      for n in ElementTree.parse(source / "baia_mare.nod.xml").getroot().iter("node")}
        self.ends = {e.get("id"): (e.get("from"), e.get("to"))
                     for e in ElementTree.parse(source / "baia_mare.edg.xml").getroot().iter("edge")}

    def parts(self, link):
        """A link and its pocket before the signals, if it has one."""
        return [link, link + "_q"] if link + "_q" in self.length else [link]

    def straight(self, link):
        """Metres east, metres north and length between the two junctions."""
        (x0, y0), (x1, y1) = (self.place[n] for n in self.ends[link])
        east, north = (x1 - x0) * 111320 * math.cos(math.radians(y0)), (y1 - y0) * 111200
        return east, north, math.hypot(east, north)

    def from_junction(self, link, position):
        """Metres from the middle of the first junction to a position on the link."""
        whole = self.straight(link)[2]
        lanes = sum(self.length[p] for p in self.parts(link))
        return max(0.0, (whole - lanes) / 2) + position

    def kerb(self, link, position):
        """Longitude and latitude of the pavement beside a position on the link."""
        x0, y0 = self.place[self.ends[link][0]]
        east, north, whole = self.straight(link)
        along, aside = self.from_junction(link, position) / whole, PAVEMENT_M / whole
        return (x0 + (east * along + north * aside) / (111320 * math.cos(math.radians(y0))),
                y0 + (north * along - east * aside) / 111200)


def seconds(text):
    hours, minutes = text.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def clock(s):
    return f"{s // 3600:02d}:{s % 3600 // 60:02d}:{s % 60:02d}"


def platforms(net):
    """Link -> stop: the platform a bus passes on that link."""
    result = {}
    for stop in tomllib.loads((HERE / "stops.toml").read_text("utf-8"))["stop"]:
        for n, link in enumerate(stop["links"]):
            position = float(stop.get("at", [LINK_AT_DEFAULT] * 2)[n])
            if link not in net.length:
                sys.exit(f"stops.toml: {stop['id']}: no link {link} in the network")
            if position > net.length[link] - 5:
                sys.exit(f"stops.toml: {stop['id']}: {position} m is beyond link {link} ({net.length[link]} m)")
            result[link] = {"id": f"S_{stop['id']}_{n + 1}", "name": stop["name"], "link": link, "position": position,
                            "bay": net.car_lanes[link] == 1, "place": net.kerb(link, position)}
    return result


def course(net, line, path, stops):
    """Links from the first stop to the last, and the stops with their distance from the first junction."""
    ends = {ends: link for link, ends in net.ends.items()}
    ids = {n.split("_", 1)[1]: n for n in net.place}
    links = [ends[ids[a], ids[b]] for a, b in zip(path, path[1:])]
    served = [i for i, link in enumerate(links) if link in stops]
    links = links[served[0]:served[-1] + 1]
    edges = [part for link in links for part in net.parts(link)]
    for a, b in zip(edges, edges[1:]):
        if b not in net.next.get(a, ()):
            sys.exit(f"lines.toml: line {line['id']}: no way from {a} to {b}")
    calls, travelled = [], 0.0
    for link in links:
        if link in stops:
            calls.append((stops[link], travelled + net.from_junction(link, stops[link]["position"])))
        travelled += net.straight(link)[2]
    edges = edges[:-1] if edges[-1].endswith("_q") else edges
    return links, edges, calls


def departures(line, table, factor):
    starts = [seconds(p) for p in table["periods"]]
    now = seconds(line.get("first_departure", table["first_departure"]))
    last = seconds(line.get("last_departure", table["last_departure"]))
    while now < last:
        yield now
        period = max(i for i, s in enumerate(starts) if s <= now)
        now += int(line["headway_min"][period] * factor) * 60
    yield last


def write(folder, name, header, rows):
    with open(folder / name, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main():
    net, out = Net(sys.argv[1]), pathlib.Path(sys.argv[2])
    table = tomllib.loads((HERE / "lines.toml").read_text("utf-8"))
    calendar = tomllib.loads((HERE.parent / "calendar.toml").read_text("utf-8"))
    stops = platforms(net)
    folder = out / "gtfs"
    folder.mkdir(parents=True, exist_ok=True)
    starts = [seconds(p) for p in table["periods"]]
    routes, trips, stop_times, shapes, maps, used = [], [], [], [], [], {}
    for line in table["line"]:
        route = f"R_{line['id']}"
        routes.append([route, "URBIS", line["id"], line["name"], ROUTE_TYPE[line["type"]], COLOUR[line["type"]], "FFFFFF"])
        for direction, path in enumerate((line["path"], line["path"][::-1])):
            shape = f"SH_{line['id']}_{direction}"
            links, edges, calls = course(net, line, path, stops)
            maps.append((shape, edges))
            used |= {stop["id"]: stop for stop, _ in calls}
            travelled = 0.0
            points = [(net.place[net.ends[links[0]][0]], 0.0)]
            for link in links:
                travelled += net.straight(link)[2]
                points.append((net.place[net.ends[link][1]], travelled))
            shapes += [[shape, f"{y:.6f}", f"{x:.6f}", n, f"{d:.1f}"] for n, ((x, y), d) in enumerate(points)]
            for service, factor in (("WORKDAY", 1.0), ("WEEKEND", table["weekend_headway_factor"])):
                for start in departures(line, table, factor):
                    speed = table["speed_kmh"][max(i for i, s in enumerate(starts) if s <= start)] / 3.6
                    trip = f"T_{line['id']}_{direction}_{service[:4]}_{clock(start)[:5].replace(':', '')}"
                    trips.append([route, service, trip, calls[-1][0]["name"], direction, shape])
                    for n, (stop, at) in enumerate(calls):
                        exact = start + (at - calls[0][1]) / speed
                        arrival = start if n == 0 else int(exact / 15 + 0.5) * 15
                        leaves = arrival + (table["dwell_s"] if 0 < n < len(calls) - 1 else 0)
                        kept = n % table["timepoint_every"] == 0 or n == len(calls) - 1
                        stop_times.append([trip, clock(arrival), clock(leaves), stop["id"], n + 1, int(kept), f"{at:.1f}"])
    day = datetime.date
    years = calendar["valid"]
    first, last = years["from"], years["to"]
    days_off = [h["date"] for h in calendar["holiday"]]
    exceptions = [row for d in days_off if d.weekday() < 5
                  for row in (["WORKDAY", f"{d:%Y%m%d}", 2], ["WEEKEND", f"{d:%Y%m%d}", 1])]
    assert isinstance(first, day)
    agency = table["agency"]
    write(folder, "agency.txt", ["agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang"],
          [[agency["id"], agency["name"], agency["url"], agency["timezone"], "ro"]])
    write(folder, "feed_info.txt", ["feed_publisher_name", "feed_publisher_url", "feed_lang", "feed_start_date",
                                    "feed_end_date", "feed_version"],
          [["Dispecer demonstration: times are invented", agency["url"], "ro", f"{first:%Y%m%d}", f"{last:%Y%m%d}", "1"]])
    write(folder, "calendar.txt", ["service_id", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
                                   "sunday", "start_date", "end_date"],
          [["WORKDAY", 1, 1, 1, 1, 1, 0, 0, f"{first:%Y%m%d}", f"{last:%Y%m%d}"],
           ["WEEKEND", 0, 0, 0, 0, 0, 1, 1, f"{first:%Y%m%d}", f"{last:%Y%m%d}"]])
    write(folder, "calendar_dates.txt", ["service_id", "date", "exception_type"], exceptions)
    write(folder, "stops.txt", ["stop_id", "stop_name", "stop_lat", "stop_lon", "location_type"],
          [[s["id"], s["name"], f"{s['place'][1]:.6f}", f"{s['place'][0]:.6f}", 0] for _, s in sorted(used.items())])
    write(folder, "routes.txt", ["route_id", "agency_id", "route_short_name", "route_long_name", "route_type",
                                 "route_color", "route_text_color"], routes)
    write(folder, "trips.txt", ["route_id", "service_id", "trip_id", "trip_headsign", "direction_id", "shape_id"], trips)
    write(folder, "stop_times.txt", ["trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence", "timepoint",
                                     "shape_dist_traveled"], stop_times)
    write(folder, "shapes.txt", ["shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence", "shape_dist_traveled"],
          shapes)
    with open(out / "transit.toml", "w", encoding="utf-8") as file:
        file.write("# Built from transit/: where the stops and shapes of gtfs/ lie on the links.\n"
                   "# position_m: from the start of the link to the front of the standing bus.\n\n")
        for _, s in sorted(used.items()):
            file.write(f'[[stop]]\nid = "{s["id"]}"\nlink = "{s["link"]}"\nposition_m = {s["position"]}\n'
                       f'bay = {str(s["bay"]).lower()}\n\n')
        for shape, edges in maps:
            file.write(f'[[shape]]\nid = "{shape}"\nlinks = [' + ", ".join(f'"{e}"' for e in edges) + "]\n\n")
    print(f"timetable: {len(routes)} lines, {len(used)} stops, "
          f"{sum(t[1] == 'WORKDAY' for t in trips)} trips on a working day")


main()
