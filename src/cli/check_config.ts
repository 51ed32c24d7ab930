/** `sluice check-config`: what a service would run with, or all that is wrong with it. @module */

import { optionOf, settingOf, settle, type Settled } from "../config/mod.ts";
import { readCredentials } from "../credentials.ts";
import { SluiceError } from "../errors.ts";
import type { Runtime } from "../runtime.ts";
import { safeJson } from "../safe_text.ts";
import { CONFIG_OPTIONS, saidBy } from "./configuration.ts";
import type { Command, Given } from "./options.ts";
import { endWhenNobodyReads, note, print } from "./terminal.ts";

/** The exit code of what is not understood. */
const BAD_CONFIG = 2;

/** The command on a runtime. */
export function checkConfigOn({ digest }: Pick<Runtime, "digest">): Command {
  const run = async (given: Given): Promise<number> => {
    endWhenNobodyReads();
    const { settled, faults } = settle(await saidBy(given));
    const all = [...faults, ...(await faultsOfTokens(settled, digest))];
    for (const { message } of all) note(`sluice check-config: ${message}`);
    if (all.length > 0) return BAD_CONFIG;
    const rows = settled.map((one) => [optionOf(one.name), shown(one), one.from] as const);
    const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    for (const [name, value, from] of rows) {
      print(`${name.padEnd(widths[0] ?? 0)}  ${value.padEnd(widths[1] ?? 0)}  ${from}\n`);
    }
    return 0;
  };
  return {
    usage: "check-config [options]",
    summary:
      "Prints every setting with where it comes from, or all faults, and starts nothing. Takes what serve takes.",
    options: CONFIG_OPTIONS,
    run,
  };
}

/** What is wrong with the file of tokens, if there is one. */
async function faultsOfTokens(settled: readonly Settled[], digest: Runtime["digest"]): Promise<SluiceError[]> {
  const tokens = settled.find(({ name }) => name === "tokens")?.value;
  try {
    if (typeof tokens === "string") await readCredentials({ token: null, tokens }, digest);
    return [];
  } catch (failure) {
    if (failure instanceof SluiceError) return [failure];
    throw failure;
  }
}

/** As a file has it; a secret is not told. */
function shown({ name, value }: Settled): string {
  return settingOf(name).secret === true && value !== null ? '"…"' : safeJson(value);
}
