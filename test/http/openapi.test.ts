import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { ERROR_CODES, SluiceError, type ErrorCode } from "../../src/errors.ts";
import { Answers, createFront, Guard, problemOf, Tickets } from "../../src/front/mod.ts";
import { SCOPES, type Scope } from "../../src/front/scopes.ts";
import { createApp } from "../../src/http/mod.ts";
import type { Schema } from "../../src/http/openapi/schema.ts";
import { pageOf } from "../../src/page.ts";
import { calls, document, faultsOf, filled, parametersOf, scopeIn, type Call } from "../support/openapi.ts";
import { RULES } from "../support/app.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { hashing, sessionsByHand } from "../support/sessions.ts";

/** A link as the document has it. */
interface Link {
  readonly operationId: string;
  readonly parameters: object;
}

const SRC = join(import.meta.dirname, "../../src");
/** What the front answers itself. */
const ofFront = ({ path }: Call): boolean =>
  /^\/(?:$|healthz|livez|readyz|version|problems|openapi|asyncapi|web|client)/.test(path);
/** A query with a ticket that nobody has used. */
const ticketFor = (tickets: Tickets): string => `?ticket=${tickets.issue(null).ticket}`;
/** An answer where it is, or where it says that it is. */
const resolved = (response: Schema): Schema => {
  const name = typeof response["$ref"] === "string" ? response["$ref"].split("/").at(-1)! : undefined;
  return name === undefined ? response : (document.components.responses[name] as Schema);
};
const named = (list: readonly Call[]): string[] => list.map(({ method, path }) => `${method} ${path}`).toSorted();

test("src/openapi.json is what the sources make (npx vitest run test/http/openapi.test.ts -u writes it)", async () => {
  await expect(`${JSON.stringify(document, null, 1)}\n`).toMatchFileSnapshot("../../src/openapi.json");
});

test("it is a valid OpenAPI 3.2 document", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(join(SRC, "openapi.json"));
  expect([validator.version, valid, errors]).toEqual(["3.2", true, undefined]);
});

describe("the document has", () => {
  test("every route of the app and no other, with their methods", () => {
    const { routes } = createApp({
      ...sessionsByHand(),
      runtime: null!,
      tickets: null!,
      answers: new Answers(),
      log: () => {},
    });
    const inApp = routes.filter(({ method }) => method !== "ALL");
    const names = inApp.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
    expect(named(calls.filter((call) => !ofFront(call)))).toEqual(names.toSorted());
  });

  test("what the front answers by itself, and the scope that each call wants", async () => {
    const reached: string[] = [];
    const tickets = new Tickets(new ManualClock());
    const guard = new Guard(hashing.digest, tickets);
    const tokens = SCOPES.map((scope) => ({ name: scope, scopes: [scope], hash: hashing.digest(scope) }));
    guard.use({ ...RULES, tokens });
    const front = createFront({
      guard,
      rooms: () => (request) => {
        reached.push(new URL(request.url).pathname);
        return new Response();
      },
      asset: pageOf({ readFile }),
      about: () => Promise.resolve({}),
      readiness: () => Promise.resolve({ status: "ready", checks: [] }),
      answers: new Answers(),
      clock: new ManualClock(),
      log: (level) => expect(level).not.toBe("error"),
    });
    const status = async (call: Call, query: string = "", headers: Record<string, string> = {}): Promise<number> => {
      const request = new Request(`http://localhost${filled(call)}${query}`, {
        method: call.method,
        headers: { host: "localhost", ...headers },
      });
      return (await front(request, {})).status;
    };
    for (const call of calls) {
      const wanted = scopeIn(call.operation);
      const tries = ["", "?access_token=read", ticketFor(tickets)];
      const bare = await Promise.all(tries.map((query) => status(call, query)));
      const inUrl = call.operation.tags[0] === "streams" ? 200 : 401;
      const allowed = wanted === undefined ? [200, 200, 200] : [401, inUrl, inUrl];
      expect([call.method, call.path, ...bare]).toEqual([call.method, call.path, ...allowed]);
      const rank = wanted === undefined ? -1 : SCOPES.indexOf(wanted as Scope);
      for (const [i, scope] of SCOPES.entries()) {
        reached.length = 0;
        const got = await status(call, "", { authorization: `Bearer ${scope}` });
        expect([call.method, call.path, scope, got]).toEqual([call.method, call.path, scope, i >= rank ? 200 : 403]);
        expect([call.path, reached.length > 0]).toEqual([call.path, i >= rank && !ofFront(call)]);
      }
      expect(await status(call, "", { authorization: "Bearer other" })).toBe(rank < 0 ? 200 : 401);
    }
    // So that each of them is seen to be wanted somewhere.
    const all = calls.flatMap(({ operation }) => scopeIn(operation) ?? []);
    expect(new Set(all)).toEqual(new Set(SCOPES));
  });

  test("every query parameter that the code reads, and no other", async () => {
    const files = (await readdir(join(SRC, "http"))).filter((name) => name.endsWith(".ts"));
    const texts = await Promise.all(files.map((name) => readFile(join(SRC, "http", name), "utf8")));
    const reads = /(?:(?:whole|choice|cursor)Parameter\(\s*c,\s*|c\.req\.quer(?:y|ies)\()"(\w+)"/g;
    const read = texts.flatMap((text) => [...text.matchAll(reads)].map(([, name]) => name!));
    const described = calls.flatMap(({ operation }) => parametersOf(operation).filter((each) => each.in === "query"));
    expect([...new Set(described.map(({ name }) => name))].toSorted()).toEqual([...new Set(read)].toSorted());
  });

  test("every problem that a request can meet, at its status", () => {
    /** Of the command line and the library, and of WebSocket's messages. */
    const elsewhere = new Set(["bad_checkpoint", "bad_store", "unsafe_bind", "bad_option", "unreachable", "bad_frame"]);
    const codes = (Object.keys(ERROR_CODES) as ErrorCode[]).filter((code) => !elsewhere.has(code));
    const answers = calls.flatMap(({ operation }) =>
      Object.entries(operation.responses).map(([at, response]) => [at, resolved(response)] as const),
    );
    const missing = codes.filter((code) => {
      const { status } = problemOf(new SluiceError(code, ""));
      const slug = `\`${code.replaceAll("_", "-")}\``;
      const isListed = answers.some(
        ([at, { description }]) => at === String(status) && String(description).includes(slug),
      );
      return !isListed && !String(document.info["description"]).includes(`${status} ${slug}`);
    });
    expect(missing).toEqual([]);
  });

  test("for each call the refusals of whoever may not ask at all", () => {
    const slugs: [path: string, status: string, slug: string][] = calls.flatMap(({ method, path, operation }) => [
      [path, "421", "unknown-host"],
      ...(operation.security?.length === 0
        ? []
        : ([
            [path, "401", "unauthorized"],
            [path, "403", "missing-scope"],
          ] as [string, string, string][])),
      // What a page of another origin could do harm with.
      ...(method === "GET" && operation.tags[0] !== "streams"
        ? []
        : [[path, "403", "forbidden-origin"] as [string, string, string]]),
    ]);
    const missing = slugs.filter(([path, status, slug]) => {
      const responses = calls.filter((call) => call.path === path).map(({ operation }) => operation.responses[status]);
      return !responses.some((response) => String(resolved(response ?? {})["description"]).includes(`\`${slug}\``));
    });
    expect(missing).toEqual([]);
  });

  test("examples that are of their schemas", () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const examples = calls.flatMap(({ operation }) =>
      parametersOf(operation).flatMap(({ schema, example }) => (example === undefined ? [] : [{ schema, example }])),
    );
    const wrong = examples.filter(({ schema, example }) => !ajv.validate(schema, example));
    const bodies = calls.flatMap(({ operation: { requestBody } }) =>
      Object.values((requestBody?.["content"] ?? {}) as Record<string, { schema: { $ref: string }; example: unknown }>),
    );
    const faults = bodies
      .filter(({ example }) => example !== undefined)
      .flatMap(({ schema, example }) => faultsOf(schema.$ref.split("/").at(-1)!, example));
    expect([wrong, faults, examples.length > 10, bodies.length]).toEqual([[], [], true, 5]);
  });

  test("no link to nothing: each names a call, and parameters that it has", () => {
    const links = calls.flatMap(({ operation }) =>
      Object.values(operation.responses).flatMap(({ links: each = {} }) => Object.values(each as Record<string, Link>)),
    );
    const wrong = links.filter(({ operationId, parameters }) => {
      const target = calls.find(({ operation }) => operation.operationId === operationId);
      const names = target === undefined ? [] : parametersOf(target.operation).map(({ name }) => name);
      return !Object.keys(parameters).every((name) => names.includes(name));
    });
    expect([wrong, links.length >= 20]).toEqual([[], true]);
  });

  test("no reference to nothing, no schema that nothing uses, no name twice, and a value for each part of a path", () => {
    const text = JSON.stringify(document);
    const used = new Set([...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name!));
    expect([...used].toSorted()).toEqual(Object.keys(document.components.schemas).toSorted());
    const ids = calls.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const open = calls.flatMap((call) => filled(call).match(/undefined/g) ?? []);
    expect(open).toEqual([]);
  });
});
