/** What little WebAssembly is written by hand here: expressions that become bytes, and a module of one function. @module */

/** Bytes of code. */
export type Code = readonly number[];

const I32 = 0x7f;
/** The alignment a load or a store may hope for: none. */
const UNALIGNED = 0;

/** An instruction with two operands. */
type Binary = (left: Code, right: Code) => Code;

const binary =
  (opcode: number): Binary =>
  (left, right) => [...left, ...right, opcode];

export const add: Binary = binary(0x6a);
export const subtract: Binary = binary(0x6b);
export const multiply: Binary = binary(0x6c);
export const or: Binary = binary(0x72);
export const xor: Binary = binary(0x73);
export const shiftLeft: Binary = binary(0x74);
/** Without sign. */
export const shiftRight: Binary = binary(0x76);
/** Without sign, as all comparisons here. */
export const isLess: Binary = binary(0x49);
export const isMore: Binary = binary(0x4b);
export const isEqual: Binary = binary(0x46);
export const multiplyF64: Binary = binary(0xa2);

/** A 32-bit constant. */
export function i32(value: number): Code {
  return [0x41, ...signed(value | 0)];
}

/** A double. */
export function f64(value: number): Code {
  return [0x44, ...new Uint8Array(new Float64Array([value]).buffer)];
}

/** A 32-bit number without sign as a double. */
export function toF64(value: Code): Code {
  return [...value, 0xb8];
}

/** A double's whole part, without sign. */
export function toI32(value: Code): Code {
  return [...value, 0xfc, 0x03];
}

/** The local variable, of which the parameters are the first. */
export function get(local: number): Code {
  return [0x20, local];
}

export function set(local: number, value: Code): Code {
  return [...value, 0x21, local];
}

/** The 32-bit number at `address` + `offset`. */
export function load(address: Code, offset: number = 0): Code {
  return [...address, 0x28, UNALIGNED, ...unsigned(offset)];
}

/** Copies 16 bytes from `from` + `offset` to `to` + `offset`. */
export function copy16(to: Code, from: Code, offset: number): Code {
  const at = [UNALIGNED, ...unsigned(offset)];
  return [...to, ...from, 0xfd, 0x00, ...at, 0xfd, 0x0b, ...at];
}

/** A block that {@link leaveIf} leaves, of a loop that {@link repeat} and {@link repeatIf} begin again. */
export function loop(...body: readonly Code[]): Code {
  return [0x02, 0x40, 0x03, 0x40, ...body.flat(), 0x0b, 0x0b];
}

export function leaveIf(condition: Code): Code {
  return [...condition, 0x0d, 1];
}

export function repeatIf(condition: Code): Code {
  return [...condition, 0x0d, 0];
}

export function repeat(): Code {
  return [0x0c, 0];
}

/** A function: how many parameters, further variables that begin as 0, and results it has, all of 32 bits. */
interface Wanted {
  readonly parameters: number;
  readonly locals: number;
  readonly results: number;
  readonly body: readonly Code[];
}

/** A module that imports `host.memory` and exports the function `run`. */
export function assemble({ parameters, locals, results, body }: Wanted): Uint8Array<ArrayBuffer> {
  const code = [1, ...unsigned(locals), I32, ...body.flat(), 0x0b];
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  return new Uint8Array([
    ...header,
    ...section(1, [1, 0x60, ...i32s(parameters), ...i32s(results)]),
    ...section(2, [1, ...name("host"), ...name("memory"), 0x02, 0, 0]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name("run"), 0x00, 0]),
    ...section(10, [1, ...list(code)]),
  ]);
}

function section(id: number, bytes: Code): Code {
  return [id, ...list(bytes)];
}

function list(items: Code): Code {
  return [...unsigned(items.length), ...items];
}

function i32s(count: number): Code {
  return list(Array.from({ length: count }, () => I32));
}

function name(text: string): Code {
  return list([...new TextEncoder().encode(text)]);
}

function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): Code {
  const fits = value >= -0x40 && value < 0x40;
  return fits ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
}
