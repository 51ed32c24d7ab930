/** What a user may ask for, checked, with defaults. @module */

import * as v from "valibot";
import { SluiceError, type FieldError } from "../errors.ts";

/** Random lines over raw TCP, sent by the service itself. */
export interface EmitterSpec {
  readonly type: "emitter";
  /** A file of the data folder, one message a line; default `messages.txt`. */
  readonly file?: string | undefined;
  /** The messages themselves, instead of a file. */
  readonly lines?: readonly string[] | undefined;
  /** Between two lines, in ms. */
  readonly intervalMs: number;
  /** 0: any free one. */
  readonly port: number;
  /** The same seed gives the same lines. */
  readonly seed?: number | undefined;
  /** The emitter, and with it the session, ends after this many lines. */
  readonly maxLines?: number | undefined;
}

/** Lines of somebody's TCP server, as Spark's `socketTextStream`. */
export interface SocketSpec {
  readonly type: "socket";
  readonly host: string;
  readonly port: number;
}

/** Lines of all who connect: the session listens. */
export interface ListenSpec {
  readonly type: "listen";
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** Lines that are brought over HTTP or WebSocket. */
export interface PushSpec {
  readonly type: "push";
}

/** Where a session's bytes are to come from. */
export type SourceSpec = EmitterSpec | SocketSpec | ListenSpec | PushSpec;

/** What a session is to be. */
export interface SessionSpec {
  readonly name: string | null;
  readonly source: SourceSpec;
  readonly batchIntervalMs: number;
  /** The session stops gracefully after this long; null: never. */
  readonly durationMs: number | null;
  readonly pipeline: { readonly separator: string };
}

const MAX_PORT = 65_535;
const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

/** A whole number within bounds; the message names both. */
function whole(least: number, most: number): v.GenericSchema<number> {
  const message = `must be a whole number from ${least} to ${most}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(least, message), v.maxValue(most, message));
}

/** A text of 1 to `most` characters without control characters, so without line ends. */
function text(most: number, pattern: RegExp): v.GenericSchema<string> {
  const message = `must be a text of 1 to ${most} characters without control characters`;
  // Not `maxLength`, which here counts an astral character twice, and in a JSON Schema once.
  return v.pipe(v.string(message), v.regex(pattern, message));
}

const EmitterSchema = v.pipe(
  v.strictObject({
    type: v.literal("emitter"),
    file: v.optional(text(255, /^\P{Cc}{1,255}$/u)),
    lines: v.optional(
      v.pipe(
        v.array(v.pipe(v.string("must be a text"), v.regex(/^[^\r\n]*$/, "must be one line"))),
        v.maxLength(1000, "must have 1 to 1000 lines"),
        v.check((lines) => lines.some((line) => line.trim() !== ""), "must have a line that is not blank"),
      ),
    ),
    intervalMs: v.optional(whole(1, HOUR_MS), 2000),
    port: v.optional(whole(0, MAX_PORT), 0),
    seed: v.optional(whole(0, 2 ** 32 - 1)),
    maxLines: v.optional(whole(1, 1_000_000_000)),
  }),
  v.check((source) => source.file === undefined || source.lines === undefined, "must have file or lines, not both"),
);

const SocketSchema = v.strictObject({
  type: v.literal("socket"),
  host: text(253, /^\P{Cc}{1,253}$/u),
  port: whole(1, MAX_PORT),
});

const ListenSchema = v.strictObject({
  type: v.literal("listen"),
  host: v.optional(text(45, /^\P{Cc}{1,45}$/u), "127.0.0.1"),
  port: v.optional(whole(0, MAX_PORT), 0),
});

const PushSchema = v.strictObject({ type: v.literal("push") });

const KINDS = [EmitterSchema, SocketSchema, ListenSchema, PushSchema] as const;

const SEPARATOR = "must be a text of 1 to 16 characters without line ends";
const PipelineSchema = v.strictObject({
  separator: v.optional(v.pipe(v.string(SEPARATOR), v.regex(/^[^\r\n]{1,16}$/u, SEPARATOR)), " "),
});

export const SessionSchema: v.GenericSchema<unknown, SessionSpec> = v.strictObject({
  name: v.optional(v.nullable(text(100, /^\P{Cc}{1,100}$/u)), null),
  source: v.optional(v.variant("type", KINDS, 'must be "emitter", "socket", "listen" or "push"'), { type: "emitter" }),
  batchIntervalMs: v.optional(whole(100, HOUR_MS), 5000),
  durationMs: v.optional(v.nullable(whole(1, WEEK_MS)), null),
  pipeline: v.optional(v.pipe(v.custom(isObject, "must be an object"), PipelineSchema), { separator: " " }),
});

/** How a session is to stop. */
export interface StopSpec {
  /** Default true: what has arrived is counted. */
  readonly graceful: boolean;
}

export const StopSchema: v.GenericSchema<unknown, StopSpec> = v.strictObject({
  graceful: v.optional(v.boolean("must be true or false"), true),
});

/** What a ticket is to be good for. */
export interface TicketSpec {
  /** The id of a session; null: streams of any. */
  readonly session: string | null;
}

export const TicketSchema: v.GenericSchema<unknown, TicketSpec> = v.strictObject({
  session: v.optional(v.nullable(v.string("must be the id of a session")), null),
});

/** Checks what a user asked for and fills in the defaults; every fault is named, each with its JSON pointer. */
export function parseSpec(asked: unknown): SessionSpec {
  return parse(SessionSchema, asked, "Cannot start a session");
}

/** The same of how to stop. */
export function parseStop(asked: unknown): StopSpec {
  return parse(StopSchema, asked, "Cannot stop a session");
}

/** The same of what a ticket is to be good for. */
export function parseTicket(asked: unknown): TicketSpec {
  return parse(TicketSchema, asked, "Cannot give a ticket");
}

function parse<T>(schema: v.GenericSchema<unknown, T>, asked: unknown, cannot: string): T {
  const result = v.safeParse(v.pipe(v.custom(isObject, "must be an object"), schema), asked);
  if (result.success) return result.output;
  const fields = result.issues.map(faultOf);
  const first = fields[0];
  const where = first?.pointer === "" ? "the body" : first?.pointer;
  throw new SluiceError("bad_spec", `${cannot}: ${where} ${first?.detail}`, { fields });
}

function faultOf(issue: v.BaseIssue<unknown>): FieldError {
  const keys = issue.path?.map((item) => String(item.key).replaceAll("~", "~0").replaceAll("/", "~1")) ?? [];
  return { pointer: keys.map((key) => `/${key}`).join(""), detail: detailOf(issue) };
}

function detailOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type === "strict_object" && issue.expected === "never") return "is not a known field";
  if (issue.received === "undefined") return "is missing";
  if (issue.type === "check") return issue.message;
  const shown = typeof issue.input === "string" ? JSON.stringify(issue.input.slice(0, 60)) : issue.received;
  return `${issue.message}: it is ${shown}`;
}

/** Arrays are objects to JavaScript and to the schema library, but not to users. */
function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
