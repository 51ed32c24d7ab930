/** Spark's StreamingListener: who wants to know what a context does, and how long it takes. @module */

/** A receiver, by the number and name of its stream. Times are in ms since the Unix epoch. */
export interface ReceiverInfo {
  readonly streamId: number;
  readonly name: string;
  readonly active: boolean;
  /** Why it stopped, or what its trouble is; empty where there is none. */
  readonly lastErrorMessage: string;
  /** When that was; -1 where there was none. */
  readonly lastErrorTime: number;
}

/** One output operation of a batch. Times are in ms since the Unix epoch, null until they are known. */
export interface OutputOperationInfo {
  readonly batchTime: number;
  /** Its place among the context's output operations. */
  readonly id: number;
  readonly name: string;
  readonly startTime: number | null;
  readonly endTime: number | null;
  /** Why it failed; null where it did not. */
  readonly failureReason: string | null;
}

/** One batch. Times are in ms since the Unix epoch, delays in ms; null until they are known. */
export interface BatchInfo {
  readonly batchTime: number;
  /** What came in, by stream. */
  readonly streamIdToInputInfo: Readonly<Record<number, { readonly numRecords: number }>>;
  readonly submissionTime: number;
  readonly processingStartTime: number | null;
  readonly processingEndTime: number | null;
  /** Between submission and the start of processing. */
  readonly schedulingDelay: number | null;
  readonly processingDelay: number | null;
  /** Both together. */
  readonly totalDelay: number | null;
  readonly numRecords: number;
  readonly outputOperationInfos: readonly OutputOperationInfo[];
}

/** Called in the order in which things happen. What a listener throws is a failure of the context. */
export interface StreamingListener {
  onStreamingStarted?(event: { readonly time: number }): void;
  /** Also at each new try of a receiver that was stopped by a failure. */
  onReceiverStarted?(event: { readonly receiverInfo: ReceiverInfo }): void;
  /** Trouble that a receiver told of and works on with. */
  onReceiverError?(event: { readonly receiverInfo: ReceiverInfo }): void;
  onReceiverStopped?(event: { readonly receiverInfo: ReceiverInfo }): void;
  onBatchSubmitted?(event: { readonly batchInfo: BatchInfo }): void;
  onBatchStarted?(event: { readonly batchInfo: BatchInfo }): void;
  onBatchCompleted?(event: { readonly batchInfo: BatchInfo }): void;
  onOutputOperationStarted?(event: { readonly outputOperationInfo: OutputOperationInfo }): void;
  onOutputOperationCompleted?(event: { readonly outputOperationInfo: OutputOperationInfo }): void;
}
