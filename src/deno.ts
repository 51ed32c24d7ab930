/** The service on Deno: `serve` with its options. @module */

import { main } from "./cli.ts";

process.exit(await main(["serve", ...process.argv.slice(2)]));
