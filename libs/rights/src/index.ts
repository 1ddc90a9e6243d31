export { decide, type Block, type Decision, type RightsRequest } from './decision';
export { figureSources, UNKNOWN_SOURCE } from './figure-sources';
export {
  EXPORT_FORMATS,
  ExportFormatSchema,
  parseRegistry,
  type ExportFormat,
  type RightsRegistry,
  type SourceRights,
} from './registry';
