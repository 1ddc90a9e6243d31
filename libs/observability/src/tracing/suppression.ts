import { context, type Context } from '@opentelemetry/api';
import { suppressTracing, unsuppressTracing } from '@opentelemetry/core';

/** A context in which nothing makes spans, and the same one in which they are made again. */
export const untracedContext = (from: Context): Context => suppressTracing(from);
export const tracedContext = (from: Context): Context => unsuppressTracing(from);

/** Runs `fn` without spans of its own or of what it calls: for upkeep that would drown a trace. */
export const withoutTracing = <T>(fn: () => T): T => context.with(suppressTracing(context.active()), fn);
