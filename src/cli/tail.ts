/** `sluice tail`: follows a session from a shell. @module */

import { FollowError } from "../client/mod.js";
import { safeText } from "../safe_text.ts";
import { followGiven, FOLLOW_OPTIONS } from "./following.ts";
import type { Command, Given } from "./options.ts";
import { formOf, FORMS } from "./tail_forms.ts";
import { endWhenNobodyReads, note, stopSignal } from "./terminal.ts";

const INTERRUPTED = 130;
const FAILED = 1;

export const tail: Command = {
  usage: "tail URL [options]",
  summary:
    "Follows a session, such as http://localhost:8080/sessions/s_8f3c2a, until its end, and goes on where it was when the connection is lost.",
  options: {
    since: {
      type: "string",
      value: "WHERE",
      help: "now, earliest, -n for the newest n, or a cursor to go on after (default -1)",
    },
    format: {
      type: "string",
      value: "FORM",
      help: "pprint, most frequent words first, or ndjson, one event a line (default pprint)",
    },
    top: {
      type: "string",
      value: "N",
      help: `words of a batch (default ${FORMS.pprint.top} in pprint, ${FORMS.ndjson.top} in ndjson)`,
    },
    ...FOLLOW_OPTIONS,
  },
  positionals: 1,
  run(given) {
    endWhenNobodyReads();
    return Promise.race([writeAll(given), stopSignal().then(() => INTERRUPTED)]);
  },
};

/** Writes every event; gives the exit code. */
async function writeAll(given: Given): Promise<number> {
  const form = formOf(given.text("format") ?? "pprint");
  const top = given.number("top", { least: 0, most: 1_000_000, otherwise: form.top, whole: true });
  try {
    const from = given.text("since") ?? "-1";
    for await (const event of followGiven({ command: "tail", given, from, top })) form.write(event);
    return 0;
  } catch (failure) {
    if (!(failure instanceof FollowError)) throw failure;
    note(`sluice tail: ${safeText(failure.message)}`);
    return FAILED;
  }
}
