"""Runs map_with_state/Record.java, the cases of Scala's `mapWithState`, on the jars that come with PySpark, and keeps what it writes;
with --check compares it with what is kept. Other words are names: without one that is in a case's, nothing is run."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pyspark

FOLDER = Path(__file__).parent / "map_with_state"
FIXTURES = FOLDER / "fixtures.json"
# What Spark reaches into, and Java 17 does not open by itself.
OPENED = """lang lang.invoke lang.reflect io net nio util util.concurrent""".split()


def run():
    jars = str(Path(pyspark.__file__).parent / "jars" / "*")
    opened = [f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in OPENED]
    opened += ["--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "--add-opens=java.base/sun.util.calendar=ALL-UNNAMED"]
    with tempfile.TemporaryDirectory(prefix="sluice-spark-") as classes:
        subprocess.run(["javac", "-nowarn", "-cp", jars, "-d", classes, FOLDER / "Record.java"], check=True, stderr=subprocess.DEVNULL)
        command = ["java", *opened, "-cp", f"{classes}:{jars}", "Record"]
        return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)


def main():
    words = [word for word in sys.argv[1:] if word != "--check"]
    recorded = json.loads(FIXTURES.read_text())
    chosen = [name for name in recorded if not words or any(word in f"mapWithState: {name}" for word in words)]
    if words and not chosen:
        return
    out = run()
    if "--check" not in sys.argv:
        FIXTURES.write_text(json.dumps(out, indent=2) + "\n")
        return
    failed = [name for name in chosen if out.get(name) != recorded[name]]
    for name in failed:
        print(f"differs: mapWithState: {name}\n  recorded {json.dumps(recorded[name])}\n  now      {json.dumps(out.get(name))}")
    print(f"{len(chosen) - len(failed)} passed, {len(failed)} failed")
    sys.exit(1 if failed else 0)


main()
