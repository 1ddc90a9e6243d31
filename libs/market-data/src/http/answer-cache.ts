/** Answers that are given again for a while; equal questions at once are asked once. */
export interface AnswerCache {
  get(key: string, ask: () => Promise<unknown>): Promise<unknown>;
}

/** Bounds the memory: a build asks for each symbol once. */
const KEPT = 256;

export function createAnswerCache(forMs: number, now: () => number): AnswerCache {
  const answers = new Map<string, { readonly answer: Promise<unknown>; readonly until: number }>();
  return {
    get(key, ask) {
      const kept = answers.get(key);
      if (kept !== undefined && now() < kept.until) return kept.answer;
      const answer = ask();
      answers.delete(key);
      answers.set(key, { answer, until: now() + forMs });
      answer.catch(() => {
        if (answers.get(key)?.answer === answer) answers.delete(key);
      });
      const oldest = answers.keys().next();
      if (answers.size > KEPT && !oldest.done) answers.delete(oldest.value);
      return answer;
    },
  };
}
