export {
  createExportRun,
  type ExportOrder,
  type ExportRequest,
  type ExportRun,
  type Exported,
} from './export-run';
export { rightsOfRun, RunRightsSchema, type RunRights } from './run-rights';
export { createShowRun, type ShowRun, type Viewer } from './shown-run';
