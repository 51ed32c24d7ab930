/** Runs a command, and tells its failures. @module */

import { SluiceError } from "../errors.ts";
import { helpOf, parseOptions, type Command } from "./options.ts";
import { endWhenNobodyReads, note, print } from "./terminal.ts";

const USAGE_ERROR = 2;
const FAILURE = 1;

/** Runs a command with what follows its name; gives the exit code: 0 done, 1 failed, 2 not understood. */
export async function runCommand(name: string, command: Command, args: readonly string[]): Promise<number> {
  if (args.some((arg) => ["--help", "-h"].includes(arg))) return say(helpOf(command));
  try {
    return await command.run(parseOptions(command, args));
  } catch (failure) {
    if (!(failure instanceof SluiceError)) throw failure;
    return refuse(`sluice ${name}: ${failure.message}`, ["bad_option", "unsafe_bind"].includes(failure.code));
  }
}

/** Prints what was asked for; gives the exit code. */
export function say(text: string): number {
  endWhenNobodyReads();
  print(text);
  return 0;
}

/** Says why nothing was done; gives the exit code. */
export function refuse(why: string, isMisunderstood: boolean): number {
  note(why);
  return isMisunderstood ? USAGE_ERROR : FAILURE;
}
