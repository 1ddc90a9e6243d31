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
 * errors and never answers would hold their bodies in memory, and the process after its end.
 */
export const boundedRequestsTo = (url: string): BoundedRequests => ({
  request(options, callback) {
    const { request } = url.startsWith('https:') ? https : http;
    const sent = request(options, callback);
    sent.setTimeout(ANSWER_WITHIN_MS, () => sent.destroy(new Error('no answer in time')));
    sent.once('socket', (socket) => socket.unref());
    return sent;
  },
});
