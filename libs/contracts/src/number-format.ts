/** A decimal in plain digits, rounded half up to `places` and grouped; text that is no number stays as it is. */
export function formatNumber(value: string, places: number): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value);
  if (match === null) return value;
  const [, sign = '', whole = '0', fraction = ''] = match;
  const scaled = BigInt(whole + fraction.padEnd(places + 1, '0').slice(0, places + 1));
  const rounded = ((scaled + 5n) / 10n).toString().padStart(places + 1, '0');
  const digits = rounded.slice(0, rounded.length - places).replace(/\B(?=(\d{3})+$)/g, ',');
  const text = places === 0 ? digits : `${digits}.${rounded.slice(-places)}`;
  return /[1-9]/.test(text) ? sign + text : text;
}
