/** A run has news: its id is the payload. */
export const NEWS_CHANNEL = 'dawsos_run';
/** A run was cancelled while a worker had it: its id is the payload. */
export const CANCEL_CHANNEL = 'dawsos_run_cancelled';
