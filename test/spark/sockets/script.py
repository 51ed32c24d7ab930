"""
Scripts: what a server does, and when. A step is plain JSON, so that the player, the record and Sluice's replay read the
same thing. `batch` counts from 1, `at` is ms after the boundary that batch begins at. Bytes are UTF-8, a byte that is not is
its surrogate escape (`\\udcff` for FF).

Steps stand well inside an interval of 2 s, for a batch that is planned late gets what has come since, and between two of the
multiples of 200 ms at which Spark cuts its blocks.
"""

def send(batch, data, at=850, times=1):
    """Sends `data` (text or bytes), `times` over, in one piece."""
    text = data if isinstance(data, str) else data.decode("utf-8", "surrogateescape")
    return {"batch": batch, "at": at, "send": text} | ({"times": times} if times > 1 else {})


def close(batch, at=850):
    """Ends the connection."""
    return {"batch": batch, "at": at, "do": "close"}


def reset(batch, at=850):
    """Ends the connection by a reset."""
    return {"batch": batch, "at": at, "do": "reset"}


def listen(batch, at=850):
    """Begins to listen; a script with such a step does not before."""
    return {"batch": batch, "at": at, "do": "listen"}


def absent(batch, at=850):
    """Nobody ever listens."""
    return {"batch": batch, "at": at, "do": "absent"}


def each_batch(*lists):
    """Sends the k-th list of lines in batch k."""
    return [send(k + 1, "".join(f"{line}\n" for line in lines)) for k, lines in enumerate(lists) if lines]


def data_of(step):
    return step["send"].encode("utf-8", "surrogateescape") * step.get("times", 1)


def time_of(step, began, interval):
    """In ms since the epoch; `began`: the boundary that batch 1 begins at."""
    return began + (step["batch"] - 1) * interval + step["at"]
