/** What values a setting takes: how each is read from a text, and how that is said. @module */

/** A kind of value. */
export interface Kind<T> {
  /** What is wanted, as "a whole number from 0 to 65535". */
  readonly wanted: string;
  /** It is a list: said again, an option adds to it. */
  readonly isList?: true;
  /** The JSON schema of it in a configuration file. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Undefined where the text is no such value. */
  read(text: string): T | undefined;
}

/** A whole number within bounds. */
export function whole(minimum: number, maximum: number): Kind<number> {
  return {
    wanted: `a whole number from ${minimum} to ${maximum}`,
    schema: { type: "integer", minimum, maximum },
    read(text) {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return value >= minimum && value <= maximum ? value : undefined;
    },
  };
}

/** Any text that is not empty. */
export const text: Kind<string> = {
  wanted: "a text",
  schema: { type: "string", minLength: 1 },
  read: (value) => value,
};

/** Yes or no. */
export const flag: Kind<boolean> = {
  wanted: "true or false",
  schema: { type: "boolean" },
  read: (value) => ({ true: true, false: false, 1: true, 0: false })[value],
};

/** One of some words. */
export function oneOf<const T extends string>(...words: readonly T[]): Kind<T> {
  return {
    wanted: `one of ${words.join(", ")}`,
    schema: { enum: words },
    read: (value) => words.find((word) => word === value),
  };
}

/** What a text has to be. */
interface Fitting {
  readonly wanted: string;
  /** For the schema, which need not tell all faults. */
  readonly pattern: string;
  readonly fits: (value: string) => boolean;
}

/** A text that fits. */
export function textAs({ wanted, pattern, fits }: Fitting): Kind<string> {
  return { wanted, schema: { type: "string", pattern }, read: (value) => (fits(value) ? value : undefined) };
}

/** Texts that fit, with commas between. */
export function listOf({ wanted, pattern, fits }: Fitting): Kind<readonly string[]> {
  return {
    wanted: `${wanted}, several with commas between`,
    isList: true,
    schema: { type: "array", items: { type: "string", pattern } },
    read(list) {
      const items = list === "" ? [] : list.split(",").map((item) => item.trim());
      return items.every(fits) ? items : undefined;
    },
  };
}
