/** `sluice serve`: the service. @module */

import { DEFAULT_DATA, DEFAULT_HOST, DEFAULT_PORT, IN_MEMORY, readConfig } from "../config.ts";
import type { Runtime } from "../runtime.ts";
import { startService, type LoadRooms } from "../service.ts";
import { environment } from "./host.ts";
import type { Command } from "./options.ts";
import { announce, note, stopSignal } from "./terminal.ts";

/** The command on a runtime. */
export function serveOn(runtime: Runtime, loadRooms: LoadRooms): Command {
  return {
    usage: "serve [options]",
    summary: "Runs the service until SIGINT or SIGTERM, then stops gracefully. Options win over the environment.",
    options: {
      port: { type: "string", value: "PORT", help: `port, 0 for any free one (PORT; default ${DEFAULT_PORT})` },
      host: {
        type: "string",
        value: "HOST",
        help: `address to listen on (HOST; default ${DEFAULT_HOST}, this machine only)`,
      },
      token: {
        type: "string",
        value: "TOKEN",
        help: "bearer token clients must send (SLUICE_TOKEN, which others cannot see)",
      },
      insecure: { type: "boolean", help: "listen beyond this machine without a token" },
      data: {
        type: "string",
        value: "DIR",
        help: `folder sessions and batches are kept in, or ${IN_MEMORY} (SLUICE_DATA; default ./${DEFAULT_DATA})`,
      },
      files: {
        type: "string",
        value: "DIR",
        help: "folder of emitters' files (SLUICE_FILES; default the current one)",
      },
      "max-sessions": {
        type: "string",
        value: "N",
        help: "sessions that may run at a time (SLUICE_MAX_SESSIONS; default 64)",
      },
    },
    async run(given) {
      const stopped = stopSignal();
      const config = readConfig(
        {
          host: given.text("host"),
          port: given.text("port"),
          token: given.text("token"),
          insecure: given.flag("insecure"),
          data: given.text("data"),
          files: given.text("files"),
          maxSessions: given.text("max-sessions"),
        },
        environment(),
      );
      const service = await startService(config, runtime, loadRooms);
      const header = config.token === null ? "" : ' -H "Authorization: Bearer $SLUICE_TOKEN"';
      announce(`Sluice listens on ${service.url}\nTry: curl -X POST ${service.url}/sessions${header}`);
      try {
        note(`${await Promise.race([stopped, service.failed])}: stopping`);
      } finally {
        await service.close();
      }
      return 0;
    },
  };
}
