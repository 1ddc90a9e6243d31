import { z } from 'zod';
import type { DawsosError } from './error';

/** RFC 9457 problem details, as every 4xx and 5xx of ours carries them. */
export const ProblemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    retryable: z.boolean(),
    remedy: z.string(),
    request_id: z.string().optional(),
    trace_id: z.string().optional(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .loose();
export type Problem = z.infer<typeof ProblemSchema>;

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** `docsUrl` is the address under which the error codes are documented; the code is its fragment. */
export function toProblem(
  error: DawsosError,
  context: { docsUrl: string; requestId?: string | undefined; traceId?: string | undefined },
): Problem {
  return {
    ...error.extensions,
    type: `${context.docsUrl}#${error.code}`,
    title: error.entry.title,
    status: error.entry.status,
    detail: error.message,
    code: error.code,
    retryable: error.retryable,
    remedy: error.entry.remedy,
    ...(context.requestId === undefined ? {} : { request_id: context.requestId }),
    ...(context.traceId === undefined ? {} : { trace_id: context.traceId }),
    ...(error.errors.length === 0 ? {} : { errors: error.errors.map((field) => ({ ...field })) }),
  };
}
