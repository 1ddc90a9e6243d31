import { DawsosError } from '@dawsos/contracts';
import { EXIT, exitCodeFor, type ExitCode } from '@dawsos/service';
import { describeRepair, repairOf } from './render/repair-order';

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
  return [
    `dawsos: ${message}`,
    ...stack,
    '  fix    this is a fault of ours: report it with what DAWSOS_DEBUG=1 prints',
  ];
}

const indent = (text: string) => text.replaceAll('\n', '\n         ');

export const usageError = (message: string, fix: string) => new CliError(message, EXIT.usage, { fix });
