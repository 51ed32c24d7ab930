/** Listens on a port, or on any of a range. @module */

import type { Server } from "node:net";
import { messageOf, SluiceError, systemCodeOf } from "../errors.ts";
import { isOutOfDescriptors, outOfDescriptors } from "./descriptors.ts";
import { PortRange } from "./port_range.ts";

/** Others may have ports of the range as well: so many that are in use are met before it is given up. */
const MOST_TRIES = 100;

/** Where to listen. */
export interface Where {
  readonly host: string;
  /** 0: any of {@link ports}. */
  readonly port: number;
  /** Default: those of all who do not say. */
  readonly ports?: PortRange | undefined;
}

/** What has been got. */
export interface Bound {
  readonly port: number;
  /** To be called when it is listened on no more. */
  readonly release: () => void;
}

const sharedPorts = new PortRange();

/** Has the server listen. Errors that come after that are not for it: running out of descriptors while accepting is survived, and TCP tells the client. */
export async function bind(server: Server, { host, port, ports = sharedPorts }: Where): Promise<Bound> {
  const bound = port === 0 ? await bindAny(server, host, ports) : await bindOne(server, host, port);
  server.on("error", () => {});
  return bound;
}

async function bindOne(server: Server, host: string, port: number): Promise<Bound> {
  try {
    await listen(server, host, port);
    return { port, release: () => {} };
  } catch (failure) {
    throw listenFailure(failure, `${host}:${port}`);
  }
}

async function bindAny(server: Server, host: string, ports: PortRange): Promise<Bound> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const port = ports.draw();
    if (port === undefined) break;
    try {
      await listen(server, host, port);
      return { port, release: () => ports.giveBack(port) };
    } catch (failure) {
      ports.giveBack(port);
      if (systemCodeOf(failure) !== "EADDRINUSE") throw listenFailure(failure, `${host}:${port}`);
    }
  }
  const message = `Cannot listen on ${host}: the ports ${ports.text} are in use; stop sessions, or set a wider range (--ports)`;
  throw new SluiceError("cannot_listen", message);
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.once("listening", resolve);
  try {
    server.listen({ host, port });
    await promise;
  } finally {
    server.removeListener("error", reject);
    server.removeListener("listening", resolve);
  }
}

function listenFailure(failure: unknown, where: string): SluiceError {
  const code = systemCodeOf(failure);
  if (isOutOfDescriptors(failure)) return outOfDescriptors(`Cannot listen on ${where}`, failure);
  if (code === "EADDRINUSE") {
    return new SluiceError(
      "port_taken",
      `Cannot listen on ${where}: the port is in use, a free one (or 0 for any) is wanted`,
    );
  }
  return new SluiceError("cannot_listen", `Cannot listen on ${where}: ${code ?? messageOf(failure)}`, {
    cause: failure,
  });
}
