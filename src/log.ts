/** What a service tells its operator as it runs: types only. `logging.ts` writes it. @module */

/** How much a record matters. */
export type LogLevel = "debug" | "info" | "warning" | "error";

/** What a record has beside its message. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Takes a record. The message is ours and always the same for the same event; what differs, and what strangers say, are fields. */
export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;
