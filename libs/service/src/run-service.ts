import { DawsosError } from '@dawsos/contracts';
import { parseConfiguration, type Configuration, type VariableName } from '@dawsos/configuration';
import type { Observability, ObservabilityOptions, RunSpan } from '@dawsos/observability';
import { EXIT, exitCodeFor } from './exit-code';
import { createReadiness, type Readiness } from './readiness';
import { createShutdownStack, type ShutdownStack } from './shutdown';

/** Variables that every service reads: its telemetry, its operations port, its shutdown. */
const SHARED_VARIABLES = [
  'ENVIRONMENT',
  'OPERATIONS_HOST',
  'OPERATIONS_PORT',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_TRACES_SAMPLER_ARG',
  'JAEGER_ENDPOINT',
  'SENTRY_DSN',
  'SENTRY_SAMPLE_RATE',
  'PII_HASH_KEY',
  'LOG_LEVEL',
  'LOG_PRETTY',
  'SHUTDOWN_TIMEOUT_SECONDS',
] as const satisfies readonly VariableName[];
type SharedName = (typeof SHARED_VARIABLES)[number];

export interface ServiceContext<Name extends VariableName> {
  readonly configuration: Configuration<Name | SharedName>;
  readonly observability: Observability;
  /** What to stop at shutdown, last first; push each thing right after it was started. */
  readonly shutdown: ShutdownStack;
  /** Hands each finished span of a run, filtered, to `listener`; spans that end before are not kept. */
  onRunSpan(listener: (span: RunSpan) => void): void;
  /** Checks that make `/readyz` answer 503 while they fail. */
  readonly readiness: Readiness;
  /** Ends the process in order, for a fault that a restart may mend. */
  fail(error: unknown): void;
}

export interface ServiceDefinition<Name extends VariableName> {
  /** The `service.name` of its telemetry. */
  readonly serviceName: string;
  readonly serviceVersion: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly variables: readonly Name[];
  /**
   * Starts the service. It runs after telemetry is up, so a module that must be instrumented (express, pg,
   * ioredis) is imported from here and not at the top of main.ts.
   */
  start(context: ServiceContext<Name>): Promise<void>;
}

/**
 * The life of a process: configuration (else exit 78), telemetry, operations port, `start`, ready; on SIGTERM
 * or SIGINT: not ready, everything stopped last first within SHUTDOWN_TIMEOUT_SECONDS, telemetry flushed, exit.
 * A second signal ends it at once.
 */
export async function runService<const Name extends VariableName>(
  definition: ServiceDefinition<Name>,
): Promise<void> {
  const configuration = configure(definition);
  // Not before: whoever only asks for this lib's exit codes has no use for it.
  const { serveOperations, setupObservability } = await import('@dawsos/observability');
  let keepSpan: ((span: RunSpan) => void) | undefined;
  const observability = setupObservability({
    ...observabilityOptions(definition, configuration),
    onRunSpan: (span) => keepSpan?.(span),
  });
  const shutdown = createShutdownStack();
  const readiness = createReadiness();
  const { logger, pii } = observability;
  let ending = false;

  async function end(exitCode: number): Promise<void> {
    if (ending) return;
    ending = true;
    readiness.close();
    const deadlineMs = configuration.SHUTDOWN_TIMEOUT_SECONDS * 1000;
    const late = await shutdown.run(deadlineMs);
    if (late.length > 0) logger.warn('did not stop in time', pii.fields({ components: late }));
    logger.info('stopped');
    await observability.shutdown();
    process.exit(exitCode);
  }

  function fail(error: unknown): void {
    logger.error('failed', pii.fields({ error: pii.error(error) }));
    observability.captureException(error);
    void end(exitCodeFor(error));
  }

  function onSignal(): void {
    if (ending) process.exit(EXIT.interrupted);
    void end(EXIT.ok);
  }

  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);

  try {
    const operations = await serveOperations({
      metrics: observability.metrics,
      readiness: () => readiness.check(),
      host: configuration.OPERATIONS_HOST,
      port: configuration.OPERATIONS_PORT,
    });
    shutdown.push('operations', () => operations.close());
    const onRunSpan = (listener: (span: RunSpan) => void): void => {
      keepSpan = listener;
    };
    await definition.start({ configuration, observability, shutdown, readiness, onRunSpan, fail });
    readiness.open();
    logger.info('ready', pii.fields({ operations_port: operations.port }));
  } catch (error) {
    if (error instanceof DawsosError) process.stderr.write(`${definition.serviceName}: ${error.message}\n`);
    fail(error);
  }
}

function configure<Name extends VariableName>(
  definition: ServiceDefinition<Name>,
): Configuration<Name | SharedName> {
  try {
    return parseConfiguration(definition.environment, [...SHARED_VARIABLES, ...definition.variables]);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(exitCodeFor(error));
  }
}

function observabilityOptions(
  definition: Pick<ServiceDefinition<VariableName>, 'serviceName' | 'serviceVersion'>,
  configuration: Configuration<SharedName>,
): ObservabilityOptions {
  return {
    serviceName: definition.serviceName,
    serviceVersion: definition.serviceVersion,
    environment: configuration.ENVIRONMENT,
    otlpEndpoint: configuration.OTEL_EXPORTER_OTLP_ENDPOINT ?? configuration.JAEGER_ENDPOINT,
    otlpHeaders: configuration.OTEL_EXPORTER_OTLP_HEADERS,
    sampleRatio: configuration.OTEL_TRACES_SAMPLER_ARG,
    sentry:
      configuration.SENTRY_DSN === undefined
        ? undefined
        : { dsn: configuration.SENTRY_DSN, sampleRate: configuration.SENTRY_SAMPLE_RATE },
    pii: { hashKey: configuration.PII_HASH_KEY },
    logLevel: configuration.LOG_LEVEL,
    prettyLogs: configuration.LOG_PRETTY,
  };
}
