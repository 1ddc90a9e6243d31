import { startOtlpReceiver } from '@dawsos/testing';
import { setupObservability, traceContext } from '../src';

test('a shutdown sends all spans that wait, however many batches they are', async () => {
  const otlp = await startOtlpReceiver();
  const observability = setupObservability({
    serviceName: 'ending',
    otlpEndpoint: otlp.url,
    logLevel: 'silent',
    processMetrics: false,
    instrument: false,
  });
  const count = 3_000;
  await Promise.all(Array.from({ length: count }, () => traceContext('work', {}, () => undefined)));
  await observability.shutdown();
  expect(otlp.spans()).toHaveLength(count);
  await otlp.close();
});
