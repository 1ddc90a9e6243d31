/** The parts of a base64 text that stay the same whatever stands around the value: one for each alignment. */
const base64Cores = (value: string): string[] => {
  const bytes = Buffer.from(value);
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const start = Math.ceil((shift * 8) / 6);
    const rest = ((shift + bytes.length) * 8) % 6;
    return encoded.slice(start, rest === 0 ? undefined : -1);
  });
};

const urlSafe = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_');

interface Form {
  readonly name: string;
  readonly needle: string;
  readonly anyCase: boolean;
}

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');
const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const formsOf = (value: string): readonly Form[] => {
  const anyCase = [
    ['plain', value],
    ['in lower case', value.toLowerCase()],
    ['in capitals', value.toUpperCase()],
    ['escaped', JSON.stringify(value).slice(1, -1)],
    ['percent-encoded', encodeURIComponent(value)],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(value))],
    ['as a form', encodeURIComponent(value).replaceAll('%20', '+')],
    ['in hexadecimal', Buffer.from(value).toString('hex')],
  ] as const;
  const cores = base64Cores(value).flatMap((core) => [core, urlSafe(core)]);
  return [
    ...anyCase.map(([name, needle]) => ({ name, needle: lower(latin1(needle)), anyCase: true })),
    ...cores.map((needle) => ({ name: 'in base64', needle, anyCase: false })),
  ].filter(({ needle }) => needle.length >= 4);
};

/** Digits so few that ids and times hold them by chance: they count where they stand by themselves. */
const SHORT_NUMBER = /^\d{1,5}$/;

const holds = (text: string, needle: string): boolean =>
  SHORT_NUMBER.test(needle)
    ? new RegExp(`(?<![0-9a-z])${needle}(?![0-9a-z])`).test(text)
    : text.includes(needle);

/** Where planted values are found in bytes: plain, in other cases, escaped, percent-encoded, base64, hexadecimal. */
export const findLeaks = (bytes: Buffer | string, values: readonly string[]): readonly string[] => {
  const text = typeof bytes === 'string' ? latin1(bytes) : bytes.toString('latin1');
  const lowered = lower(text);
  const leaks = values.flatMap((value) =>
    formsOf(value)
      .filter(({ needle, anyCase }) => holds(anyCase ? lowered : text, needle))
      .map(({ name }) => `${value} ${name}`),
  );
  return [...new Set(leaks)];
};
