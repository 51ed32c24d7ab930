/** Deno: its own server and WebSockets. @module */

import { atMost, every, sleep, systemClock, type Cancel } from "../clock.ts";
import { HIGH_WATER_BYTES, MAX_MESSAGE_BYTES, type Connection, type OpenConnection, type Runtime } from "../runtime.ts";
import { newSha256, sha256 } from "./digest.ts";
import { refusalOf } from "./handshake.ts";
import { payloadText } from "./payload_text.ts";
import { floodGate } from "./unread.ts";
import { webStreamResponse } from "./web_stream.ts";

interface DenoServer {
  readonly finished: Promise<void>;
  shutdown(): Promise<void>;
}

/** Of a connection that came over no network there is no host name. */
interface DenoAddress {
  readonly hostname?: string;
}

/** The members of Deno used here, so that one compiler can check the whole house. */
declare const Deno: {
  readonly version: { readonly deno: string };
  serve(
    options: { hostname: string; port: number; onListen: (address: { port: number }) => void },
    handler: (request: Request, info: { remoteAddr: DenoAddress }) => Response | Promise<Response>,
  ): DenoServer;
  upgradeWebSocket(request: Request, options: { idleTimeout: number }): { response: Response; socket: WebSocket };
  readFile(file: URL): Promise<Uint8Array<ArrayBuffer>>;
};

/** What goes with a request. */
interface DenoExchange {
  readonly peer: string | undefined;
  /** The response of an upgrade, which must reach Deno as it is. */
  upgraded?: Response;
}

/** Deno pings after this many seconds of silence, and closes when nothing comes back. */
const IDLE_TIMEOUT_S = 25;
/** Deno tells nobody when a full WebSocket has room again: while one is full, it is looked at this often. */
const DRAIN_POLL_MS = 20;
const SERVE_AGAIN_MS = 100;
/** Between two looks whether all WebSockets are closed. */
const CLOSE_POLL_MS = 20;
/** How long the other side may take to answer a close, in ms. */
const CLOSE_WITHIN_MS = 2000;
/** Those that are open. */
const sockets = new Set<WebSocket>();

export const denoRuntime: Runtime = {
  get name() {
    return `deno ${Deno.version.deno}`;
  },
  digest: sha256,
  readFile: (file) => Deno.readFile(file),
  newHash: newSha256,
  usage: async () => (await import("./usage.ts")).usageOfProcess(),
  peer: ({ native }) => (native as DenoExchange).peer,
  stream: (_exchange, headers, open) => webStreamResponse(headers, open),
  upgrade({ request, native }, protocol, open) {
    const refusal = refusalOf(request.headers);
    if (refusal !== undefined) return refusal;
    // With the protocol as an option Deno throws where the client's list has no blank after its commas.
    const { response, socket } = Deno.upgradeWebSocket(request, { idleTimeout: IDLE_TIMEOUT_S });
    if (protocol !== null) response.headers.set("sec-websocket-protocol", protocol);
    connect(socket, open);
    (native as DenoExchange).upgraded = response;
    return new Response(null);
  },
  listen({ host, port, fetch }) {
    const answer = async (request: Request, info: { remoteAddr: DenoAddress }): Promise<Response> => {
      const native: DenoExchange = { peer: info.remoteAddr.hostname };
      const response = await fetch(request, native);
      return native.upgraded ?? response;
    };
    const serve = (at: number, onListen: (address: { port: number }) => void): DenoServer =>
      Deno.serve({ hostname: host, port: at, onListen }, answer);
    let isClosing = false;
    return new Promise((resolve) => {
      /** Deno's server ends where there is no descriptor for one more connection: another takes its place. */
      const watch = async (at: number): Promise<void> => {
        for (;;) {
          try {
            await server.finished;
            return;
          } catch {
            await sleep(systemClock, SERVE_AGAIN_MS);
          }
          if (isClosing) return;
          try {
            server = serve(at, () => {});
          } catch {
            // There is still no descriptor: the one that has ended is waited for again, and then tried anew.
          }
        }
      };
      const close = async (graceMs: number): Promise<void> => {
        isClosing = true;
        const began = systemClock.elapsed();
        const takenMs = (): number => systemClock.elapsed() - began;
        // A shutdown would overtake the close frames.
        do await sleep(systemClock, CLOSE_POLL_MS);
        while (sockets.size > 0 && takenMs() < Math.min(CLOSE_WITHIN_MS, graceMs));
        // What is left then goes with the process. To abort the server would throw, where nobody can catch it, once it shuts down.
        await atMost(systemClock, Math.max(0, graceMs - takenMs()), server.shutdown());
      };
      let server = serve(port, (address) => {
        // `server` is not yet assigned where Deno calls this before it returns.
        queueMicrotask(() => {
          void watch(address.port);
          resolve({ port: address.port, close });
        });
      });
    });
  },
};

function connect(socket: WebSocket, open: OpenConnection): void {
  socket.onopen = () => {
    let cancelPoll: Cancel | undefined;
    const pollUntilDrained = (): Cancel =>
      every(systemClock, DRAIN_POLL_MS, () => {
        if (socket.bufferedAmount >= HIGH_WATER_BYTES) return;
        cancelPoll?.();
        cancelPoll = undefined;
        handlers.drained();
      });
    const connection: Connection = {
      write(bytes) {
        if (socket.readyState === WebSocket.OPEN) socket.send(payloadText(bytes));
        return connection.buffered < HIGH_WATER_BYTES;
      },
      get buffered() {
        const bytes = socket.bufferedAmount;
        if (bytes >= HIGH_WATER_BYTES) cancelPoll ??= pollUntilDrained();
        return bytes;
      },
      end: (code = 1000, reason = "") => socket.close(code, reason),
      // Deno has no way to cut a WebSocket: what was handed on waits for TCP to give up, but no more comes to it.
      terminate() {
        socket.close(1008, "too slow");
        close();
      },
    };
    const mayAsk = floodGate(connection);
    const handlers = open(connection);
    sockets.add(socket);
    let over = false;
    const close = (): void => {
      if (over) return;
      over = true;
      sockets.delete(socket);
      cancelPoll?.();
      handlers.closed();
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === "string" && data.length > MAX_MESSAGE_BYTES) socket.close(1009, "too big");
      else if (mayAsk()) handlers.message(typeof data === "string" ? data : undefined);
    };
    socket.onclose = close;
    socket.onerror = close;
  };
  // A connection that breaks before it is open is nobody's follower yet.
  socket.onerror = () => {};
}
