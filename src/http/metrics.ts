/** `GET /metrics`: what is measured, for Prometheus. Loaded with the first scrape. @module */

import type { Context } from "hono";
import type { Clock } from "../clock.ts";
import type { Answers } from "../front/mod.ts";
import type { Runtime } from "../runtime.ts";
import type { Sessions } from "../sessions/mod.ts";
import { VERSION } from "../version.ts";
import { takeCensus, type Deliveries } from "./census.ts";
import type { DeliveryMeasures } from "./delivery_measures.ts";
import { watchEventLoop } from "./event_loop.ts";
import { exposition, EXPOSITION_TYPE } from "./exposition.ts";
import { SERIES } from "./series.ts";

/** Where it is found. */
export interface MetricsParts {
  readonly sessions: Sessions;
  readonly deliveries: Deliveries;
  readonly delivery: DeliveryMeasures;
  readonly answers: Answers;
  readonly runtime: Runtime;
  readonly clock: Clock;
}

/** Answers scrapes. From the first on, and so not before anybody looks, the event loop is watched. */
export function metricsOf(parts: MetricsParts): (c: Context) => Promise<Response> {
  const { sessions, deliveries, delivery, answers, runtime, clock } = parts;
  const { measures, store } = sessions;
  const eventLoop = watchEventLoop(clock);
  const about = { version: VERSION, runtime: runtime.name };
  return async (c) => {
    const usage = await runtime.usage();
    const census = takeCensus(sessions.all(), deliveries);
    const scene = { about, census, measures, delivery, store, answers, eventLoop, usage };
    const texts = SERIES.map((series) => ({ series, samples: series.read(scene) }))
      .filter(({ samples }) => samples.length > 0)
      .map(({ series, samples }) => exposition(series, samples));
    return c.body(texts.join(""), 200, { "content-type": EXPOSITION_TYPE, "cache-control": "no-store" });
  };
}
