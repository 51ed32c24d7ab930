/** Values as Python's `repr` writes them, which is how `pprint` prints records. @module */

/** Not printable to Python: control, format, surrogate, private, unassigned, and separators but for the space. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/u;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\r", "\\r"],
]);
const LIST: unique symbol = Symbol("sluice.list");

/** Marks an array as a Python list: it prints in brackets. Other arrays are tuples. */
export function pyList<T>(values: T[]): T[] {
  return Object.defineProperty(values, LIST, { value: true });
}

/** Whether an array was marked by {@link pyList}. */
export function isPyList(values: readonly unknown[]): boolean {
  return LIST in values;
}

/** `str(value)`, as `print` writes it: a string as it is, anything else by its `repr`. */
export function pythonStr(value: unknown): string {
  return typeof value === "string" ? value : pythonLiteral(value);
}

/** `repr(value)`: null is None, an array a tuple, one of {@link pyList} a list. */
export function pythonLiteral(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "string") return pythonRepr(value);
  if (typeof value === "number") return pythonNumber(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "boolean") return value ? "True" : "False";
  return Array.isArray(value) ? pythonSequence(value) : (JSON.stringify(value) ?? typeof value);
}

function pythonSequence(values: readonly unknown[]): string {
  const items = values.map((item) => pythonLiteral(item)).join(", ");
  if (isPyList(values)) return `[${items}]`;
  return values.length === 1 ? `(${items},)` : `(${items})`;
}

/** Whole numbers print as Python's `int`, others as its `float`. */
function pythonNumber(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  // Both print the shortest digits, but below 1e-4 Python goes to an exponent, of two digits at the least.
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4) return String(value);
  return `${digits}e-${String(-power).padStart(2, "0")}`;
}

/** `repr` of a Python `str`. No control character, and so no terminal escape, comes through. */
export function pythonRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = quote;
  for (const character of text) out += character === quote ? `\\${quote}` : printable(character);
  return out + quote;
}

function printable(character: string): string {
  const escape = ESCAPES.get(character);
  if (escape !== undefined) return escape;
  if (character === " " || !UNPRINTABLE.test(character)) return character;
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x100) return `\\x${hex(point, 2)}`;
  return point < 0x10000 ? `\\u${hex(point, 4)}` : `\\U${hex(point, 8)}`;
}

function hex(point: number, width: number): string {
  return point.toString(16).padStart(width, "0");
}
