import type { Read } from './reads';

/**
 * A step's result with what it rests on, a verifying trace as build systems keep it: it may stand for the step
 * again when the key is equal and each read, asked anew, has an equal hash.
 */
export interface StepTrace {
  /** Hash of the capability, its agent's version, the arguments, and what the context shows unread. */
  readonly key: string;
  readonly capability: string;
  readonly agentVersion: string;
  readonly argsHash: string;
  readonly reads: readonly Read[];
  /** Hash of the reads: with the key, it identifies the trace. */
  readonly readsHash: string;
  /** Canonical JSON. */
  readonly resultJson: string;
}

/** Where step traces are kept across processes. A store that fails costs time, never a run: callers go on without. */
export interface StepTraceStore {
  /** The traces of a key, the last used first, a few at most. */
  find(key: string): Promise<readonly StepTrace[]>;
  save(trace: StepTrace): Promise<void>;
}
