import * as http from 'node:http';
import * as https from 'node:https';

const ANSWER_WITHIN_MS = 5_000;

interface BoundedRequests {
  request(
    options: http.RequestOptions | https.RequestOptions | string | URL,
    callback?: (response: http.IncomingMessage) => void,
  ): http.ClientRequest;
}

/**
 * Requests that are given up after a while and keep no process alive. Sentry's own have no bound: a server that takes
 * errors and never answers would hold their bodies in memory, and the process after its end. `onFailure` hears of each
 * request that was not taken.
 */
export const boundedRequestsTo = (url: string, onFailure: (reason: string) => void): BoundedRequests => ({
  request(options, callback) {
    const { request } = url.startsWith('https:') ? https : http;
    const sent = request(options, callback);
    sent.setTimeout(ANSWER_WITHIN_MS, () => sent.destroy(new Error('no answer in time')));
    sent.once('socket', (socket) => socket.unref());
    sent.once('error', ({ message }) => onFailure(message));
    sent.once('response', ({ statusCode = 0 }) => {
      if (statusCode >= 400) onFailure(`status ${String(statusCode)}`);
    });
    return sent;
  },
});
