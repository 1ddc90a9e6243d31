import { DawsosError } from '@dawsos/contracts';
import type { z } from 'zod';

const LONGEST = 512;

/**
 * An opaque page token over a keyset: the position after which the next page begins. It carries no authority, so
 * it is not signed; a list is bound to its principal whatever the token says.
 */
export interface PageTokens<Position> {
  encode(position: Position): string;
  /** @throws DawsosError `invalid_page_token` */
  decode(token: string): Position;
}

export function pageTokens<Wire extends readonly string[], Position>(
  schema: z.ZodType<Wire>,
  toWire: (position: Position) => Wire,
  fromWire: (wire: Wire) => Position,
): PageTokens<Position> {
  return {
    encode: (position) => Buffer.from(JSON.stringify(toWire(position))).toString('base64url'),
    decode(token) {
      const parsed = token.length > LONGEST ? undefined : schema.safeParse(decodeJson(token));
      if (parsed?.success !== true) {
        throw new DawsosError(
          'invalid_page_token',
          'page_token is not one that this list gave; start again without',
        );
      }
      return fromWire(parsed.data);
    },
  };
}

function decodeJson(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
