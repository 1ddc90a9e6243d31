/**
 * Deterministic random numbers (the generator sfc32, seeded with a text): 32-bit integer steps, and only sums and
 * products of doubles after that, so every machine draws the same.
 *
 * @param {string} seed
 */
export function createRandom(seed) {
  const state = seedState(seed);
  const uniform = () => nextUint32(state) / 4_294_967_296;
  return {
    /** A number from 0 (included) to 1 (excluded). */
    uniform,
    /** Near enough to a normal number of mean 0 and deviation 1: twelve uniform ones, less six (Irwin-Hall). */
    normal: () => {
      let sum = -6;
      for (let draw = 0; draw < 12; draw += 1) sum += uniform();
      return sum;
    },
  };
}

/** FNV-1a over the seed's characters, once for each of the four words. */
function seedState(seed) {
  const words = [0, 1, 2, 3].map((salt) => {
    let hash = 0x811c9dc5 ^ salt;
    for (const character of seed) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
    return hash >>> 0;
  });
  for (let round = 0; round < 15; round += 1) nextUint32(words);
  return words;
}

function nextUint32(state) {
  const sum = (((state[0] + state[1]) >>> 0) + state[3]) >>> 0;
  state[3] = (state[3] + 1) >>> 0;
  state[0] = (state[1] ^ (state[1] >>> 9)) >>> 0;
  state[1] = (state[2] + (state[2] << 3)) >>> 0;
  state[2] = (((state[2] << 21) | (state[2] >>> 11)) + sum) >>> 0;
  return sum;
}
