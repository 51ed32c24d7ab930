/** The service on Deno: `serve` with its options. @module */

import { runCommand } from "./cli/run.ts";
import { serveOn } from "./cli/serve.ts";
import { denoRuntime } from "./runtimes/deno.ts";

declare const Deno: { readonly args: readonly string[]; exit(code: number): never };

Deno.exit(await runCommand("serve", serveOn(denoRuntime), Deno.args));
