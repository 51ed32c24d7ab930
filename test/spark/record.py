"""Records what a real PySpark does: `python test/spark/record.py`, with pyspark 4.3 on Python 3.11 or later and Java 17.

A few StreamingContexts, one after another, run many cases at once each; batch k of a case is the k-th list of its inputs, as an RDD of ONE partition
(`[]`: one partition without records); batches after the last list come of an exhausted queue, which Spark makes an RDD of
one empty partition too. What `rdd.collect()` gives in batch k is the k-th entry of its outputs, each record as
`repr` has it; `null`: the stream had no RDD in that batch (a slide of more than one batch).
"""

import json
import operator
import sys
import time
from pathlib import Path

# First: it may begin the program anew, with the environment that is wanted.
from local_spark import concat, pairs, parts, running, spark_context, tupled

from pyspark.streaming import StreamingContext

FIXTURES = Path(__file__).with_name("fixtures.json")

CASES = {}


def case(name, left, build, right=None, batches=None):
    """`build` makes the stream of the case; `batches`: how many are recorded, by default as many as there are lists."""
    assert name not in CASES, name
    CASES[name] = (left, right, build, batches or max(len(left), len(right or [])))


def tuples(value):
    return tuple(map(tuples, value)) if isinstance(value, list) else value


# --- inputs shared by several cases -----------------------------------------------------------------------------------

LINES = [["to be or not to be", "hello  world", ""], [], ["big data spark", "stream processing with spark"]]
MANY = "k7 k3 k11 k1 k9 k2 k12 k5 k0 k10 k4 k8 k6 k3 k11 k13 k14 k0"
WORDS = [["b", "a", "b", "c"], [], ["a", "d", "e", "a"]]
PAIRS = [
    [["b", 1], ["a", 2], ["b", 3], ["hello", 4], ["world", 5], ["a", 6]],
    [],
    [["or", 7], ["world", 8], ["a", 9], ["world", 10]],
]
OTHER = [
    [["world", "w"], ["a", "x"], ["to", "t"], ["a", "y"], ["not", "n"]],
    [["b", "only"], ["to", "right"]],
    [],
]
# Words of the two partitions of two: `to hello world` are of the first, `a be or not` of the second.
FLOW = [["to", "a", "hello"], ["be", "to"], [], ["world", "or", "a"], ["hello"], [], [], ["not", "to"], []]
LONG = [
    ["to", "a", "hello", "be"],
    ["be", "to"],
    ["world"],
    [],
    ["or", "a"],
    ["hello", "to"],
    [],
    [],
    ["not", "be"],
    [],
    [],
    [],
    ["a", "to"],
    [],
]
SUMS = [
    [["to", 1], ["a", 2], ["hello", 3]],
    [["be", 4], ["to", 5]],
    [["world", 6], ["to", 7]],
    [],
    [["a", 8], ["or", 9]],
    [["hello", 10]],
    [],
    [],
    [["to", 11]],
    [],
]
HOSTILE = [
    [
        "__proto__", "constructor", "toString", "hasOwnProperty", "it's", 'say "x"', 'it\'s "x"', "\\", "\\n", "\n", "\r",
        "\t", "\0", "\x01", "\x1b", "\x7f", "\x80", "\x85", "\xa0", "\xad", "\u1680", "\u180e", "\u200b", "\u200d",
        "\u200e", "\u2028", "\u2029", "\u202e", "\u3000", "\ue000", "\ufeff", "\ufeffhi", "\ufffd", "\uffff", "😀",
        "👩\u200d👩\u200d👧", "\U000e0001", "\U0010ffff", "é", "e\u0301", "\u0301", "ß", "日本語", "naïve", "İ", " ", "", "'", "\"",
        "''", "'\"'", "`", "${x}", "<b>", "0", "-1", "1e3", "NaN", "null", "undefined", "None", "true", "é" * 3, "€uro",
        "__proto__", "constructor",
    ],
]  # fmt: skip


# --- one stream, no memory --------------------------------------------------------------------------------------------

case("map: to upper case", WORDS, lambda s: s.left.map(lambda w: w.upper()))
case("map: to pairs", WORDS, lambda s: s.left.map(lambda w: (w, len(w))))
case("flatMap: split", LINES, lambda s: s.left.flatMap(lambda line: line.split(" ")))
case("flatMap: none and many", [[0, 3, 1]], lambda s: s.left.flatMap(lambda n: range(n)))
case("filter: some", WORDS, lambda s: s.left.filter(lambda w: w > "a"))
case("filter: none left", WORDS, lambda s: s.left.filter(lambda w: False))
case(
    "mapPartitions: once a partition, an empty one too",
    WORDS,
    lambda s: s.left.mapPartitions(lambda words: ["-".join(words)]),
    batches=4,
)
case(
    "mapPartitions: of a reduceByKey",
    LINES,
    lambda s: s.left.flatMap(lambda line: line.split(" "))
    .map(lambda w: (w, 1))
    .reduceByKey(operator.add)
    .mapPartitions(lambda kvs: ["-".join(k for k, _ in kvs)]),
    batches=4,
)
case("glom: of the input", WORDS, lambda s: parts(s.left), batches=4)
case("glom: after reduceByKey", WORDS, lambda s: parts(pairs(s.left).reduceByKey(operator.add)), batches=4)
case("glom: after reduceByKey(3)", WORDS, lambda s: parts(pairs(s.left).reduceByKey(operator.add, 3)), batches=4)
case("glom: after reduce", WORDS, lambda s: parts(s.left.reduce(concat)), batches=4)
case("glom: after count", WORDS, lambda s: parts(s.left.count()), batches=4)
case("glom: after map of reduceByKey", WORDS, lambda s: parts(pairs(s.left).reduceByKey(operator.add).map(lambda p: p[0])))
case("mapValues: keys and order stay", PAIRS, lambda s: s.left.mapValues(lambda v: -v))
case("flatMapValues: none and many", PAIRS, lambda s: s.left.flatMapValues(lambda v: range(v % 3)))
case("reduce: left to right", WORDS, lambda s: s.left.reduce(concat))
case("reduce: an exhausted queue", WORDS[:1], lambda s: s.left.reduce(concat), batches=2)
case("reduce: of one record", [[5]], lambda s: s.left.reduce(lambda a, b: a * 100 + b))
case("count: an empty batch counts 0", WORDS, lambda s: s.left.count())
case("count: an exhausted queue counts 0", WORDS[:2], lambda s: s.left.count(), batches=4)
case("count: then map", WORDS, lambda s: s.left.count().map(lambda n: ("records", n)), batches=4)
case("count: of a filter", WORDS, lambda s: s.left.filter(lambda w: w > "b").count(), batches=4)
case("count: of a reduceByKey", WORDS, lambda s: pairs(s.left).reduceByKey(operator.add).count(), batches=4)
case("countByValue: words", WORDS, lambda s: s.left.countByValue())
case("countByValue: numbers", [[3, 1, 3, 2, -1, 1]], lambda s: s.left.countByValue())
case("countByValue: pairs", [[["a", 1], ["b", 1], ["a", 1], ["a", 2]]], lambda s: s.left.countByValue())

# --- keys -------------------------------------------------------------------------------------------------------------


def count_words(stream, partitions=None):
    words = stream.flatMap(lambda line: line.split(" "))
    return words.map(lambda w: (w, 1)).reduceByKey(operator.add, partitions)


case("reduceByKey: word count", LINES, lambda s: count_words(s.left), batches=4)
case("reduceByKey: 1 partition", LINES, lambda s: count_words(s.left, 1))
case("reduceByKey: 4 partitions", LINES, lambda s: count_words(s.left, 4))
case("reduceByKey: more than ten keys", [[MANY]], lambda s: count_words(s.left))
case("reduceByKey: 8 partitions, more than ten keys", [[MANY]], lambda s: count_words(s.left, 8))
case("reduceByKey: values merge left to right", PAIRS, lambda s: s.left.mapValues(str).reduceByKey(concat))
case(
    "reduceByKey: the merge of several partitions",
    PAIRS,
    lambda s: s.left.mapValues(str).union(s.right).reduceByKey(lambda a, b: f"({a}{b})"),
    right=OTHER,
)
case("reduceByKey: the empty word", [["", " ", "a  b"]], lambda s: count_words(s.left))
case(
    "reduceByKey: unicode words",
    [["naïve 日本語 😀 café naïve", "ÿ ā Ā 日 😀😀 a😀 Привет мир ¡hola! ελληνικά", "e\u0301 é 😀"]],
    lambda s: count_words(s.left),
)
case("reduceByKey: hostile words", HOSTILE, lambda s: pairs(s.left).reduceByKey(operator.add))
case("reduceByKey: hostile words, 7 partitions", HOSTILE, lambda s: pairs(s.left).reduceByKey(operator.add, 7))
case("reduceByKey: int keys", [[5, 2, 7, 2, 0, 4, 1, 5, 2**31, 2**53 - 1, 10]], lambda s: pairs(s.left).reduceByKey(operator.add))
case(
    "reduceByKey: negative int keys, 3 partitions",
    [[-1, -2, -3, 1, -4, 2, -5, 0, -(2**31), -(2**53 - 1), -1]],
    lambda s: pairs(s.left).reduceByKey(operator.add, 3),
)
case("reduceByKey: -1 hashes as -2", [[1, -2, -1, -3]], lambda s: pairs(s.left).reduceByKey(operator.add))
case(
    "reduceByKey: fraction keys, 3 partitions",
    [[0.5, 1.5, -0.5, 0.1, 2.25, -3.75, 1e-7, 0.1, 123456.789, 1e-300, 1.5]],
    lambda s: pairs(s.left).reduceByKey(operator.add, 3),
)
case(
    "reduceByKey: pair keys, 5 partitions",
    [[["a", 1], ["b", 1], ["a", 2], ["a", 1], [1, 2], [2, 1], [-1, -1], ["", ""], ["a", "b"], [None, "a"], ["x", ["y", 3]]]],
    lambda s: pairs(s.left).reduceByKey(operator.add, 5),
)
case("reduceByKey: a None key", [["a", None, "b", None, "hello"]], lambda s: pairs(s.left).reduceByKey(operator.add))
case("reduceByKey: boolean keys", [[True, False, True]], lambda s: pairs(s.left).reduceByKey(operator.add))
case(
    "reduceByKey: True is 1, the first is kept",
    [[0, True, False, 1, 2, 0], [False, 1, True, 0]],
    lambda s: parts(pairs(s.left).reduceByKey(operator.add, 3)),
)
case(
    "reduceByKey: True is 1 in pairs too",
    [[[1, "1"], [True, "1"], [None, [0]], [None, [False]], ["1", "1"], [1, ["1"]]]],
    lambda s: pairs(s.left).reduceByKey(operator.add, 3),
)
case("groupByKey: values in order", PAIRS, lambda s: tupled(s.left.groupByKey()), batches=4)
case("groupByKey: 3 partitions", PAIRS, lambda s: parts(tupled(s.left.groupByKey(3))), batches=4)
case("groupByKey: of two partitions", PAIRS, lambda s: tupled(s.left.union(s.right).groupByKey()), right=OTHER)
case(
    "combineByKey: what is called when",
    PAIRS,
    lambda s: s.left.union(s.right).combineByKey(
        lambda v: f"<{v}>", lambda c, v: f"{c}+{v}", lambda a, b: f"[{a}|{b}]"
    ),
    right=OTHER,
)
case(
    "combineByKey: 1 partition",
    PAIRS,
    lambda s: s.left.combineByKey(lambda v: (v, 1), lambda c, v: (c[0] + v, c[1] + 1), lambda a, b: (a[0] + b[0], a[1] + b[1]), 1),
)
case("partitionBy: 3", PAIRS, lambda s: parts(s.left.partitionBy(3)), batches=4)
case("partitionBy: order in a partition", PAIRS, lambda s: s.left.partitionBy(2))
case("partitionBy: of two partitions", PAIRS, lambda s: parts(s.left.union(s.right).partitionBy(2)), right=OTHER)
case(
    "partitionBy: 100 records",
    [[[f"w{i * 7 % 50}", i] for i in range(100)]],
    lambda s: s.left.partitionBy(2),
)
case("chain: partitionBy(2), then reduceByKey", PAIRS, lambda s: s.left.partitionBy(2).reduceByKey(operator.add))
case("chain: partitionBy(3), then reduceByKey", PAIRS, lambda s: parts(s.left.partitionBy(3).reduceByKey(operator.add)))
case(
    "chain: reduceByKey, map, reduceByKey",
    LINES,
    lambda s: count_words(s.left).map(lambda kv: (len(kv[0]), kv[0])).reduceByKey(lambda a, b: f"{a},{b}"),
)
case(
    "chain: reduceByKey, mapValues, reduceByKey",
    LINES,
    lambda s: count_words(s.left).mapValues(lambda v: v * 10).reduceByKey(operator.add),
)
case(
    "chain: reduceByKey(3), swap, groupByKey",
    LINES,
    lambda s: tupled(count_words(s.left, 3).map(lambda kv: (kv[1], kv[0])).groupByKey()),
)
case("chain: reduceByKey(4), reduce", LINES, lambda s: count_words(s.left, 4).map(lambda kv: kv[0]).reduce(lambda a, b: f"{a},{b}"))
case("chain: countByValue, countByValue of counts", WORDS, lambda s: s.left.countByValue().map(lambda kv: kv[1]).countByValue())

# --- two streams ------------------------------------------------------------------------------------------------------

case("union: left, then right", WORDS, lambda s: s.left.union(s.right), right=[["x", "a"], ["y"], []])
case("union: partitions", WORDS, lambda s: parts(s.left.union(s.right)), right=[["x", "a"], ["y"], []], batches=4)
case("union: of a reduceByKey", WORDS, lambda s: parts(pairs(s.left).reduceByKey(operator.add).union(pairs(s.right))), right=WORDS[::-1])
case(
    "union: of two reduceByKey",
    WORDS,
    lambda s: parts(pairs(s.left).reduceByKey(operator.add).union(pairs(s.right).reduceByKey(operator.add))),
    right=WORDS[::-1],
)
case("union: with itself", WORDS, lambda s: s.left.union(s.left))
case("union: then countByValue", WORDS, lambda s: s.left.union(s.right).countByValue(), right=[["c", "b", "z"], ["y"], ["e", "d"]])
case("union: of different queue lengths", WORDS, lambda s: parts(s.left.union(s.right)), right=[["x", "a"]])
case("union: then count", WORDS, lambda s: s.left.union(s.right).count(), right=[["x", "a"]], batches=4)
case("union: then mapPartitions", WORDS, lambda s: s.left.union(s.right).mapPartitions(lambda it: [len(list(it))]), right=[["x"], [], []])

case("join: duplicate keys, empty sides", PAIRS, lambda s: s.left.join(s.right), right=OTHER, batches=4)
case("join: 1 partition", PAIRS, lambda s: s.left.join(s.right, 1), right=OTHER)
case("join: partitions of join(3)", PAIRS, lambda s: parts(s.left.join(s.right, 3)), right=OTHER, batches=4)
case("join: sides swapped", PAIRS, lambda s: s.right.join(s.left), right=OTHER)
case("join: with itself", PAIRS, lambda s: s.left.join(s.left))
case(
    "join: of two reduceByKey",
    FLOW,
    lambda s: pairs(s.left).reduceByKey(operator.add).join(pairs(s.right).reduceByKey(operator.add)),
    right=[["hello", "or", "a", "to"], ["to", "be"], ["a"], ["a", "or", "world", "hello"]],
)
case("leftOuterJoin: None on the right", PAIRS, lambda s: s.left.leftOuterJoin(s.right), right=OTHER, batches=4)
case("rightOuterJoin: None on the left", PAIRS, lambda s: s.left.rightOuterJoin(s.right), right=OTHER, batches=4)
case("fullOuterJoin: None on either side", PAIRS, lambda s: s.left.fullOuterJoin(s.right), right=OTHER, batches=4)
case("fullOuterJoin: 1 partition", PAIRS, lambda s: s.left.fullOuterJoin(s.right, 1), right=OTHER)
case("fullOuterJoin: a None of one's own", [[["a", None], ["b", 1]]], lambda s: s.left.fullOuterJoin(s.right), right=[[["b", None], ["c", None]]])


def tupled_sides(stream):
    return stream.mapValues(lambda sides: tuple(map(tuple, sides)))


case("cogroup: both sides", PAIRS, lambda s: tupled_sides(s.left.cogroup(s.right)), right=OTHER, batches=4)
case("cogroup: partitions of cogroup(3)", PAIRS, lambda s: parts(tupled_sides(s.left.cogroup(s.right, 3))), right=OTHER, batches=4)
case("chain: join, then reduceByKey", PAIRS, lambda s: s.left.join(s.right).mapValues(lambda vw: f"{vw[0]}{vw[1]} ").reduceByKey(concat), right=OTHER)

case("transform: filter", WORDS, lambda s: s.left.transform(lambda rdd: rdd.filter(lambda w: w != "a")))
case("transform: map", WORDS, lambda s: s.left.transform(lambda rdd: rdd.map(lambda w: w + w)))
case("transform: sortByKey", PAIRS, lambda s: s.left.transform(lambda rdd: rdd.sortByKey()), batches=4)
case(
    "transform: sortByKey by code point, stable",
    [[["～", 1], ["😀", 2], ["a", 3], ["Z", 4], ["", 5], ["é", 6], ["😀", 7], ["a", 8], ["ab", 9], ["～", 10]]],
    lambda s: s.left.transform(lambda rdd: rdd.sortByKey()),
)
case("transform: sortByKey of numbers", [[[10, "a"], [9, "b"], [-1, "c"], [2, "d"], [100, "e"], [9, "f"]]], lambda s: s.left.transform(lambda rdd: rdd.sortByKey()))
case("transform: sortByKey after reduceByKey", LINES, lambda s: count_words(s.left).transform(lambda rdd: rdd.sortByKey()))
case("transform: sortBy(2), partitions", PAIRS, lambda s: parts(s.left.transform(lambda rdd: rdd.sortBy(lambda kv: kv[0]))), batches=4)
case(
    "transform: sortBy(3), the last of its range",
    [[5, 3, 3, 9, 1, 3], [2], [4, 4, 4, 4], [7, 6]],
    lambda s: parts(s.left.transform(lambda rdd: rdd.sortBy(lambda n: n, numPartitions=3))),
)
case(
    "transform: sortBy(1) of two partitions",
    PAIRS,
    lambda s: parts(s.left.partitionBy(2).transform(lambda rdd: rdd.sortBy(lambda kv: kv[1], numPartitions=1))),
    batches=4,
)
case("transform: reduceByKey in it", PAIRS, lambda s: s.left.transform(lambda rdd: rdd.reduceByKey(operator.add, 2)))
case("transform: union with itself", WORDS, lambda s: parts(s.left.transform(lambda rdd: rdd.union(rdd))), batches=4)
case("transformWith: union", WORDS, lambda s: s.left.transformWith(lambda a, b: a.union(b), s.right), right=[["x"], ["y"], []])
case(
    "transformWith: right first",
    WORDS,
    lambda s: s.left.transformWith(lambda a, b: b.union(a.map(lambda w: w + "!")), s.right),
    right=[["x"], ["y"], []],
)

# --- what keeps its partitioner: united with one of the same, their partitions merge -----------------------------------


def counted(stream, partitions=None):
    return pairs(stream).reduceByKey(operator.add, partitions)


SWAPPED = WORDS[::-1]
KEPT = {
    "mapValues": lambda d: d.mapValues(str),
    "filter": lambda d: d.filter(lambda kv: kv[0] != "b"),
    "flatMapValues": lambda d: d.flatMapValues(range),
    "map (lost)": lambda d: d.map(lambda kv: kv),
    "flatMap (lost)": lambda d: d.flatMap(lambda kv: [kv]),
    "mapPartitions (lost)": lambda d: d.mapPartitions(list),
    "partitionBy": lambda d: d.partitionBy(2),
    "groupByKey": lambda d: tupled(d.groupByKey()),
    "join": lambda d: d.join(d),
    "cogroup": lambda d: d.cogroup(d).mapValues(lambda sides: tuple(map(tuple, sides))),
    "updateStateByKey": lambda d: d.updateStateByKey(running),
    "window": lambda d: d.window(2, 1),
    "reduceByKeyAndWindow": lambda d: d.reduceByKeyAndWindow(operator.add, operator.sub, 2, 1),
    "reduceByKeyAndWindow, undone": lambda d: d.reduceByKeyAndWindow(operator.add, operator.sub, 5, 1),
    "transform map (lost)": lambda d: d.transform(lambda rdd: rdd.map(lambda kv: kv)),
    "transform mapValues, filter": lambda d: d.transform(lambda rdd: rdd.mapValues(str).filter(bool)),
}


def kept_case(name, then):
    case(f"partitioner: {name}", WORDS, lambda s: parts(then(counted(s.left)).union(counted(s.right))), right=SWAPPED)


for name, then in KEPT.items():
    kept_case(name, then)
case("partitioner: of 2 and of 3", WORDS, lambda s: parts(counted(s.left).union(counted(s.right, 3))), right=SWAPPED)
case("partitioner: of 1 and of 1", WORDS, lambda s: parts(counted(s.left, 1).union(counted(s.right, 1))), right=SWAPPED)
case("partitioner: countByValue", WORDS, lambda s: parts(s.left.countByValue().union(s.right.countByValue())), right=SWAPPED)
case("partitioner: reduce (lost)", WORDS, lambda s: parts(s.left.reduce(concat).union(s.right.reduce(concat))), right=SWAPPED)
case("partitioner: with itself", WORDS, lambda s: parts(counted(s.left).transform(lambda rdd: rdd.union(rdd))))
case("partitioner: of a union", WORDS, lambda s: parts(counted(s.left).union(counted(s.right)).union(counted(s.left))), right=SWAPPED)
case("partitioner: of a window's map (lost)", WORDS, lambda s: parts(counted(s.left).map(lambda kv: kv).window(2, 1)))
case(
    "partitioner: combineByKey of a union, what is called when",
    WORDS,
    lambda s: counted(s.left)
    .union(counted(s.right))
    .combineByKey(lambda v: f"<{v}>", lambda c, v: f"{c}+{v}", lambda a, b: f"[{a}|{b}]"),
    right=SWAPPED,
)
case(
    "partitioner: combineByKey of a window, what is called when",
    WORDS,
    lambda s: counted(s.left).window(3, 1).combineByKey(lambda v: f"<{v}>", lambda c, v: f"{c}+{v}", lambda a, b: f"[{a}|{b}]"),
)
case(
    "partitioner: combineByKey(3) of a window, what is called when",
    WORDS,
    lambda s: counted(s.left).window(3, 1).combineByKey(lambda v: f"<{v}>", lambda c, v: f"{c}+{v}", lambda a, b: f"[{a}|{b}]", 3),
)

# --- windows: batches of 1 s ------------------------------------------------------------------------------------------

def every_batch(stream):
    """Asked for in every batch: a queue gives its next list only when it is asked, a socket what came in that interval."""
    stream.foreachRDD(lambda rdd: None)
    return stream


case("window: 3 by 1", FLOW, lambda s: s.left.window(3, 1), batches=11)
case("window: without a slide", FLOW, lambda s: s.left.window(2), batches=11)
case("window: 3 by 2", FLOW, lambda s: s.left.window(3, 2), batches=11)
case("window: 2 by 2", FLOW, lambda s: s.left.window(2, 2), batches=11)
case("window: 4 by 3", FLOW, lambda s: s.left.window(4, 3), batches=11)
case("window: 1 by 3", FLOW, lambda s: every_batch(s.left).window(1, 3), batches=11)
case("window: partitions", FLOW, lambda s: parts(s.left.window(3, 1)), batches=12)
case("window: of a window", FLOW, lambda s: s.left.window(2, 2).window(4, 2), batches=11)
case("window: of a reduceByKey", FLOW, lambda s: parts(pairs(s.left).reduceByKey(operator.add).window(2, 1)), batches=11)
case("chain: window, then reduceByKey", FLOW, lambda s: pairs(s.left.window(3, 1)).reduceByKey(operator.add), batches=12)
case("chain: window, then count", FLOW, lambda s: s.left.window(3, 1).count(), batches=13)
case("chain: window by 2, then count", FLOW, lambda s: s.left.window(3, 2).count(), batches=14)
case("chain: window, then mapPartitions", FLOW, lambda s: s.left.window(3, 1).mapPartitions(lambda it: [len(list(it))]), batches=12)
case("chain: window, then reduce", FLOW, lambda s: s.left.window(3, 2).reduce(lambda a, b: f"({a} {b})"), batches=12)
case(
    "chain: join of windows",
    FLOW,
    lambda s: pairs(s.left.window(3, 1)).reduceByKey(operator.add).join(s.right.window(2, 1)),
    right=[[["to", "T"], ["a", "A"]], [["be", "B"]], [["a", "A2"]], [["hello", "H"], ["to", "T2"]]],
    batches=10,
)
case("chain: reduceByKey of window by 2, union", FLOW, lambda s: s.left.window(2, 2).union(s.right.window(4, 2)), right=WORDS, batches=10)
case("countByWindow: 3 by 1", FLOW, lambda s: s.left.countByWindow(3, 1), batches=13)
case("countByWindow: 4 by 2", FLOW, lambda s: s.left.countByWindow(4, 2), batches=14)
case("countByWindow: 5 by 1 (inverse: stays as 0)", FLOW[:5], lambda s: s.left.countByWindow(5, 1), batches=13)
case("countByValueAndWindow: 3 by 1", FLOW, lambda s: s.left.countByValueAndWindow(3, 1), batches=12)
case("countByValueAndWindow: 5 by 1", LONG, lambda s: s.left.countByValueAndWindow(5, 1), batches=18)
case("countByValueAndWindow: 6 by 2, 1 partition", FLOW, lambda s: s.left.countByValueAndWindow(6, 2, 1), batches=12)
case("reduceByWindow: no inverse", FLOW, lambda s: s.left.reduceByWindow(lambda a, b: f"({a} {b})", None, 3, 1), batches=12)
case("reduceByWindow: inverse, 3 by 1", [[1, 2], [3], [], [4, 5], [6]], lambda s: s.left.reduceByWindow(operator.add, operator.sub, 3, 1), batches=9)
case("reduceByWindow: inverse, 5 by 1", [[1, 2], [3], [], [4, 5], [6], [7]], lambda s: s.left.reduceByWindow(operator.add, operator.sub, 5, 1), batches=13)
case("groupByKeyAndWindow: 3 by 1", SUMS, lambda s: tupled(s.left.groupByKeyAndWindow(3, 1)), batches=12)
case("groupByKeyAndWindow: 5 by 1 (inverse: empty groups stay)", SUMS, lambda s: tupled(s.left.groupByKeyAndWindow(5, 1)), batches=14)
case("groupByKeyAndWindow: 4 by 2, 1 partition", SUMS, lambda s: tupled(s.left.groupByKeyAndWindow(4, 2, 1)), batches=12)
case("reduceByKeyAndWindow: no inverse", SUMS, lambda s: s.left.reduceByKeyAndWindow(operator.add, None, 3, 1), batches=12)
case(
    "reduceByKeyAndWindow: no inverse, oldest first",
    SUMS,
    lambda s: s.left.mapValues(str).reduceByKeyAndWindow(lambda a, b: f"({a} {b})", None, 4, 2),
    batches=12,
)
case("reduceByKeyAndWindow: no inverse, no slide", SUMS, lambda s: s.left.reduceByKeyAndWindow(operator.add, None, 2), batches=11)
case("reduceByKeyAndWindow: no inverse, 5 by 1", SUMS, lambda s: s.left.reduceByKeyAndWindow(operator.add, None, 5, 1), batches=14)
case("reduceByKeyAndWindow: no inverse, 1 by 1", SUMS, lambda s: s.left.reduceByKeyAndWindow(operator.add, None, 1, 1))
case("reduceByKeyAndWindow: no inverse, 3 partitions", SUMS, lambda s: parts(s.left.reduceByKeyAndWindow(operator.add, None, 3, 1, 3)), batches=12)
case("reduceByKeyAndWindow: inverse, 3 by 1", SUMS, lambda s: s.left.reduceByKeyAndWindow(operator.add, operator.sub, 3, 1), batches=12)
case("reduceByKeyAndWindow: inverse, 4 by 1", SUMS, lambda s: s.left.reduceByKeyAndWindow(operator.add, operator.sub, 4, 1), batches=12)
case("reduceByKeyAndWindow: inverse, 5 by 1 (zeros stay)", SUMS, lambda s: s.left.reduceByKeyAndWindow(operator.add, operator.sub, 5, 1), batches=16)
case("reduceByKeyAndWindow: inverse, 6 by 1, no slide given", SUMS, lambda s: s.left.reduceByKeyAndWindow(operator.add, operator.sub, 6), batches=16)
case("reduceByKeyAndWindow: inverse, 8 by 2 (below 5 slides)", SUMS, lambda s: s.left.reduceByKeyAndWindow(operator.add, operator.sub, 8, 2), batches=18)
case("reduceByKeyAndWindow: inverse, 10 by 2 (5 slides)", SUMS, lambda s: s.left.reduceByKeyAndWindow(operator.add, operator.sub, 10, 2), batches=22)
case(
    "reduceByKeyAndWindow: inverse, 5 by 1, filtered",
    SUMS,
    lambda s: s.left.reduceByKeyAndWindow(operator.add, operator.sub, 5, 1, filterFunc=lambda kv: kv[1] > 0),
    batches=16,
)
case(
    "reduceByKeyAndWindow: inverse, 3 by 1, filtered",
    SUMS,
    lambda s: s.left.reduceByKeyAndWindow(operator.add, operator.sub, 3, 1, filterFunc=lambda kv: kv[1] > 5),
    batches=12,
)
case(
    "reduceByKeyAndWindow: no inverse: the filter is not used",
    SUMS,
    lambda s: s.left.reduceByKeyAndWindow(operator.add, None, 3, 1, filterFunc=lambda kv: kv[1] > 5),
)
case(
    "reduceByKeyAndWindow: inverse, partitions",
    SUMS,
    lambda s: parts(s.left.reduceByKeyAndWindow(operator.add, operator.sub, 5, 1, 3)),
    batches=14,
)
case(
    "reduceByKeyAndWindow: inverse, the calls",
    SUMS,
    lambda s: s.left.mapValues(str).reduceByKeyAndWindow(lambda a, b: f"({a}+{b})", lambda a, b: f"({a}-{b})", 5, 1),
    batches=11,
)
case(
    "reduceByKeyAndWindow: inverse, 10 by 2, the calls",
    SUMS,
    lambda s: s.left.mapValues(str).reduceByKeyAndWindow(lambda a, b: f"({a}+{b})", lambda a, b: f"({a}-{b})", 10, 2),
    batches=16,
)

case(
    "reduceByKeyAndWindow: inverse, None that left is not undone",
    SUMS,
    lambda s: s.left.mapValues(lambda v: None if v % 2 else str(v)).reduceByKeyAndWindow(
        lambda a, b: f"({a}+{b})", lambda a, b: f"({a}-{b})", 5, 1
    ),
    batches=14,
)

# --- state ------------------------------------------------------------------------------------------------------------


case("updateStateByKey: running count", FLOW, lambda s: pairs(s.left).updateStateByKey(running), batches=11)
case("updateStateByKey: 1 partition", FLOW, lambda s: pairs(s.left).updateStateByKey(running, 1))
case("updateStateByKey: partitions of 3", FLOW, lambda s: parts(pairs(s.left).updateStateByKey(running, 3)), batches=11)
case("updateStateByKey: an empty first batch", [[], ["b", "a", "b"], [], ["to"]], lambda s: pairs(s.left).updateStateByKey(running), batches=6)
case(
    "updateStateByKey: called for every known key",
    FLOW,
    lambda s: pairs(s.left).updateStateByKey(lambda values, calls: f"{calls or ''}[{len(values)}]"),
    batches=11,
)
case("updateStateByKey: values in order", SUMS, lambda s: s.left.updateStateByKey(lambda values, old: f"{old}{tuple(values)}"))
case(
    "updateStateByKey: None deletes, a new one goes last",
    FLOW,
    lambda s: pairs(s.left).updateStateByKey(lambda values, old: sum(values) if values else None),
    batches=11,
)
case(
    "updateStateByKey: a value that is None deletes",
    [[["a", 1], ["b", None]], [["a", None]], [["b", 2], ["b", None]], [["a", 3]], []],
    lambda s: s.left.updateStateByKey(lambda values, old: values[-1] if values else old),
)
case(
    "updateStateByKey: 0 does not delete",
    [[["a", 1], ["b", 0]], [["a", -1]], [["c", 0]], []],
    lambda s: s.left.updateStateByKey(running),
)
case(
    "updateStateByKey: None at once makes no state",
    [["a", "b"], ["a", "b", "b"], ["b", "a", "a"]],
    lambda s: pairs(s.left).updateStateByKey(lambda values, old: len(values) if len(values) > 1 else old),
)
case(
    "updateStateByKey: initial state",
    FLOW,
    lambda s: pairs(s.left).updateStateByKey(running, initialRDD=[("zebra", 5), ("to", 10), ("or", 20), ("be", 7)]),
)
case(
    "updateStateByKey: initial state, 1 partition",
    FLOW,
    lambda s: pairs(s.left).updateStateByKey(running, 1, initialRDD=[("zebra", 5), ("to", 10), ("or", 20), ("be", 7)]),
)
case(
    "updateStateByKey: initial state, an empty first batch",
    [[], ["a"]],
    lambda s: pairs(s.left).updateStateByKey(running, initialRDD=[("b", 5), ("a", 10), ("hello", 1)]),
)
case(
    "updateStateByKey: of a window",
    FLOW,
    lambda s: pairs(s.left.window(2, 2)).updateStateByKey(running),
    batches=12,
)
case("chain: reduceByKey, updateStateByKey, filter", LONG, lambda s: pairs(s.left).reduceByKey(operator.add).updateStateByKey(running).filter(lambda kv: kv[1] > 1))
case("chain: updateStateByKey, map, reduceByKey", FLOW, lambda s: pairs(s.left).updateStateByKey(running).map(lambda kv: (kv[1], kv[0])).reduceByKey(lambda a, b: f"{a},{b}"))
case("chain: updateStateByKey, join", FLOW, lambda s: pairs(s.left).updateStateByKey(running).join(pairs(s.left).reduceByKey(operator.add)))
case("chain: updateStateByKey, window", FLOW, lambda s: pairs(s.left).updateStateByKey(running).window(2, 2), batches=8)
case("chain: updateStateByKey, then count", [["a", "b"], [], ["c"]], lambda s: pairs(s.left).updateStateByKey(running).count(), batches=4)

# --- how records print ------------------------------------------------------------------------------------------------

case("repr: hostile words", HOSTILE, lambda s: s.left)
case("repr: hostile words in pairs", HOSTILE, lambda s: s.left.map(lambda w: ((w,), (w, w))))
case(
    "repr: numbers",
    [[0, -1, 0.5, -0.25, 0.1, 1e-7, 1.5e-10, 0.0001, 0.00001, 0.00012345, 123456789.125, 1e-300, 5e-324, 2**53 - 1, 0.30000000000000004, -1e-5]],
    lambda s: s.left,
)
case("repr: sums of fractions", [[["a", 0.1], ["a", 0.2], ["b", 0.125]]], lambda s: s.left.reduceByKey(operator.add))
case("repr: not numbers", [["nan", "inf", "-inf"]], lambda s: s.left.map(float))
case("repr: None and booleans", [[None, True, False, [None, True], ["a", [None, [False]]]]], lambda s: s.left)
case("repr: nested tuples", [[[], [[]], ["a"], [["a", 1], [2, ["b"]]], [[], [1, 2, 3], ""]]], lambda s: s.left)
case("repr: averages", PAIRS, lambda s: s.left.mapValues(lambda v: v / 4 + 0.1))


# --- the run ----------------------------------------------------------------------------------------------------------


class Streams:
    def __init__(self, left, right):
        self.left, self.right = left, right


def run_cases(sc, cases, out):
    """Runs `cases` in one StreamingContext, until each has had all its batches."""
    ssc = StreamingContext(sc, 1)
    seen = dict.fromkeys(cases, 0)
    # Several jobs run at once: one may be at work yet when that of the next batch is done.
    unfinished = set()

    def queue(lists):
        return ssc.queueStream([sc.parallelize([tuples(each) for each in records], 1) for records in lists])

    def record(name, batches):
        def run(at, rdd):
            zero = ssc._jssc.ssc().graph().zeroTime().milliseconds()
            batch = (round(at.timestamp() * 1000) - zero) // 1000
            unfinished.add((name, batch))
            if batch <= batches:
                out[name][batch - 1] = [repr(each) for each in rdd.collect()]
            seen[name] = max(seen[name], batch)
            unfinished.remove((name, batch))

        return run

    for name, (left, right, build, batches) in cases.items():
        build(Streams(queue(left), queue(right) if right else None)).foreachRDD(record(name, batches))
    ssc.start()
    try:
        while unfinished or not all(seen[name] > batches for name, (_, _, _, batches) in cases.items()):
            ssc.awaitTerminationOrTimeout(0.2)
    finally:
        ssc.stop(stopSparkContext=False, stopGraceFully=False)


def written(fixtures):
    entries = (
        f'  {json.dumps(name)}: {{\n    "inputs": {json.dumps(each["inputs"])},\n    "outputs": {json.dumps(each["outputs"])}\n  }}'
        for name, each in fixtures.items()
    )
    return "{\n" + ",\n".join(entries) + "\n}\n"


def check(out):
    """Compares what came out with what was recorded; gives the number of cases that differ."""
    recorded = json.loads(FIXTURES.read_text())
    failed = 0
    for name, outputs in out.items():
        wanted = recorded.get(name, {}).get("outputs")
        if outputs == wanted:
            continue
        failed += 1
        print(f"differs: {name}\n  recorded {json.dumps(wanted)}\n  now      {json.dumps(outputs)}")
    print(f"{len(out) - failed} passed, {failed} failed")
    return failed


def main():
    """
    All cases; or, with words as arguments, those with one of them in their names, whose records are then exchanged.
    With --check nothing is recorded: what comes out is compared with what was.
    """
    words = [word for word in sys.argv[1:] if word != "--check"]
    chosen = {name: each for name, each in CASES.items() if not words or any(word in name for word in words)}
    out = {name: [None] * batches for name, (_, _, _, batches) in chosen.items()}
    began = time.time()
    with spark_context(cores=4, concurrent_jobs=4) as sc:
        # Cases of about the same length together: a context makes the RDDs of all its streams as long as it runs.
        for least, most in ((1, 6), (7, 14), (15, 99)):
            group = {name: each for name, each in chosen.items() if least <= each[3] <= most}
            if group:
                run_cases(sc, group, out)
                print(f"{len(group)} cases of {least} to {most} batches: {time.time() - began:.0f} s", flush=True)

    if "--check" in sys.argv:
        sys.exit(1 if check(out) else 0)
    fixtures = json.loads(FIXTURES.read_text()) if words and FIXTURES.exists() else {}
    for name, (left, right, _, _) in chosen.items():
        fixtures[name] = {"inputs": {"left": left, "right": right} if right else left, "outputs": out[name]}
    FIXTURES.write_text(written({name: fixtures[name] for name in CASES if name in fixtures}))


main()
