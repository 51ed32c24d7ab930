/** Every series of `GET /metrics`: its name, what it means, and where it comes from. `docs/metrics.md` is made from this. @module */

import { ERROR_CODES, type ErrorCode } from "../errors.ts";
import { FAULT, slugOf } from "../front/mod.ts";
import { STATES } from "../sessions/mod.ts";
import { LAGS } from "./census.ts";
import { CUT_REASONS } from "./delivery_measures.ts";
import { TRANSPORTS } from "./framing.ts";
import { counter, each, gauge, histogram, one, type KnownSeries } from "./known_series.ts";

const STATE_NAMES = Object.keys(STATES) as (keyof typeof STATES)[];
const PROBLEMS = [...(Object.keys(ERROR_CODES) as ErrorCode[]).map(slugOf), FAULT];
const STATUS_CLASSES = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/** All of them, in the order in which they are given. */
export const SERIES: readonly KnownSeries[] = [
  one(
    histogram("sluice_batch_scheduling_delay_seconds", "From a batch's time to the start of its counting."),
    ({ measures }) => measures.scheduling.reading,
  ),
  one(
    histogram("sluice_batch_processing_delay_seconds", "Counting and sorting of a batch."),
    ({ measures }) => measures.processing.reading,
  ),
  one(
    histogram("sluice_batch_total_delay_seconds", "Scheduling and processing delay together."),
    ({ measures }) => measures.total.reading,
  ),
  one(
    histogram(
      "sluice_batch_lateness_seconds",
      "From a batch's time until it is in its log and its followers are served.",
    ),
    ({ measures }) => measures.lateness.reading,
  ),
  one(
    histogram("sluice_commit_seconds", "From a batch's append until it is on the disk; nothing where there is none."),
    ({ store }) => store.commits.reading,
  ),
  each(
    histogram("sluice_delivery_seconds", "From a batch's commit until the last follower that keeps up was written to."),
    { label: "transport", values: TRANSPORTS },
    ({ delivery }) => delivery.durations.map(({ reading }) => reading),
  ),
  one(counter("sluice_batches_total", "Batches put into logs."), ({ measures }) => measures.batches),
  one(
    counter("sluice_late_batches_total", "Batches that cover a stall of more than 1.5 intervals."),
    ({ measures }) => measures.lateBatches,
  ),
  one(counter("sluice_lines_total", "Lines of these batches."), ({ measures }) => measures.lines),
  one(counter("sluice_words_total", "Words of these batches."), ({ measures }) => measures.words),
  one(counter("sluice_bytes_total", "Bytes of these batches, as read."), ({ measures }) => measures.bytes),
  one(
    counter("sluice_other_words_total", "Words not counted one by one: a bound on distinct words was reached."),
    ({ measures }) => measures.otherWords,
  ),
  one(
    counter("sluice_dropped_lines_total", "Lines that were cut or thrown away."),
    ({ measures }) => measures.droppedLines,
  ),
  one(
    counter("sluice_dropped_bytes_total", "Bytes of lines that were cut or thrown away."),
    ({ measures }) => measures.droppedBytes,
  ),
  one(
    counter("sluice_source_gaps_total", "Interruptions of the reading, as batches told of them."),
    ({ measures }) => measures.sourceGaps,
  ),
  one(
    counter("sluice_source_reconnects_total", "Sources that were lost and connected again."),
    ({ measures }) => measures.sourceReconnects,
  ),
  each(gauge("sluice_sessions", "Sessions that are known."), { label: "state", values: STATE_NAMES }, ({ census }) =>
    STATE_NAMES.map((state) => census.states[state]),
  ),
  each(
    gauge("sluice_sources", "Sources of sessions that are not over."),
    { label: "state", values: ["connected", "disconnected"] },
    ({ census: { sources } }) => [sources.connected, sources.disconnected],
  ),
  one(
    gauge(
      "sluice_source_backpressure_share_max",
      "Share of the last 5 to 10 s in which the slowest read source was held.",
    ),
    ({ census }) => census.backpressure,
  ),
  one(gauge("sluice_history_batches", "Batches kept."), ({ census }) => census.historyBatches),
  one(
    gauge("sluice_history_bytes", "What they take, as maxHistoryBytes counts it."),
    ({ census }) => census.historyBytes,
  ),
  one(gauge("sluice_store_trouble", "1 while batches cannot be kept."), ({ store }) =>
    store.trouble === null ? 0 : 1,
  ),
  one(gauge("sluice_store_pending_commits", "Changes that wait to be kept."), ({ store }) => store.pending),
  each(
    gauge("sluice_followers", "Followers of sessions; of one connection as many as the sessions it follows."),
    { label: "transport", values: TRANSPORTS },
    ({ census }) => census.followers,
  ),
  one(
    gauge("sluice_follower_lag_batches_max", "Batches that wait for the slowest follower."),
    ({ census }) => census.mostLag,
  ),
  each(
    gauge("sluice_followers_lagging", "Followers for which at least so many batches wait."),
    { label: "batches", values: LAGS },
    ({ census }) => census.lagging,
  ),
  one(
    counter("sluice_gaps_told_total", "Gaps that followers were told: batches no longer kept."),
    ({ delivery }) => delivery.gaps,
  ),
  one(
    counter("sluice_batches_skipped_total", "Batches left out for slow followers with policy=latest."),
    ({ delivery }) => delivery.skipped,
  ),
  each(
    counter("sluice_followers_cut_total", "Followers whose connection was cut."),
    { label: "reason", values: CUT_REASONS },
    ({ delivery }) => CUT_REASONS.map((reason) => delivery.cuts[reason]),
  ),
  each(
    counter("sluice_http_requests_total", "Requests answered; a WebSocket is of class 1xx."),
    { label: "status", values: STATUS_CLASSES },
    ({ answers }) => answers.byClass.slice(1),
  ),
  each(
    counter("sluice_problems_total", "Problem documents answered, by the name in their type."),
    { label: "problem", values: PROBLEMS },
    ({ answers }) => PROBLEMS.map((problem) => answers.problems.get(problem) ?? 0),
  ),
  one(
    histogram("sluice_event_loop_lag_seconds", "How late a timer was called, twice a second from the first scrape on."),
    ({ eventLoop }) => eventLoop.reading,
  ),
  {
    ...gauge("sluice_build_info", "Always 1."),
    labels: { version: [], runtime: [] },
    read: ({ about }) => [{ labels: about, value: 1 }],
  },
  one(gauge("process_resident_memory_bytes", "Memory that is resident."), ({ usage }) => usage.residentBytes),
  one(counter("process_cpu_seconds_total", "User and system time."), ({ usage }) => usage.cpuSeconds),
  one(gauge("process_start_time_seconds", "Start, since the Unix epoch."), ({ usage }) => usage.startedAt),
  one(gauge("process_open_fds", "Descriptors in use; on Linux."), ({ usage }) => usage.openDescriptors),
  one(gauge("process_max_fds", "Descriptors that may be in use; on Linux."), ({ usage }) => usage.maxDescriptors),
];
