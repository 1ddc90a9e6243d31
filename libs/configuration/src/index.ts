export { describeConfiguration, parseConfiguration, type Configuration, type Environment } from './parse';
export { configurationReference } from './reference';
export type { Variable } from './variable';
export { VARIABLES, type VariableName } from './variables';
