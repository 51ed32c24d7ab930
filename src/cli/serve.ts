/** `sluice serve`: the service. @module */

import { readConfig } from "../config/mod.ts";
import { messageOf } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { startService, type LoadRooms, type Service } from "../service.ts";
import { CONFIG_OPTIONS, saidBy } from "./configuration.ts";
import { onSignal } from "./host.ts";
import type { Command, Given } from "./options.ts";
import { announce, note, stopSignal } from "./terminal.ts";

/** The command on a runtime. */
export function serveOn(runtime: Runtime, loadRooms: LoadRooms): Command {
  return {
    usage: "serve [options]",
    summary:
      "Runs the service until SIGINT or SIGTERM, then stops gracefully; SIGHUP reads its configuration again. Options win over the environment, which wins over the file.",
    options: CONFIG_OPTIONS,
    async run(given) {
      const stopped = stopSignal();
      const config = readConfig(await saidBy(given));
      const service = await startService(config, runtime, loadRooms);
      onSignal("SIGHUP", () => void reload(service, given));
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

/** Takes over what may change while it runs; with a fault everything stays as it is. */
async function reload(service: Service, given: Given): Promise<void> {
  try {
    const kept = await service.reload(readConfig(await saidBy(given)));
    note(`SIGHUP: configuration read${kept.length === 0 ? "" : `; a restart is wanted for ${kept.join(", ")}`}`);
  } catch (failure) {
    note(`SIGHUP: nothing is changed: ${messageOf(failure)}`);
  }
}
