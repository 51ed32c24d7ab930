/** How a service is to run: from the command line, else from the environment, else by default. @module */

import { SluiceError } from "./errors.ts";

/** Everything an operator may set. */
export interface Config {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Bearer token, or null: nobody is asked for one. */
  readonly token: string | null;
  /** Folder that sessions and batches are kept in, or {@link IN_MEMORY}. */
  readonly data: string;
  /** Emitters read files of this folder only. */
  readonly folder: string;
  /** Sessions that are not over; one more is refused. Null: as many as by default. */
  readonly maxSessions: number | null;
}

/** What was said on the command line; what was not is undefined. */
export interface ServeOptions {
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly token?: string | undefined;
  readonly insecure?: boolean | undefined;
  readonly data?: string | undefined;
  readonly files?: string | undefined;
  readonly maxSessions?: string | undefined;
}

export const DEFAULT_HOST = "127.0.0.1";
export const DEFAULT_PORT = 8080;
export const DEFAULT_DATA = "data";
/** Instead of a folder: sessions and batches go with the process. */
export const IN_MEMORY = ":memory:";
const MAX_SESSIONS = 1_000_000;

/** Whether a host means this machine alone. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** A port as text; 0 means any free one. */
export function parsePort(text: string, name: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new SluiceError(
    "bad_option",
    `Cannot use ${name} ${JSON.stringify(text)}: a whole number from 0 to 65535 is wanted`,
  );
}

/** Settles what is to be used, and refuses to be reachable from elsewhere without a token. */
export function readConfig(options: ServeOptions, env: Readonly<Record<string, string | undefined>>): Config {
  const host = first(options.host, env["HOST"]) ?? DEFAULT_HOST;
  const port = parsePort(first(options.port, env["PORT"]) ?? String(DEFAULT_PORT), "--port or PORT");
  const token = first(options.token, env["SLUICE_TOKEN"]) ?? null;
  const insecure = options.insecure ?? false;
  if (!isLoopback(host) && token === null && !insecure) {
    const message = `Cannot listen on ${host}: it can be reached from other machines and there is no token`;
    throw new SluiceError("unsafe_bind", `${message}; set SLUICE_TOKEN, or say --insecure to let anyone in`);
  }
  const data = first(options.data, env["SLUICE_DATA"]) ?? DEFAULT_DATA;
  const folder = first(options.files, env["SLUICE_FILES"]) ?? ".";
  const maxSessions = parseMaxSessions(first(options.maxSessions, env[MAX_VARIABLE]));
  return { host, port, token, data, folder, maxSessions };
}

const MAX_VARIABLE = "SLUICE_MAX_SESSIONS";

function parseMaxSessions(text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= MAX_SESSIONS) return value;
  const wanted = `a whole number from 1 to ${MAX_SESSIONS} is wanted`;
  throw new SluiceError(
    "bad_option",
    `Cannot use --max-sessions or ${MAX_VARIABLE} ${JSON.stringify(text)}: ${wanted}`,
  );
}

/** The first that is set; an empty one is not. */
function first(...texts: readonly (string | undefined)[]): string | undefined {
  return texts.find((text) => text !== undefined && text !== "");
}
