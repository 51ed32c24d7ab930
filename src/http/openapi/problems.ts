/** What a call may be refused with. @module */

import { ERROR_CODES, SluiceError, type ErrorCode } from "../../errors.ts";
import { problemOf } from "../../front/mod.ts";
import { content, object, ref, text, type Schema } from "./schema.ts";

/** Any request may meet these. */
const ANYWHERE: readonly ErrorCode[] = [
  "unauthorized",
  "missing_scope",
  "forbidden_origin",
  "unknown_host",
  "method_not_allowed",
  "no_such_route",
];

/** The schemas by name. */
export const problemSchemas: Readonly<Record<string, Schema>> = {
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

const HEADERS: Readonly<Record<number, readonly [name: string, description: string]>> = {
  426: ["Upgrade", "websocket"],
  429: ["Retry-After", "Seconds after which it may be different."],
  503: ["Retry-After", "Seconds after which it may be different."],
};

/** What every call has for all that is not said of it. */
export const anyProblem: Readonly<Record<string, Schema>> = {
  default: { $ref: "#/components/responses/Refused" },
};

/** The answer that {@link anyProblem} names. */
export const refused: Schema = problemAnswer(
  `${ANYWHERE.map(sentence).join(" ")} 500: the service has a fault.`,
  undefined,
);

/** Answers by status for these failures, and one for all others. */
export function problems(...codes: readonly ErrorCode[]): Readonly<Record<string, Schema>> {
  const byStatus = Object.entries(Object.groupBy(codes, statusOf));
  const answers = byStatus.map(([status, these = []]) => [
    status,
    problemAnswer(these.map(meaning).join(" "), HEADERS[Number(status)]),
  ]);
  return { ...(Object.fromEntries(answers) as Record<string, Schema>), ...anyProblem };
}

function problemAnswer(description: string, header: readonly [string, string] | undefined): Schema {
  const headers =
    header === undefined ? {} : { headers: { [header[0]]: { description: header[1], schema: { type: "string" } } } };
  return { description, ...headers, ...content("application/problem+json", ref("Problem")) };
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
