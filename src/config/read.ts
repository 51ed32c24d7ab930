/** Settles each setting: by the command line, else the environment, else the configuration file, else its default. @module */

import { SluiceError } from "../errors.ts";
import { optionOf, SETTING_NAMES, settingOf, type Config, type SettingName } from "./settings.ts";

/** What was said, and where; what was not is undefined. */
export interface Said {
  readonly options: (option: string) => string | boolean | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly file: ConfigFile | null;
}

/** A configuration file: a JSON object of settings by their names. */
interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

/** A setting with its value and what has said so. */
export interface Settled {
  readonly name: SettingName;
  readonly value: unknown;
  readonly from: "option" | "environment" | "file" | "default";
}

/** Whether a host means this machine alone. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** The configuration; refuses to be reachable from elsewhere without a token. */
export function readConfig(said: Said): Config {
  const { settled, faults } = settle(said);
  const [fault] = faults;
  if (fault !== undefined) throw fault;
  return configOf(settled);
}

/** Every setting, and every fault there is. */
export function settle(said: Said): { readonly settled: readonly Settled[]; readonly faults: readonly SluiceError[] } {
  const faults: SluiceError[] = [];
  const attempt = <T>(read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (failure) {
      if (!(failure instanceof SluiceError)) throw failure;
      faults.push(failure);
      return otherwise;
    }
  };
  const fields = attempt(() => fieldsOf(said.file), {});
  const settled = SETTING_NAMES.map((name) =>
    attempt<Settled>(() => settleOne(name, said, fields), { name, value: settingOf(name).otherwise, from: "default" }),
  );
  attempt(() => mustBeSafe(configOf(settled)), undefined);
  return { settled, faults };
}

function configOf(settled: readonly Settled[]): Config {
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const { name, value } of settled) values[name] = value;
  return values as Config;
}

function settleOne(name: SettingName, said: Said, fields: Readonly<Record<string, unknown>>): Settled {
  const { kind, variable, otherwise } = settingOf(name);
  const places = [
    ["option", said.options(optionOf(name))],
    ["environment", said.environment[variable]],
    ["file", fields[name]],
  ] as const;
  // An empty one is not set.
  const [from, given] = places.find(([, value]) => value !== undefined && value !== "") ?? [];
  if (from === undefined) return { name, value: otherwise, from: "default" };
  const words = Array.isArray(given) ? given.join(",") : String(given);
  const value = kind.read(words);
  if (value !== undefined) return { name, value, from };
  const where = from === "file" ? `${name} of ${said.file?.path}` : `--${optionOf(name)} or ${variable}`;
  throw new SluiceError("bad_option", `Cannot use ${where} ${JSON.stringify(words)}: ${kind.wanted} is wanted`);
}

/** The fields of a file, all of them known. */
function fieldsOf(file: ConfigFile | null): Readonly<Record<string, unknown>> {
  if (file === null) return {};
  const fields = parse(file);
  const unknown = Object.keys(fields).find((name) => !(SETTING_NAMES as readonly string[]).includes(name));
  if (unknown === undefined) return fields;
  const names = SETTING_NAMES.join(", ");
  throw new SluiceError(
    "bad_option",
    `Cannot use ${JSON.stringify(unknown)} of ${file.path}: it is not known, settings are ${names}`,
  );
}

function parse({ path, text }: ConfigFile): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (failure) {
    throw new SluiceError("bad_option", `Cannot read ${path}: it is not JSON, an object of settings is wanted`, {
      cause: failure,
    });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new SluiceError("bad_option", `Cannot read ${path}: an object of settings is wanted`);
}

function mustBeSafe({ host, token, tokens, insecure }: Config): void {
  if (isLoopback(host) || token !== null || tokens !== null || insecure) return;
  const message = `Cannot listen on ${host}: it can be reached from other machines and there is no token`;
  throw new SluiceError(
    "unsafe_bind",
    `${message}; set SLUICE_TOKEN or SLUICE_TOKENS, or say --insecure to let anyone in`,
  );
}
