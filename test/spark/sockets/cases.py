"""The cases: which bytes come when, and which program of programs.py reads them."""

from collections import namedtuple
from random import Random

from sockets.programs import PROGRAMS
from sockets.script import absent, close, each_batch, listen, reset, send

Case = namedtuple("Case", "program scripts batches ordered stop")
Case.__doc__ = """
A program, the scripts of its left and right streams, and how many batches are recorded.

`ordered`: the order of records is defined in Spark, as all that a batch has came in one piece.
`stop`: when and how the context is stopped; None: after the batches.
"""

CASES = {}


def case(name, program, left, right=None, batches=None, ordered=True, stop=None):
    """`batches`: by default up to the last step."""
    assert name not in CASES, name
    assert program in PROGRAMS, program
    scripts = [left] if right is None else [left, right]
    last = max(step["batch"] for script in scripts for step in script)
    CASES[name] = Case(program, scripts, batches or last, ordered, stop)


# --- bytes into lines -------------------------------------------------------------------------------------------------

ENDS = [send(1, "a\nb\n"), send(2, "c\r\nd\r\n"), send(3, "e\rf\rg\r"), send(4, "h\n\ri\n\n\rj\r\r\n\r\rk\n")]
case("lines: LF, CR LF, CR, and mixed", "lines", ENDS)
case("lines: CR at the end of a piece, LF in the next", "lines", [send(1, "a\r"), send(1, "\nb\n", at=1250), send(2, "c\r"), send(2, "\rd\n", at=1250)])
case("lines: CR at the end of a batch, LF in the next", "lines", [send(1, "a\r"), send(2, "\nb\r"), send(3, "\n"), send(4, "c\r"), send(5, "d\n")])
case("lines: CR at the end of a batch, two LF in the next", "lines", [send(1, "a\r"), send(2, "\n\nb\n"), send(3, "c\r"), send(4, "\n\r\nd\n")])
case("lines: blank ones", "lines", [send(1, "\n\n\na\n\n"), send(2, "\n"), send(3, "\r\n\r\n")])
case("lines: cut over batches", "lines", [send(1, "to be or n"), send(2, "ot to be\nthat is"), send(3, " the"), send(4, " question\n")])
case("lines: cut everywhere", "lines", [send(1, byte, at=850 + 10 * i) for i, byte in enumerate("a b\r\nc\rd\n\ne\n")])
case("lines: a byte-order mark at the start, inside and alone", "lines", [send(1, "\ufeffhi\n\ufeff\nh\ufeffi\n"), send(2, "\ufeff\ufeffhi\n")])
case("lines: UTF-16 is not UTF-8", "lines", [send(1, "hi\n".encode("utf-16"))])
case(
    "lines: what does not separate",
    "lines",
    [send(1, "a\0b\x01c\x0bd\x0ce\x1cf\x1dg\x1eh\x85i\u2028j\u2029k\x1al\n\0\n \0 \n"), send(2, "\t a\tb \t\n")],
)
case("lines: a long one", "lengths", [send(1, "0123456789", times=15000), send(1, "\nend\n", at=1250)])
case("lines: a long one of long characters", "lengths", [send(1, "aé€😀", times=20000), send(1, "\n", at=1250)])
case(
    "lines: a long one over three batches",
    "lengths",
    [send(1, "start "), send(1, "spark ", at=1250, times=20000), send(2, "é", times=30000), send(3, "\rb\n")],
)
case("lines: many", "word count", [send(1, "to be or not to be\n", times=3000), send(2, "word\r\n", times=20000)])

# --- bytes into characters --------------------------------------------------------------------------------------------


def bad(*sequences):
    """Each sequence alone, after a letter, before one, between two, and twice."""
    return b"".join(b"%s\na%s\n%sb\na%sb\n%s%s\n" % ((seq,) * 6) for seq in sequences)


case("UTF-8: bytes that are never right", "lines", [send(1, bad(b"\xff", b"\xfe", b"\xc0", b"\xc1", b"\xf5", b"\xf8", b"\xfc"))])
case("UTF-8: continuation bytes alone", "lines", [send(1, bad(b"\x80", b"\xbf", b"\x80\xbf", b"\xa0\xa0\xa0", b"\x80\x80\x80\x80"))])
case("UTF-8: cut characters", "lines", [send(1, bad(b"\xc3", b"\xe2", b"\xe2\x82", b"\xf0", b"\xf0\x9f", b"\xf0\x9f\x98", b"\xc3\xc3\xa9"))])
case(
    "UTF-8: overlong forms",
    "lines",
    [send(1, bad(b"\xc0\x80", b"\xc1\xbf", b"\xe0\x80\x80", b"\xe0\x9f\xbf", b"\xf0\x80\x80\x80", b"\xf0\x8f\xbf\xbf", b"\xe0\x80", b"\xf0\x8f"))],
)
case(
    "UTF-8: past the last character",
    "lines",
    [send(1, bad(b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xfc\x84\x80\x80\x80\x80", b"\xf4\x90"))],
)
case(
    "UTF-8: coded surrogates",
    "lines",
    [send(1, bad(b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xed\xa0\xbd\xed\xb8\x80", b"\xed\xa0", b"\xed\xb0", b"\xed", b"\xed\xed\xa0\x80"))],
)
case("UTF-8: coded surrogates, then right ones", "lines", [send(1, b"\xed\xa0\x80\xed\x9f\xbf\xee\x80\x80\xed\xa0\xc3\xa9\xed\xa0\xed\xa0\xed\x9f\n")])
case("UTF-8: cut at the end of a line", "lines", [send(1, b"\xc3\nb\n\xe2\x82\r\n\xf0\x9f\x98\r\xed\xa0\n\xed\n\xf0\n")])
case("UTF-8: characters cut over pieces", "lines", [send(1, bytes([byte]), at=850 + 10 * i) for i, byte in enumerate("é€😀\n".encode())])
case(
    "UTF-8: bad sequences cut over pieces",
    "lines",
    [
        send(1, bytes([byte]), at=850 + 10 * i)
        for i, byte in enumerate(b"\xe2\x82a\xed\xa0\x80b\xf0\x9f\x98\xff\xed\xa0c\xe0\x80d\xc3\n\xed\n")
    ],
)
case("UTF-8: a character cut over batches", "lines", [send(1, b"a\xf0\x9f"), send(2, b"\x98"), send(3, b"\x80b\xe2\x82"), send(4, b"c\n")])
case(
    "UTF-8: characters of all kinds",
    "lines",
    [send(1, "é ß İ naïve e\u0301\n日本語 한국어\n\u05e9\u05dc\u05d5\u05dd \u202eabc\u202c\n😀 👩\u200d👩\u200d👧 🇩🇪\n\ufffd\ufffe\uffff \ue000 \U0010ffff \U000e0001\n")],
)
noise = Random(43)
case(
    "UTF-8: random bytes",
    "lines",
    [send(k, bytes(noise.choice((noise.randrange(256), noise.randrange(0x80, 0x100), 0xED, 0xA0, 0x80, 10)) for _ in range(400))) for k in (1, 2, 3)],
)

# --- words ------------------------------------------------------------------------------------------------------------

SPACES = [send(1, "  a  b \n\n \n"), send(2, "a\tb\ta  \n   \n"), send(3, "\r\n\r\n a\n")]
case("words: empty ones", "words", SPACES)
case("word count: empty words", "word count", SPACES)
HOSTILE = [
    send(1, "__proto__ constructor toString hasOwnProperty __proto__ valueOf\nprototype constructor it's say\"x\" \\ \\n '\" null undefined NaN None\n"),
    send(2, "\0 \x1b[31m \x7f \xa0 \u200b \u2028 \ufeff \ufeffa a \u202e 0 -1 1e3 true \0\n"),
    send(3, "é e\u0301 É ß SS İ i\u0307 日本語 שלום مرحبا 😀 👩\u200d👩\u200d👧 😀 \U0010ffff é 日本語\n"),
]
case("word count: hostile words", "word count", HOSTILE)
case("word count: hostile words, one's own functions", "word count in one's own functions", HOSTILE)
case("word count: hostile words, 3 partitions", "word count, 3 partitions", HOSTILE)
case("countByValue: hostile words", "countByValue", HOSTILE)
MANGLED = [send(1, b"a\xff a\xfe a\xef\xbf\xbd \xed\xa0\x80 \xff\xed\xa0\x80 \xef\xbf\xbd a\xc3 b\xe2\x82 b\xff\n"), send(2, b"\xc3\xa9 \xe9 \xe8\n\xc3\n\xa9\n")]
case("word count: words that are the same once decoded", "word count", MANGLED)
case("word count: words that are the same once decoded, one's own functions", "word count in one's own functions", MANGLED)

# --- operators --------------------------------------------------------------------------------------------------------

# One script for many programs; batches 2, 4, 5 and 8 have no block, and so an RDD without partitions.
FLOW = each_batch(
    ["to be or not to be", "hello  world", ""], [], ["be", "hello spark"], [], [], ["world or", "to"], ["not"], [],
    ["hello to spark", "spark"],
)  # fmt: skip
for name in (
    "word count", "word count in one's own functions", "word count, 3 partitions", "filter, map", "count",
    "count of a filter", "countByValue", "reduce", "partitions", "mapPartitions", "partitions of a word count",
    "partitions of a count", "word count, then by count", "transform: union of a list", "transform: sortByKey",
):  # fmt: skip
    case(f"silent batches: {name}", name, FLOW)

PAIRS = each_batch(["a 1", "k 2", "a 3", "b 4"], [], ["k 5", "b 6", "a 7", "c 8"], [], ["a 9"])
for name in "groupByKey", "partitionBy", "combineByKey", "transform: join of a list":
    case(f"silent batches: {name}", name, PAIRS)

PIECES = [send(k, f"to be\n{word} or\n", at=at) for k in (1, 3) for word, at in (("b", 850), ("not", 1050), ("b", 1250))]
case("several blocks: lines", "lines", PIECES, ordered=False)
case("several blocks: count", "count", PIECES)
case("several blocks: word count", "word count", PIECES, ordered=False)
case("several blocks: countByWindow 3 by 1", "countByWindow 3 by 1", PIECES, batches=6)

# Batch 1: both; 2: left only; 3: right only; 4: none; 5: both, without a common key.
LEFT = each_batch(["a 1", "b 2", "a 3"], ["k 4", "a 5"], [], [], ["c 6"])
RIGHT = each_batch(["a x", "b y", "a z", "d w"], [], ["k u", "b v"], [], ["d t"])
SILENT = []
for name in (
    "union", "partitions of a union", "count of a union", "word count of a union", "union of word counts", "join",
    "leftOuterJoin", "rightOuterJoin", "fullOuterJoin", "cogroup", "join of word counts", "transformWith", "join of windows",
):  # fmt: skip
    case(f"two sockets: {name}", name, LEFT, RIGHT)
for name in "partitions of a union", "count of a union", "join", "leftOuterJoin", "fullOuterJoin", "cogroup":
    case(f"two sockets, one silent: {name}", name, LEFT, SILENT)
case("two sockets, one silent: rightOuterJoin, the left", "rightOuterJoin", SILENT, RIGHT)

for name in PROGRAMS:
    if "indow" in name and name not in ("join of windows", "pprint: window 2 by 2"):
        batches = 10 if " 3 " in name or " 5 by 1" in name else 12
        script = PAIRS if "groupByKey" in name else FLOW
        case(f"windows: {name}", name, script, batches=batches)
    if name.startswith("updateStateByKey"):
        case(f"state: {name}", name, FLOW, batches=10)

# --- connections ------------------------------------------------------------------------------------------------------

# The reader comes back 2 s after the end: by the middle of the next batch.
CLOSED = [send(1, "a b\n"), close(1, at=1250), send(3, "c a\n"), close(3, at=1250), send(5, "d\n")]
UNFINISHED = [send(1, "a b\nunfinished"), close(2), send(3, "line\nb"), close(4), send(5, "c\n")]
case("restart: after whole lines", "lines", CLOSED)
case("restart: an unfinished line is a line", "lines", UNFINISHED)
case("restart: word count", "word count", UNFINISHED)
case("restart: state goes on", "updateStateByKey", UNFINISHED, batches=6)
case("restart: windows go on", "window 3 by 1", CLOSED, batches=7)
case("restart: LF after a new connection is not of the CR before", "lines", [send(1, "a\r"), close(2), send(3, "\nb\n")])
case("restart: nothing of a whole line is left", "lines", [send(1, "a\r\n"), close(2), send(3, "b\n"), close(4), send(5, "c\n")])
case("restart: a character cut by the end", "lines", [send(1, b"a\n\xe2\x82"), close(2), send(3, b"\xac\n\xf0\x9f\x98"), close(4), send(5, b"\xed\xa0"), close(6)])
case("restart: a byte-order mark at each start", "lines", [send(1, "\ufeffa\n"), close(2), send(3, "\ufeffb\n")])
case("restart: refused at first", "lines", [listen(2), send(4, "at last\n")])
case("restart: refused at first, word count", "word count", [listen(1), send(3, "at last at\n"), close(4), send(5, "at\n")])
case("restart: closed at once again and again", "lines", [close(1), close(2), close(3), close(4), send(5, "at last\n")])
case("restart: reset after whole lines", "lines", [send(1, "a\nb\n"), reset(2), send(3, "c\n")])
case("restart: reset in the midst of a line", "lines", [send(1, "a\nunfinished"), reset(2), send(3, "b\n"), close(4), send(5, "c\n")])
case("restart: reset after a CR", "lines", [send(1, "a\r"), reset(2), send(3, "\nb\n")])
NEVER = [absent(1)]
case("restart: one socket is never there: union", "union", LEFT, NEVER, batches=5)
case("restart: one socket is never there: fullOuterJoin", "fullOuterJoin", LEFT, NEVER, batches=5)

# --- printing ---------------------------------------------------------------------------------------------------------

SEED = [send(1, "spark streaming with spark\n"), send(3, "stream processing with spark\nbig data spark\n"), send(4, "hello\n")]
MANY = [send(1, "k7 k3 k11 k1 k9 k2 k12 k5 k0 k10 k4 k8 k6 k3 k11 k13 k14 k0\n"), send(3, "0 1 2 3 4 5 6 7 8 9\n"), send(4, "0 1 2 3 4 5 6 7 8 9 10\n")]
case("print: the seed's lines", "pprint: word count", SEED, batches=5)
case("print: more than ten words", "pprint: word count", MANY)
case("print: hostile words", "pprint: word count", HOSTILE)
case("print: hostile lines", "pprint: lines", HOSTILE)
case("print: bad bytes", "pprint: lines", [send(1, b"a\xff\n\xed\xa0\x80\n"), send(2, "\ufeffa\0\x1b[31m\n")])
case("print: empty words", "pprint: word count", SPACES)
case("print: count", "pprint: count", FLOW)
case("print: partitions", "pprint: partitions", FLOW, batches=5)
case("print: 3", "pprint(3)", MANY)
case("print: 0", "pprint(0)", SEED)
case("print: 1 and 2", "pprint(1), pprint(2)", SEED)
case("print: several", "pprint: several", SEED)
case("print: of two sockets", "pprint: of two sockets", LEFT, RIGHT)
case("print: window 2 by 2", "pprint: window 2 by 2", FLOW)
case("print: updateStateByKey", "pprint: updateStateByKey", FLOW)
case("print: fullOuterJoin", "pprint: fullOuterJoin", LEFT, RIGHT)
case("print: values", "pprint: values", [send(1, "it's \"x\"\n"), send(2, "é\n\n")])

# --- the end ----------------------------------------------------------------------------------------------------------

GRACEFUL = {"batch": 2, "at": 1450, "gracefully": True}
AT_ONCE = {"batch": 2, "at": 1450, "gracefully": False}
case("stop: gracefully, with data", "pprint: several", [send(1, "a b a\n"), send(2, "last words last\n")], stop=GRACEFUL)
case("stop: gracefully, without data", "pprint: word count", [send(1, "a b a\n")], batches=2, stop=GRACEFUL)
case("stop: gracefully, with an unfinished line", "pprint: lines", [send(1, "a b a\n"), send(2, "last\nunfinished")], stop=GRACEFUL)
case("stop: gracefully, state", "pprint: updateStateByKey", [send(1, "a b a\n"), send(2, "last a\n")], stop=GRACEFUL)
case("stop: at once, with data", "pprint: word count", [send(1, "a b a\n"), send(2, "lost words\n")], stop=AT_ONCE)
case("stop: at once, with an unfinished line", "pprint: lines", [send(1, "a b a\nunf"), send(2, "inished\nlost")], stop=AT_ONCE)
