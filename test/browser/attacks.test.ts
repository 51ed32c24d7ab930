/** Pages of elsewhere against a service, and words against its page, in a real browser. @module */

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { read, startSession, type OwnSession } from "../runtime/client.ts";
import type { SessionJson } from "../runtime/json.ts";
import { startServer, type Server } from "../runtime/server.ts";
import { findChromium, openBrowser } from "./chromium.ts";
import { attempt, ATTEMPTS, serveEvil, type Target } from "./evil.ts";
import { pageOf, visit, type Visit } from "./visit.ts";

vi.setConfig({ testTimeout: 90_000, hookTimeout: 30_000 });

const path = findChromium();
const EVIL = "evil.example";
const SPEC = { source: { type: "emitter", lines: ["big data"], intervalMs: 50 }, batchIntervalMs: 200 };
const NAMES = Object.keys(ATTEMPTS);
/** What is refused to the service's own pages too: it is not JSON. */
const REFUSED_TO_ALL = new Set([
  ...["a form of plain text", "a form", "a form with a file"],
  ...["a fetch of plain text", "a fetch of JSON that says it is plain", "a beacon"],
]);

describe.skipIf(path === undefined)("In a browser, a service", () => {
  let browser: Browser;
  let server: Server;
  let evil: Awaited<ReturnType<typeof serveEvil>>;

  beforeAll(async () => {
    const more = [
      `--host-resolver-rules=MAP ${EVIL} 127.0.0.1`,
      // What only some browsers do for us is not to hide what we do not.
      "--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,LocalNetworkAccessChecksWebSockets",
    ];
    [browser, server, evil] = await Promise.all([openBrowser(path ?? "", more), startServer("node"), serveEvil()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
    await evil?.[Symbol.asyncDispose]();
  });

  /** What the service has of it all: the names of its sessions but that of the test, and whether that one still runs. */
  const traces = async (session: OwnSession): Promise<Traces> => {
    const { items } = await read<{ items: SessionJson[] }>(fetch(`${server.url}/sessions?limit=1000`));
    const own = items.find(({ id }) => id === session.id);
    const others = items.filter(({ id }) => id !== session.id);
    return { started: others.map(({ name }) => name), state: own?.state, followers: own?.followers };
  };
  const UNTOUCHED = { started: [], state: "running", followers: 0 };

  /** A page of an origin that comes from elsewhere, and has no policy; all that it asks for then goes where it leads. */
  const visitEmpty = async (origin: string): Promise<Visit> => {
    const tab = await visit(browser, "about:blank");
    await tab.page.route(`${origin}/empty`, (route) => route.fulfill({ contentType: "text/html", body: "empty" }));
    await tab.page.goto(`${origin}/empty`);
    return tab;
  };

  /** Tries all that there is; the names of what got something. */
  const attack = async (page: Page, target: Target): Promise<string[]> => {
    const got: string[] = [];
    for (const name of NAMES) if (await attempt(page, ATTEMPTS[name]!, target)) got.push(name);
    return got;
  };

  test.each([
    ["another port of this machine", (): string => `http://127.0.0.1:${evil.port}/`],
    ["another port of localhost", (): string => `http://localhost:${evil.port}/`],
    ["another site", (): string => `http://${EVIL}:${evil.port}/`],
  ])(`gives a page of %s nothing, in ${NAMES.length} ways`, async (_where, url) => {
    await using session = await startSession(server, SPEC);
    await using tab = await visit(browser, url());
    expect(await attack(tab.page, { url: server.url, session: session.id })).toEqual([]);
    await expect.poll(() => traces(session)).toEqual(UNTOUCHED);
  });

  test(`gives a page whose name was made to lead here nothing, in ${NAMES.length} ways`, async () => {
    await using session = await startSession(server, SPEC);
    const origin = `http://${EVIL}:${server.port}`;
    await using tab = await visitEmpty(origin);
    expect(await attack(tab.page, { url: origin, session: session.id })).toEqual([]);
    const statuses = `Promise.all(["/", "/sessions", "/healthz", "/web/page.js"].map(async (path) => (await fetch(path)).status))`;
    expect(await tab.page.evaluate(statuses)).toEqual([421, 421, 421, 421]);
    await expect.poll(() => traces(session)).toEqual(UNTOUCHED);
  });

  test("gives its own pages what is JSON: so each of these ways is one", async () => {
    for (const name of NAMES) {
      await using session = await startSession(server, SPEC);
      await using tab = await visitEmpty(server.url);
      const got = await attempt(tab.page, ATTEMPTS[name]!, { url: server.url, session: session.id });
      const hasTrace = async (): Promise<boolean> => {
        const { started, state } = await traces(session);
        return got || started.length > 0 || state !== "running";
      };
      const may = !REFUSED_TO_ALL.has(name);
      await expect.poll(async () => [name, await hasTrace()]).toEqual([name, may]);
      const { items } = await read<{ items: SessionJson[] }>(fetch(`${server.url}/sessions?limit=1000`));
      for (const { id } of items) await fetch(`${server.url}/sessions/${id}`, { method: "DELETE" });
    }
  });

  test("is framed by nobody", async () => {
    await using tab = await visit(browser, `http://127.0.0.1:${evil.port}/`);
    const frame = `new Promise((resolve) => {
      const frame = document.createElement("iframe");
      frame.onload = resolve;
      frame.src = ${JSON.stringify(`${server.url}/`)};
      document.documentElement.append(frame);
    }).then(() => undefined)`;
    await tab.page.evaluate(frame);
    const [, framed] = tab.page.frames();
    expect(framed!.url()).toBe("chrome-error://chromewebdata/");
  });

  test(`shows hostile words as words: no script runs, and nothing violates its policy`, async () => {
    const lines = [PAYLOADS.join(" ")];
    const source = { type: "emitter", lines, intervalMs: 500 };
    const name = "<img src=x onerror=alert(1)>";
    await using session = await startSession(server, { source, batchIntervalMs: 500, name });
    await using tab = await visit(browser, pageOf(session));
    await tab.page.evaluate(`addEventListener("securitypolicyviolation", () => { globalThis.violated = true; })`);
    await tab.reaches(3);
    await tab.says("explain", "grouped by word");
    for (const word of PAYLOADS)
      await tab.page.getByText(word, { exact: false }).first().waitFor({ state: "attached" });
    expect(await tab.page.evaluate("[globalThis.pwned, globalThis.violated]")).toEqual(
      [null, null].map(() => undefined),
    );
    expect(tab.faults).toEqual([]);
    expect(
      await tab.page.evaluate("document.querySelectorAll('svg script, img[onerror], [onload], iframe').length"),
    ).toBe(0);
  });
});

/** What is left of attacks. */
interface Traces {
  readonly started: readonly (string | null)[];
  readonly state: string | undefined;
  readonly followers: number | undefined;
}

/** Words that are scripts where somebody takes them for HTML. */
const PAYLOADS: readonly string[] = [
  "<script>alert(1)</script>",
  "<script>globalThis.pwned=1</script>",
  "<img/src=x/onerror=alert(1)>",
  "<img/src/onerror=globalThis.pwned=1>",
  "<svg/onload=alert(1)>",
  "<svg><script>alert(1)</script></svg>",
  "<body/onload=alert(1)>",
  "<iframe/src=javascript:alert(1)>",
  "<iframe/srcdoc='<script>alert(1)</script>'>",
  "<a/href=javascript:alert(1)>x</a>",
  "<details/open/ontoggle=alert(1)>",
  "<input/autofocus/onfocus=alert(1)>",
  "<video><source/onerror=alert(1)></video>",
  "<math><mtext></mtext></math><style><img/src/onerror=alert(1)>",
  "<object/data=javascript:alert(1)>",
  "<embed/src=javascript:alert(1)>",
  "<base/href=//evil.example/>",
  "<link/rel=stylesheet/href=//evil.example/x.css>",
  "<meta/http-equiv=refresh/content=0;url=javascript:alert(1)>",
  "<form/action=//evil.example/><input/type=submit>",
  "</script><script>alert(1)</script>",
  "</style><script>alert(1)</script>",
  "</textarea><script>alert(1)</script>",
  "</title><script>alert(1)</script>",
  '"><script>alert(1)</script>',
  "'-alert(1)-'",
  "${alert(1)}",
  "{{constructor.constructor('alert(1)')()}}",
  "javascript:alert(1)",
  "&lt;script&gt;alert(1)&lt;/script&gt;",
  "data:text/html,<script>alert(1)</script>",
  "__proto__",
  "\u202e<script>alert(1)</script>",
  '<noscript><p/title="</noscript><img/src/onerror=alert(1)>">',
];
