/** Bun: its own server and WebSockets. @module */

import { sleep, systemClock } from "../clock.ts";
import {
  HIGH_WATER_BYTES,
  MAX_MESSAGE_BYTES,
  type Connection,
  type ConnectionHandlers,
  type OpenConnection,
  type Runtime,
} from "../runtime.ts";
import { newSha256, sha256 } from "./digest.ts";
import { refusalOf } from "./handshake.ts";
import { payloadText } from "./payload_text.ts";
import { floodGate } from "./unread.ts";
import { webStreamResponse } from "./web_stream.ts";

interface BunSocket {
  readonly data: BunSocketData;
  sendText(text: string): number;
  getBufferedAmount(): number;
  close(code?: number, reason?: string): void;
  terminate(): void;
  ping(): void;
}

interface BunServer {
  readonly port: number;
  readonly pendingRequests: number;
  readonly pendingWebSockets: number;
  upgrade(request: Request, options: { data: BunSocketData; headers: Record<string, string> }): boolean;
  timeout(request: Request, seconds: number): void;
  requestIP(request: Request): { readonly address: string } | null;
  stop(closeActive: boolean): Promise<void>;
}

/** The members of Bun used here, so that one compiler can check the whole house. */
declare const Bun: {
  readonly version: string;
  file(path: URL): { bytes(): Promise<Uint8Array<ArrayBuffer>> };
  serve(options: {
    hostname: string;
    port: number;
    maxRequestBodySize: number;
    fetch: (request: Request, server: BunServer) => Promise<Response | undefined>;
    websocket: object;
  }): BunServer;
};

interface BunSocketData {
  readonly open: OpenConnection;
  handlers?: ConnectionHandlers;
  mayAsk?: () => boolean;
}

/** What goes with a request. */
interface BunExchange {
  readonly server: BunServer;
  upgraded: boolean;
}

/** More than this unsent and Bun drops messages; a single batch with all its words must fit. */
const BACKPRESSURE_LIMIT = 256 * 1024 * 1024;
const DROPPED = 0;
/** Each call has a bound of its own on its body, or reads it as it comes. */
const NO_BOUND = Number.MAX_SAFE_INTEGER;
/** Bun tells nobody when it has no more to do. */
const POLL_MS = 20;

const websocket = {
  maxPayloadLength: MAX_MESSAGE_BYTES,
  backpressureLimit: BACKPRESSURE_LIMIT,
  perMessageDeflate: false,
  open(socket: BunSocket) {
    const connection: Connection = {
      write(bytes) {
        const sent = socket.sendText(payloadText(bytes));
        // A client that lost a message must come again with its cursor.
        if (sent === DROPPED) socket.terminate();
        return sent > 0 || socket.getBufferedAmount() < HIGH_WATER_BYTES;
      },
      get buffered() {
        return socket.getBufferedAmount();
      },
      end: (code = 1000, reason = "") => socket.close(code, reason),
      terminate: () => socket.terminate(),
      ping: () => socket.ping(),
    };
    socket.data.mayAsk = floodGate(connection);
    socket.data.handlers = socket.data.open(connection);
  },
  message({ data }: BunSocket, message: unknown) {
    if (data.mayAsk?.() === true) data.handlers?.message(typeof message === "string" ? message : undefined);
  },
  // Bun has answered it.
  ping: ({ data }: BunSocket) => void data.mayAsk?.(),
  drain: ({ data }: BunSocket) => data.handlers?.drained(),
  pong: ({ data }: BunSocket) => data.handlers?.pong(),
  close: ({ data }: BunSocket) => data.handlers?.closed(),
};

export const bunRuntime: Runtime = {
  get name() {
    return `bun ${Bun.version}`;
  },
  digest: sha256,
  readFile: (file) => Bun.file(file).bytes(),
  newHash: newSha256,
  usage: async () => (await import("./usage.ts")).usageOfProcess(),
  peer: ({ request, native }) => (native as BunExchange).server.requestIP(request)?.address,
  stream({ request, native }, headers, open) {
    // Bun ends a stream that is silent for 10 s unless told not to.
    (native as BunExchange).server.timeout(request, 0);
    return webStreamResponse(headers, open);
  },
  // Bun ends a connection that is silent for 10 s unless told not to.
  unhurried: ({ request, native }) => (native as BunExchange).server.timeout(request, 0),
  upgrade({ request, native }, protocol, open) {
    const refusal = refusalOf(request.headers);
    if (refusal !== undefined) return refusal;
    const exchange = native as BunExchange;
    // Without the header Bun echoes the client's first offer.
    const headers = { "sec-websocket-protocol": protocol ?? "" };
    exchange.upgraded = exchange.server.upgrade(request, { data: { open }, headers });
    return new Response(null, { status: exchange.upgraded ? 200 : 400 });
  },
  listen({ host, port, fetch }) {
    const server = Bun.serve({
      hostname: host,
      port,
      maxRequestBodySize: NO_BOUND,
      websocket,
      async fetch(request, bunServer) {
        const native: BunExchange = { server: bunServer, upgraded: false };
        const response = await fetch(request, native);
        return native.upgraded ? undefined : response;
      },
    });
    const close = async (graceMs: number): Promise<void> => {
      await Promise.race([server.stop(false), workIsDone(server, graceMs)]);
      await server.stop(true);
    };
    return Promise.resolve({ port: server.port, close });
  },
};

/**
 * Resolves when nobody is being answered any more. Bun itself also waits for connections that are merely open: for half a
 * request, and, after some HEAD requests, for one that its client keeps for later.
 */
async function workIsDone(server: BunServer, limitMs: number): Promise<void> {
  const limit = systemClock.elapsed() + limitMs;
  do await sleep(systemClock, POLL_MS);
  while (server.pendingRequests + server.pendingWebSockets > 0 && systemClock.elapsed() < limit);
}
