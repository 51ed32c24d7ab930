/** A stream as web standards have it: for Deno, Bun, and tests without a server. @module */

import { HIGH_WATER_BYTES, type Connection, type ConnectionHandlers, type OpenConnection } from "../runtime.ts";

/** A response whose body is what is written to the connection. */
export function webStreamResponse(headers: Readonly<Record<string, string>>, open: OpenConnection): Response {
  let handlers: ConnectionHandlers | undefined;
  let over = false;
  const close = (): void => {
    if (over) return;
    over = true;
    handlers?.closed();
  };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        const connection: Connection = {
          write(bytes) {
            if (!over) controller.enqueue(bytes as Uint8Array<ArrayBuffer>);
            return over || (controller.desiredSize ?? 0) > 0;
          },
          get buffered() {
            return HIGH_WATER_BYTES - (controller.desiredSize ?? 0);
          },
          end() {
            if (!over) controller.close();
            close();
          },
          terminate() {
            // Not close: the client is to see that it has not got all. Deno prints the reason, so it is a line and no stack.
            if (!over) controller.error("Cut a client that took nothing for too long");
            close();
          },
        };
        handlers = open(connection);
      },
      pull: () => handlers?.drained(),
      cancel: close,
    },
    { highWaterMark: HIGH_WATER_BYTES, size: (chunk) => chunk?.byteLength ?? 0 },
  );
  return new Response(body, { headers });
}
