export { EXIT, exitCodeFor, type ExitCode } from './exit-code';
export { createReadiness, type Readiness, type ReadinessReport } from './readiness';
export { runService, type ServiceContext, type ServiceDefinition } from './run-service';
export { createShutdownStack, type ShutdownStack } from './shutdown';
