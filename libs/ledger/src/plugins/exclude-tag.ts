import { refuseConfig, type Plugin } from './plugin';

const EXCLUDED = 'virtual';

/** `beancount.plugins.exclude_tag`: leaves out the transactions that are tagged #virtual. */
export const excludeTag: Plugin = (entries, _context, config) => {
  refuseConfig(config);
  return entries.filter((entry) => entry.type !== 'transaction' || !entry.tags.includes(EXCLUDED));
};
