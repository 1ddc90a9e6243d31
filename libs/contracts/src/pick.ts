/** The value at a path such as `valued.positions[0].value`; undefined where there is none. */
export function pick(value: unknown, path: string): unknown {
  let at = value;
  for (const part of path.split(/[.[\]]+/).filter((name) => name !== '')) {
    if (Array.isArray(at)) at = (at as readonly unknown[])[Number(part)];
    else if (typeof at === 'object' && at !== null && Object.hasOwn(at, part))
      at = (at as Readonly<Record<string, unknown>>)[part];
    else return undefined;
  }
  return at;
}
