/** What a call may be refused with. @module */

import { ERROR_CODES, SluiceError, type ErrorCode } from "../../errors.ts";
import { problemOf } from "../../front/mod.ts";
import { content, headersOf, object, ref, text, type Method, type Operation, type Schema } from "./schema.ts";

/** The schemas by name. */
export const problemSchemas: Readonly<Record<string, Schema>> = {
  ProblemType: object("A type of problem: what it is, and what helps.", {
    type: text("As in the documents of such problems.", { format: "uri-reference" }),
    slug: text("Its name, which never changes its meaning."),
    status: { type: "integer", minimum: 400, maximum: 599, description: "The status of an answer." },
    title: text("What it is."),
    cure: text("What helps."),
  }),
  Problem: object(
    "A problem document (RFC 9457).",
    {
      type: text(
        "`/problems/` and the name of the problem: the path of a text with cause and cure; or `about:blank`.",
        {
          format: "uri-reference",
        },
      ),
      title: text("What this type of problem is."),
      status: { type: "integer", minimum: 400, maximum: 599, description: "The status again." },
      detail: text("What could not be done, what is, and what is wanted."),
      errors: {
        type: "array",
        description: "The fields at fault.",
        items: object("A field at fault.", {
          pointer: text("JSON pointer (RFC 6901) of the field in the body.", { format: "json-pointer" }),
          detail: text("What is wanted there."),
        }),
      },
    },
    ["errors"],
  ),
};

const LATER = { "Retry-After": "Seconds after which it may be different." };
const HEADERS: Readonly<Record<number, Schema>> = {
  401: headersOf({ "WWW-Authenticate": "Bearer" }),
  // Of one of its problems.
  409: headersOf(LATER, ["Retry-After"]),
  426: headersOf({ Upgrade: "websocket" }),
  429: headersOf(LATER),
  503: headersOf(LATER),
};

/** Answers by status for these failures. */
export function problems(...codes: readonly ErrorCode[]): Readonly<Record<string, Schema>> {
  const byStatus = Object.entries(Object.groupBy(codes, statusOf));
  return Object.fromEntries(
    byStatus.map(([status, these = []]) => [status, problemAnswer(Number(status), these.map(meaning).join(" "))]),
  );
}

/** Answers that are the same for many calls, by name. */
export const commonAnswers: Readonly<Record<string, Schema>> = {
  Unauthorized: problemAnswer(401, meaning("unauthorized")),
  MissingScope: problemAnswer(403, meaning("missing_scope")),
  UnknownHost: problemAnswer(421, meaning("unknown_host")),
  // Nobody of ours sees such a request.
  HeadTooLong: {
    description:
      "The head of the request, with its path and query, is longer than the HTTP server reads: 16 KiB on Node and on Bun. There is no body.",
  },
  Fault: problemAnswer(500, "The service has a fault."),
};

/** A call with those of them that it may be answered with. */
export function withCommonAnswers(method: Method, operation: Operation): Operation {
  const isOpen = operation.security?.length === 0;
  const { 403: own, ...others } = operation.responses;
  // What a page of another origin could do harm with.
  const isHarmful = method !== "get" || operation.tags[0] === "streams";
  const meanings = [
    ...(isOpen ? [] : [meaning("missing_scope")]),
    ...(isHarmful ? [meaning("forbidden_origin")] : []),
    ...(own === undefined ? [] : [own["description"]]),
  ];
  const common = {
    ...(!isOpen && { 401: answerNamed("Unauthorized") }),
    ...(!isOpen && {
      403: meanings.length === 1 ? answerNamed("MissingScope") : problemAnswer(403, meanings.join(" ")),
    }),
    421: answerNamed("UnknownHost"),
    431: answerNamed("HeadTooLong"),
    500: answerNamed("Fault"),
  };
  return { ...operation, responses: { ...others, ...common } };
}

/** What a request may meet that is none of the calls. */
export const ELSEWHERE: string = `Of another path: ${sentence("no_such_route")} Of another method: ${sentence("method_not_allowed")} Its \`Allow\` has those there are.`;

function answerNamed(name: string): Schema {
  return { $ref: `#/components/responses/${name}` };
}

function problemAnswer(status: number, description: string): Schema {
  return {
    description,
    ...HEADERS[status],
    ...content("application/problem+json", ref("Problem")),
  };
}

function statusOf(code: ErrorCode): number {
  return problemOf(new SluiceError(code, "")).status;
}

function meaning(code: ErrorCode): string {
  return `\`${code.replaceAll("_", "-")}\`: ${ERROR_CODES[code]}.`;
}

function sentence(code: ErrorCode): string {
  return `${statusOf(code)} ${meaning(code)}`;
}
