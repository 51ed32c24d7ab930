/** `sluice token`: makes a token for the tokens file. @module */

import { SluiceError } from "../errors.ts";
import { formatToken, isName, NAME_WANTED, randomSecret, readScopes, SCOPES_WANTED } from "../front/mod.ts";
import type { Runtime } from "../runtime.ts";
import type { Command } from "./options.ts";
import { endWhenNobodyReads, note, print } from "./terminal.ts";

const PREFIX = "sluice_";

/** The command on a runtime. */
export function tokenOn({ digest }: Pick<Runtime, "digest">): Command {
  return {
    usage: "token NAME [options]",
    summary:
      "Makes a bearer token. The token itself is told once, on standard error; its line for the file of --tokens, which has a hash of it, goes to standard output.",
    options: {
      scopes: {
        type: "string",
        value: "SCOPES",
        help: "read, write (and read), admin (and both), with commas between; default read",
      },
    },
    positionals: 1,
    run(given) {
      const [name = ""] = given.positionals;
      const asked = given.text("scopes") ?? "read";
      const scopes = readScopes(asked);
      if (!isName(name)) throw refusal("the name", name, NAME_WANTED);
      if (scopes === undefined) throw refusal("--scopes", asked, SCOPES_WANTED);
      endWhenNobodyReads();
      const token = PREFIX + randomSecret();
      note(`The token of ${name}, which is not told again: ${token}`);
      print(`${formatToken({ name, scopes, hash: digest(token) })}\n`);
      return Promise.resolve(0);
    },
  };
}

function refusal(what: string, given: string, wanted: string): SluiceError {
  return new SluiceError("bad_option", `Cannot use ${what} ${JSON.stringify(given.slice(0, 80))}: ${wanted}`);
}
