/** What the engine needs of a file system. `storage/` has one; the engine itself knows of none. @module */

/** A file as a folder lists it. */
export interface FileEntry {
  readonly name: string;
  /** When it was last changed, in ms since the Unix epoch. */
  readonly changedAt: number;
  /** In bytes. */
  readonly size: number;
}

/** Files by their paths. What is read belongs to the batch that is being cut, so it is read at once. */
export interface Files {
  /** The files of a folder, by name; none where there is no such folder. */
  list(folder: string): readonly FileEntry[];
  read(folder: string, name: string): Uint8Array;
  /** Makes a folder of text files, whole or not at all; one that is there and whole stays as it is. */
  writeFolder(folder: string, files: readonly TextFile[]): Promise<void>;
  checkpoints(folder: string): Checkpoints;
}

/** A file to be written. */
export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** The checkpoints of one folder. */
export interface Checkpoints {
  /** The newest, or undefined where there is none; rejects when it is damaged. */
  load(): Promise<LoadedCheckpoint | undefined>;
  /** Resolves when `text` will survive a crash of process and machine. */
  save(time: number, text: string): Promise<void>;
  /** The outputs of the batch of `time` have run. */
  complete(time: number): Promise<void>;
}

/** A checkpoint as it was saved, and whether the outputs of its batch had run to their end. */
export interface LoadedCheckpoint {
  readonly text: string;
  readonly isCompleted: boolean;
}

/** For those who bring no file system. */
export const NO_FILES: Files = {
  list: refuse,
  read: refuse,
  writeFolder: refuse,
  checkpoints: refuse,
};

function refuse(folder: string): never {
  throw new TypeError(`Cannot use the folder ${folder}: this context was made without files`);
}
