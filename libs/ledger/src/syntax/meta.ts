import type { Meta, SourceLocation } from '../model';

/** The place of a directive: metadata named `filename` or `lineno` overrides it, as in Beancount. */
export function locate(meta: Meta, location: SourceLocation): SourceLocation {
  if (meta.size === 0) return location;
  const file = meta.get('filename');
  const line = meta.get('lineno');
  if (file?.kind !== 'string' && line?.kind !== 'number') return location;
  return {
    file: file?.kind === 'string' ? file.value : location.file,
    line: line?.kind === 'number' ? line.value.toDecimal().toNumber() : location.line,
  };
}
