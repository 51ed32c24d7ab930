"""
Spark's own network word count in PySpark, local[2]: counts the words of a TCP server of this machine until it has counted
BYTES of text, then says `SECONDS BYTES` of the batches that were measured, and each word with its sum over all batches.

    word_count.py PORT INTERVAL_MS BYTES SKIPPED LINES_PER_SECOND

A batch's seconds are those of its processing: what comes in faster than that piles up, so this is what Spark can keep up
with. LINES_PER_SECOND holds its receiver back, so that there are several batches; the first SKIPPED that hold something are
not measured, as the JVM and its workers are still getting warm.
"""

import os
import sys
import tempfile
import time
import warnings

os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
os.environ["PYSPARK_PYTHON"] = sys.executable
warnings.simplefilter("ignore")

from pyspark import SparkConf, SparkContext
from pyspark.streaming import StreamingContext

port, interval, size, skipped, rate = map(int, sys.argv[1:])
scratch = tempfile.TemporaryDirectory(prefix="sluice-spark-")
settings = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.local.dir": scratch.name,
    "spark.streaming.receiver.maxRate": str(rate),
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
sc = SparkContext(conf=SparkConf().setMaster("local[2]").setAppName("word count").setAll(settings.items()))
sc.setLogLevel("OFF")
ssc = StreamingContext(sc, interval / 1000)
batches = []


def take(rdd):
    began = time.time()
    counts = rdd.collect()
    if counts:
        batches.append((time.time() - began, counts))


lines = ssc.socketTextStream("127.0.0.1", port)
lines.flatMap(lambda line: line.split(" ")).map(lambda word: (word, 1)).reduceByKey(lambda a, b: a + b).foreachRDD(take)


def bytes_of(counts):
    # Each word is followed by a separator or a line end.
    return sum((len(word.encode()) + 1) * count for word, count in counts)


ssc.start()
seen = 0
checked = 0
while seen < size:
    time.sleep(0.1)
    for _, counts in batches[checked:]:
        seen += bytes_of(counts)
        checked += 1
ssc.stop(stopSparkContext=True, stopGraceFully=False)

measured = batches[skipped:]
print(sum(seconds for seconds, _ in measured), sum(bytes_of(counts) for _, counts in measured))
sums = {}
for _, counts in batches:
    for word, count in counts:
        sums[word] = sums.get(word, 0) + count
sys.stdout.write("".join(f"{count} {word}\n" for word, count in sums.items()))
