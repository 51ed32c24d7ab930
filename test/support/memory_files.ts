/** Folders in memory. @module */

import type { Checkpoints, FileEntry, Files, LoadedCheckpoint, TextFile } from "../../src/engine/mod.ts";
import { utf8 } from "./bytes.ts";

type Folder = Map<string, { readonly bytes: Uint8Array; readonly changedAt: number }>;

/** What a machine's files would be, and survives a context. */
export class MemoryFiles implements Files {
  readonly folders: Map<string, Folder> = new Map();
  readonly saved: { readonly time: number; readonly text: string }[] = [];
  completed: number = 0;
  /** The next saving or completing never ends, as when the process is killed in it. */
  killedIn: "save" | "complete" | undefined;

  put(folder: string, name: string, { text, changedAt }: { text: string; changedAt: number }): void {
    this.#folder(folder).set(name, { bytes: utf8(text), changedAt });
  }

  list(folder: string): FileEntry[] {
    return Array.from(this.folders.get(folder) ?? [], ([name, { bytes, changedAt }]) => {
      return { name, changedAt, size: bytes.length };
    });
  }

  read(folder: string, name: string): Uint8Array {
    return this.#folder(folder).get(name)!.bytes;
  }

  async writeFolder(folder: string, files: readonly TextFile[]): Promise<void> {
    for (const { name, text } of files) this.put(folder, name, { text, changedAt: 0 });
  }

  checkpoints(): Checkpoints {
    return {
      load: async (): Promise<LoadedCheckpoint | undefined> => {
        const newest = this.saved.at(-1);
        return newest && { text: newest.text, isCompleted: this.completed >= newest.time };
      },
      save: async (time, text) => {
        if (this.killedIn === "save") await never();
        this.saved.push({ time, text });
      },
      complete: async (time) => {
        if (this.killedIn === "complete") await never();
        this.completed = time;
      },
    };
  }

  #folder(name: string): Folder {
    const folder = this.folders.get(name) ?? new Map();
    this.folders.set(name, folder);
    return folder;
  }
}

function never(): Promise<never> {
  return new Promise(() => {});
}
