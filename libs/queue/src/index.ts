export {
  createQueueBackend,
  queueBackendFor,
  type QueueBackend,
  type QueueBackendOptions,
  type QueueConfiguration,
} from './backend';
export { parseRedisUrl, type RedisTarget } from './connection';
export {
  createJobQueue,
  type JobQueue,
  type JobQueueOptions,
  type NewJob,
  type QueueDepth,
} from './job-queue';
export { createJobWorker, type JobWorker, type JobWorkerOptions, type JobWorkerVitals } from './job-worker';
export { observeQueueDepth } from './observe-queue-depth';
export {
  createJobTelemetry,
  leaveAttemptSpan,
  linkAttempt,
  recordLostAttempt,
  type LostAttempt,
} from './telemetry';
