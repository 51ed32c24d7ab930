/** The service on Node: `serve` with its options. @module */

import { enableCompileCache } from "node:module";

// Stripping the types of the files takes longer than all else at the start: it is done once for each version of a file.
enableCompileCache();
const { main } = await import("./cli.ts");
process.exit(await main(["serve", ...process.argv.slice(2)]));
