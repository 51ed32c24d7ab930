"""Runs cases in Spark, and beside it in Sluice, each on its own connections to servers that do the same at the same time."""

import math
import time
from contextlib import nullcontext

from sockets.partner import player, sluice
from sockets.spark_run import SparkRun

INTERVALS = (2000, 4000, 8000)
"""In ms, for one try after another. The first is what a reader waits before it comes back; what comes out depends on none."""

LEAD = 2
"""Batches before batch 1, for all to connect in."""

OUTPUTS_AT_ONCE = 24
"""So many Spark plans in less than an interval."""

PLANNED_LATE_MS = 700
"""A batch planned later than this may have got what was sent after its time."""


def groups(cases):
    """Cases that can run at the same time: not many, about as long, stopped alike."""
    alike = {}
    for name, each in cases.items():
        length = next(most for most in (3, 6, 10, 99) if each.batches <= most)
        alike.setdefault((str(each.stop), length), []).append(name)
    for names in alike.values():
        count = -(-len(names) // OUTPUTS_AT_ONCE)
        for part in range(count):
            yield {name: cases[name] for name in names[part::count]}


def perform(sc, cases, interval, beside):
    """
    The outputs of Spark, and with `beside` those of Sluice; and what did not go as it should: then they may be wrong, as
    they are on a machine that is too busy.
    """
    run = SparkRun(sc, cases, interval)
    # Spark reads one connection for all cases of a script; Sluice runs each case in a context of its own.
    scripts = run.scripts + ([script for each in cases.values() for script in own_scripts(each)] if beside else [])
    with player() as servers, sluice() if beside else nullcontext() as ours:
        servers.say({"scripts": scripts, "first": len(run.scripts), "interval": interval})
        ports = iter(servers.hear()["ports"])
        run.build([next(ports) for _ in run.scripts])
        if beside:
            ours.say({"interval": interval, "lead": LEAD, "cases": plans(cases, ports)})
        zero = run.start()
        try:
            if not servers.hear()["connected"]:
                return {}, {}, ["Spark did not connect"]
            run.began = began = next_boundary(zero, interval)
            servers.say(began)
            if beside:
                # As many batches before batch 1 as a replay has.
                sleep_until(began - LEAD * interval + 100)
                ours.say("start")
                if ours.hear()["zeros"] != [began - LEAD * interval]:
                    return {}, {}, ["Sluice did not start in time"]
            finish(run, next(iter(cases.values())).stop)
        finally:
            run.stop()
        outputs = ours.hear()["outputs"] if beside else {}
        faults = servers.hear()["faults"] + run.failures
        if run.planned_late > PLANNED_LATE_MS:
            faults.append(f"Spark planned a batch {run.planned_late:.0f} ms late")
        return {name: run.outputs(name) for name in cases}, outputs, faults


def own_scripts(case):
    """Up to the case's last batch: its context reads no further."""
    return [[step for step in script if step["batch"] <= case.batches] for script in case.scripts]


def plans(cases, ports):
    return {
        name: {"program": each.program, "batches": each.batches, "stop": each.stop, "ports": [next(ports) for _ in each.scripts]}
        for name, each in cases.items()
    }


def next_boundary(zero, interval):
    """To begin batch 1 at: soon, and so that slides of two batches end when they do in a run that begins with batch 1."""
    twice = 2 * interval
    return zero + math.ceil((time.time() * 1000 + LEAD * interval - zero) / twice) * twice


def finish(run, stop):
    """Until all batches that are wanted have run, or been stopped."""
    if stop:
        sleep_until(run.began + (stop["batch"] - 1) * run.interval + stop["at"])
        run.stop(gracefully=stop["gracefully"])
        return
    while run.newest < run.last:
        time.sleep(0.1)


def sleep_until(ms):
    time.sleep(max(0, ms / 1000 - time.time()))
