/** The command line. @module */

import type { Command } from "./cli/options.ts";
import { refuse, runCommand, say } from "./cli/run.ts";
import type { Runtime } from "./runtime.ts";

/** Loaded when asked for: a service need not wait for what it does not use. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import("./cli/serve.ts")).serveOn(await findRuntime(), () => import("./rooms.ts")),
  emit: async () => (await import("./cli/emit.ts")).emit,
  lab: async () => (await import("./cli/lab.ts")).lab,
  tail: async () => (await import("./cli/tail.ts")).tail,
  "check-config": async () => (await import("./cli/check_config.ts")).checkConfigOn(await findRuntime()),
  token: async () => (await import("./cli/token.ts")).tokenOn(await findRuntime()),
  verify: async () => (await import("./cli/verify.ts")).verify,
};

/** Runs a command; gives the exit code: 0 done, 1 failed, 2 not understood, and what else a command has. */
export async function main(args: readonly string[]): Promise<number> {
  const [name = "--help", ...rest] = args;
  if (["--version", "-v"].includes(name)) return say(`${await version()}\n`);
  if (["--help", "-h", "help"].includes(name)) return say(await overview());
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load !== undefined) return runCommand(name, await load(), rest);
  const commands = Object.keys(COMMANDS).join(", ");
  return refuse(`sluice: there is no command ${JSON.stringify(name)}; commands are ${commands}`, true);
}

async function version(): Promise<string> {
  return (await import("./version.ts")).VERSION;
}

async function overview(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  const rows = commands.map(({ usage, summary }) => `  sluice ${usage}\n      ${summary}`);
  return `Sluice ${await version()}: counts the words of every interval, live.\n\n${rows.join("\n")}\n\nsluice COMMAND --help tells the options.\n`;
}

/** The runtime this runs on. */
async function findRuntime(): Promise<Runtime> {
  if ("Bun" in globalThis) return (await import("./runtimes/bun.ts")).bunRuntime;
  if ("Deno" in globalThis) return (await import("./runtimes/deno.ts")).denoRuntime;
  return (await import("./runtimes/node.ts")).nodeRuntime;
}
