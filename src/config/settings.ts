/** Everything an operator may set. This table gives the options, the variables, the fields of a file, and the help on each. @module */

import { parseNetwork } from "../addresses.ts";
import { isHostName } from "../front/mod.ts";
import type { LogLevel } from "../log.ts";
import { DEFAULT_PORTS, familyOf, parsePorts, parseRule } from "../networks.ts";
import { flag, listOf, oneOf, text, textAs, whole, type Kind } from "./kinds.ts";
import { LIMIT_SETTINGS, type LimitConfig } from "./limits.ts";

/** How a service is to run. */
export interface Config extends LimitConfig {
  /** 0: any free one. */
  readonly port: number;
  readonly host: string;
  /** Bearer token, or null: nobody is asked for one. */
  readonly token: string | null;
  /** File of tokens with their scopes, or null. */
  readonly tokens: string | null;
  readonly insecure: boolean;
  /** Names of this server beside its own. */
  readonly allowHost: readonly string[];
  /** Networks of proxies that are believed where a request comes from. */
  readonly trustProxy: readonly string[];
  /** Folder that sessions and batches are kept in, or {@link IN_MEMORY}. */
  readonly data: string;
  /** Emitters read files of this folder only. */
  readonly files: string;
  readonly logLevel: LogLevel;
  /** Null: `text` where somebody looks on, else `json`. */
  readonly logFormat: "json" | "text" | null;
  /** Other TCP servers that sessions may read from, each a network and a port. */
  readonly allowSource: readonly string[];
  /** Addresses, other than this machine's own, on which sessions may listen. */
  readonly allowListen: readonly string[];
  /** Where ports are taken from for sessions that may have any. */
  readonly ports: string;
}

/** One setting. */
export interface Setting<T> {
  readonly kind: Kind<NonNullable<T>>;
  /** Variable of the environment. */
  readonly variable: string;
  /** What stands for the value in the help, such as `PORT`. */
  readonly value?: string;
  readonly help: string;
  /** Where nothing is said. */
  readonly otherwise: T;
  /** The default in words, where that says more. */
  readonly shown?: string;
  /** Not to be shown to anyone. */
  readonly secret?: true;
  /** Taken over at once when the service is told to read its configuration again. */
  readonly reloads?: true;
}

export const DEFAULT_HOST: string = "127.0.0.1";
/** Instead of a folder: sessions and batches go with the process. */
export const IN_MEMORY: string = ":memory:";

/** In the order in which they are shown. An option is its name with hyphens, as `--max-sessions`. */
export const SETTINGS: { readonly [Name in keyof Config]: Setting<Config[Name]> } = {
  port: {
    kind: whole(0, 65_535),
    variable: "PORT",
    value: "PORT",
    help: "port, 0 for any free one",
    otherwise: 8080,
  },
  host: {
    kind: text,
    variable: "HOST",
    value: "HOST",
    help: "address to listen on",
    otherwise: DEFAULT_HOST,
    shown: `${DEFAULT_HOST}, this machine only`,
  },
  token: {
    kind: text,
    variable: "SLUICE_TOKEN",
    value: "TOKEN",
    help: "bearer token clients must send; others can see an option, and not a variable",
    otherwise: null,
    shown: "none",
    secret: true,
    reloads: true,
  },
  tokens: {
    kind: text,
    variable: "SLUICE_TOKENS",
    value: "FILE",
    help: "a file of tokens with their scopes, as sluice token makes them; with one every call wants a token",
    otherwise: null,
    shown: "none",
    reloads: true,
  },
  insecure: {
    kind: flag,
    variable: "SLUICE_INSECURE",
    help: "listen beyond this machine without a token",
    otherwise: false,
  },
  allowHost: {
    kind: listOf({
      wanted: "a host name or address without a port",
      pattern: "^[0-9A-Za-z.:\\[\\]-]{1,253}$",
      fits: isHostName,
    }),
    variable: "SLUICE_ALLOW_HOSTS",
    value: "NAME",
    help: "names that requests may call this server by, beside its own; said again, one more",
    otherwise: [],
    shown: "none; beyond this machine any, where a token is wanted",
    reloads: true,
  },
  trustProxy: {
    kind: listOf({
      wanted: "ADDRESS/BITS or an address",
      pattern: "^[0-9a-fA-F.:]+(?:/[0-9]{1,3})?$",
      fits: (network) => parseNetwork(network) !== undefined,
    }),
    variable: "SLUICE_TRUST_PROXIES",
    value: "NETWORK",
    help: "proxies whose X-Forwarded-For or Forwarded is believed, for bounds by address, such as 127.0.0.1 or 10.0.0.0/8; said again, one more",
    otherwise: [],
    shown: "none",
  },
  data: {
    kind: text,
    variable: "SLUICE_DATA",
    value: "DIR",
    help: `folder sessions and batches are kept in, or ${IN_MEMORY}`,
    otherwise: "data",
    shown: "./data",
  },
  files: {
    kind: text,
    variable: "SLUICE_FILES",
    value: "DIR",
    help: "folder of emitters' files",
    otherwise: ".",
    shown: "the current one",
  },
  ...LIMIT_SETTINGS,
  logLevel: {
    kind: oneOf("debug", "info", "warning", "error"),
    variable: "SLUICE_LOG_LEVEL",
    value: "LEVEL",
    help: "debug, info, warning or error: what matters less is not logged; debug has every request",
    otherwise: "info",
    reloads: true,
  },
  logFormat: {
    kind: oneOf("json", "text"),
    variable: "SLUICE_LOG_FORMAT",
    value: "FORMAT",
    help: "json, a line a record, or text",
    otherwise: null,
    shown: "text on a terminal, else json",
  },
  allowSource: {
    kind: listOf({
      wanted: "ADDRESS/BITS:PORT, an IPv6 network in brackets, * for any port",
      pattern: "^[^,]+:(?:[0-9]+|[*])$",
      fits: (rule) => parseRule(rule) !== undefined,
    }),
    variable: "SLUICE_ALLOW_SOURCES",
    value: "NETWORK:PORT",
    help: "TCP servers that sessions may read from, such as 192.0.2.0/24:9999 or [2001:db8::/32]:*; said again, one more",
    otherwise: [],
    shown: "this machine's, where --host is this machine",
  },
  allowListen: {
    kind: listOf({
      wanted: "an IP address",
      pattern: "^[0-9a-fA-F.:]+$",
      fits: (address) => familyOf(address) !== undefined,
    }),
    variable: "SLUICE_ALLOW_LISTEN",
    value: "ADDRESS",
    help: "addresses on which sessions may listen, beside this machine's own; said again, one more",
    otherwise: [],
    shown: "none",
  },
  ports: {
    kind: textAs({
      wanted: "FIRST-LAST within 1 and 65535",
      pattern: "^[0-9]{1,5}-[0-9]{1,5}$",
      fits: (range) => parsePorts(range) !== undefined,
    }),
    variable: "SLUICE_PORTS",
    value: "FIRST-LAST",
    help: "ports of sessions that emit or listen on any port",
    otherwise: DEFAULT_PORTS,
  },
};

/** The name of a setting. */
export type SettingName = keyof Config;

/** In the order of the table. */
export const SETTING_NAMES: readonly SettingName[] = Object.keys(SETTINGS) as SettingName[];

/** The option of a setting, without its hyphens in front. */
export function optionOf(name: SettingName): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The setting as all of them are. */
export function settingOf(name: SettingName): Setting<unknown> {
  return SETTINGS[name];
}
