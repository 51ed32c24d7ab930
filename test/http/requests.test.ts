import { expect, test } from "vitest";
import { appByHand } from "../support/app.ts";
import { utf8 } from "../support/bytes.ts";

/** Asks for a session with such a body. */
function scene(source: UnderlyingDefaultSource<Uint8Array>) {
  const { app, clock, faults } = appByHand();
  const body = new ReadableStream(source);
  const headers = { host: "localhost", "content-type": "application/json" };
  const answer = app.request("/sessions", { method: "POST", headers, body, duplex: "half" } as RequestInit);
  return { answer, clock, faults };
}

test("a body that is not whole after 15 s is a 408, and is read no more", async () => {
  let isCancelled = false;
  const { answer, clock, faults } = scene({
    start: (controller) => controller.enqueue(utf8("{")),
    cancel: () => void (isCancelled = true),
  });
  const early = await Promise.race([answer, clock.advance(14_999)]);
  expect(early).toBeUndefined();
  await clock.advance(1);
  const { status } = await answer;
  expect([status, isCancelled, faults]).toEqual([408, true, []]);
});

test("a body that breaks off is a 400, and no fault of the service", async () => {
  const { answer, faults } = scene({ pull: (controller) => controller.error(new Error("aborted")) });
  const response = await answer;
  expect(await response.json()).toMatchObject({ type: "/problems/body-incomplete", status: 400 });
  expect(faults).toEqual([]);
});

test("a body that is longer than the limit is a 413, and is read no more", async () => {
  let isCancelled = false;
  const { answer } = scene({
    pull: (controller) => controller.enqueue(new Uint8Array(60_000)),
    cancel: () => void (isCancelled = true),
  });
  expect([(await answer).status, isCancelled]).toEqual([413, true]);
});
