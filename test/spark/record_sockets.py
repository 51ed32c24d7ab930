"""
The socket cases in a real PySpark, over TCP: recorded, or with --check run again beside the real Sluice and compared.

`python test/spark/record_sockets.py [--check] [words of names]`, with pyspark 4.3 on Python 3.11 or later and Java 17.
Three things are held against each other: what was recorded, what Spark gives now, what Sluice gives now.
"""

import json
import sys
import time
from pathlib import Path

# First: it may begin the program anew, with the environment that is wanted.
from local_spark import spark_context

from sockets.cases import CASES
from sockets.performance import INTERVALS, LEAD, groups, perform

FIXTURES = Path(__file__).with_name("sockets") / "fixtures.json"

CORES = 80
"""Each receiver has one for itself; idle ones cost nothing."""


def run_all(sc, cases, interval, beside=False):
    """Gives of each group of cases what Spark, and with `beside` what Sluice made of it, and whether that is sure."""
    began = time.time()
    done = 0
    for group in groups(cases):
        spark, ours, faults = perform(sc, group, interval, beside)
        done += len(group)
        print(f"{done} of {len(cases)} cases after {time.time() - began:.0f} s", flush=True)
        if faults:
            print(f"  not as it should at {interval / 1000:g} s a batch: {'; '.join(faults)[:200]}", flush=True)
        yield {name: (spark.get(name), ours.get(name)) for name in group}, not faults


def comparable(case, outputs):
    if case.ordered or outputs is None:
        return outputs
    return [batch and sorted(batch) for batch in outputs]


def differences(sc, cases, interval):
    """Name -> what differs, in lines. What is not sure counts where all is equal, for that is not by chance."""
    recorded = json.loads(FIXTURES.read_text())["cases"]
    found = {}
    for outputs, _ in run_all(sc, cases, interval, beside=True):
        for name, (spark, ours) in outputs.items():
            versions = {"recorded": recorded.get(name, {}).get("outputs"), "Spark": spark, "Sluice": ours}
            if len({json.dumps(comparable(cases[name], version)) for version in versions.values()}) > 1:
                found[name] = described(versions)
    return found


def described(versions):
    """The first batch that differs, in lines."""
    last = max(len(version or []) for version in versions.values())
    for k in range(last):
        batches = {who: json.dumps((version or [])[k : k + 1]) for who, version in versions.items()}
        if len({*batches.values()}) > 1:
            return "\n".join(f"  {who:9} batch {k + 1}: {batch[1:-1][:2000]}" for who, batch in batches.items())
    return "  only in the number of batches"


def check(cases):
    left, found = cases, {}
    with spark_context(CORES) as sc:
        # What comes of a busy machine does not come again at a longer interval.
        for interval in INTERVALS:
            found = differences(sc, left, interval)
            if not found:
                break
            print(f"{len(found)} differ at {interval / 1000:g} s a batch: {', '.join(found)}", flush=True)
            left = {name: cases[name] for name in found}
    for name, lines in found.items():
        print(f"differs: {name}\n{lines}")
    print(f"{len(cases) - len(found)} passed, {len(found)} failed")
    return 1 if found else 0


def record(cases):
    kept = json.loads(FIXTURES.read_text())["cases"] if FIXTURES.exists() else {}
    left = dict(cases)
    with spark_context(CORES) as sc:
        for interval in INTERVALS:
            for outputs, sure in run_all(sc, dict(left), interval):
                if not sure:
                    continue
                for name, (spark, _) in outputs.items():
                    kept[name] = {**cases[name]._asdict(), "outputs": spark}
                    del left[name]
                FIXTURES.write_text(written({name: kept[name] for name in CASES if name in kept}))
    if left:
        sys.exit(f"Cannot record {', '.join(left)}: a machine that is less busy is wanted")


def written(fixtures):
    entries = (
        f"    {json.dumps(name)}: {{\n" + ",\n".join(f"      {json.dumps(key)}: {json.dumps(value)}" for key, value in each.items()) + "\n    }"
        for name, each in fixtures.items()
    )
    return f'{{\n  "lead": {LEAD},\n  "cases": {{\n' + ",\n".join(entries) + "\n  }\n}\n"


def main():
    words = [word for word in sys.argv[1:] if word != "--check"]
    chosen = {name: each for name, each in CASES.items() if not words or any(word in name for word in words)}
    if "--check" in sys.argv:
        sys.exit(check(chosen))
    record(chosen)


main()
