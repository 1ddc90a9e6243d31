/**
 * A cycle in the graph in which node `i` waits for `dependencies[i]`, as the nodes along it, the first one
 * repeated at the end; undefined when there is none. Iterative, so that no graph is too deep.
 */
export function findCycle(dependencies: readonly (readonly number[])[]): readonly number[] | undefined {
  const done = new Set<number>();
  for (let start = 0; start < dependencies.length; start++) {
    const trail: { node: number; next: number }[] = [{ node: start, next: 0 }];
    const onTrail = new Set([start]);
    for (let top = trail.at(-1); top !== undefined && !done.has(start); top = trail.at(-1)) {
      const next = dependencies[top.node]?.[top.next++];
      if (next === undefined) {
        done.add(top.node);
        onTrail.delete(top.node);
        trail.pop();
      } else if (onTrail.has(next)) {
        const nodes = trail.map(({ node }) => node);
        return [...nodes.slice(nodes.indexOf(next)), next];
      } else if (!done.has(next)) {
        trail.push({ node: next, next: 0 });
        onTrail.add(next);
      }
    }
  }
  return undefined;
}
