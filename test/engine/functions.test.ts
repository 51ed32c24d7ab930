import { describe, expect, test } from "vitest";
import { add, pair, split } from "../../src/engine/mod.ts";
import { isAdd, separatorOf, valueOf } from "../../src/engine/functions.ts";

/** As a program's own text: what the runtime makes of it is what is recognised. */
// oxlint-disable-next-line no-eval -- the text of a function is the subject
const written = (text: string): unknown => (0, eval)(text) as unknown;

describe("a function that can mean one thing only is recognised", () => {
  test.each([
    ['(line) => line.split(" ")', " "],
    ["line=>line.split(' ')", " "],
    ['( $l ) =>\n  $l.split(", ")', ", "],
    ['(line        )          => line.split("\\t")', undefined],
    ['(line) => line.split("")', undefined],
    ['(line) => line.split(" ", 2)', undefined],
    ['(line) => other.split(" ")', undefined],
    ['(line) => line.split(" ").reverse()', undefined],
    ['(line) => line.toLowerCase().split(" ")', undefined],
    ['(line = "a") => line.split(" ")', undefined],
    ['async (line) => line.split(" ")', undefined],
    ["(line) => line.split(/ /)", undefined],
  ])("%s splits at %j", (text, separator) => expect(separatorOf(written(text))).toBe(separator));

  test.each([
    ["(word) => [word, 1]", 1],
    ["w=>[w,10]", 10],
    ["(w                   )         => [w, 1]", 1],
    ["(w) => [w, 1.5]", undefined],
    ["(w) => [w, -1]", undefined],
    ["(w) => [w, n]", undefined],
    ["(w) => [w, 1, 2]", undefined],
    ["(w) => [1, w]", undefined],
    ["(w) => [w, w]", undefined],
    ["(w) => ({ 0: w, 1: 1 })", undefined],
  ])("%s pairs with %j", (text, value) => expect(valueOf(written(text))).toBe(value));

  test.each([
    ["(a, b) => a + b", true],
    ["(x,y)=>x+y", true],
    ["(a, b) => b + a", false],
    ["(a, b) => a - b", false],
    ["(a, b) => a + a", false],
    ["(a, b) => a + b + 1", false],
    ["(a, b) => { calls++; return a + b; }", false],
  ])("%s adds: %j", (text, adds) => expect(isAdd(written(text))).toBe(adds));

  test("and so are the engine's own", () => {
    expect([separatorOf(split(", ")), valueOf(pair(3)), isAdd(add)]).toEqual([", ", 3, true]);
    expect([separatorOf("x"), valueOf(null), isAdd(undefined)]).toEqual([undefined, undefined, false]);
  });
});
