const OPERATIONS_PATH = /^\/(?:metrics|health\/|livez|readyz)/;

/** Whether a request's address is a probe's or a scrape's: they make no spans, and their errors are not reported. */
export const isOperationsPath = (path: string): boolean => OPERATIONS_PATH.test(path);
