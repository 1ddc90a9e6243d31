import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const PackageSchema = z.object({ version: z.string() });

/** The version that the package declares. */
export function apiVersion(): string {
  return PackageSchema.parse(JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8'))).version;
}
