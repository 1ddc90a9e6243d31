import { join } from 'node:path';
import { freePort, isOk, startChild } from './child.ts';

export interface TelemetrySink {
  readonly port: number;
  /** For OTLP over HTTP. */
  readonly url: string;
  /** That arrived so far. */
  spans(): Promise<number>;
  stop(): Promise<void>;
}

/** A local receiver of traces and errors in a process of its own; its log lies in `folder`. */
export async function startTelemetrySink(folder: string): Promise<TelemetrySink> {
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  const child = await startChild({
    command: process.execPath,
    args: [join(import.meta.dirname, 'telemetry-sink.ts')],
    environment: { PORT: String(port) },
    logFile: join(folder, 'sink.log'),
    isReady: () => isOk(url),
  });
  return {
    port,
    url,
    spans: async () => ((await (await fetch(url)).json()) as { spans: number }).spans,
    stop: () => child.stop(),
  };
}
