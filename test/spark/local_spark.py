"""A PySpark that gives the same each time: this machine only, UTC, `hash()` as Spark's workers have it. Import it first."""

import os
import shutil
import signal
import sys
import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path

if os.environ.get("PYTHONHASHSEED") != "0":
    # Spark's workers import our modules by this path.
    os.environ["PYTHONPATH"] = str(Path(__file__).parent)
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})

os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
os.environ["PYSPARK_PYTHON"] = sys.executable
os.environ["TZ"] = "UTC"
warnings.simplefilter("ignore")
# Whoever ends us wants the scratch folder gone as well.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

from pyspark import SparkConf, SparkContext


@contextmanager
def spark_context(cores, concurrent_jobs=1):
    """
    A SparkContext with two partitions to a shuffle.

    The stateful cases need a checkpoint directory: it is set here, not by `ssc.checkpoint`, which would write the graph
    too (which queueStream does not support) and change nothing else.
    """
    scratch = tempfile.mkdtemp(prefix="sluice-spark-")
    settings = {
        "spark.default.parallelism": "2",
        "spark.streaming.concurrentJobs": str(concurrent_jobs),
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": scratch,
        # A short run on a small machine: what a better compiler and collector would win, they would first cost.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }
    sc = SparkContext(conf=SparkConf().setMaster(f"local[{cores}]").setAppName("cases").setAll(settings.items()))
    sc.setLogLevel("OFF")
    sc.setCheckpointDir(scratch + "/checkpoint")
    try:
        yield sc
    finally:
        sc.stop()
        shutil.rmtree(scratch, ignore_errors=True)


def pairs(stream):
    return stream.map(lambda w: (w, 1))


def tupled(stream):
    return stream.mapValues(tuple)


def parts(stream):
    """The partitions, one record each."""
    return stream.glom().map(tuple)


def concat(a, b):
    return f"{a}{b}"


def running(values, total):
    return (total or 0) + sum(values)
