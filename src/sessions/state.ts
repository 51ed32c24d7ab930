/** The states of a session and the moves between them. @module */

/** Every state, in a sentence. */
export const STATES = {
  starting: "The source is being bound and connected.",
  running: "Batches are cut at every interval and the source is connected.",
  degraded: "Batches are cut, but the source or the disk is in trouble: lastError says what.",
  stopping: "The source is closed and the last batch is being counted.",
  stopped: "Over as asked; the history is kept.",
  failed: "Over by itself: lastError says why; the history is kept.",
} as const;

/** The state of a session. */
export type SessionState = keyof typeof STATES;

/** Every move, and what makes it. */
const MOVES: Readonly<Record<SessionState, Partial<Record<SessionState, string>>>> = {
  starting: {
    running: "the source has connected",
    degraded: "the source could not connect and goes on trying",
    stopping: "asked to stop",
    failed: "the source can never start",
  },
  running: {
    degraded: "the source was lost and is tried again",
    stopping: "asked to stop, time is up, or the source has finished",
    failed: "a batch could not be kept",
  },
  degraded: {
    running: "the source has connected again",
    stopping: "asked to stop, or time is up",
    failed: "a batch could not be kept",
  },
  stopping: { stopped: "the last batch is in the log", failed: "the last batch could not be kept" },
  stopped: {},
  failed: {},
};

/** Whether a session may go from one state to another. */
export function canMove(from: SessionState, to: SessionState): boolean {
  return MOVES[from][to] !== undefined;
}

/** Whether nothing comes after this state. */
export function isOver(state: SessionState): boolean {
  return Object.keys(MOVES[state]).length === 0;
}
