/** `sluice check-config`: what a service would run with, or all that is wrong with it. @module */

import { optionOf, settingOf, settle, type Settled } from "../config/mod.ts";
import { safeJson } from "../safe_text.ts";
import { CONFIG_OPTIONS, saidBy } from "./configuration.ts";
import type { Command } from "./options.ts";
import { endWhenNobodyReads, note, print } from "./terminal.ts";

/** The exit code of what is not understood. */
const BAD_CONFIG = 2;

export const checkConfig: Command = {
  usage: "check-config [options]",
  summary: "Prints every setting with where it comes from, or all faults, and starts nothing. Takes what serve takes.",
  options: CONFIG_OPTIONS,
  async run(given) {
    endWhenNobodyReads();
    const { settled, faults } = settle(await saidBy(given));
    for (const { message } of faults) note(`sluice check-config: ${message}`);
    if (faults.length > 0) return BAD_CONFIG;
    const rows = settled.map((one) => [optionOf(one.name), shown(one), one.from] as const);
    const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    for (const [name, value, from] of rows) {
      print(`${name.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${from}\n`);
    }
    return 0;
  },
};

/** As a file has it; a secret is not told. */
function shown({ name, value }: Settled): string {
  return settingOf(name).secret === true && value !== null ? '"…"' : safeJson(value);
}
