/** A server that asks for tokens of a file, and gives tickets for them. @module */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { formatToken } from "../../../src/front/mod.ts";
import { digest } from "../../support/sessions.ts";
import { handshake, PATIENCE, problem, QUIET, read } from "../client.ts";
import type { HelloJson, SessionJson } from "../json.ts";
import { startServer, type RuntimeName, type Server } from "../server.ts";
import { follow } from "../sse.ts";
import { connect } from "../ws.ts";

type Scopes = Parameters<typeof formatToken>[0]["scopes"];

/** A line of a tokens file; the token is its name with a `!`. */
const line = (name: string, scopes: Scopes): string => `${formatToken({ name, scopes, hash: digest(`${name}!`) })}\n`;

const ALL = `${line("r", ["read"])}${line("w", ["write"])}`;

/** A server that asks for tokens, believes a proxy on this machine, and has names; and a call to it as the one of a name. */
interface Scene {
  readonly server: Server;
  readonly path: string;
  ask(name: string, method: string, where: string, more?: { body?: object; from?: string }): Promise<Response>;
}

async function serve(runtime: RuntimeName): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-tokens-"));
  const path = join(folder, "tokens");
  await writeFile(path, `# all\n${ALL}${line("a", ["admin"])}`);
  const args = ["--trust-proxy", "127.0.0.1", "--allow-host", "sluice.example", "--allow-host", "other.example"];
  const server = await startServer(runtime, { folder, args, env: { SLUICE_TOKENS: path } });
  return {
    server,
    path,
    async ask(name, method, where, { body, from } = {}) {
      const headers = {
        authorization: `Bearer ${name}!`,
        ...(from !== undefined && { "x-forwarded-for": from }),
        ...(body && { "content-type": "application/json" }),
      };
      return fetch(server.url + where, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    },
  };
}

export function ticketsContract(runtime: RuntimeName): void {
  // One after the other: with other tokens all tickets are gone.
  describe("with a file of tokens", { concurrent: false }, () => {
    let scene: Scene;
    beforeAll(async () => {
      scene = await serve(runtime);
    });
    afterAll(async () => {
      await scene?.server[Symbol.asyncDispose]();
      if (scene !== undefined) await rm(scene.server.folder, { recursive: true, force: true });
    });

    test("each token may do what its scopes say, and SIGHUP has them read again", async () => {
      const { server, path, ask } = scene;
      const { id } = await read<SessionJson>(ask("w", "POST", "/sessions", { body: QUIET }), 201);
      expect((await ask("r", "GET", `/sessions/${id}`)).status).toBe(200);
      const refused = await problem(ask("r", "POST", `/sessions/${id}/stop`), 403, "missing-scope");
      expect(refused.detail).toBe(`Cannot POST /sessions/${id}/stop: the token has the scope read, write is wanted`);
      await problem(ask("w", "GET", "/limits"), 403, "missing-scope");
      expect((await ask("a", "GET", "/limits")).status).toBe(200);
      await problem(ask("b", "GET", "/sessions"), 401, "unauthorized");
      await problem(fetch(`${server.url}/sessions`), 401, "unauthorized");
      await writeFile(path, ALL + line("b", ["read"]));
      process.kill(server.pid, "SIGHUP");
      await vi.waitFor(async () => expect((await ask("b", "GET", "/sessions")).status).toBe(200), PATIENCE);
      await problem(ask("a", "GET", "/sessions"), 401, "unauthorized");
    });

    test("a ticket opens one stream of its session, over each transport, and no second", async () => {
      const { server, ask } = scene;
      const { id } = await read<SessionJson>(ask("w", "POST", "/sessions", { body: QUIET }), 201);
      const other = await read<SessionJson>(ask("w", "POST", "/sessions", { body: QUIET }), 201);
      const url = `${server.url}/sessions/${id}`;
      /** Does something with a new ticket. */
      const withTicket = async <T>(session: string | null, use: (query: string) => Promise<T>): Promise<T> => {
        const given = await read<TicketJson>(ask("r", "POST", "/tickets", { body: { session } }), 201);
        expect(Date.parse(given.expiresAt) - Date.now()).toBeGreaterThan(10_000);
        return use(`ticket=${given.ticket}`);
      };
      await withTicket(id, async (query) => {
        await using events = await follow(`${url}/sse?${query}`);
        expect((await events.next<HelloJson>("hello")).session).toBe(id);
        await problem(fetch(`${url}/sse?${query}`), 401, "unauthorized");
      });
      await withTicket(id, async (query) => {
        using socket = await connect(`${url}/ws?${query}`, { protocols: ["sluice.v1.json"] });
        expect((await socket.next<HelloJson>("hello")).session).toBe(id);
        expect((await handshake(`${url}/ws?${query}`)).status).toBe(401);
      });
      await withTicket(null, async (query) => {
        await using several = await follow(`${server.url}/sse?session=${id}&session=${other.id}&${query}`);
        expect((await several.next<HelloJson>("hello")).session).toBe(id);
      });
      await withTicket(other.id, async (query) => {
        expect((await handshake(`${url}/ws?${query}`)).status).toBe(401);
        expect((await handshake(`${server.url}/sessions/${other.id}/ws?${query}`)).status).toBe(401);
      });
      for (const where of [`/sessions/${id}`, "/sessions", "/limits"])
        await withTicket(null, (query) => problem(fetch(`${server.url + where}?${query}`), 401, "unauthorized"));
      await problem(ask("r", "POST", "/tickets", { body: { session: "s_nothere" } }), 404, "no-such-session");
      await problem(ask("r", "POST", "/tickets", { body: { for: id } }), 422, "bad-spec");
      await problem(fetch(`${server.url}/tickets`, { method: "POST" }), 401, "unauthorized");
    });

    test("a ticket for lines opens one WebSocket that brings them, and nothing else", async () => {
      const { server, ask } = scene;
      const body = { ...QUIET, source: { type: "push" } };
      const { id } = await read<SessionJson>(ask("w", "POST", "/sessions", { body }), 201);
      const url = `${server.url}/sessions/${id}`;
      const give = async (): Promise<string> =>
        (await read<TicketJson>(ask("w", "POST", `/sessions/${id}/lines/ticket`), 201)).ticket;
      const ticket = await give();
      using socket = await connect(`${url}/lines/ws?ticket=${ticket}`);
      socket.send("hello spark\nhello\n");
      expect(await socket.next<object>("ack")).toMatchObject({ lines: 2 });
      expect((await handshake(`${url}/lines/ws?ticket=${ticket}`)).status).toBe(401);
      await problem(fetch(`${url}/sse?ticket=${await give()}`), 401, "unauthorized");
      await problem(fetch(`${url}/lines?ticket=${await give()}`, { method: "POST", body: "x" }), 401, "unauthorized");
      expect((await handshake(`${url}/lines/ws?access_token=w!`)).status).toBe(401);
      const reading = await read<TicketJson>(ask("w", "POST", "/tickets"), 201);
      expect((await handshake(`${url}/lines/ws?ticket=${reading.ticket}`)).status).toBe(401);
      await problem(ask("r", "POST", `/sessions/${id}/lines/ticket`), 403, "missing-scope");
      const other = await read<SessionJson>(ask("w", "POST", "/sessions", { body: QUIET }), 201);
      await problem(ask("w", "POST", `/sessions/${other.id}/lines/ticket`), 409, "not-pushed");
    });

    test("clients of a trusted proxy are counted by the address it gives, and by none that they give themselves", async () => {
      const { ask } = scene;
      const start = (from: string): Promise<Response> => ask("w", "POST", "/sessions", { body: QUIET, from });
      let started = 0;
      let answer = await start("203.0.113.9");
      // One more may be started every 6 s, so it can be some more where this takes its time.
      for (; answer.status === 201 && started < 30; answer = await start(`192.0.2.${started}, 203.0.113.9`)) started++;
      expect(started).toBeGreaterThanOrEqual(10);
      await problem(answer, 429, "too-many-creations");
      expect((await start("203.0.113.10")).status).toBe(201);
    });

    test("hosts are answered for by the names that are allowed", async () => {
      const names = ["sluice.example", "other.example:443", "third.example"];
      const headers = { authorization: "Bearer r!" };
      const asked = names.map((host) => handshake(`${scene.server.url}/ws`, { ...headers, host }));
      expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([101, 101, 421]);
    });
  });
}

interface TicketJson {
  readonly ticket: string;
  readonly expiresAt: string;
}
