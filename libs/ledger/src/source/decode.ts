import { isUtf8 } from 'node:buffer';

/**
 * Bytes as text. What is no UTF-8 stays visible, byte by byte, as a lone surrogate U+DC80…U+DCFF: the lexer rejects it in
 * a token, drops it from a string, and passes over it in a comment, as Beancount does.
 */
export function decodeLedger(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString('utf8');
  let text = '';
  let start = 0;
  while (start < buffer.length) {
    const length = validLength(buffer, start);
    text +=
      length === 0
        ? String.fromCharCode(0xdc00 + (buffer[start] ?? 0))
        : buffer.toString('utf8', start, start + length);
    start += Math.max(length, 1);
  }
  return text;
}

/** Bytes of the character at `start`, 0 when it is none. */
function validLength(buffer: Buffer, start: number): number {
  const first = buffer[start] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  return isUtf8(buffer.subarray(start, start + length)) && start + length <= buffer.length ? length : 0;
}
