import { context, createContextKey, type Context } from '@opentelemetry/api';
import type { FilteredFields } from '../filtered';

export interface RunBreadcrumb {
  readonly message: string;
  readonly data?: FilteredFields;
  /** Unix time in seconds. */
  readonly timestamp: number;
}

const MOST = 50;
const TRAIL = createContextKey('dawsos breadcrumbs');

const trailOf = (from: Context): RunBreadcrumb[] | undefined => {
  const trail = from.getValue(TRAIL);
  return Array.isArray(trail) ? (trail as RunBreadcrumb[]) : undefined;
};

export const hasTrail = (from: Context): boolean => trailOf(from) !== undefined;

/** A context with an empty trail of its own, for one request or one job. */
export const withTrail = (from: Context): Context => from.setValue(TRAIL, []);

/** Leaves a breadcrumb on the trail of the active context; outside of a request or job there is none. */
export const leaveBreadcrumb = (message: string, data: FilteredFields | undefined): void => {
  const trail = trailOf(context.active());
  if (trail === undefined) return;
  if (trail.length >= MOST) trail.shift();
  trail.push({ message, ...(data === undefined ? {} : { data }), timestamp: Date.now() / 1_000 });
};

export const takeBreadcrumbs = (): readonly RunBreadcrumb[] => trailOf(context.active()) ?? [];
