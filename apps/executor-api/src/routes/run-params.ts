import { z } from 'zod';

/** Any text: one that is no run's id is as unknown as another principal's run, and answered by the same bytes. */
export const RunParams = z.object({ run_id: z.string().describe('The id of a run of yours.') });
