/** Files that break the rules of tools/house/rooms.cjs: a circle, and an import from a lower room of pricing into a higher one. */
export const ROOMS_FIXTURE = 'libs/pricing/src/calendar/__fixtures__';
const BROKEN = ['no-circle', 'pricing-calendar'];

/** What is wrong with depcruise's JSON on the fixture; undefined when it was rejected for just these rules. */
export function judgeRoomsFixture(json: string): string | undefined {
  const rules = rulesOf(json);
  if (rules === undefined) return `depcruise gave no result:\n${json.slice(0, 2000)}`;
  const found = [...new Set(rules)].sort();
  if (found.join() === BROKEN.join()) return undefined;
  return `${ROOMS_FIXTURE} should break ${BROKEN.join(', ')}; it breaks ${found.join(', ') || 'nothing'}`;
}

function rulesOf(json: string): readonly string[] | undefined {
  try {
    const { summary } = JSON.parse(json) as {
      readonly summary: { readonly violations: readonly { readonly rule: { readonly name: string } }[] };
    };
    return summary.violations.map(({ rule }) => rule.name);
  } catch {
    return undefined;
  }
}
