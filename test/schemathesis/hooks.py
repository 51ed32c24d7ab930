"""What a schema cannot say of a request that is to be good: files and servers that are there, a key of its own, and a rule of two fields."""

from itertools import count
from secrets import token_hex

import schemathesis
from schemathesis import GenerationMode

# A session has an end, and its streams with it.
LONGEST_MS = 300

KEY = "Idempotency-Key"
# Each run of Schemathesis counts from the beginning, and the service knows the keys of the one before.
run = token_hex(4)
numbers = count()


@schemathesis.hook
def before_call(context, case, kwargs):
    is_good = case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE
    if case.operation.definition.raw.get("operationId") == "startSession":
        start(case, is_good)
    query = case.query or {}
    # A bound on the lag goes with a policy that has one.
    if is_good and "maxLag" in query and query.get("policy", "gap") == "gap":
        case.query = {**query, "policy": "latest"}


def start(case, is_good):
    # No body is the same as an empty one.
    if not isinstance(case.body, (dict, list, str, int, float, bool, type(None))):
        case.body, case.media_type = {}, "application/json"
    if isinstance(case.body, dict):
        case.body = ending(possible(case.body) if is_good else case.body)
    if is_good and KEY in (case.headers or {}):
        case.headers[KEY] = fresh(case.headers[KEY])


def ending(spec):
    """The same session with an end that is near; what is not good stays as it is."""
    asked = spec.get("durationMs")
    # 400.0 is a whole number as well.
    is_whole = type(asked) in (int, float) and asked % 1 == 0
    is_far = asked is None or (is_whole and LONGEST_MS < asked <= 7 * 24 * 3_600_000)
    return {**spec, "durationMs": LONGEST_MS} if is_far else spec


def possible(spec):
    """The same session, as it can be here."""
    source = dict(spec.get("source") or {"type": "emitter"})
    if "file" in source:
        source["file"] = "messages.txt"
    if source["type"] == "socket":
        # Nobody listens there: it tries again until the session's end.
        source.update(host="127.0.0.1", port=9)
    else:
        # Others may have any port of this machine.
        source["port"] = 0
    return {**spec, "source": source}


def fresh(key):
    """The key with a number: with a known one another body would be refused, and the same tell of a session that may be gone."""
    end = f"-{run}-{next(numbers)}"
    if len(key) > 200:
        return f"long{end}"
    return f'{key[:-1]}{end}"' if key.startswith('"') else f"{key}{end}"
