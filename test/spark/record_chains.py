"""Random chains of operations in a real PySpark, held against Sluice: `python test/spark/record_chains.py`.

    --check [--seed S] [--count N]   new chains, of a seed that is printed, in both: what differs is shown
    --record N [--seed S]            N chains and what PySpark makes of them, added to chains/chains.jsonl

Wants what record.py wants. No output depends on how fast it goes, as queues give a list a batch.
"""

import argparse
import json
import os
import random
import sys
import time
from pathlib import Path

# First: it may begin the program anew, with the environment that is wanted.
from local_spark import spark_context

from chains.generate import chain as new_chain
from chains.generate import pruned
from chains.run import in_sluice, in_spark

FIXTURES = Path(__file__).parent / "chains" / "chains.jsonl"
AT_ONCE = 30
LONGEST = 12_000


def chains_of(seed, start, stop):
    return [new_chain(random.Random(f"{seed}/{i}")) for i in range(start, stop)]


def check(sc, seed, count):
    """New chains in both; gives how many differ."""
    failed = 0
    for start in range(0, count, AT_ONCE):
        began = time.time()
        chains = chains_of(seed, start, min(start + AT_ONCE, count))
        differing = []
        for i, (each, wanted, ours) in enumerate(zip(chains, in_spark(sc, chains), in_sluice(chains)), start):
            if wanted != ours:
                differing.append(each)
                print(f"differs: chain {i} of seed {seed}\n{described(each, wanted, ours)}", flush=True)
        for found in first_to_differ(sc, differing) if differing else ():
            print(f"as far as it first differs:\n{described(*found)}", flush=True)
        failed += len(differing)
        print(f"chains {start} to {start + len(chains) - 1}: {time.time() - began:.0f} s", flush=True)
    print(f"{count - failed} passed, {failed} failed")
    return failed


def first_to_differ(sc, chains):
    """Each chain as far as the first of its streams that differs, and what that gives in both."""
    every = [{**each, "outputs": list(range(len(each["inputs"]) + len(each["nodes"])))} for each in chains]
    for each, wanted, ours in zip(every, in_spark(sc, every), in_sluice(every)):
        if isinstance(ours, str):
            yield each, wanted, ours
            continue
        at = next((i for i, (a, b) in enumerate(zip(wanted, ours)) if a != b), len(ours) - 1)
        yield pruned({**each, "outputs": [at]}), [wanted[at]], [ours[at]]


def described(chain, wanted, ours):
    """The chain, and the first batch of each output that differs."""
    lines = [f"  {i}: {json.dumps(lists, ensure_ascii=False)}" for i, lists in enumerate(chain["inputs"])]
    for i, node in enumerate(chain["nodes"], len(chain["inputs"])):
        lines.append(f"  {i}: {json.dumps(node, ensure_ascii=False)}")
    if isinstance(ours, str):
        return "\n".join([*lines, f"  Sluice failed: {ours}"])
    for output, spark, sluice in zip(chain["outputs"], wanted, ours):
        batch = next((batch for batch, (a, b) in enumerate(zip(spark, sluice)) if a != b), None)
        if batch is not None:
            lines += [f"  stream {output}, batch {batch + 1}:", f"    Spark  {spark[batch]}", f"    Sluice {sluice[batch]}"]
    return "\n".join(lines)


def record(sc, seed, count):
    """Adds the chains of a seed whose outputs are not too long, with them; looks at nothing but PySpark's."""
    for start in range(0, count, AT_ONCE):
        chains = chains_of(seed, start, min(start + AT_ONCE, count))
        for each, outputs in zip(chains, in_spark(sc, chains)):
            line = json.dumps([each, outputs], ensure_ascii=False, separators=(",", ":"))
            if len(line) < LONGEST:
                with FIXTURES.open("a") as fixtures:
                    fixtures.write(f"{line}\n")
        print(f"{start + len(chains)} chains", flush=True)
    return 0


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--check", action="store_true")
    options.add_argument("--record", type=int)
    options.add_argument("--seed", type=int)
    options.add_argument("--count", type=int, default=60)
    options.add_argument("words", nargs="*", help="as record.py takes them: chains are run if one is `chains`, or there is none")
    given = options.parse_args()
    if given.words and "chains" not in given.words:
        print("0 passed, 0 failed")
        return 0
    # In CI the seed is one that passed: there a failure tells of a change, and not of luck.
    chosen = given.seed if given.seed is not None else os.environ.get("SLUICE_CHAINS_SEED")
    seed = random.SystemRandom().randrange(10**6) if chosen is None else int(chosen)
    with spark_context(cores=4, concurrent_jobs=4) as sc:
        if given.record is not None:
            return record(sc, seed, given.record)
        print(f"{given.count} random chains of seed {seed}", flush=True)
        return check(sc, seed, given.count)


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
