/** A server that asks for a token. @module */

import { describe, expect, test } from "vitest";
import { handshake, read } from "../client.ts";
import type { HelloJson, SessionJson } from "../json.ts";
import { runServer, startServer, type RuntimeName } from "../server.ts";
import { follow } from "../sse.ts";
import { connect } from "../ws.ts";

const TOKEN = "s3cret-token";
const authorization = `Bearer ${TOKEN}`;

export function tokenContract(runtime: RuntimeName): void {
  describe("a token", () => {
    test("is wanted for sessions and their streams, not for the page and the health", async () => {
      await using server = await startServer(runtime, { env: { SLUICE_TOKEN: TOKEN } });
      const sessions = `${server.url}/sessions`;
      const refused = await fetch(sessions);
      expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([
        401,
        expect.stringMatching(/^Bearer/),
      ]);
      expect(await status(sessions, { authorization: `Bearer ${TOKEN}x` })).toBe(401);
      expect(await status(`${sessions}?access_token=${TOKEN}`)).toBe(401);
      expect(await status(sessions, { authorization })).toBe(200);
      expect(await status(`${server.url}/healthz`)).toBe(200);
      expect(await status(server.url)).toBe(200);
      for (const path of ["/client.js", "/client/mod.js"]) expect(await status(server.url + path)).toBe(200);
      for (const path of ["/client", "/client.jsx"]) expect(await status(server.url + path)).toBe(401);

      const session = await read<SessionJson>(fetch(sessions, { method: "POST", headers: { authorization } }), 201);
      const url = `${sessions}/${session.id}`;
      expect(await status(`${url}/sse`)).toBe(401);
      await using stream = await follow(`${url}/sse?access_token=${TOKEN}`);
      expect((await stream.next<HelloJson>("hello")).session).toBe(session.id);
      expect((await handshake(`${url}/ws`)).status).toBe(401);
      expect((await handshake(`${url}/ws?access_token=wrong`)).status).toBe(401);
      using socket = await connect(`${url}/ws?access_token=${TOKEN}`);
      expect((await socket.next<HelloJson>("hello")).session).toBe(session.id);
      using other = await connect(`${url}/ws`, { headers: { authorization } });
      expect((await other.next<HelloJson>("hello")).session).toBe(session.id);
    });

    test("must be there before the service listens beyond this machine", async () => {
      const { code, stdout, stderr } = await runServer(runtime, { args: ["--host", "0.0.0.0"] });
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toMatch(/^sluice serve: Cannot listen on 0\.0\.0\.0: [^\n]*SLUICE_TOKEN[^\n]*\n$/);
    });
  });
}

async function status(url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const response = await fetch(url, { headers });
  await response.body?.cancel();
  return response.status;
}
