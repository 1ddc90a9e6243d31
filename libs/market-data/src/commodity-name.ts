/** A commodity's name that is a file's name as well: it leads out of no folder. */
export const COMMODITY_NAME = /^[A-Z][A-Z0-9'._-]{0,23}$/;
