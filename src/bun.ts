/** The service on Bun: `serve` with its options. @module */

import { main } from "./cli.ts";

process.exit(await main(["serve", ...process.argv.slice(2)]));
