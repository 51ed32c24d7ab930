/** Spark's text form of a batch, as PySpark's `pprint` writes it. @module */

const RULE = "-------------------------------------------";
/** Not printable to Python: control, format, surrogate, private, unassigned, and separators but for the space. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/u;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\r", "\\r"],
]);

/** How many records `pprint` prints when it is not told. */
export const PPRINT_RECORDS = 10;

/** What is printed of a batch. */
export interface Printed {
  /** Batch time in ms since the Unix epoch. */
  readonly time: number;
  /** The records to show, in order. */
  readonly records: readonly (readonly [string, number])[];
  /** Whether there are more, shown as `...`. */
  readonly more: boolean;
}

/** The text of one batch: header, records as Python tuples, `...` if there are more, an empty line. */
export function pprint({ time, records, more }: Printed): string {
  const lines = [RULE, `Time: ${pythonTime(time)}`, RULE];
  for (const [word, count] of records) lines.push(`(${pythonRepr(word)}, ${count})`);
  if (more) lines.push("...");
  return `${lines.join("\n")}\n\n`;
}

/** `str(datetime.fromtimestamp(ms / 1000))`: local time, six decimals when the second is not whole. */
export function pythonTime(ms: number): string {
  const at = new Date(ms);
  const date = `${digits(at.getFullYear(), 4)}-${digits(at.getMonth() + 1, 2)}-${digits(at.getDate(), 2)}`;
  const time = `${digits(at.getHours(), 2)}:${digits(at.getMinutes(), 2)}:${digits(at.getSeconds(), 2)}`;
  const millis = at.getMilliseconds();
  return millis === 0 ? `${date} ${time}` : `${date} ${time}.${digits(millis, 3)}000`;
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

function digits(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

function hex(point: number, width: number): string {
  return point.toString(16).padStart(width, "0");
}
