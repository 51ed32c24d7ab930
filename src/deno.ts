/** The service on Deno: `serve` with its options. @module */

import { runCommand } from "./cli/run.ts";
import { serveOn } from "./cli/serve.ts";
import { denoRuntime } from "./runtimes/deno.ts";
import type * as Rooms from "./rooms.ts";

declare const Deno: { readonly args: readonly string[]; exit(code: number): never };

// Not a plain import: what Deno can read of one it looks at before it starts, a hundred files of it.
const rooms = new URL("./rooms.ts", import.meta.url).href;
const loadRooms = (): Promise<typeof Rooms> => import(rooms) as Promise<typeof Rooms>;

Deno.exit(await runCommand("serve", serveOn(denoRuntime, loadRooms), Deno.args));
