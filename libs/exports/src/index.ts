export { MEDIA_TYPES, renderExport, type ExportFile } from './render';
export { usageCsv } from './usage-csv';
export { createReport, type Report, type ReportedRun, type ReportFigure } from './report';
