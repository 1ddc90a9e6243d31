/** Plugins that LEDGER_PLUGINS_ACCEPTED names, as the services read it. */
export function acceptedPluginsOf(
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  return (environment['LEDGER_PLUGINS_ACCEPTED'] ?? '').split(/[,\s]+/).filter((name) => name !== '');
}
