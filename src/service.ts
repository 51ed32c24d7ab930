/** Puts the house together, and takes it apart in order. @module */

import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import packageJson from "../package.json" with { type: "json" };
import { systemClock } from "./clock.ts";
import { isLoopback, type Config } from "./config.ts";
import { messageOf, SluiceError, systemCodeOf } from "./errors.ts";
import { createApp, type Asset } from "./http/mod.ts";
import type { Listener, Runtime } from "./runtime.ts";
import { DEFAULT_LIMITS, Sessions } from "./sessions/mod.ts";
import { sourceOpener } from "./sources/mod.ts";
import { MemoryLog } from "./storage/mod.ts";

/** How long a stop may take, three quarters of it for clients to take what they were sent, in ms. */
const STOP_DEADLINE_MS = 10_000;
const GRACE_SHARE = 0.75;

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
};

/** A running service. */
export interface Service {
  readonly url: string;
  /** Stops sessions first, so that their last batches are counted and their followers told, then the server. */
  close(): Promise<void>;
}

/** Starts a service; resolves when it listens. */
export async function startService(config: Config, runtime: Runtime): Promise<Service> {
  const loopback = isLoopback(config.host);
  const sessions = new Sessions({
    clock: systemClock,
    limits: DEFAULT_LIMITS,
    openSource: sourceOpener({ clock: systemClock, folder: config.folder, allowSocket: loopback }),
    openLog: () => new MemoryLog(DEFAULT_LIMITS, runtime.digest),
  });
  const app = createApp({
    sessions,
    runtime,
    clock: systemClock,
    version: packageJson.version,
    assets: await readAssets(join(import.meta.dirname, "web")),
    loopback,
    token: config.token,
    onFault: (message) => process.stderr.write(`${JSON.stringify({ level: "error", message })}\n`),
  });
  const listener = await listen(runtime, config, (request, native) => app.fetch(request, native));
  return {
    url: urlOf(config.host, listener.port),
    async close() {
      await sessions.close();
      await listener.close(STOP_DEADLINE_MS * GRACE_SHARE);
    },
  };
}

async function listen(
  runtime: Runtime,
  { host, port }: Config,
  fetch: Parameters<Runtime["listen"]>[0]["fetch"],
): Promise<Listener> {
  try {
    return await runtime.listen({ host, port, fetch });
  } catch (failure) {
    const code = systemCodeOf(failure) ?? messageOf(failure);
    if (code === "EADDRINUSE" || /address already in use/i.test(code)) {
      throw new SluiceError(
        "port_taken",
        `Cannot listen on ${host}:${port}: the port is in use; a free one is wanted, --port 0 takes any`,
      );
    }
    throw new SluiceError("cannot_listen", `Cannot listen on ${host}:${port}: ${code}`, { cause: failure });
  }
}

/** A host that means every address cannot be opened by its name in every browser. */
function urlOf(host: string, port: number): string {
  if (host === "0.0.0.0" || host === "::") return `http://localhost:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The page's files: `index.html` at `/`, the others below `/web/`. */
async function readAssets(folder: string): Promise<Map<string, Asset>> {
  const assets = new Map<string, Asset>();
  for (const name of await readdir(folder, { recursive: true })) {
    const type = MEDIA_TYPES[extname(name)];
    if (type === undefined) continue;
    const bytes = new Uint8Array(await readFile(join(folder, name)));
    assets.set(name === "index.html" ? "/" : `/web/${name.replaceAll("\\", "/")}`, { type, bytes });
  }
  return assets;
}
