import fc from "fast-check";
import { expect, test } from "vitest";
import { pyList, pythonLiteral } from "../../src/engine/mod.ts";
import { readValue, writeValue } from "../../src/engine/plain_values.ts";

const back = (value: unknown): unknown => readValue(JSON.parse(JSON.stringify(writeValue(value))));

test("values come back as they were", () => {
  const value = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: false,
    key: fc.oneof(fc.string(), fc.constantFrom("__proto__", "$", "is", "constructor")),
  });
  fc.assert(
    fc.property(value, (each) => {
      expect(back(each)).toEqual(each);
    }),
  );
});

test.each([
  [undefined],
  [Number.NaN],
  [-0],
  [Infinity],
  [-Infinity],
  [2n ** 70n],
  ["\ud800"],
  [{ $: "number", is: "1" }],
])("%s comes back as it was", (value) => expect(back(value)).toStrictEqual(value));

test("a list stays one", () => {
  expect(pythonLiteral(back([1, pyList(["a", pyList([])])]))).toBe("(1, ['a', []])");
});

test.each([
  [() => 1, "Cannot save a function"],
  [{ deep: [Symbol("s")] }, "Cannot save a symbol"],
  [new WeakMap(), "Cannot save a WeakMap"],
])("what could not come back is refused by name", (value, message) => {
  expect(() => writeValue(value)).toThrow(message);
});
