import fc from "fast-check";
import { expect, test } from "vitest";
import { WordCounter } from "../../src/engine/counter.ts";
import type { Counted } from "../../src/engine/counted.ts";
import { WordCount } from "../../src/engine/word_count.ts";
import { utf8 } from "../support/bytes.ts";

const word = fc.constantFrom("", "a", "b", "spark", "ü", "😀", "a,b");
const line = fc.array(word, { maxLength: 6 }).map((words) => words.join(" "));

test("few lines are counted as many are, whoever else has the same, and whenever it is asked what they come to", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(line, fc.nat(3), fc.boolean()), { maxLength: 40 }),
      fc.array(fc.tuple(fc.constantFrom(" ", ",", "a"), fc.constantFrom(1, 3, Infinity)), {
        minLength: 4,
        maxLength: 4,
      }),
      (steps, kinds) => {
        const few = kinds.map(([separator, maxWords]) => new WordCount(separator, { maxWords, maxWordBytes: 2 ** 20 }));
        const many = kinds.map(
          ([separator, maxWords]) => new WordCounter(utf8(separator), { maxWords, maxWordBytes: 2 ** 20 }),
        );
        for (const [text, who, ask] of steps) {
          const bytes = utf8(text);
          for (const each of [few[who]!, many[who]!]) each.line(bytes, 0, bytes.length);
          const [asked, again] = ask ? [few[who]!.peek(), few[who]!.peek()] : [];
          expect(again).toBe(asked);
        }
        for (const [i, each] of few.entries()) {
          const peeked = i % 2 === 0 ? each.peek() : undefined;
          const taken = each.take();
          expect([taken, undefined]).toContain(peeked);
          expect(taken).toEqual(many[i]!.take());
          expect((each.take() as Counted).words).toEqual([]);
        }
      },
    ),
  );
});

test("lines that become many are counted with those before them", () => {
  const limits = { maxWords: Infinity, maxWordBytes: 2 ** 20 };
  const count = new WordCount(" ", limits);
  const counter = new WordCounter(utf8(" "), limits);
  for (let i = 0; i < 600; i++) {
    const bytes = utf8(`line ${i % 7} of words`);
    for (const each of [count, counter]) each.line(bytes, 0, bytes.length);
    if (i === 20) count.peek();
  }
  expect(count.peek()).toBeUndefined();
  expect(count.take()).toEqual(counter.take());
});
