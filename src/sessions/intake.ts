/** What a session needs of those who bring it lines. @module */

import { SluiceError } from "../errors.ts";
import type { SessionSpec } from "./spec.ts";

/** Takes the lines that one producer brings to a session. */
export interface Feed {
  /** What it has taken. */
  readonly lines: number;
  readonly bytes: number;
  /** The session takes no more. */
  readonly isOver: boolean;
  /** Takes the next bytes, which may be reused after the call; resolves, or has done so, when there is room for more. */
  write(chunk: Uint8Array): Promise<void> | undefined;
  /** Nothing more comes: an unfinished line is a line. */
  end(): void;
  /** The producer broke off: an unfinished line is lost, and said to be. */
  abandon(): void;
}

/** Where producers bring lines. */
export interface Intake {
  /** Throws where there is no room for one more. */
  mustHaveRoom(): void;
  /** Lets one more bring lines; `onOver` is called when the session takes no more. */
  open(onOver: () => void): Feed;
}

/** A session that may take lines. */
interface Taking {
  readonly id: string;
  readonly spec: SessionSpec;
  readonly isOver: boolean;
}

/** Where lines are brought to a session; throws where none are. */
export function intakeOf({ id, spec, isOver }: Taking, source: { readonly intake?: Intake }): Intake {
  if (isOver) throw new SluiceError("session_over", `Cannot take lines for session ${id}: it is over`);
  if (source.intake !== undefined) return source.intake;
  const message = `Cannot take lines for session ${id}: its source is of type ${spec.source.type}, push is wanted`;
  throw new SluiceError("not_pushed", message);
}
