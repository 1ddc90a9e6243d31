const LONGEST = 120;

/** A label value that no scrape can choke on: printable, without line ends and quotes, bounded in length. */
export const boundLabel = (value: string): string => {
  const plain = /[^\x20-\x7e]|["\\{}#]/.test(value) ? value.replace(/[^\x20-\x7e]|["\\{}#]/g, '_') : value;
  return plain.length > LONGEST ? plain.slice(0, LONGEST) : plain;
};

/** Lets the first `limit` values through as they are; what comes later is counted as `other`. */
export const createLabelBound = (limit: number): ((value: string) => string) => {
  const seen = new Set<string>();
  return (value) => {
    if (seen.has(value)) return value;
    const label = boundLabel(value);
    if (seen.has(label)) return label;
    if (seen.size >= limit) return 'other';
    seen.add(label);
    return label;
  };
};

/** As `createLabelBound`, for a set of labels: each label has a bound of its own, so that one cannot use up another's. */
export const createLabelsBound = (
  limit: number,
): ((labels: Readonly<Record<string, string>>) => Record<string, string>) => {
  const bounds = new Map<string, (value: string) => string>();
  const boundOf = (label: string): ((value: string) => string) => {
    const known = bounds.get(label) ?? createLabelBound(limit);
    bounds.set(label, known);
    return known;
  };
  return (labels) =>
    Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, boundOf(label)(value)]));
};
