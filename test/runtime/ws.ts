/** A WebSocket client whose messages are read one by one. @module */

import { WebSocket } from "ws";

/** How a WebSocket was closed. */
interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** An open WebSocket. */
export interface Socket extends Disposable {
  /** The subprotocol the server chose, "" for none. */
  readonly protocol: string;
  /** Resolves when it is closed. */
  readonly closed: Promise<Closed>;
  /** The next message, or undefined when there will be none. */
  take(): Promise<Message | undefined>;
  /** The next message of a type; what comes before it is passed over. Fails at the close. */
  next<T>(type: string): Promise<T>;
  send(data: string | Uint8Array): void;
  /** Goes away without a word. */
  terminate(): void;
}

/** A message, of whatever type. */
interface Message {
  readonly type: string;
}

/** How to ask for a WebSocket. */
export interface Asking {
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Opens a WebSocket at the `http:` URL of the service; rejects when it is refused. */
export async function connect(url: string, { protocols = [], headers = {} }: Asking = {}): Promise<Socket> {
  const socket = new WebSocket(url.replace(/^http/, "ws"), [...protocols], { headers });
  /** What has come and was not taken; undefined, which stays, is the close. */
  const messages: (Message | undefined)[] = [];
  let wake: (() => void) | undefined;
  const push = (message: Message | undefined): void => {
    messages.push(message);
    wake?.();
  };
  socket.on("message", (data: Buffer) => push(JSON.parse(data.toString()) as Message));
  const closed = new Promise<Closed>((resolve) => {
    socket.on("close", (code, reason) => {
      push(undefined);
      resolve({ code, reason: reason.toString() });
    });
  });
  const take = async (): Promise<Message | undefined> => {
    while (messages.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return messages[0] === undefined ? undefined : messages.shift();
  };
  await new Promise<void>((resolve, reject) => {
    socket.on("open", resolve);
    socket.on("error", reject);
  });
  return {
    protocol: socket.protocol,
    closed,
    take,
    async next<T>(type: string) {
      for (let message = await take(); message !== undefined; message = await take()) {
        if (message.type === type) return message as T;
      }
      throw new Error(`The WebSocket was closed before a message ${type}`);
    },
    send: (data) => socket.send(data),
    terminate: () => socket.terminate(),
    [Symbol.dispose]: () => socket.terminate(),
  };
}
