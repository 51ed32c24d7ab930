/** Folders of this machine, for the engine's streams and checkpoints. @module */

export { systemFiles } from "./system_files.ts";
