/** The configuration of a service as its command line, environment and file say it. @module */

import { optionOf, readNamed, SETTING_NAMES, settingOf, type Said } from "../config/mod.ts";
import { environment } from "./host.ts";
import type { Command, Given, Option } from "./options.ts";

const FILE_VARIABLE = "SLUICE_CONFIG";

/** The options of the commands that take a service's settings. */
export const CONFIG_OPTIONS: Command["options"] = {
  config: { type: "string", value: "FILE", help: `a JSON file of settings by their names (${FILE_VARIABLE})` },
  ...Object.fromEntries(SETTING_NAMES.map((name) => [optionOf(name), optionFor(name)])),
};

function optionFor(name: (typeof SETTING_NAMES)[number]): Option {
  const { kind, value, help, variable, otherwise, shown } = settingOf(name);
  if (value === undefined) return { type: "boolean", help: `${help} (${variable})` };
  const isList = kind.isList === true;
  return { type: "string", value, isList, help: `${help} (${variable}; default ${shown ?? String(otherwise)})` };
}

/** What was said of each setting. The file is read anew each time. */
export async function saidBy(given: Given): Promise<Said> {
  const variables = environment();
  const path = given.text("config") ?? variables[FILE_VARIABLE] ?? "";
  return {
    options: (option) => given.text(option) ?? (given.flag(option) || undefined),
    environment: variables,
    file: path === "" ? null : { path, text: await readNamed(path, "a JSON object of settings is wanted") },
  };
}
