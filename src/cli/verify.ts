/** `sluice verify`: whether a service keeps its promises, as a stranger can tell. @module */

import { checkBatch, fetchBatch, FollowError, type BatchEvent } from "../client/mod.js";
import { SluiceError } from "../errors.ts";
import { safeText } from "../safe_text.ts";
import { Audit, type Checked, type Until } from "./audit.ts";
import { followGiven, FOLLOW_OPTIONS, tokenOf } from "./following.ts";
import type { Command, Given } from "./options.ts";
import { note, print, showProgress, stopSignal } from "./terminal.ts";

const HOLDS = 0;
const VIOLATED = 1;
const NOT_VERIFIED = 3;
const INTERRUPTED = 130;

export const verify: Command = {
  usage: "verify URL [options]",
  summary:
    "Follows a session and checks that no batch is lost, reordered, changed or miscounted. With --until head it is an audit of what is kept. Exit codes: 0 all holds, 1 it does not, 3 it could not be followed.",
  options: {
    from: {
      type: "string",
      value: "WHERE",
      help: "earliest, now, -n for the newest n, or a cursor to go on after (default earliest)",
    },
    until: {
      type: "string",
      value: "WHEN",
      help: "head, the newest batch at the start; end, of the session; or a number of batches (default end)",
    },
    ...FOLLOW_OPTIONS,
  },
  positionals: 1,
  async run(given) {
    const audit = new Audit(untilOf(given));
    const code = await Promise.race([check(given, audit), stopSignal().then(() => INTERRUPTED)]);
    showProgress("");
    if (code !== NOT_VERIFIED) print(audit.report());
    return code;
  },
};

function untilOf(given: Given): Until {
  const until = given.text("until") ?? "end";
  if (until === "head" || until === "end") return until;
  return given.number("until", { least: 1, most: 1_000_000_000, otherwise: 1, whole: true, or: "head or end" });
}

async function check(given: Given, audit: Audit): Promise<number> {
  try {
    await follow(given, audit);
  } catch (failure) {
    const isTheirs =
      failure instanceof FollowError || (failure instanceof SluiceError && failure.code === "unreachable");
    if (!isTheirs) throw failure;
    showProgress("");
    note(`sluice verify: ${safeText(failure.message)}`);
    return NOT_VERIFIED;
  }
  return audit.violation === undefined ? HOLDS : VIOLATED;
}

async function follow(given: Given, audit: Audit): Promise<void> {
  const from = given.text("from") ?? "earliest";
  for await (const event of followGiven({ command: "verify", given, from })) {
    audit.take(event);
    if (event.type === "batch" && event.more > 0) audit.took(await checkWhole(given, event));
    showProgress(audit.progress);
    if (audit.isDone) return;
  }
}

/** Checks what was pushed in part at its own URL: it must be the same batch, and its counts must be whole. */
async function checkWhole(given: Given, pushed: BatchEvent): Promise<Checked> {
  const { cursor, hash } = pushed;
  const [url = ""] = given.positionals;
  // What cannot be had, or not now, is said in the report; whether the service is there at all is seen by following.
  const whole = await fetchBatch(url, { cursor, token: tokenOf(given) }).catch(() => undefined);
  if (whole === undefined) return undefined;
  if (whole.hash === hash) return checkBatch(whole);
  const message = `${cursor} was pushed with the hash ${hash}, and its own URL has it with ${whole.hash}`;
  return [{ invariant: "I5", message, batches: [pushed, whole] }];
}
