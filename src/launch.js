#!/usr/bin/env node
/** Starts the command line, or says which Node it needs. Plain JavaScript, so that every Node can read it. */

const { node, deno, bun } = process.versions;
const [major = 0, minor = 0, patch = 0] = node.split(".").map(Number);
/** Below these, by their lines, Node has known faults that strangers can use: see docs/dependency-floors.json. */
const SAFE = ["22.23.2", "24.18.1", "26.5.1"];
const WANTED = `${SAFE.join(", ")} or later is wanted (https://nodejs.org)`;

if (major >= 24 || (major === 22 && minor >= 18)) {
  const [line = 0, least = 0, fix = 0] =
    SAFE.find((each) => Number.parseInt(each) >= major)
      ?.split(".")
      .map(Number) ?? [];
  const isSafe = major > line || (major === line && (minor > least || (minor === least && patch >= fix)));
  // Deno and Bun, which can run this too, say a Node that they are not.
  if (!isSafe && !deno && !bun) console.error(`Node ${node} has known faults that strangers can use: ${WANTED}`);
  const { enableCompileCache } = await import("node:module");
  // See node.ts. Deno and Bun need no such thing.
  enableCompileCache?.();
  const { main } = await import("./cli.ts");
  process.exitCode = await main(process.argv.slice(2));
  process.exit();
}
console.error(`Cannot run Sluice on Node ${node}: ${WANTED}`);
process.exitCode = 1;
