"""The functions that chains name; functions.ts has the same ones. None of them raises on a record of its type."""

import operator


def shown(value):
    """`repr`, but for whole floats: they print as ints, as JavaScript's numbers do not say which they are."""
    if isinstance(value, float) and value.is_integer():
        return repr(int(value))
    if isinstance(value, tuple):
        items = ", ".join(map(shown, value))
        return f"({items},)" if len(value) == 1 else f"({items})"
    return repr(value)


def bounded(text):
    """Keeps texts short, and still tells what came first and last."""
    return text if len(text) <= 48 else f"{text[:24]}~{text[-23:]}"


def text(value):
    return bounded(shown(value))


def size(value):
    return len(shown(value))


MAP = {
    "upper": str.upper,
    "len": len,
    "first": lambda s: s[:1],
    "reverse": lambda s: s[::-1],
    "bang": lambda s: bounded(s + "!"),
    "neg": lambda n: 0 - n,
    "inc": lambda n: n + 1,
    "mod3": lambda n: n % 3,
    "half": lambda n: n + 0.5,
    "even": lambda n: n % 2 == 0,
    "toInt": int,
    "text": text,
    "self": lambda x: x,
    "pair1": lambda x: (x, 1),
    "dup": lambda x: (x, x),
    "keySize": lambda x: (size(x) % 4, x),
    "keyBool": lambda x: (size(x) % 2 == 0, x),
    "keyNone": lambda x: (None if size(x) % 3 == 0 else size(x) % 3, x),
    "keyText": lambda x: (text(x), x),
    "keyed": lambda x: ((size(x) % 2 == 0, None), x),
    "swap": lambda kv: (kv[1], kv[0]),
    "key": lambda kv: kv[0],
    "value": lambda kv: kv[1],
    "orNone": lambda x: None if size(x) % 2 == 0 else x,
}

FLAT = {
    "split": lambda s: s.split(" "),
    "chars": lambda s: list(s)[:6],
    "range": lambda n: range(abs(n) % 4),
    "each": list,
    "twice": lambda x: [x, x],
    "maybe": lambda x: [x] if size(x) % 2 else [],
}

TEST = {
    "all": lambda x: True,
    "none": lambda x: False,
    "even": lambda n: n % 2 == 0,
    "positive": lambda n: n > 0,
    "third": lambda x: size(x) % 3 != 0,
    "odd": lambda x: size(x) % 2 == 1,
    "positiveValue": lambda kv: kv[1] > 0,
    "trueKey": lambda kv: bool(size(kv[0]) % 2),
}

MERGE = {
    "add": operator.add,
    "max": max,
    "min": min,
    "poly": lambda a, b: (a * 31 + b) % 1000,
    "bracket": lambda a, b: bounded(f"({a}{b})"),
    "extend": lambda a, b: (a + b)[:12],
    "left": lambda a, b: a,
    "right": lambda a, b: b,
    "larger": lambda a, b: b if shown(b) > shown(a) else a,
    "sub": operator.sub,
    "minus": lambda a, b: bounded(f"({a}-{b})"),
    "drop": lambda a, b: a[len(b) :],
}

PARTITION = {
    "size": lambda records: [sum(1 for _ in records)],
    "first": lambda records: list(records)[:1],
    "reversed": lambda records: list(records)[::-1],
    "tail": lambda records: list(records)[1:],
    "tuple": lambda records: [tuple(records)],
}

COMBINE = {
    "calls": (
        lambda v: bounded(f"<{shown(v)}>"),
        lambda c, v: bounded(f"{c}+{shown(v)}"),
        lambda a, b: bounded(f"[{a}|{b}]"),
    ),
    "count": (lambda v: 1, lambda c, v: c + 1, operator.add),
    "list": (lambda v: (v,), lambda c, v: (*c, v)[:12], lambda a, b: (a + b)[:12]),
}


def idle(values, calls):
    """How many batches a key had no value; after the second it goes."""
    if values:
        return 0
    return calls + 1 if calls < 1 else None


def tally(values, count):
    total = (count or 0) + len(values)
    return total if total < 4 else None


UPDATE = {
    "running": lambda values, total: (total or 0) + sum(values),
    "trail": lambda values, old: bounded(f"{'-' if old is None else old}{shown(tuple(values))}"),
    "last": lambda values, old: values[-1] if values else None,
    "keep": lambda values, old: values[-1] if values else old,
    "idle": idle,
    "tally": tally,
}
