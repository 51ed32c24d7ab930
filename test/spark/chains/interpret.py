"""Makes a chain's streams in PySpark; interpret.ts makes the same ones in Sluice."""

from .functions import COMBINE, FLAT, MAP, MERGE, PARTITION, TEST, UPDATE


# In seconds. Spark never leaves a tick out: to make the RDDs of a batch must not take longer than this, or they pile up.
INTERVAL = 3


def tuples(value):
    return tuple(map(tuples, value)) if isinstance(value, list) else value


def sides(pair):
    return tuple(map(tuple, pair))


RDD_STEPS = {
    "map": lambda rdd, fn: rdd.map(MAP[fn]),
    "filter": lambda rdd, fn: rdd.filter(TEST[fn]),
    "mapValues": lambda rdd, fn: rdd.mapValues(MAP[fn]),
    "mapPartitions": lambda rdd, fn: rdd.mapPartitions(PARTITION[fn]),
    "partitionBy": lambda rdd, n: rdd.partitionBy(n),
    "reduceByKey": lambda rdd, fn, n: rdd.reduceByKey(MERGE[fn], n),
    "groupByKey": lambda rdd, n: rdd.groupByKey(n).mapValues(tuple),
    "sortBy": lambda rdd, fn, n: rdd.sortBy(MAP[fn], numPartitions=n),
    "unionSelf": lambda rdd: rdd.union(rdd),
    "unionStatic": lambda rdd, records: rdd.union(rdd.ctx.parallelize([tuples(each) for each in records], 1)),
    "unionEmpty": lambda rdd: rdd.union(rdd.ctx.emptyRDD()),
    "empty": lambda rdd: rdd.ctx.emptyRDD(),
}


def stepped(rdd, steps):
    for name, *parameters in steps:
        rdd = RDD_STEPS[name](rdd, *parameters)
    return rdd


RDD_PAIRS = {
    "unionBack": lambda a, b, n: b.union(a),
    "joinBack": lambda a, b, n: b.join(a, n),
    "cogroup": lambda a, b, n: a.cogroup(b, n).mapValues(sides),
}


def window(node):
    return node["length"] * INTERVAL, node["slide"] * INTERVAL


STREAM_STEPS = {
    "map": lambda node, s: s.map(MAP[node["fn"]]),
    "flatMap": lambda node, s: s.flatMap(FLAT[node["fn"]]),
    "filter": lambda node, s: s.filter(TEST[node["fn"]]),
    "mapPartitions": lambda node, s: s.mapPartitions(PARTITION[node["fn"]]),
    "glom": lambda node, s: s.glom().map(tuple),
    "mapValues": lambda node, s: s.mapValues(MAP[node["fn"]]),
    "flatMapValues": lambda node, s: s.flatMapValues(FLAT[node["fn"]]),
    "reduce": lambda node, s: s.reduce(MERGE[node["fn"]]),
    "count": lambda node, s: s.count(),
    "countByValue": lambda node, s: s.countByValue(),
    "reduceByKey": lambda node, s: s.reduceByKey(MERGE[node["fn"]], node["n"]),
    "groupByKey": lambda node, s: s.groupByKey(node["n"]).mapValues(tuple),
    "combineByKey": lambda node, s: s.combineByKey(*COMBINE[node["fn"]], node["n"]),
    "partitionBy": lambda node, s: s.partitionBy(node["n"]),
    "union": lambda node, a, b: a.union(b),
    "join": lambda node, a, b: a.join(b, node["n"]),
    "leftOuterJoin": lambda node, a, b: a.leftOuterJoin(b, node["n"]),
    "rightOuterJoin": lambda node, a, b: a.rightOuterJoin(b, node["n"]),
    "fullOuterJoin": lambda node, a, b: a.fullOuterJoin(b, node["n"]),
    "cogroup": lambda node, a, b: a.cogroup(b, node["n"]).mapValues(sides),
    "transform": lambda node, s: s.transform(lambda rdd: stepped(rdd, node["steps"])),
    "transformWith": lambda node, a, b: a.transformWith(lambda x, y: RDD_PAIRS[node["fn"]](x, y, node["n"]), b),
    "window": lambda node, s: s.window(*window(node)),
    "countByWindow": lambda node, s: s.countByWindow(*window(node)),
    "countByValueAndWindow": lambda node, s: s.countByValueAndWindow(*window(node), node["n"]),
    "reduceByWindow": lambda node, s: s.reduceByWindow(MERGE[node["fn"]], MERGE.get(node["inverse"]), *window(node)),
    "groupByKeyAndWindow": lambda node, s: s.groupByKeyAndWindow(*window(node), node["n"]).mapValues(tuple),
    "reduceByKeyAndWindow": lambda node, s: s.reduceByKeyAndWindow(
        MERGE[node["fn"]], MERGE.get(node["inverse"]), *window(node), node["n"], TEST.get(node["filter"])
    ),
    "updateStateByKey": lambda node, s: s.updateStateByKey(
        UPDATE[node["fn"]], node["n"], [tuples(each) for each in node["initial"]]
    ),
}


def streams_of(chain, queue):
    """The streams of a chain's inputs and, after them, of its nodes."""
    streams = [queue([[tuples(each) for each in records] for records in lists]) for lists in chain["inputs"]]
    for stream in streams:
        # Asked for in every batch: a queue gives its next list only when it is asked.
        stream.foreachRDD(lambda rdd: None)
    for node in chain["nodes"]:
        streams.append(STREAM_STEPS[node["op"]](node, *(streams[i] for i in node["of"])))
    return streams
