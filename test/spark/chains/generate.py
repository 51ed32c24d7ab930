"""Makes random chains of operations, well typed, so that none of them raises: `chain(random.Random(seed))`.

A type is a name, ("pair", key, value) or ("seq", item); `any` is whatever can be a key. The functions are those of functions.py.
"""

STR, INT, FRAC, BOOL, ANY = "str", "int", "frac", "bool", "any"

WORDS = ["a", "b", "to", "be", "or", "not", "hello", "", "naïve", "日本語", "😀", "a😀", "～", "to be", "a  b", "it's", " "]
NUMBERS = [0, 1, 2, 3, -1, -2, -3, 5, 7, 10, 100, 2**31, -(2**40)]
FRACTIONS = [0.5, -0.5, 0.1, 1.5, 2.25, -3.75, 1e-7, 123456.789]
THINGS = [
    *[None, True, False, 0, 1, -1, -2, 2, 0.5, 1.0, -0.0, 2.0, "", "a", "1", "None", "😀", 2**31, 1e300, 2**53 - 1],
    *[[], [1], [True], [1.0], ["1"], [None], [0], [False], ["a", 1], ["a", True], [[1], None], [[True], None], [[], []]],
]
MOST_RECORDS = 40
MOST_BATCHES = 12


def pair(key, value):
    return ("pair", key, value)


def seq(item):
    return ("seq", item)


def is_pair(t):
    return t[0] == "pair"


def is_seq(t):
    return t[0] == "seq"


def depth(t):
    return 0 if isinstance(t, str) else 1 + max(map(depth, t[1:]))


# --- what can be done with records of a type: names of functions, and the type they make --------------------------------


def maps(t):
    yield "text", STR
    yield "orNone", ANY
    if depth(t) < 3:
        for name, key in ("pair1", None), ("dup", t), ("keySize", INT), ("keyBool", BOOL), ("keyNone", ANY), ("keyText", STR), ("keyed", ANY):
            yield name, pair(t, INT) if key is None else pair(key, t)
    if t == STR:
        yield from (("upper", STR), ("len", INT), ("first", STR), ("reverse", STR), ("bang", STR))
    if t == INT:
        yield from (("neg", INT), ("inc", INT), ("mod3", INT), ("half", FRAC), ("even", BOOL))
    if t == BOOL:
        yield "toInt", INT
    if is_pair(t):
        yield from (("swap", pair(t[2], t[1])), ("key", t[1]), ("value", t[2]))


def flats(t):
    yield from (("twice", t), ("maybe", t))
    if t == STR:
        yield from (("split", STR), ("chars", STR))
    if t == INT:
        yield "range", INT
    if is_seq(t):
        yield "each", t[1]


def tests(t):
    yield from ("third", "odd", "third", "odd", "all", "none")
    if t == INT:
        yield from ("even", "positive")
    if is_pair(t):
        yield "trueKey"
        if t[2] == INT:
            yield "positiveValue"


def merges(t):
    """With the function that undoes it, as far as that goes."""
    yield from (("left", "left"), ("right", "left"), ("larger", "right"))
    if t == INT:
        yield from (("add", "sub"), ("add", "sub"), ("max", "sub"), ("min", "left"), ("poly", "sub"))
    if t == STR:
        yield from [("bracket", "minus")] * 4
    if is_seq(t):
        yield from [("extend", "drop")] * 4


def partitions(t):
    yield from (("size", INT), ("first", t), ("reversed", t), ("tail", t))
    if depth(t) < 3:
        yield "tuple", seq(t)


def combiners(v):
    yield from (("calls", STR), ("calls", STR), ("count", INT))
    if depth(v) < 3:
        yield "list", seq(v)


def updates(v):
    yield from (("trail", STR), ("last", v), ("keep", v), ("idle", INT), ("tally", INT))
    if v == INT:
        yield from [("running", INT)] * 2


class Stream:
    def __init__(self, type_, records, slide=1, reach=1):
        """`records`: about how many a batch has; `reach`: how many batches back it looks."""
        self.type, self.records, self.slide, self.reach = type_, records, slide, reach


class Chain:
    """One chain in the making."""

    def __init__(self, random):
        self.random = random
        self.vocabularies = {}
        self.streams, self.inputs, self.nodes = [], [], []
        self.length = random.randint(3, 5)
        for _ in range(random.choice((1, 1, 2))):
            self.add_input()
        at = 0
        for _ in range(random.randint(2, 6)):
            self.add_operation(at)
            last = len(self.streams) - 1
            at = last if random.random() < 0.8 else random.randrange(len(self.streams))
        self.last = len(self.streams) - 1

    # inputs

    def some(self, options):
        return self.random.choice(list(options))

    def value(self, t):
        if is_pair(t):
            return [self.value(t[1]), self.value(t[2])]
        if is_seq(t):
            return [self.value(t[1]) for _ in range(self.random.choice((0, 1, 1, 2)))]
        if t == BOOL:
            return self.random.random() < 0.5
        return self.some(self.vocabulary(t))

    def vocabulary(self, t):
        """A few values, so that they come again."""
        if t not in self.vocabularies:
            every = {STR: WORDS, INT: NUMBERS, FRAC: FRACTIONS, ANY: THINGS}[t]
            self.vocabularies[t] = self.random.sample(every, self.random.randint(2, 6 if t != ANY else 9))
        return self.vocabularies[t]

    def add_input(self):
        t = self.some(
            [STR, STR, INT, ANY, FRAC, seq(INT), pair(STR, INT), pair(STR, INT), pair(STR, STR), pair(INT, STR)]
            + [pair(ANY, INT), pair(ANY, STR), pair(STR, ANY), pair(FRAC, INT), pair(BOOL, STR), pair(pair(STR, INT), INT)]
        )
        lists = []
        for _ in range(self.length):
            count = 0 if self.random.random() < 0.25 else self.random.randint(1, 6)
            lists.append([self.value(t) for _ in range(count)])
        self.inputs.append(lists)
        self.streams.append(Stream(t, 3))

    # operations

    def add(self, op, of, result, **parameters):
        self.nodes.append({"op": op, "of": of, **parameters})
        self.streams.append(result)
        return len(self.streams) - 1

    def derived(self, op, at, type_, records=None, **parameters):
        s = self.streams[at]
        return self.add(op, [at], Stream(type_, records or s.records, s.slide, s.reach), **parameters)

    def add_operation(self, at):
        s = self.streams[at]
        if s.records > MOST_RECORDS:
            return self.shrink(at)
        weighted = [(self.narrow, 5), (self.shuffle, 6), (self.two, 6), (self.windowed, 5), (self.transform, 3), (self.state, 2)]
        return self.random.choices([f for f, _ in weighted], [w for _, w in weighted])[0](at)

    def shrink(self, at):
        t = self.streams[at].type
        if is_pair(t) and self.random.random() < 0.6:
            return self.derived("reduceByKey", at, t, 5, fn=self.some(merges(t[2]))[0], n=self.n())
        if self.random.random() < 0.5:
            return self.derived("reduce", at, t, 1, fn=self.some(merges(t))[0])
        return self.derived("mapPartitions", at, t, 2, fn="first")

    def n(self):
        return self.some((1, 2, 2, 2, 3, 3, 4, 5))

    def paired(self, at):
        """The stream, or one made of it, of pairs."""
        if is_pair(self.streams[at].type):
            return at
        fn, t = self.some((fn, t) for fn, t in maps(self.streams[at].type) if is_pair(t)) if depth(self.streams[at].type) < 3 else ("text", STR)
        at = self.derived("map", at, t, fn=fn)
        return at if is_pair(t) else self.paired(at)

    def narrow(self, at):
        t = self.streams[at].type
        op = self.some(("map", "flatMap", "filter", "mapPartitions", "glom", "mapValues", "flatMapValues", "mapValues", "partitionBy"))
        if op in ("map", "mapPartitions"):
            fn, made = self.some((maps if op == "map" else partitions)(t))
            return self.derived(op, at, made, fn=fn)
        if op == "flatMap":
            fn, made = self.some(flats(t))
            return self.derived(op, at, made, self.streams[at].records * 1.5, fn=fn)
        if op == "filter":
            return self.derived(op, at, t, fn=self.some(tests(t)))
        if op == "glom":
            return self.derived(op, at, seq(t), 2) if depth(t) < 3 else self.derived("map", at, STR, fn="text")
        at = self.paired(at)
        t = self.streams[at].type
        if op == "partitionBy":
            return self.derived(op, at, t, n=self.n())
        fn, made = self.some((maps if op == "mapValues" else flats)(t[2]))
        return self.derived(op, at, pair(t[1], made), self.streams[at].records * (1 if op == "mapValues" else 1.5), fn=fn)

    def shuffle(self, at):
        t = self.streams[at].type
        op = self.some(("reduce", "count", "countByValue", "reduceByKey", "reduceByKey", "groupByKey", "combineByKey", "combineByKey"))
        if op == "reduce":
            return self.derived(op, at, t, 1, fn=self.some(merges(t))[0])
        if op == "count":
            return self.derived(op, at, INT, 1)
        if op == "countByValue":
            return self.derived(op, at, pair(t, INT), 4)
        at = self.paired(at)
        _, key, value = self.streams[at].type
        if op == "reduceByKey":
            return self.derived(op, at, pair(key, value), 4, fn=self.some(merges(value))[0], n=self.n())
        if op == "groupByKey":
            return self.derived(op, at, pair(key, seq(value)), 4, n=self.n())
        fn, made = self.some(combiners(value))
        return self.derived(op, at, pair(key, made), 4, fn=fn, n=self.n())

    def two(self, at):
        op = self.some(("union", "union", "join", "leftOuterJoin", "rightOuterJoin", "fullOuterJoin", "cogroup", "transformWith"))
        fn = self.some(("unionBack", "joinBack", "cogroup")) if op == "transformWith" else None
        union = op == "union" or fn == "unionBack"
        slide = self.streams[at].slide
        right = self.some(i for i, s in enumerate(self.streams) if s.slide == slide)
        left = at if union else self.paired(at)
        right = right if union else self.paired(right)
        if self.random.random() < 0.3:
            left, right = right, left
        a, b = self.streams[left], self.streams[right]
        if union:
            t, records = a.type if a.type == b.type else ANY, a.records + b.records
        else:
            t, records = pair(a.type[1] if a.type[1] == b.type[1] else ANY, self.both(op, fn, a.type[2], b.type[2])), max(3, a.records * b.records / 3)
        parameters = {"n": self.n(), **({"fn": fn} if fn else {})} if op != "union" else {}
        return self.add(op, [left, right], Stream(t, records, slide, max(a.reach, b.reach)), **parameters)

    def both(self, op, fn, v, w):
        if depth(v) > 2 or depth(w) > 2:
            return ANY
        if "cogroup" in (op, fn):
            return pair(seq(v), seq(w))
        if fn == "joinBack":
            return pair(w, v)
        return pair(ANY if op in ("rightOuterJoin", "fullOuterJoin") else v, ANY if op in ("leftOuterJoin", "fullOuterJoin") else w)

    def windowed(self, at):
        op = self.some(
            ("window", "window", "window", "countByWindow", "countByValueAndWindow", "reduceByWindow", "groupByKeyAndWindow")
            + ("reduceByKeyAndWindow", "reduceByKeyAndWindow")
        )
        if "Key" in op:
            at = self.paired(at)
        s, t = self.streams[at], self.streams[at].type
        slides = self.some((1, 1, 1, 2, 2, 3)) if s.slide == 1 else self.some((1, 1, 2)) if s.slide == 2 else 1
        lengths = self.some((1, 2, 3, 4, 5, 6, 5 * slides, 6 * slides))
        lengths = max(1, min(lengths, (MOST_BATCHES - s.reach) // s.slide))
        size = {"length": lengths * s.slide, "slide": slides * s.slide}

        def made(type_, records, **parameters):
            return self.add(op, [at], Stream(type_, records, size["slide"], s.reach + size["length"]), **size, **parameters)

        if op == "window":
            return made(t, s.records * lengths)
        if op == "countByWindow":
            return made(INT, 1)
        if op == "countByValueAndWindow":
            return made(pair(t, INT), 6, n=self.n())
        if op == "groupByKeyAndWindow":
            return made(pair(t[1], seq(t[2])), 5, n=self.n())
        fn, inverse = self.some(merges(t if op == "reduceByWindow" else t[2]))
        inverse = inverse if self.random.random() < 0.75 else None
        if op == "reduceByWindow":
            return made(t, 1, fn=fn, inverse=inverse)
        test = self.some(tests(t)) if self.random.random() < 0.4 else None
        return made(t, 5, fn=fn, inverse=inverse, n=self.n(), filter=test)

    def state(self, at):
        at = self.paired(at)
        _, key, value = self.streams[at].type
        fn, made = self.some(updates(value))
        initial = [[self.value(key), self.value(made)] for _ in range(self.random.randint(1, 4))] if self.random.random() < 0.3 else []
        self.streams[at].reach += 2
        return self.derived("updateStateByKey", at, pair(key, made), 6, fn=fn, n=self.n(), initial=initial)

    def transform(self, at):
        steps, t = [], self.streams[at].type
        for _ in range(self.random.randint(1, 3)):
            step, t = self.rdd_step(t)
            steps.append(step)
        return self.derived("transform", at, t, self.streams[at].records * 1.5, steps=steps)

    def rdd_step(self, t):
        names = ["map", "filter", "mapPartitions", "sortBy", "sortBy", "unionSelf", "unionStatic", "unionEmpty", "empty"]
        name = self.some(names + ["mapValues", "partitionBy", "reduceByKey", "groupByKey"] * (2 if is_pair(t) else 0))
        if name in ("map", "mapPartitions"):
            fn, made = self.some((maps if name == "map" else partitions)(t))
            return [name, fn], made
        if name == "mapValues":
            fn, made = self.some(maps(t[2]))
            return [name, fn], pair(t[1], made)
        if name == "filter":
            return [name, self.some(tests(t))], t
        if name == "sortBy":
            return [name, "self" if t in (STR, INT, FRAC) else "text", self.n()], t
        if name == "unionStatic":
            return [name, [self.value(t) for _ in range(self.random.randint(0, 3))]], t
        if name == "partitionBy":
            return [name, self.n()], t
        if name == "reduceByKey":
            return [name, self.some(merges(t[2]))[0], self.n()], t
        if name == "groupByKey":
            return [name, self.n()], pair(t[1], seq(t[2])) if depth(t) < 4 else pair(t[1], ANY)
        return [name], t

    # the whole

    def written(self):
        """Without what leads to no output; the last stream is one, and at times another."""
        outputs = [self.last]
        others = range(len(self.inputs), self.last)
        if others and self.random.random() < 0.35:
            outputs.insert(0, self.some(others))
        return pruned({"batches": self.batches(outputs), "inputs": self.inputs, "nodes": self.nodes, "outputs": outputs})

    def batches(self, outputs):
        reach = max(self.streams[i].reach for i in outputs)
        return min(MOST_BATCHES, self.length + reach)


def pruned(chain):
    """The chain without the inputs and nodes that lead to no output."""
    count = len(chain["inputs"])
    wanted = set()
    waiting = list(chain["outputs"])
    while waiting:
        i = waiting.pop()
        if i not in wanted:
            wanted.add(i)
            waiting += chain["nodes"][i - count]["of"] if i >= count else []
    place = {i: new for new, i in enumerate(sorted(wanted))}
    return {
        **chain,
        "inputs": [lists for i, lists in enumerate(chain["inputs"]) if i in wanted],
        "nodes": [{**node, "of": [place[i] for i in node["of"]]} for i, node in enumerate(chain["nodes"], count) if i in wanted],
        "outputs": [place[i] for i in chain["outputs"]],
    }


def chain(random):
    return Chain(random).written()
