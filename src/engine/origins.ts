/** How far a stream's records can be had by counting on the bytes: from its functions, as far as they are recognised. @module */

import { separatorOf, valueOf } from "./functions.ts";
import type { Input } from "./input.ts";
import { changeOf, testOf, wordsOf, type WordStep, type Words } from "./pure.ts";

/** A stream of the lines, the words or the (word, value) pairs of an input. */
export interface Origin {
  readonly input: Input;
  /** The stream holds lines to which this has been done. */
  readonly lineSteps?: readonly WordStep[];
  /** The stream holds words, split at this separator. */
  readonly separator?: string;
  /** The stream holds words that have been changed, or left out. */
  readonly words?: Words;
  /** The stream holds pairs of a word and this value. */
  readonly value?: number;
}

/** What `map(fn)` makes of it. */
export function mapped(origin: Origin | undefined, fn: unknown): Origin | undefined {
  if (origin === undefined || origin.value !== undefined) return undefined;
  if (isOfLines(origin)) {
    const change = changeOf(fn, false);
    return change && { ...origin, lineSteps: [...(origin.lineSteps ?? []), change] };
  }
  const value = valueOf(fn);
  if (value !== undefined) return origin.words?.hasStrayBlanks === true ? undefined : { ...origin, value };
  const change = changeOf(fn, true);
  return change && withStep(origin, change);
}

/** What `flatMap(fn)` makes of it. */
export function flatMapped(origin: Origin | undefined, fn: unknown): Origin | undefined {
  if (origin === undefined || !isOfLines(origin)) return undefined;
  const { input, lineSteps = [] } = origin;
  const separator = separatorOf(fn);
  if (separator !== undefined && lineSteps.length === 0) return { input, separator };
  const words = wordsOf(fn, lineSteps);
  return words && { input, words };
}

/** What `filter(keep)` makes of it. */
export function filtered(origin: Origin | undefined, keep: unknown): Origin | undefined {
  if (origin === undefined || isOfLines(origin) || origin.value !== undefined) return undefined;
  const test = testOf(keep);
  return test && withStep(origin, test.step, test.keepsEmpty);
}

function isOfLines({ separator, words }: Origin): boolean {
  return separator === undefined && words === undefined;
}

function withStep({ input, separator = "", words }: Origin, step: WordStep, keepsEmpty: boolean = true): Origin {
  const { steps, hasStrayBlanks, ...at } = words ?? { separator, steps: [], hasStrayBlanks: false };
  return { input, words: { ...at, steps: [...steps, step], hasStrayBlanks: hasStrayBlanks && keepsEmpty } };
}
