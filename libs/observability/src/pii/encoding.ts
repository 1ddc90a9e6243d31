const MOST_ROUNDS = 3;

/** Takes off percent encoding, up to three layers; sequences that are not valid stay as they are. */
export const percentDecode = (text: string): string => {
  let decoded = text;
  for (let round = 0; round < MOST_ROUNDS && decoded.includes('%'); round += 1) {
    const next = decoded.replace(/(?:%[0-9a-f]{2}){1,4096}/gi, (run) => {
      try {
        return decodeURIComponent(run);
      } catch {
        return Buffer.from(run.replaceAll('%', ''), 'hex').toString('latin1');
      }
    });
    if (next === decoded) break;
    decoded = next;
  }
  return decoded;
};

const isText = (bytes: Buffer): boolean => {
  if (bytes.length < 8) return false;
  for (const byte of bytes)
    if ((byte < 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) || byte === 0x7f) return false;
  return bytes.every((byte) => byte < 0x80) || !bytes.toString('utf8').includes('\ufffd');
};

const SHORTEST_HEX = 24;

/** Whether a run of letters is base64 (either alphabet) or hexadecimal for readable text. Random bytes hardly ever are. */
export const decodesToText = (run: string): boolean => {
  const isHex = run.length % 2 === 0 && /^(?:[0-9a-f]+|[0-9A-F]+)$/.test(run);
  if (isHex) return run.length >= SHORTEST_HEX && isText(Buffer.from(run, 'hex'));
  const compact = run.replace(/=+$/, '');
  if (compact.length % 4 === 1) return false;
  return isText(Buffer.from(compact, 'base64'));
};
