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

/** ASCII letters alone, byte by byte: dumps are large, and a text's own `toLowerCase` would change other bytes. */
const lower = (bytes: Buffer): Buffer =>
  Buffer.from(bytes.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte)));

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
  const lowered = anyCase.map(([name, needle]) => ({
    name,
    needle: lower(Buffer.from(needle)).toString('latin1'),
    anyCase: true,
  }));
  const cores = base64Cores(value).flatMap((core) => [core, urlSafe(core)]);
  const inBase64 = cores.map((needle) => ({ name: 'in base64', needle, anyCase: false }));
  const forms = new Map([...lowered, ...inBase64].reverse().map((form) => [form.needle, form]));
  return [...forms.values()].filter(({ needle }) => needle.length >= 4);
};

/** Digits so few that ids and times hold them by chance: they count where they stand by themselves. */
const SHORT_NUMBER = /^\d{1,5}$/;

const holds = (text: string, needle: string): boolean =>
  SHORT_NUMBER.test(needle)
    ? new RegExp(`(?<![0-9a-z])${needle}(?![0-9a-z])`).test(text)
    : text.includes(needle);

/** Where planted values are found in bytes: plain, in other cases, escaped, percent-encoded, base64, hexadecimal. */
export const findLeaks = (bytes: Buffer | string, values: readonly string[]): readonly string[] => {
  const all = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  const text = all.toString('latin1');
  const lowered = lower(all).toString('latin1');
  const leaks = values.flatMap((value) =>
    formsOf(value)
      .filter(({ needle, anyCase }) => holds(anyCase ? lowered : text, needle))
      .map(({ name }) => `${value} ${name}`),
  );
  return [...new Set(leaks)];
};
