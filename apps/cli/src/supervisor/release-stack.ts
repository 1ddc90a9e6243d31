/** What is to be undone, last first; what fails to stop does not keep the rest running. */
export interface ReleaseStack {
  push(name: string, release: () => Promise<void> | void): void;
  releaseAll(): Promise<readonly string[]>;
}

export function createReleaseStack(): ReleaseStack {
  const releases: { name: string; release: () => Promise<void> | void }[] = [];
  return {
    push: (name, release) => void releases.push({ name, release }),
    async releaseAll() {
      const failed: string[] = [];
      for (let entry = releases.pop(); entry !== undefined; entry = releases.pop()) {
        try {
          await entry.release();
        } catch {
          failed.push(entry.name);
        }
      }
      return failed;
    },
  };
}
