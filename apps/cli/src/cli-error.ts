import { DawsosError, type JsonObject } from '@dawsos/contracts';
import { EXIT, exitCodeFor, type ExitCode } from '@dawsos/service';
import { describeRepair, repairOf } from './render/repair-order';
import { escapeControls } from './terminal/escape-controls';

/** A fault told to a person: what failed, why, what to do, where to look. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    message: string,
    readonly exitCode: ExitCode,
    readonly more: { readonly cause?: string; readonly fix?: string; readonly log?: string } = {},
  ) {
    super(message);
  }
}

export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof CliError ? error.exitCode : exitCodeFor(error);
}

/** The lines that stand on stderr for `error`, without colour. */
export function describeError(error: unknown, debug: boolean): readonly string[] {
  return linesOf(error, debug).map(escapeControls);
}

function linesOf(error: unknown, debug: boolean): readonly string[] {
  if (error instanceof CliError) {
    const { cause, fix, log } = error.more;
    return [
      `dawsos: ${error.message}`,
      ...(cause === undefined ? [] : [`  cause  ${indent(cause)}`]),
      ...(fix === undefined ? [] : [`  fix    ${fix}`]),
      ...(log === undefined ? [] : [`  log    ${log}`]),
    ];
  }
  if (error instanceof DawsosError) {
    const repair = repairOf(error.extensions);
    const fields = error.errors
      .map((field) => `${field.pointer} ${field.detail}`)
      .filter((line) => line !== error.message)
      .map((line) => `         ${line}`);
    return [
      `dawsos: ${indent(error.message)}`,
      ...fields,
      ...(repair === undefined ? [`  fix    ${error.entry.remedy}`] : describeRepair(repair)),
      `  code   ${error.code}`,
    ];
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = debug && error instanceof Error && error.stack !== undefined ? [error.stack] : [];
  return [`dawsos: ${message}`, ...stack, `  fix    ${OUR_FAULT}`];
}

/** The same for programs: what `--json` prints in the answer's place. */
export function errorAsJson(error: unknown): JsonObject {
  const exit = { exit_code: exitCodeOf(error) };
  if (error instanceof CliError) {
    const { cause = null, fix = null, log = null } = error.more;
    return { error: { code: null, message: error.message, cause, fix, log, ...exit } };
  }
  if (error instanceof DawsosError) {
    const { code, message, entry, errors } = error;
    const repair = repairOf(error.extensions);
    return {
      error: {
        code,
        message,
        cause: null,
        fix: repair?.command ?? entry.remedy,
        log: null,
        errors: errors.map(({ pointer, detail }) => ({ pointer, detail })),
        ...(repair === undefined ? {} : { repair: repair as unknown as JsonObject }),
        ...exit,
      },
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { error: { code: 'internal_error', message, cause: null, fix: OUR_FAULT, log: null, ...exit } };
}

const OUR_FAULT = 'this is a fault of ours: report it with what DAWSOS_DEBUG=1 prints';

const indent = (text: string) => text.replaceAll('\n', '\n         ');

export const usageError = (message: string, fix: string) => new CliError(message, EXIT.usage, { fix });
