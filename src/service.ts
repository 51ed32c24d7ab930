/** Puts the house together, and takes it apart in order. @module */

import { atMost, shortlyAfter, systemClock } from "./clock.ts";
import { isLoopback, optionOf, SETTING_NAMES, settingOf, type Config } from "./config/mod.ts";
import { readCredentials } from "./credentials.ts";
import { messageOf, SluiceError, systemCodeOf } from "./errors.ts";
import { Answers, createFront, Guard, notReady, Tickets, type Readiness } from "./front/mod.ts";
import type { Logging } from "./logging.ts";
import { pageOf } from "./page.ts";
import type * as RoomsModule from "./rooms.ts";
import type { Rooms } from "./rooms.ts";
import type { Listener, ListenOptions, Runtime } from "./runtime.ts";

/** How long a stop may take, three quarters of it for clients to take what they were sent, in ms. */
const STOP_DEADLINE_MS = 10_000;
const GRACE_SHARE = 0.75;
/** The rooms are loaded when nobody has asked for them so long after the service listens, in ms. */
const LOAD_AFTER_MS = 100;
/** Who asks whether it is ready waits so long for them, in ms. */
const READY_WITHIN_MS = 1000;

/** A running service. */
export interface Service {
  readonly url: string;
  /** Rejects when the service can be of no use: sessions cannot be kept where they are to be. */
  readonly failed: Promise<never>;
  /** Takes over what may change while it runs; gives the options of what has changed and may not. */
  reload(config: Config): Promise<readonly string[]>;
  /** Stops sessions first, so that their last batches are counted and their followers told, then the server. */
  close(): Promise<void>;
}

/** Imports `rooms.ts`. */
export type LoadRooms = () => Promise<typeof RoomsModule>;

/** What a service is made with. */
export interface ServiceParts {
  readonly runtime: Runtime;
  readonly logging: Logging;
  readonly loadRooms: LoadRooms;
}

/** Starts a service; resolves when it listens. */
export async function startService(config: Config, { runtime, logging, loadRooms }: ServiceParts): Promise<Service> {
  const { log } = logging;
  const { host } = config;
  const answers = new Answers();
  const tickets = new Tickets(systemClock);
  const guard = new Guard(runtime.digest, tickets);
  const use = async (latest: Config): Promise<void> => {
    const tokens = await readCredentials(latest, runtime.digest);
    guard.use({ host, loopback: isLoopback(host), allowed: latest.allowHost, tokens });
  };
  await use(config);
  let latest = config;
  let isClosing = false;
  let rooms: Promise<Rooms> | undefined;
  const failed = Promise.withResolvers<never>();
  failed.promise.catch(() => {});
  const load = async (): Promise<Rooms> => {
    const { openRooms, openWriter } = await loadRooms();
    logging.begin(openWriter);
    const opened = await openRooms({ config: latest, runtime, tickets, answers, log });
    runtime.loaded?.();
    // Who comes as late as that is told so.
    if (isClosing) await opened.close();
    return opened;
  };
  const enter = (): Promise<Rooms> =>
    (rooms ??= load().catch((failure: unknown) => {
      if (failure instanceof SluiceError) failed.reject(failure);
      // The next one tries again.
      rooms = undefined;
      throw failure;
    }));
  /** Enters for nobody's sake: a failure is told where it is looked for. */
  const prepare = (): Promise<Rooms | undefined> =>
    enter().catch((failure: unknown) => {
      // What it is told by `failed` it says itself.
      if (!(failure instanceof SluiceError))
        log("error", "cannot load what sessions need", { failure: messageOf(failure) });
      return undefined;
    });
  const readiness = async (): Promise<Readiness> => {
    if (isClosing) return notReady("stopping");
    const opened = await atMost(systemClock, READY_WITHIN_MS, prepare());
    return opened === undefined ? notReady("starting") : opened.readiness();
  };
  const fetch = createFront({
    guard,
    rooms: async () => (await enter()).fetch,
    asset: pageOf(runtime),
    about: async () => ({ name: "sluice", version: (await import("./version.ts")).VERSION, runtime: runtime.name }),
    readiness,
    answers,
    clock: systemClock,
    log,
  });
  const listener = await listen(runtime, { ...config, fetch });
  shortlyAfter(LOAD_AFTER_MS, () => {
    if (!isClosing) void prepare();
  });
  const url = urlOf(host, listener.port);
  log("info", "listening", { url, runtime: runtime.name });
  return {
    url,
    failed: failed.promise,
    async reload(changed) {
      // What is wrong is found before anything is taken over.
      await use(changed);
      latest = changed;
      logging.setLevel(changed.logLevel);
      (await rooms?.catch(() => undefined))?.reload(changed);
      return SETTING_NAMES.filter(
        (name) => settingOf(name).reloads !== true && String(changed[name]) !== String(config[name]),
      ).map(optionOf);
    },
    async close() {
      isClosing = true;
      const opened = await rooms?.catch(() => undefined);
      // While nothing can be kept, last batches cannot either.
      if (opened !== undefined) await atMost(systemClock, STOP_DEADLINE_MS / 4, opened.close());
      await listener.close(STOP_DEADLINE_MS * GRACE_SHARE);
      await opened?.release();
    },
  };
}

async function listen(runtime: Runtime, options: ListenOptions): Promise<Listener> {
  const { host, port } = options;
  try {
    return await runtime.listen(options);
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
