import { expect, test } from "vitest";
import { StreamingContext, type Receiver, type StreamingListener } from "../../src/engine/mod.ts";
import { sleep } from "../../src/clock.ts";
import { HandReceiver } from "../support/bytes.ts";
import { ManualClock } from "../support/manual_clock.ts";

const EVENTS = [
  "onStreamingStarted",
  "onReceiverStarted",
  "onReceiverError",
  "onReceiverStopped",
  "onBatchSubmitted",
  "onBatchStarted",
  "onBatchCompleted",
  "onOutputOperationStarted",
  "onOutputOperationCompleted",
] as const satisfies (keyof StreamingListener)[];

type Told = readonly [name: string, event: Record<string, never>];

/** Writes down all nine. */
function scribe(told: Told[]): StreamingListener {
  return Object.fromEntries(EVENTS.map((name) => [name, (event: never) => told.push([name, event])]));
}

test("a listener is told the nine events in Spark's order, with times and delays", async () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 21, 21, 25, 27));
  const start = clock.now();
  const context = new StreamingContext({ batchInterval: 1000, clock });
  const receiver = new HandReceiver();
  const lines = context.lines(receiver);
  lines.foreachRDD(() => sleep(clock, 300));
  lines.map(fails).pprint();
  const told: Told[] = [];
  context.addStreamingListener(scribe(told));
  await context.start();
  receiver.write("a\nb\n");
  await clock.advance(1400);
  await context.stop();
  expect(told.map(([name]) => name)).toEqual([
    "onStreamingStarted",
    "onReceiverStarted",
    "onBatchSubmitted",
    "onBatchStarted",
    "onOutputOperationStarted",
    "onOutputOperationCompleted",
    "onOutputOperationStarted",
    "onOutputOperationCompleted",
    "onBatchCompleted",
    "onReceiverStopped",
  ]);
  const event = (name: string): unknown => told.findLast(([each]) => each === name)?.[1];
  expect(event("onStreamingStarted")).toEqual({ time: start });
  const outputs = [
    {
      batchTime: start + 1000,
      id: 0,
      name: "foreachRDD",
      startTime: start + 1000,
      endTime: start + 1300,
      failureReason: null,
    },
    {
      batchTime: start + 1000,
      id: 1,
      name: "pprint",
      startTime: start + 1300,
      endTime: start + 1300,
      failureReason: "it fails",
    },
  ];
  expect(event("onOutputOperationCompleted")).toEqual({ outputOperationInfo: outputs[1] });
  expect(event("onBatchCompleted")).toEqual({
    batchInfo: {
      batchTime: start + 1000,
      streamIdToInputInfo: { 0: { numRecords: 2 } },
      submissionTime: start + 1000,
      processingStartTime: start + 1000,
      processingEndTime: start + 1300,
      schedulingDelay: 0,
      processingDelay: 300,
      totalDelay: 300,
      numRecords: 2,
      outputOperationInfos: outputs,
    },
  });
  expect(event("onBatchSubmitted")).toMatchObject({
    batchInfo: { processingStartTime: null, totalDelay: null, outputOperationInfos: [{ startTime: null }, {}] },
  });
  expect(event("onReceiverStopped")).toMatchObject({
    receiverInfo: { streamId: 0, name: "Receiver-0", active: false },
  });
});

function fails(): never {
  throw new Error("it fails");
}

test("a batch that waits for the one before has a scheduling delay", async () => {
  const clock = new ManualClock();
  const context = new StreamingContext({ batchInterval: 1000, clock });
  const delays: (number | null)[] = [];
  context.queueStream([]).foreachRDD(() => sleep(clock, 1500));
  context.addStreamingListener({ onBatchCompleted: ({ batchInfo }) => delays.push(batchInfo.schedulingDelay) });
  await context.start();
  await clock.advance(4500);
  expect(delays).toEqual([0, 500]);
});

test("a receiver that stops, tries again and complains is told of as Spark's is", async () => {
  const context = new StreamingContext({ batchInterval: 1000, clock: new ManualClock() });
  const receiver: Receiver = {
    name: "SocketReceiver",
    async start(sink) {
      sink.stopped("refused");
      sink.started();
      sink.started();
      sink.error("a strange byte");
    },
    async stop() {},
  };
  context.lines(receiver).pprint();
  const told: Told[] = [];
  context.addStreamingListener(scribe(told));
  await context.start();
  expect(told.slice(1)).toMatchObject([
    ["onReceiverStarted", { receiverInfo: { name: "SocketReceiver-0", active: true, lastErrorTime: -1 } }],
    ["onReceiverStopped", { receiverInfo: { active: false, lastErrorMessage: "refused" } }],
    ["onReceiverStarted", { receiverInfo: { active: true, lastErrorMessage: "" } }],
    ["onReceiverError", { receiverInfo: { active: true, lastErrorMessage: "a strange byte" } }],
  ]);
  await context.stop();
});

test("a listener that throws fails the context, and the others are told all the same", async () => {
  const clock = new ManualClock();
  const context = new StreamingContext({ batchInterval: 1000, clock });
  context.queueStream([]).foreachRDD(() => {});
  let completed = 0;
  context.addStreamingListener({ onBatchStarted: fails });
  context.addStreamingListener({ onBatchCompleted: () => completed++ });
  await context.start();
  await clock.advance(2000);
  expect(completed).toBe(2);
  await expect(context.awaitTermination()).rejects.toThrow("it fails");
});
