"""What chains give, in PySpark and in Sluice."""

import json
import subprocess
from pathlib import Path

from pyspark.streaming import StreamingContext

from .functions import shown
from .interpret import INTERVAL, streams_of

HERE = Path(__file__).parent
NODE = HERE / "../../../node_modules/.bin/node"


def in_sluice(chains):
    """What each output of each chain gives in each batch; a text where it failed."""
    lines = "".join(f"{json.dumps(each)}\n" for each in chains)
    done = subprocess.run([NODE, HERE / "replay.ts"], input=lines, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def in_spark(sc, chains):
    """The same of PySpark: the chains run in one StreamingContext, until each has had all its batches."""
    ssc = StreamingContext(sc, INTERVAL)
    made = [[[None] * each["batches"] for _ in each["outputs"]] for each in chains]
    most = max(each["batches"] for each in chains)
    seen, busy = [], set()

    def record(batches):
        def run(at, rdd):
            zero = ssc._jssc.ssc().graph().zeroTime().milliseconds()
            batch = (round(at.timestamp() * 1000) - zero) // 1000 // INTERVAL
            if batch > len(batches):
                return
            job = id(batches), batch
            busy.add(job)
            try:
                batches[batch - 1] = [shown(each) for each in rdd.collect()]
            except Exception as failure:
                batches[batch - 1] = ["failed", str(failure)]
            finally:
                busy.remove(job)

        return run

    def queue(lists):
        return ssc.queueStream([sc.parallelize(records, 1) for records in lists])

    for each, outputs in zip(chains, made):
        streams = streams_of(each, queue)
        for output, batches in zip(each["outputs"], outputs):
            streams[output].foreachRDD(record(batches))
    # Jobs begin in order: when this one's does, the others of its batch are under way or done.
    queue([[]]).foreachRDD(lambda at, rdd: seen.append(at))
    ssc.start()
    try:
        while len(seen) <= most or busy:
            ssc.awaitTerminationOrTimeout(0.2)
    finally:
        ssc.stop(stopSparkContext=False, stopGraceFully=False)
    return made
