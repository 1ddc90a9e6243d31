import type { RunExplanation, RunReader } from '@dawsos/contracts';
import type { Logger, MetricsRegistry, PiiFilter } from '@dawsos/observability';
import type { PatternCatalog } from '@dawsos/patterns';
import type { UsageQuery, UsageRow } from '@dawsos/rights';
import type { PackBuilds } from '@dawsos/pricing';
import type { Runs, RunSpanStore } from '@dawsos/runs';
import type { Authenticator } from './http/authentication';
import type { Places } from './http/places';
import type { BookReads } from './intake/books';
import type { PackReads } from '@dawsos/admission';
import type { Intake } from '@dawsos/admission';
import type { ExportRun } from '@dawsos/disclosure';
import type { RunRights } from '@dawsos/disclosure';
import type { ShowRun } from '@dawsos/disclosure';

export interface Limits {
  /** Requests a minute of one principal. */
  readonly requestsPerMinute: number;
  /** Submissions being accepted at once; more are answered 503. */
  readonly acceptsInFlight: number;
  /** At once, of one principal in this process. */
  readonly streamsPerPrincipal: number;
  readonly waitsPerPrincipal: number;
  readonly exportsPerPrincipal: number;
  /** Open builds of packs that one principal asked for. */
  readonly buildsPerPrincipal: number;
}

export const DEFAULT_LIMITS: Limits = {
  requestsPerMinute: 6_000,
  acceptsInFlight: 2_048,
  streamsPerPrincipal: 256,
  waitsPerPrincipal: 1_024,
  exportsPerPrincipal: 8,
  buildsPerPrincipal: 64,
};

/** What the routes work with; wired in executor.ts. */
export interface Services {
  readonly intake: Intake;
  readonly runs: Runs;
  readonly spans: Pick<RunSpanStore, 'find'>;
  /** `undefined`: no such run of the reader's. */
  readonly explain: (reader: RunReader, runId: string) => Promise<RunExplanation | undefined>;
  readonly showRun: ShowRun;
  readonly exportRun: ExportRun;
  /** `undefined`: no such run of the reader's. */
  readonly rightsOf: (reader: RunReader, runId: string) => Promise<RunRights | undefined>;
  readonly rightsUsage: (query: UsageQuery) => Promise<readonly UsageRow[]>;
  readonly now: () => Date;
  /** What a client may keep of a finished run. */
  readonly resultCaching: 'private' | 'no-store';
  /** No price is of a later day. */
  readonly today: () => Date;
  /** Event streams, requests that wait for their run, and exports, each bounded per principal. */
  readonly places: Readonly<Record<'streams' | 'waits' | 'exports', Places>>;
  readonly patterns: PatternCatalog;
  readonly packs: PackReads;
  readonly books: BookReads;
  readonly packBuilds: Pick<PackBuilds, 'request' | 'find' | 'events'>;
  /** The policy of a pack whose request names none. */
  readonly packPolicy: string;
  readonly authenticator: Authenticator;
  readonly limits: Limits;
  /** The OpenAPI document, as JSON. */
  readonly openApiText: string;
  /** Aborted when the process shuts down: waits and streams end. */
  readonly shuttingDown: AbortSignal;
  readonly ready: () => Promise<boolean>;
  readonly metrics: MetricsRegistry;
  readonly logger: Logger;
  readonly pii: PiiFilter;
  readonly captureException: (error: unknown) => void;
}
