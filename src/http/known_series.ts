/** A series that knows where it comes from, and short ways to write one. @module */

import type { Answers } from "../front/mod.ts";
import type { Usage } from "../runtime.ts";
import type { Histogram, Measures, StoreHealth } from "../sessions/mod.ts";
import type { Census } from "./census.ts";
import type { DeliveryMeasures } from "./delivery_measures.ts";
import type { Sample, Series } from "./exposition.ts";

/** What a scrape finds. */
interface Scene {
  readonly about: Readonly<Record<string, string>>;
  readonly census: Census;
  readonly measures: Measures;
  readonly delivery: DeliveryMeasures;
  readonly store: StoreHealth;
  readonly answers: Answers;
  readonly eventLoop: Histogram;
  readonly usage: Usage;
}

/** A series that knows where it comes from; no samples where that cannot be learnt. */
export interface KnownSeries extends Series {
  /** Labels, each with all its values; none are listed of one that is the same for the whole process. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly read: (scene: Scene) => readonly Sample[];
}

type Value = Sample["value"];
type Read<T> = (scene: Scene) => T;

/** A series with one value; undefined where it cannot be learnt. */
export function one(series: Series, read: Read<Value | undefined>): KnownSeries {
  return {
    ...series,
    labels: {},
    read(scene) {
      const value = read(scene);
      return value === undefined ? [] : [{ labels: {}, value }];
    },
  };
}

/** A label, and all it may say. */
interface Label {
  readonly label: string;
  readonly values: readonly (string | number)[];
}

/** A series with a value for each that a label may have, which are read in the same order. */
export function each(series: Series, { label, values }: Label, read: Read<readonly Value[]>): KnownSeries {
  const texts = values.map(String);
  return {
    ...series,
    labels: { [label]: texts },
    read(scene) {
      const found = read(scene);
      return texts.map((text, i) => ({ labels: { [label]: text }, value: found[i] ?? 0 }));
    },
  };
}

/** Durations. */
export const histogram = (name: string, help: string): Series => ({ name, type: "histogram", help });
/** A sum since the process began. */
export const counter = (name: string, help: string): Series => ({ name, type: "counter", help });
/** How something is now. */
export const gauge = (name: string, help: string): Series => ({ name, type: "gauge", help });
