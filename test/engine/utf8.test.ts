import { describe, expect, test } from "vitest";
import { decodeUtf8 } from "../../src/engine/utf8.ts";

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));

describe("decodeUtf8 decodes as the JVM does", () => {
  test.each([
    ["ef bb bf 68 69", "\ufeffhi"],
    ["61 ff 62", "a�b"],
    ["c3 61", "�a"],
    ["e2 82 61", "�a"],
    ["f0 9f 98 61", "�a"],
    ["c0 80", "��"],
    ["e0 80 80", "���"],
    ["f5 80 80 80", "����"],
    ["f4 90 80 80", "����"],
    ["ed a0 80", "�"],
    ["ed a0 80 ed b0 80", "��"],
    ["ed a0 61", "�a"],
    ["61 ed bf", "a�"],
    ["e2 ed a0 80 62", "��b"],
    ["ed 9f bf", "\ud7ff"],
    ["f0 9f 98 80", "😀"],
  ])("%s", (hex, text) => {
    expect(decodeUtf8(bytes(hex))).toBe(text);
  });
});
