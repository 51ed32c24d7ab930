/** `sluice serve`: the service. @module */

import { DEFAULT_HOST, DEFAULT_PORT, readConfig } from "../config.ts";
import type { Runtime } from "../runtime.ts";
import { startService } from "../service.ts";
import type { Command } from "./options.ts";
import { note, print, stopSignal } from "./terminal.ts";

/** The command on a runtime. */
export function serveOn(findRuntime: () => Promise<Runtime>): Command {
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
      files: {
        type: "string",
        value: "DIR",
        help: "data folder of emitters' files (SLUICE_FILES; default the current one)",
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
          files: given.text("files"),
          maxSessions: given.text("max-sessions"),
        },
        process.env,
      );
      const service = await startService(config, await findRuntime());
      const header = config.token === null ? "" : ' -H "Authorization: Bearer $SLUICE_TOKEN"';
      print(`Sluice listens on ${service.url}\nTry: curl -X POST ${service.url}/sessions${header}\n`);
      note(`${await stopped}: stopping`);
      await service.close();
      return 0;
    },
  };
}
