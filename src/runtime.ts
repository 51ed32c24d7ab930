/** What the house needs of the runtime it stands on: types only. `runtimes/` has one of them for each. @module */

import { LIMITS } from "./limits.ts";

/** A long answer: an event stream, a text stream, or a WebSocket. */
export interface Connection {
  /**
   * Hands bytes on: of a stream as they are, of a WebSocket as one text message. The same array may go to many. Returns whether
   * there is room for more: `buffered` is below {@link HIGH_WATER_BYTES}.
   */
  write(bytes: Uint8Array): boolean;
  /** Bytes handed on that the system has not taken yet. */
  readonly buffered: number;
  /** Ends it in order, after what was written. Code and reason are for WebSockets. */
  end(code?: number, reason?: string): void;
  /** Ends it at once. */
  terminate(): void;
  /** Asks a WebSocket's other side for a sign of life; absent where the runtime does so by itself. */
  ping?(): void;
  /** Reads no more of a WebSocket until it is resumed, so that TCP holds the other side; absent where the runtime cannot. Some more messages may come. */
  pause?(): void;
  resume?(): void;
}

/** What a connection tells its user. */
export interface ConnectionHandlers {
  /** There is room again after `buffered` was at {@link HIGH_WATER_BYTES} or more. It may be told more often. */
  drained(): void;
  /** It is over, by whomever; told once. */
  closed(): void;
  /** A message of a WebSocket; undefined when it was binary. */
  message(text: string | undefined): void;
  /** The other side answered a ping. */
  pong(): void;
}

/** With this many bytes buffered a connection is to be given no more until it has drained. */
export const HIGH_WATER_BYTES: number = LIMITS.maxBufferedBytes.value;
/** Longest message taken from a WebSocket. */
export const MAX_MESSAGE_BYTES: number = LIMITS.maxMessageBytes.value;

/** A request with what its runtime knows of it. */
export interface Exchange {
  readonly request: Request;
  readonly native: unknown;
}

/** Called with the open connection; gives who is told of it. */
export type OpenConnection = (connection: Connection) => ConnectionHandlers;

/** Answers a request. */
export type FetchHandler = (request: Request, native: object) => Response | Promise<Response>;

/** A listening server. */
export interface Listener {
  readonly port: number;
  /** Takes no new connections, gives those there are `graceMs` to end, then ends them. */
  close(graceMs: number): Promise<void>;
}

/** Where to listen. */
export interface ListenOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly fetch: FetchHandler;
}

/** What the process takes of the machine. What cannot be learnt here is left out. */
export interface Usage {
  readonly residentBytes: number;
  /** User and system time together, in s. */
  readonly cpuSeconds: number;
  /** In s since the Unix epoch. */
  readonly startedAt: number;
  readonly openDescriptors?: number;
  readonly maxDescriptors?: number;
}

/** All that differs between Node, Deno and Bun. */
export interface Runtime {
  /** Such as `node 24.21.0`. */
  readonly name: string;
  /** SHA-256 of a text's UTF-8 bytes, as 64 hexadecimal digits. */
  readonly digest: (text: string) => string;
  /** Reads a file of ours; rejects with the code `ENOENT` where there is none. */
  readFile(file: URL): Promise<Uint8Array<ArrayBuffer>>;
  /** The same of bytes that come in pieces. */
  readonly newHash: () => { update(bytes: Uint8Array): void; digest(): string };
  readonly usage: () => Promise<Usage>;
  /** The IP address of the other side; undefined when it came over no network. */
  peer(exchange: Exchange): string | undefined;
  /** Answers with a stream that stays open; what is returned is to be returned to the runtime. */
  stream(exchange: Exchange, headers: Readonly<Record<string, string>>, open: OpenConnection): Response;
  /** Answers with a WebSocket that speaks `protocol` (null: none); the same holds of what is returned. */
  upgrade(exchange: Exchange, protocol: string | null, open: OpenConnection): Response;
  /** Lets the body of a request come as slowly as it does; who calls it has a limit of his own. */
  unhurried?(exchange: Exchange): void;
  listen(options: ListenOptions): Promise<Listener>;
  /** Told when all that a service needs is loaded. */
  loaded?(): void;
}
