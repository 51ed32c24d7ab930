import { describe, expect, test } from "vitest";
import { appByHand, StreamReader } from "../support/app.ts";

interface Limit {
  readonly name: string;
  readonly used: number | null;
}

const HERE = "127.0.0.1";
const FAR = "203.0.113.9";

/** An app with one session, and what it takes to follow it from an address. */
async function scene(limits: Parameters<typeof appByHand>[0] = {}) {
  const byHand = appByHand(limits);
  const { session } = await byHand.start();
  const path = `/sessions/${session.id}/sse`;
  const headers = { host: "localhost" };
  const follow = (peer: string, more: Record<string, string> = {}): Promise<Response> =>
    byHand.app.request(path, { headers: { ...headers, ...more } }, peer);
  const start = (peer: string, more: Record<string, string> = {}): Promise<Response> =>
    byHand.app.request("/sessions", { method: "POST", headers: { ...headers, ...more } }, peer);
  const used = async (): Promise<Record<string, number | null>> => {
    const answer = await byHand.app.request("/limits", { headers });
    const { items } = (await answer.json()) as { items: Limit[] };
    return Object.fromEntries(items.map((limit) => [limit.name, limit.used]));
  };
  return { ...byHand, session, follow, startFrom: start, used };
}

const detailOf = async (response: Response): Promise<string> => ((await response.json()) as { detail: string }).detail;

describe("followers", () => {
  test("are refused past the limit of each address, which counts a /64 as one and this machine not at all", async () => {
    const { follow, used } = await scene({ maxFollowersPerAddress: 2 });
    const open: StreamReader[] = [];
    const many = async (...peers: readonly string[]): Promise<number[]> => {
      const answers = await Promise.all(peers.map((peer) => follow(peer)));
      for (const answer of answers) if (answer.status === 200) open.push(new StreamReader(answer));
      return answers.map(({ status }) => status);
    };
    expect(await many(FAR, `::ffff:${FAR}`, FAR, "203.0.113.10")).toEqual([200, 200, 429, 200]);
    expect(await many("2001:db8::1", "2001:db8::2", "2001:db8::ffff", "2001:db8:0:1::1")).toEqual([200, 200, 429, 200]);
    expect(await many(HERE, HERE, "::1", "::ffff:127.0.0.1", "")).toEqual([200, 200, 200, 200, 200]);
    const refused = await follow(FAR);
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(await detailOf(refused)).toContain("2 do from this address, and maxFollowersPerAddress is 2");
    expect(await used()).toMatchObject({
      maxFollowersPerAddress: 2,
      maxTotalFollowers: 11,
      maxFollowers: 11,
      maxDescriptors: 14,
    });
    await Promise.all(open.map((reader) => reader.cancel()));
    expect(await used()).toMatchObject({
      maxFollowersPerAddress: 0,
      maxTotalFollowers: 0,
      maxFollowers: 0,
      maxDescriptors: 3,
    });
    expect(await many(FAR, FAR)).toEqual([200, 200]);
  });

  test.each([
    [{ maxFollowers: 2 }, 429, "2 do, and maxFollowers is 2"],
    [{ maxTotalFollowers: 2 }, 429, "all sessions have 2, and maxTotalFollowers is 2"],
    [{ maxDescriptors: 5 }, 503, "sessions and followers have 5 file descriptors, and maxDescriptors is 5"],
  ])("are refused past %j with %i, until one of them leaves", async (limits, status, why) => {
    const { follow } = await scene(limits);
    const [one] = await Promise.all([follow(HERE), follow(HERE)]);
    const refused = await follow(HERE);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([status, "5"]);
    expect(await detailOf(refused)).toContain(why);
    await one.body!.cancel();
    expect((await follow(HERE)).status).toBe(200);
  });

  test("are refused a WebSocket that follows nothing yet, where there is no descriptor for it", async () => {
    const { app } = await scene({ maxDescriptors: 3 });
    const refused = await app.request(
      "/ws",
      { headers: { host: "localhost", upgrade: "websocket", connection: "upgrade" } },
      HERE,
    );
    expect([refused.status, await detailOf(refused)]).toEqual([
      503,
      expect.stringMatching(/^Cannot open a WebSocket: /),
    ]);
  });

  test("of several sessions over one connection are one connection", async () => {
    const { app, session, start, used } = await scene();
    const other = (await start()).session;
    const path = `/sse?session=${session.id}&session=${other.id}`;
    const reader = new StreamReader(await app.request(path, { headers: { host: "localhost" } }, FAR));
    expect(await used()).toMatchObject({ maxTotalFollowers: 2, maxFollowersPerAddress: 1, maxDescriptors: 7 });
    await reader.cancel();
    expect(await used()).toMatchObject({ maxTotalFollowers: 0, maxFollowersPerAddress: 0, maxDescriptors: 6 });
  });
});

describe("sessions", () => {
  test("are refused past so many a minute from one address, and not from this machine", async () => {
    const { startFrom, clock, used } = await scene({ maxCreationsPerMinute: 3, maxSessions: 1000 });
    const statuses = async (...peers: readonly string[]): Promise<number[]> => {
      const all: number[] = [];
      for (const peer of peers) all.push((await startFrom(peer)).status);
      return all;
    };
    expect(await statuses(FAR, `::ffff:${FAR}`, FAR, FAR, "203.0.113.10")).toEqual([201, 201, 201, 429, 201]);
    expect(await statuses(HERE, HERE, HERE, HERE, HERE)).toEqual([201, 201, 201, 201, 201]);
    const refused = await startFrom(FAR);
    expect(refused.headers.get("retry-after")).toBe("20");
    expect(await refused.json()).toMatchObject({ type: "/problems/too-many-creations" });
    await clock.advance(19_000);
    expect((await startFrom(FAR)).headers.get("retry-after")).toBe("1");
    await clock.advance(1000);
    expect(await statuses(FAR, FAR)).toEqual([201, 429]);
    expect((await used())["maxAddresses"]).toBe(2);
    await clock.advance(60_000);
    expect((await used())["maxAddresses"]).toBe(0);
    expect(await statuses(FAR, FAR, FAR, FAR)).toEqual([201, 201, 201, 429]);
  });

  test("of ever new addresses take no more memory than maxAddresses", async () => {
    const { startFrom, used } = await scene({ maxCreationsPerMinute: 1, maxAddresses: 2, maxSessions: 1000 });
    for (const last of [1, 2, 3]) expect((await startFrom(`203.0.113.${last}`)).status).toBe(201);
    expect((await used())["maxAddresses"]).toBe(2);
    expect((await startFrom("203.0.113.3")).status).toBe(429);
    // The one that was seen the longest ago is forgotten.
    expect((await startFrom("203.0.113.1")).status).toBe(201);
  });

  test("are refused where their source would take more descriptors than there are, until one is over", async () => {
    const { app, startFrom, session, used } = await scene({ maxDescriptors: 6 });
    expect((await used())["maxDescriptors"]).toBe(3);
    expect((await startFrom(HERE)).status).toBe(201);
    const refused = await startFrom(HERE);
    expect([refused.status, await detailOf(refused)]).toEqual([
      503,
      expect.stringContaining("Cannot start a session: sessions and followers have 6 file descriptors"),
    ]);
    await app.request(`/sessions/${session.id}`, { method: "DELETE", headers: { host: "localhost" } });
    expect((await used())["maxDescriptors"]).toBe(3);
    expect((await startFrom(HERE)).status).toBe(201);
  });
});
