export type {
  BarsBlock,
  Block,
  BridgeBlock,
  Cell,
  CellValue,
  Fact,
  FactsBlock,
  HistoryBlock,
  LineBlock,
  ReportDocument,
  Row,
  Section,
  TableBlock,
  TextBlock,
} from './document';
export { answerOf, type Answer } from './answer';
export { resultSections } from './result-sections';
export { gapsOf, methodsOf, notesOf, titlesOf, type StatedGap, type StatedMethod } from './stated';
export { surroundingsOf, type Surroundings } from './surroundings';
