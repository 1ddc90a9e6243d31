import { parseOdrlRegistry } from './odrl-registry';
import type { RightsRegistry } from './registry';
import { parseYamlRegistry } from './yaml-registry';

/**
 * Reads a registry file: our own YAML, or, where the text is JSON, policies in the W3C market-data profile of ODRL.
 * @throws DawsosError `rights_registry_invalid` with every fault's place and what is wrong.
 */
export function parseRegistry(text: string, file: string): RightsRegistry {
  return /^\s*[[{]/.test(text) ? parseOdrlRegistry(text, file) : parseYamlRegistry(text, file);
}
