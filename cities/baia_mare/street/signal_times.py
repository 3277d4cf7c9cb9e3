#!/usr/bin/env python3
"""Puts the local plans of signals.toml into a network that netconvert has built.

usage: signal_times.py NET SIGNALS_TOML
netconvert derives the stages of every junction; this sets their green times (0 takes a stage out), the offset,
the red in between, and ends the green of people on foot early enough for them to reach the other side.
"""
import math
import sys
import tomllib
import xml.etree.ElementTree as ElementTree

GREEN = "Gg"


def stages_of(logic):
    """A stage is a run of phases without yellow; what follows it up to the next green is its ending."""
    stages, ended = [], True
    for phase in logic.findall("phase"):
        state = phase.get("state")
        if "y" in state or not any(c in GREEN for c in state):
            ended = True
            stages[-1]["yellow" if "y" in state else "ignored"] = state
        else:
            if ended:
                stages.append({"green": state})
            ended = False
    return stages


def crossing_lengths(root):
    """Seconds count by the way over the road: (junction, link number) -> metres."""
    length = {lane.get("id").rsplit("_", 1)[0]: float(lane.get("length"))
              for edge in root.iter("edge") if edge.get("function") == "crossing" for lane in edge.findall("lane")}
    return {(c.get("tl"), int(c.get("linkIndex"))): length[c.get("to")]
            for c in root.iter("connection") if c.get("tl") and c.get("to") in length}


def phases(junction, stages, greens, rule, crossings):
    kept = [(stage, seconds) for stage, seconds in zip(stages, greens) if seconds > 0]
    result = []
    for i, (stage, seconds) in enumerate(kept):
        state, following = stage["green"], kept[(i + 1) % len(kept)][0]["green"]
        walks = [n for n in range(len(state)) if (junction, n) in crossings and state[n] in GREEN]
        stays = [n for n in walks if following[n] in GREEN]
        ending = [n for n in walks if n not in stays]
        clearance = 0
        if ending:
            needed = max(math.ceil(crossings[junction, n] / rule["walk_m_s"]) for n in ending)
            clearance = max(0, min(needed - rule["yellow_s"] - rule["all_red_s"], seconds - rule["walk_min_s"]))
        if seconds > clearance:
            result.append((seconds - clearance, state))
        dark = "".join("r" if n in ending else c for n, c in enumerate(state))
        if clearance:
            result.append((clearance, dark))
        crossed = {n for n in range(len(state)) if (junction, n) in crossings}
        stopping = [n for n, c in enumerate(dark) if c in GREEN and following[n] not in GREEN and n not in crossed]
        result.append((rule["yellow_s"], "".join("y" if n in stopping else c for n, c in enumerate(dark))))
        result.append((rule["all_red_s"], "".join("r" if n in stopping else c for n, c in enumerate(dark))))
    return result


def main():
    net_path, table_path = sys.argv[1:3]
    with open(table_path, "rb") as file:
        table = tomllib.load(file)
    tree = ElementTree.parse(net_path)
    root = tree.getroot()
    crossings = crossing_lengths(root)
    found = {logic.get("id"): logic for logic in root.iter("tlLogic")}
    for name in sorted(set(found) ^ set(table["junction"])):
        sys.exit(f"signals.toml: {name}: " + ("no such signals in the network" if name not in found else "no plan given"))
    for name, logic in found.items():
        plan, stages = table["junction"][name], stages_of(logic)
        if len(plan["greens"]) != len(stages):
            sys.exit(f"signals.toml: {name}: greens has {len(plan['greens'])} entries, the network has {len(stages)} stages")
        rows = phases(name, stages, plan["greens"], table["rule"], crossings)
        cycle = sum(seconds for seconds, _ in rows)
        if cycle != table["rule"]["cycle_s"]:
            sys.exit(f"signals.toml: {name}: the stages make a cycle of {cycle} s, expected {table['rule']['cycle_s']} s")
        for phase in logic.findall("phase"):
            logic.remove(phase)
        logic.set("offset", str(plan["offset"]))
        for seconds, state in rows:
            ElementTree.SubElement(logic, "phase", duration=str(seconds), state=state).tail = "\n        "
    tree.write(net_path, encoding="utf-8", xml_declaration=True)


main()
