import { readFileSync } from 'node:fs';
import { EXIT } from '@dawsos/service';
import type { Command } from 'commander';
import { createApiClient, type ApiClient } from './api/client';
import { CliError } from './cli-error';
import { findInstance, type Instance } from './instance';
import { findPlaces, type Places } from './places';
import type { Terminal } from './terminal/terminal';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface GlobalOptions {
  readonly json?: boolean;
  readonly data?: string;
  readonly url?: string;
}

/** What every command is handed: where to write, and how to find the system that it speaks to. */
export interface CliContext {
  readonly terminal: Terminal;
  readonly environment: Environment;
  readonly now: () => number;
}

/** A command's options together with those that stand on all commands. */
export function optionsOf<Options extends object>(command: Command): Options & GlobalOptions {
  return command.optsWithGlobals<Options & GlobalOptions>();
}

export function placesOf(context: CliContext, options: GlobalOptions): Places {
  return findPlaces(context.environment, options.data);
}

export function instanceOf(context: CliContext, options: GlobalOptions): Instance | undefined {
  return findInstance(placesOf(context, options));
}

/**
 * A client of --url, DAWSOS_URL, or the instance that serves from the data folder, in this order.
 * @throws CliError when there is none
 */
export function clientOf(context: CliContext, options: GlobalOptions): ApiClient {
  const { environment } = context;
  const url = options.url ?? environment['DAWSOS_URL'] ?? instanceOf(context, options)?.api_url;
  if (url === undefined || url === '') {
    throw new CliError('no dawsos is running here', EXIT.unavailable, {
      fix: 'start one with "dawsos up" in another terminal, or name one with --url',
    });
  }
  return createApiClient(url, apiKeyOf(environment));
}

function apiKeyOf(environment: Environment): string | undefined {
  const key = environment['DAWSOS_API_KEY'];
  if (key !== undefined && key !== '') return key;
  const file = environment['DAWSOS_API_KEY_FILE'];
  if (file === undefined || file === '') return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new CliError(`DAWSOS_API_KEY_FILE cannot be read: ${file}`, EXIT.configuration, {
      fix: 'name a file that holds the key alone',
    });
  }
}
