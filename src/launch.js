#!/usr/bin/env node
/** Starts the command line, or says which Node it needs. Plain JavaScript, so that every Node can read it. */

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major >= 24 || (major === 22 && minor >= 18)) {
  const { enableCompileCache } = await import("node:module");
  // See node.ts. Deno and Bun, which can run this too, need no such thing.
  enableCompileCache?.();
  const { main } = await import("./cli.ts");
  process.exitCode = await main(process.argv.slice(2));
  process.exit();
}
console.error(
  `Cannot run Sluice on Node ${process.versions.node}: Node 22.18 or later, 24, or 26 is wanted (https://nodejs.org)`,
);
process.exitCode = 1;
