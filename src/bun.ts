/** The service on Bun: `serve` with its options. @module */

import { runCommand } from "./cli/run.ts";
import { serveOn } from "./cli/serve.ts";
import { bunRuntime } from "./runtimes/bun.ts";

process.exit(
  await runCommand(
    "serve",
    serveOn(bunRuntime, () => import("./rooms.ts")),
    process.argv.slice(2),
  ),
);
