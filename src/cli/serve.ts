/** `sluice serve`: the service. @module */

import { atMost, systemClock } from "../clock.ts";
import { readConfig, type Config } from "../config/mod.ts";
import { messageOf, traceOf } from "../errors.ts";
import { Logging, type LogSink } from "../logging.ts";
import type { Runtime } from "../runtime.ts";
import { startService, type LoadRooms, type Service } from "../service.ts";
import { CONFIG_OPTIONS, saidBy } from "./configuration.ts";
import { isWatched, onFault, onSignal, outliveReaders } from "./host.ts";
import type { Command, Given } from "./options.ts";
import { announce, remark, stopSignal } from "./terminal.ts";

/** `EX_SOFTWARE` of sysexits.h: a fault of ours, after which nothing is sure. */
const FAULT = 70;
/** How long sessions and followers are given after one, in ms. */
const DRAIN_MS = 5000;

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
      const logging = openLogging(config);
      const { log } = logging;
      const fault = new Promise<typeof FAULT>((resolve) => {
        onFault((failure) => {
          log("error", "fault: the service stops", { trace: traceOf(failure) });
          resolve(FAULT);
        });
      });
      const service = await startService(config, { runtime, logging, loadRooms });
      onSignal("SIGHUP", () => void reload(service, given, logging));
      const header = config.token === null && config.tokens === null ? "" : ' -H "Authorization: Bearer $SLUICE_TOKEN"';
      announce(`Sluice listens on ${service.url}\nTry: curl -X POST ${service.url}/sessions${header}`);
      let code = 0;
      try {
        const why = await Promise.race([stopped, service.failed, fault]);
        if (why === FAULT) code = FAULT;
        else log("info", "stopping", { reason: why });
      } finally {
        await (code === FAULT ? atMost(systemClock, DRAIN_MS, service.close()) : service.close());
        log("info", "stopped");
        // Where it has ended before it was loaded.
        logging.begin((await loadRooms()).openWriter);
      }
      return code;
    },
  };
}

function openLogging({ logLevel, logFormat }: Config): Logging {
  const openSink = (): LogSink => {
    outliveReaders();
    return { form: logFormat ?? (isWatched() ? "text" : "json"), write: remark };
  };
  return new Logging({ level: logLevel, openSink });
}

/** Takes over what may change while it runs; with a fault everything stays as it is. */
async function reload(service: Service, given: Given, { log }: Logging): Promise<void> {
  try {
    const restart = (await service.reload(readConfig(await saidBy(given)))).join(", ");
    log("info", "configuration read", restart === "" ? {} : { wantRestart: restart });
  } catch (failure) {
    log("error", "configuration kept as it was", { failure: messageOf(failure) });
  }
}
