/** Runs the chains on the standard input, one a line, and writes what comes out, one a line. @module */

import { createInterface } from "node:readline";
import { run, type Chain } from "./interpret.ts";

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await run(JSON.parse(line) as Chain).catch((failure: unknown) => String(failure));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
