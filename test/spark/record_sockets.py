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
from sockets.performance import LEAD, groups, perform

FIXTURES = Path(__file__).with_name("sockets") / "fixtures.json"

CORES = 80
"""Each receiver has one for itself; idle ones cost nothing."""


def run_all(cases, beside=False):
    """Gives what Spark, and with `beside` what Sluice made of each group of cases."""
    began = time.time()
    done = 0
    with spark_context(CORES) as sc:
        for group in groups(cases):
            yield perform(sc, group, beside)
            done += len(group)
            print(f"{done} of {len(cases)} cases after {time.time() - began:.0f} s", flush=True)


def comparable(case, outputs):
    if case.ordered or outputs is None:
        return outputs
    return [batch and sorted(batch) for batch in outputs]


def differences(cases):
    """Name -> what differs, in lines."""
    recorded = json.loads(FIXTURES.read_text())["cases"]
    found = {}
    for spark, ours in run_all(cases, beside=True):
        for name, outputs in spark.items():
            versions = {"recorded": recorded.get(name, {}).get("outputs"), "Spark": outputs, "Sluice": ours[name]}
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
    found = differences(cases)
    if found:
        # What comes of a moment's stall does not come twice.
        print(f"once more: {', '.join(found)}", flush=True)
        found = differences({name: cases[name] for name in found})
    for name, lines in found.items():
        print(f"differs: {name}\n{lines}")
    print(f"{len(cases) - len(found)} passed, {len(found)} failed")
    return 1 if found else 0


def record(cases):
    kept = json.loads(FIXTURES.read_text())["cases"] if FIXTURES.exists() else {}
    for spark, _ in run_all(cases):
        for name, outputs in spark.items():
            kept[name] = {**cases[name]._asdict(), "outputs": outputs}
        FIXTURES.write_text(written({name: kept[name] for name in CASES if name in kept}))


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
