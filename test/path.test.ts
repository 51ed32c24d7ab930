import { expect, test } from "vitest";
import { appByHand, StreamReader } from "./support/app.ts";

test("bytes in, the clock moved, Server-Sent Events out", async () => {
  const { app, clock, start } = appByHand();
  const { session, source } = await start({ name: "path" });
  const host = { host: "localhost" };

  const stream = new StreamReader(await app.request(`/sessions/${session.id}/sse`, { headers: host }));
  expect(await stream.read("event: state")).toContain(`event: hello\ndata: {"protocol":1,"session":"${session.id}"`);

  for (const bytes of ["spark spark strea", "ming\r\nbig da", "ta spark\n"]) source.write(bytes);
  await clock.advance(5000);
  const event = await stream.read("hash");
  expect(event).toContain(`id: ${session.log.epoch}:1\nevent: batch\n`);
  expect(event).toContain('"counts":[["spark",3],["big",1],["data",1],["streaming",1]]');

  source.write("hello streaming");
  source.end();
  const stopped = await app.request(`/sessions/${session.id}/stop`, { method: "POST", headers: host });
  expect(await stopped.json()).toMatchObject({ state: "stopped", total: { batches: 2, lines: 3, words: 8 } });
  expect(await stream.read("event: end")).toMatch(
    /"partial":true,"final":true.*"counts":\[\["hello",1\],\["streaming",1\]\]/,
  );

  const text = await app.request(`/sessions/${session.id}/text?since=earliest`, { headers: host });
  expect(await text.text()).toMatch(/\('streaming', 1\)\n\('big', 1\)\n\('spark', 3\)\n\('data', 1\)\n\n-{43}\n/);
});
