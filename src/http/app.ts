/** The routes of sessions. @module */

import { Hono, type Context } from "hono";
import type { Network } from "../addresses.ts";
import type { Clock } from "../clock.ts";
import { SluiceError, traceOf } from "../errors.ts";
import { problemResponse, SECURITY_HEADERS, type Answers, type Issued, type Tickets } from "../front/mod.ts";
import type { Limits } from "../limits.ts";
import type { Log } from "../log.ts";
import type { Runtime } from "../runtime.ts";
import { descriptorsOf, type Session, type Sessions } from "../sessions/mod.ts";
import { linesOfBatch, listBatches, oneBatch, wordsOfBatch } from "./batches.ts";
import { Creations } from "./creations.ts";
import { Crowd } from "./crowd.ts";
import { Delivery } from "./delivery.ts";
import { DeliveryMeasures } from "./delivery_measures.ts";
import { Idempotency } from "./idempotency.ts";
import { json } from "./json.ts";
import { limitsJson } from "./limits.ts";
import type { metricsOf } from "./metrics.ts";
import { Peers } from "./peers.ts";
import { pushLines, type Pushed } from "./push.ts";
import { pushSocket } from "./push_socket.ts";
import { readSpec, readStop, readTicket } from "./requests.ts";
import { listSessions } from "./session_list.ts";
import { sessionJson } from "./representation.ts";
import { severalEvents, type Several } from "./several.ts";
import { severalSocket } from "./several_socket.ts";
import { exchangeOf, type Streaming } from "./streaming.ts";
import { serverSentEvents, text, webSocket, type Followed } from "./streams.ts";

/** What the app is made with. */
export interface AppParts {
  readonly sessions: Sessions;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly answers: Answers;
  readonly log: Log;
  readonly tickets: Pick<Tickets, "issue" | "size">;
  /** To be called before limits are told: some are the system's. */
  readonly knowDescriptors?: () => Promise<unknown>;
  /** Whose word on where a request comes from is believed; by default nobody's. */
  readonly proxies?: readonly Network[];
}

type Handler = (c: Context) => Response | Promise<Response>;
/** Answers with a problem document, and counts it. */
type Refuse = (failure: unknown, headers?: Readonly<Record<string, string>>) => Response;

/** All that is not the front's, for requests that the front has let in. */
export function createApp(parts: AppParts): Hono {
  const { sessions, runtime, clock, tickets, answers, proxies = [] } = parts;
  const limits = (): Limits => sessions.limits;
  const crowd = new Crowd({ limits, descriptors: () => sessions.descriptors });
  const creations = new Creations(clock, limits);
  const peers = new Peers(runtime, proxies);
  const addressOf = (c: Context): string | null => peers.of(exchangeOf(c));
  const streaming: Streaming = {
    stream: (exchange, headers, open) => runtime.stream(exchange, headers, crowd.counted(open)),
    upgrade: (exchange, protocol, open) => runtime.upgrade(exchange, protocol, crowd.counted(open)),
  };
  const measures = new DeliveryMeasures();
  const deliveries = new WeakMap<Session, Delivery>();
  const deliveryOf = (session: Session): Delivery => {
    const delivery = deliveries.get(session) ?? new Delivery(session, clock, { measures, crowd });
    deliveries.set(session, delivery);
    return delivery;
  };
  const show = (session: Session): object => sessionJson(session, deliveries.get(session)?.size ?? 0);
  const sessionOf = (c: Context): Session => sessions.get(c.req.param("id") ?? "");
  const followed = (c: Context): Followed => {
    const session = sessionOf(c);
    return { session, delivery: deliveryOf(session), runtime: streaming, address: addressOf(c) };
  };
  const pushing: Pushed["runtime"] = { ...runtime, ...streaming };
  const pushed = (c: Context): Pushed => {
    const { maxSourceIdleMs: maxIdleMs } = sessions.limits;
    return { session: sessionOf(c), clock, runtime: pushing, maxIdleMs };
  };
  const several: Several = {
    runtime: streaming,
    clock,
    addressOf,
    mustHaveRoom: () => crowd.mustHaveDescriptors("Cannot open a WebSocket", 1),
    branchOf(id, address) {
      const session = sessions.get(id);
      const delivery = deliveryOf(session);
      delivery.mustHaveRoom(address);
      return { session, delivery };
    },
  };

  const idempotency = new Idempotency({ sessions, runtime, clock, show });
  let metrics: ReturnType<typeof metricsOf> | undefined;
  const scrape = async (c: Context): Promise<Response> => {
    const { metricsOf } = await import("./metrics.ts");
    metrics ??= metricsOf({ sessions, deliveries, delivery: measures, answers, runtime, clock });
    return metrics(c);
  };
  const refuse: Refuse = (failure, headers) => {
    answers.refused(failure);
    return problemResponse(failure, headers);
  };

  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.header(name, value);
  });
  app.onError((failure) => {
    if (!(failure instanceof SluiceError)) parts.log("error", "fault", { trace: traceOf(failure) });
    return refuse(failure, SECURITY_HEADERS);
  });
  app.notFound((c) =>
    refuse(new SluiceError("no_such_route", `Cannot find ${JSON.stringify(c.req.path.slice(0, 100))}`)),
  );

  const route = routesOf(app, refuse);
  route("/sessions", {
    GET: (c) => json(c, listSessions(c, sessions, show)),
    async POST(c) {
      const spec = await readSpec(c.req.raw, clock);
      return idempotency.create(c, spec, (request) => {
        const address = addressOf(c);
        if (address !== null) creations.take(address);
        crowd.mustHaveDescriptors("Cannot start a session", descriptorsOf(spec));
        return sessions.create(spec, request);
      });
    },
  });
  route("/sessions/:id", {
    GET: (c) => json(c, show(sessionOf(c)), { headers: { "cache-control": "no-store" } }),
    async DELETE(c) {
      await sessions.delete(sessionOf(c).id);
      return c.body(null, 204);
    },
  });
  route("/sessions/:id/stop", {
    async POST(c) {
      const session = sessionOf(c);
      const { graceful } = await readStop(c.req.raw, clock);
      await session.stop("stopped", graceful);
      return json(c, show(session));
    },
  });
  route("/tickets", {
    async POST(c) {
      const { session } = await readTicket(c.req.raw, clock);
      return giveTicket(c, tickets.issue(session === null ? null : sessions.get(session).id));
    },
  });
  route("/sessions/:id/batches", { GET: (c) => listBatches(c, sessionOf(c)) });
  route("/sessions/:id/batches/:seq", { GET: (c) => oneBatch(c, sessionOf(c)) });
  route("/sessions/:id/batches/:seq/words", { GET: (c) => wordsOfBatch(c, sessionOf(c)) });
  route("/sessions/:id/batches/:seq/lines", { GET: (c) => linesOfBatch(c, sessionOf(c)) });
  route("/sessions/:id/text", { GET: (c) => text(c, followed(c)) });
  route("/sessions/:id/sse", { GET: (c) => serverSentEvents(c, followed(c)) });
  route("/sessions/:id/ws", { GET: (c) => webSocket(c, followed(c)) });
  route("/sessions/:id/lines", { POST: (c) => pushLines(c, pushed(c)) });
  route("/sessions/:id/lines/ticket", {
    POST(c) {
      const session = sessionOf(c);
      session.intake.mustHaveRoom();
      return giveTicket(c, tickets.issue(session.id, "write"));
    },
  });
  route("/sessions/:id/lines/ws", { GET: (c) => pushSocket(c, pushed(c)) });
  route("/sse", { GET: (c) => severalEvents(c, several) });
  route("/ws", { GET: (c) => severalSocket(c, several) });

  route("/limits", {
    async GET(c) {
      await parts.knowDescriptors?.();
      const used = {
        maxSessions: sessions.live,
        maxFinishedSessions: sessions.all().length - sessions.live,
        maxFollowers: mostOf(sessions, (session) => deliveries.get(session)?.size ?? 0),
        maxFollowersPerAddress: crowd.mostFromOne,
        maxTotalFollowers: crowd.followers,
        maxAddresses: creations.addresses,
        maxIdempotencyKeys: idempotency.size,
        maxTickets: tickets.size,
        maxDescriptors: crowd.descriptors,
        maxProducers: mostOf(sessions, ({ sourceStatus }) => Number(sourceStatus["producers"] ?? 0)),
      };
      return json(c, limitsJson(limits(), used));
    },
  });
  route("/lateness", { GET: (c) => json(c, { unit: "ms", ...sessions.measures.lateness.reading }) });
  route("/metrics", { GET: scrape });
  return app;
}

function giveTicket(c: Context, { ticket, expiresAt }: Issued): Response {
  const headers = { "cache-control": "no-store" };
  return json(c, { ticket, expiresAt: new Date(expiresAt).toISOString() }, { status: 201, headers });
}

/** The most that one session has of something. */
function mostOf(sessions: Sessions, count: (session: Session) => number): number {
  return sessions.all().reduce((most, session) => Math.max(most, count(session)), 0);
}

/** Adds one path: its methods, and for every other method 405 with `Allow`. */
function routesOf(app: Hono, refuse: Refuse): (path: string, handlers: Readonly<Record<string, Handler>>) => void {
  return (path, handlers) => {
    for (const [method, handler] of Object.entries(handlers)) app.on(method, path, handler);
    const methods = Object.keys(handlers).flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
    const allow = [...methods, "OPTIONS"].join(", ");
    app.all(path, (c) => {
      const { method } = c.req;
      if (method === "OPTIONS") return c.body(null, 204, { allow });
      const failure = new SluiceError("method_not_allowed", `Cannot ${method} ${c.req.path}: ${allow} can be had`);
      return refuse(failure, { allow });
    });
  };
}
