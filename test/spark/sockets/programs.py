"""The programs that read the sockets. programs.ts has the same in Sluice's operators, name by name."""

from operator import add, sub

from local_spark import concat, pairs, parts, running, tupled

PROGRAMS = {}


def program(name, build):
    """`build` gives the stream that is recorded; or nothing, when it prints."""
    assert name not in PROGRAMS, name
    PROGRAMS[name] = build


def words(stream):
    return stream.flatMap(lambda line: line.split(" "))


def counts(stream):
    return pairs(words(stream)).reduceByKey(add)


def keyed(stream):
    """`k v` as a pair of `k` and `v`."""
    return stream.map(lambda line: tuple(line.split(" ", 1)))


def sums(stream):
    """`k n` as a pair of `k` and the number."""
    return keyed(stream).mapValues(int)


def both_tupled(stream):
    return stream.mapValues(lambda sides: (tuple(sides[0]), tuple(sides[1])))


# --- one batch --------------------------------------------------------------------------------------------------------

program("lines", lambda s: s.left)
program("lengths", lambda s: s.left.map(lambda line: (len(line), line[:3], line[-3:])))
program("words", lambda s: words(s.left))
program("word count", lambda s: counts(s.left))
program("word count in one's own functions", lambda s: words(s.left).map(lambda w: (w.upper(), 1)).reduceByKey(lambda a, b: a + b))
program("word count, 3 partitions", lambda s: parts(pairs(words(s.left)).reduceByKey(add, 3)))
program("filter, map", lambda s: s.left.filter(lambda line: "e" in line).map(lambda line: line[::-1]))
program("count", lambda s: s.left.count())
program("count of a filter", lambda s: s.left.filter(lambda line: "e" in line).count())
program("countByValue", lambda s: words(s.left).countByValue())
program("reduce", lambda s: s.left.reduce(lambda a, b: f"({a} {b})"))
program("partitions", lambda s: parts(s.left))
program("mapPartitions", lambda s: s.left.mapPartitions(lambda lines: [len(list(lines))]))
program("partitions of a word count", lambda s: parts(counts(s.left)))
program("partitions of a count", lambda s: parts(s.left.count()))
program("groupByKey", lambda s: tupled(keyed(s.left).groupByKey()))
program("partitionBy", lambda s: parts(keyed(s.left).partitionBy(3)))
program(
    "combineByKey",
    lambda s: keyed(s.left).combineByKey(lambda v: f"<{v}>", lambda c, v: f"{c}+{v}", lambda a, b: f"[{a}|{b}]"),
)
program("word count, then by count", lambda s: tupled(counts(s.left).map(lambda kv: (kv[1], kv[0])).groupByKey()))

# --- two streams ------------------------------------------------------------------------------------------------------

program("union", lambda s: s.left.union(s.right))
program("partitions of a union", lambda s: parts(s.left.union(s.right)))
program("count of a union", lambda s: s.left.union(s.right).count())
program("word count of a union", lambda s: counts(s.left.union(s.right)))
program("union of word counts", lambda s: parts(counts(s.left).union(counts(s.right))))
program("join", lambda s: keyed(s.left).join(keyed(s.right)))
program("leftOuterJoin", lambda s: keyed(s.left).leftOuterJoin(keyed(s.right)))
program("rightOuterJoin", lambda s: keyed(s.left).rightOuterJoin(keyed(s.right)))
program("fullOuterJoin", lambda s: keyed(s.left).fullOuterJoin(keyed(s.right)))
program("cogroup", lambda s: both_tupled(keyed(s.left).cogroup(keyed(s.right))))
program("join of word counts", lambda s: counts(s.left).join(counts(s.right)))
# The map is for PySpark, which reads what it gets of transformWith as pickled: lines from a socket are not.
program("transformWith", lambda s: s.left.transformWith(lambda a, b: b.union(a).map(lambda line: line), s.right))


def static_join(s):
    known = s.sc.parallelize([("a", "first"), ("k", "eleventh"), ("a", "again")], 1)
    return keyed(s.left).transform(lambda rdd: rdd.join(known))


program("transform: join of a list", static_join)


def static_union(s):
    known = s.sc.parallelize(["always", "here"], 1)
    return parts(s.left.transform(lambda rdd: rdd.union(known)))


program("transform: union of a list", static_union)
program("transform: sortByKey", lambda s: counts(s.left).transform(lambda rdd: rdd.sortByKey()))

# --- windows ----------------------------------------------------------------------------------------------------------

program("window 3 by 1", lambda s: s.left.window(3 * s.batch, s.batch))
program("window 2 by 2", lambda s: s.left.window(2 * s.batch, 2 * s.batch))
program("window 4 by 2", lambda s: s.left.window(4 * s.batch, 2 * s.batch))
program("window 1 by 2", lambda s: s.left.window(s.batch, 2 * s.batch))
program("partitions of window 3", lambda s: parts(s.left.window(3 * s.batch)))
program("count of window 2", lambda s: s.left.window(2 * s.batch).count())
program("word count of window 3", lambda s: counts(s.left.window(3 * s.batch)))
program("countByWindow 3 by 1", lambda s: s.left.countByWindow(3 * s.batch, s.batch))
program("countByWindow 5 by 1", lambda s: s.left.countByWindow(5 * s.batch, s.batch))
program("countByValueAndWindow 3 by 1", lambda s: words(s.left).countByValueAndWindow(3 * s.batch, s.batch))
program("countByValueAndWindow 5 by 1", lambda s: words(s.left).countByValueAndWindow(5 * s.batch, s.batch))
program("reduceByWindow 3 by 1", lambda s: s.left.reduceByWindow(lambda a, b: f"({a} {b})", None, 3 * s.batch, s.batch))
program("reduceByWindow 5 by 1, undone", lambda s: s.left.map(len).reduceByWindow(add, sub, 5 * s.batch, s.batch))
program("groupByKeyAndWindow 3 by 1", lambda s: tupled(keyed(s.left).groupByKeyAndWindow(3 * s.batch, s.batch)))
program("groupByKeyAndWindow 5 by 1", lambda s: tupled(keyed(s.left).groupByKeyAndWindow(5 * s.batch, s.batch)))
for length, slide in (3, 1), (4, 1), (5, 1), (6, 1), (6, 2), (8, 2), (10, 2):
    program(
        f"reduceByKeyAndWindow {length} by {slide}, undone",
        lambda s, length=length, slide=slide: pairs(words(s.left)).reduceByKeyAndWindow(add, sub, length * s.batch, slide * s.batch),
    )
program("reduceByKeyAndWindow 3 by 1", lambda s: pairs(words(s.left)).reduceByKeyAndWindow(add, None, 3 * s.batch, s.batch))
program(
    "reduceByKeyAndWindow 5 by 1, undone and filtered",
    lambda s: pairs(words(s.left)).reduceByKeyAndWindow(add, sub, 5 * s.batch, s.batch, filterFunc=lambda kv: kv[1] > 0),
)
program("join of windows", lambda s: counts(s.left.window(2 * s.batch)).join(counts(s.right.window(3 * s.batch))))

# --- state ------------------------------------------------------------------------------------------------------------

program("updateStateByKey", lambda s: pairs(words(s.left)).updateStateByKey(running))
program("updateStateByKey: None deletes", lambda s: pairs(words(s.left)).updateStateByKey(lambda new, old: sum(new) if new else None))
program(
    "updateStateByKey: every call",
    lambda s: pairs(words(s.left)).updateStateByKey(lambda new, calls: f"{calls or ''}[{len(new)}]"),
)
program("updateStateByKey of a word count", lambda s: counts(s.left).updateStateByKey(running))

# --- printing ---------------------------------------------------------------------------------------------------------


def prints(name, build, *nums):
    """Prints the stream that `build` gives: as it is, or once for each of `nums`."""
    program(name, lambda s: [build(s).pprint(*num) for num in ([(n,) for n in nums] or [()])] and None)


prints("pprint: lines", lambda s: s.left)
prints("pprint: word count", lambda s: counts(s.left))
prints("pprint: count", lambda s: s.left.count())
prints("pprint: partitions", lambda s: s.left.glom())
prints("pprint(3)", lambda s: counts(s.left), 3)
prints("pprint(0)", lambda s: s.left, 0)
prints("pprint(1), pprint(2)", lambda s: s.left, 1, 2)
prints("pprint: window 2 by 2", lambda s: counts(s.left.window(2 * s.batch, 2 * s.batch)))
prints("pprint: updateStateByKey", lambda s: pairs(words(s.left)).updateStateByKey(running))
prints("pprint: fullOuterJoin", lambda s: keyed(s.left).fullOuterJoin(keyed(s.right)))
prints(
    "pprint: values",
    lambda s: s.left.flatMap(
        lambda line: [
            None, True, (None,), (), [], [line], [(line, [1])], len(line), -len(line), len(line) / 4 + 0.1, 1e-7, 2**53 - 1,
            "two\nlines", "tab\there", "", ("two\nlines",), ("", " "), ((line, 1), (line, (2,))), float("inf"),
        ]
    ),
    20,
)  # fmt: skip


def print_several(s):
    counted = counts(s.left)
    s.left.pprint()
    counted.pprint()
    counted.filter(lambda kv: kv[1] > 1).map(lambda kv: kv[0]).pprint()


program("pprint: several", print_several)


def print_both_sides(s):
    counts(s.right).pprint()
    s.left.pprint(2)
    s.left.union(s.right).count().pprint()


program("pprint: of two sockets", print_both_sides)
