/** A follower's connection without a network. @module */

import { HIGH_WATER_BYTES, type Connection } from "../../src/runtime.ts";

/** A connection whose other side reads when the test says so. */
export class HandConnection implements Connection {
  readonly written: Uint8Array[] = [];
  over: string | undefined;
  pings = 0;
  buffered = 0;
  frozen = false;

  write(bytes: Uint8Array): boolean {
    this.written.push(bytes);
    if (this.frozen) this.buffered += bytes.length;
    return this.buffered < HIGH_WATER_BYTES;
  }
  end(code?: number, reason?: string): void {
    this.over = `end ${code} ${reason}`;
  }
  terminate(): void {
    this.over = "terminated";
  }
  /** Event streams have none. */
  ping?: () => void;

  static webSocket(): HandConnection {
    const connection = new HandConnection();
    connection.ping = () => connection.pings++;
    return connection;
  }

  /** Names of what was written, batches by their number. */
  get told(): string[] {
    return this.written.map((bytes) => {
      const said = JSON.parse(new TextDecoder().decode(bytes)) as {
        type: string;
        seq?: number;
        from?: string;
        to?: string;
        skipped?: number;
      };
      if (said.type === "gap") return `gap ${said.from?.split(":")[1]}-${said.to?.split(":")[1]}`;
      if (said.skipped !== undefined) return `${said.seq}, skipped ${said.skipped}`;
      return said.seq === undefined ? said.type : String(said.seq);
    });
  }
}
