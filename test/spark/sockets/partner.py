"""A process of its own that is spoken to in lines of JSON."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

SPARK = Path(__file__).parents[1]
ROOT = SPARK.parents[1]


class Partner:
    def __init__(self, *command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=SPARK)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.terminate()
            self.process.wait()

    def say(self, message):
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def hear(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.process.args} ended without a word")
        return json.loads(line)


def player():
    return Partner(sys.executable, "-m", "sockets.player")


def sluice():
    """In UTC, as Spark runs, and in the Node of the project's tools where the machine's own is older."""
    node = shutil.which("node", path=f"{ROOT / 'node_modules/.bin'}{os.pathsep}{os.environ['PATH']}")
    return Partner(node, "sockets/sluice_run.ts")
