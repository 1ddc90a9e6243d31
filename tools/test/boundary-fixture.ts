const RULE = '@nx/enforce-module-boundaries';

/** A file with a forbidden import; `lint` must reject it, and for that reason alone. */
export const BOUNDARY_FIXTURE = 'libs/portfolio-math/src/__fixtures__/forbidden-import.ts';

/** What is wrong with ESLint's JSON output on the fixture; undefined when it was rejected by the boundary rule. */
export function judgeBoundaryFixture(eslintJson: string): string | undefined {
  const rules = rulesOf(eslintJson);
  if (rules === undefined) return `ESLint gave no result:\n${eslintJson.slice(0, 2000)}`;
  if (!rules.includes(RULE)) return `the forbidden import in ${BOUNDARY_FIXTURE} was not rejected`;
  const others = rules.filter((rule) => rule !== RULE);
  return others.length === 0 ? undefined : `${BOUNDARY_FIXTURE} breaks other rules too: ${others.join(', ')}`;
}

function rulesOf(eslintJson: string): readonly string[] | undefined {
  try {
    const results = JSON.parse(eslintJson) as readonly {
      readonly messages: readonly { readonly ruleId: string | null }[];
    }[];
    return results.flatMap((result) => result.messages.map((message) => message.ruleId ?? 'parse error'));
  } catch {
    return undefined;
  }
}
