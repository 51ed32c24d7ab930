/** Writes what a service tells its operator: a line of JSON a record, or of text where somebody looks on. @module */

import { configureSync, getJsonLinesFormatter, getLogger, getTextFormatter, type LogRecord } from "@logtape/logtape";
import { withoutSecrets } from "./front/mod.ts";
import type { LogFields, LogLevel } from "./log.ts";
import type { LoggingOptions, LogWriter } from "./logging.ts";
import { escapedJson, safeText } from "./safe_text.ts";

/** Characters of a field; of a longer one this many are shown. */
const MAX_VALUE_LENGTH = 1000;

/** The writer of this process. Strangers' texts are fields, never part of a message, and cannot end a line. */
export function openWriter({ level, openSink }: LoggingOptions): LogWriter {
  const json = getJsonLinesFormatter({ properties: "flatten" });
  const text = getTextFormatter({ timestamp: "time", format: asText });
  const { form, write } = openSink();
  const sink = (record: LogRecord): void =>
    write(form === "json" ? escapedJson(json(record).trimEnd()) : safeText(text(record).trimEnd()));
  const setLevel = (lowestLevel: LogLevel): void =>
    configureSync({
      reset: true,
      sinks: { sink },
      loggers: [
        { category: "sluice", lowestLevel, sinks: ["sink"] },
        { category: ["logtape", "meta"], lowestLevel: "fatal", sinks: ["sink"] },
      ],
    });
  setLevel(level);
  const logger = getLogger("sluice");
  return {
    setLevel,
    log(importance, message, fields = {}) {
      // Every request is a record that is seldom wanted: its fields are not gone through for nothing.
      if (logger.isEnabledFor(importance)) logger[importance](message, shown(fields));
    },
  };
}

function shown(fields: LogFields): LogFields {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === "string" ? withoutSecrets(capped(value)) : value,
  ]);
  return Object.fromEntries(entries) as LogFields;
}

function capped(value: string): string {
  return value.length > MAX_VALUE_LENGTH ? `${value.slice(0, MAX_VALUE_LENGTH)}…` : value;
}

/** A record as LogTape hands it to those who write it. */
interface Written {
  readonly timestamp: string | null;
  readonly level: string;
  readonly message: string;
  readonly record: LogRecord;
}

/** Such as `21:25:35.120 INF session running session=s_8f3c2a`. */
function asText({ timestamp, level, message, record }: Written): string {
  const fields = Object.entries(record.properties).map(([name, value]) => ` ${name}=${String(value)}`);
  return `${timestamp ?? ""} ${level} ${message}${fields.join("")}`;
}
