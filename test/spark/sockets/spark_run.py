"""Runs cases in PySpark, in one StreamingContext."""

import io
import re
from contextlib import contextmanager, redirect_stdout
from datetime import datetime, timezone
from unittest.mock import patch

from pyspark.streaming import DStream, StreamingContext

from sockets.programs import PROGRAMS

HEADER = re.compile(r"^(-{43}\nTime: )(.*)(\n-{43}\n)", re.M)


class Streams:
    """What a program works with; `batch` is the interval in seconds."""

    def __init__(self, sc, batch, left, right=None):
        self.sc, self.batch, self.left, self.right = sc, batch, left, right


class SparkRun:
    """Cases that have a script in common read it from one socket."""

    def __init__(self, sc, cases, interval):
        self.cases, self.interval = cases, interval
        self.ssc = StreamingContext(sc, interval // 1000)
        self.scripts = list({id(script): script for each in cases.values() for script in each.scripts}.values())
        self.records = {name: {} for name in cases}
        self.printed = {name: io.StringIO() for name in cases}
        self.last = max(each.batches for each in cases.values())
        self.newest = 0
        self.planned_late = 0
        self.failures = []
        self.stopping = False
        # The boundary that batch 1 begins at; until it is known all is before it.
        self.began = None

    def build(self, ports):
        sockets = [self.ssc.socketTextStream("127.0.0.1", port) for port in ports]
        places = {id(script): place for place, script in enumerate(self.scripts)}
        # The first output: planned as soon as the batch has been given what is its own. Not on the batch itself: Spark
        # would remove its blocks when this stream is done with it, whoever needs them yet.
        nothing = self.ssc.sparkContext.emptyRDD()
        sockets[0].transform(lambda time, _: self.watch(time) or nothing).foreachRDD(lambda rdd: None)
        for name, each in self.cases.items():
            streams = [sockets[places[id(script)]] for script in each.scripts]
            with patch.object(DStream, "foreachRDD", self.captured(name)):
                stream = PROGRAMS[each.program](Streams(self.ssc.sparkContext, self.interval // 1000, *streams))
            if stream is not None:
                stream.foreachRDD(self.recorded(name))
        # The last output: jobs run one by one and in order, so that what it has seen is done.
        sockets[0].foreachRDD(self.seen)

    def start(self):
        """Gives the batch time before the first."""
        self.ssc.start()
        return self.ssc._jssc.ssc().graph().zeroTime().milliseconds()

    def stop(self, gracefully=False):
        self.stopping = not gracefully
        self.ssc.stop(stopSparkContext=False, stopGraceFully=gracefully)

    def batch_at(self, time):
        return 0 if self.began is None else (round(time.timestamp() * 1000) - self.began) // self.interval

    def recorded(self, name):
        def run(time, rdd):
            batch = self.batch_at(time)
            if 0 < batch <= self.cases[name].batches:
                with self.noted(name, batch):
                    self.records[name][batch] = [repr(record) for record in rdd.collect()]

        return run

    def captured(self, name):
        """A `foreachRDD` whose function prints for the case alone."""
        real = DStream.foreachRDD

        def foreach(stream, function):
            def run(time, rdd):
                batch = self.batch_at(time)
                if 0 < batch <= self.cases[name].batches:
                    with self.noted(name, batch), redirect_stdout(self.printed[name]):
                        function(time, rdd)

            real(stream, run)

        return foreach

    @contextmanager
    def noted(self, name, batch):
        """Spark tells nobody but those who await termination that a batch failed."""
        try:
            yield
        except Exception as failure:
            if not self.stopping:
                self.failures.append(f"{name}, batch {batch}: {failure}")

    def watch(self, time):
        if 0 <= self.batch_at(time) < self.last:
            self.planned_late = max(self.planned_late, (datetime.now() - time).total_seconds() * 1000)

    def seen(self, time, _):
        self.newest = self.batch_at(time)

    def outputs(self, name):
        """The batches from the first to the last one, each as its records or as the lines printed; None: no such batch."""
        batches = self.records[name] or printed_batches(self.printed[name].getvalue(), self.batch_at)
        return [batches.get(k) for k in range(1, self.cases[name].batches + 1)]


def printed_batches(text, batch_at):
    """What was printed for each batch, its time exchanged for its number."""
    batches = {}
    starts = [*HEADER.finditer(text)]
    for header, after in zip(starts, [*starts[1:], None], strict=True):
        batch = batch_at(datetime.fromisoformat(header[2]).replace(tzinfo=timezone.utc))
        rest = text[header.end() : after.start() if after else None]
        batches.setdefault(batch, []).append(f"{header[1]}{batch}{header[3]}{rest}")
    return {batch: "".join(pieces).split("\n") for batch, pieces in batches.items()}
