declare global {
  /** How many times their usual number of runs property tests make: jest.config.cjs, `npm run test:long`. */
  var PROPERTY_FACTOR: number | undefined;
}

/** `short` runs of a property in `./dawsos test`, as many times more in the long form. */
export const propertyRuns = (short: number): number => short * (globalThis.PROPERTY_FACTOR ?? 1);
