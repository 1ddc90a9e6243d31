import type { Panel } from '@dawsos/contracts';
import type { Block, Section } from './document';
import { panelBlock, type PanelSetting } from './panel-block';
import { figureOf } from './stated';
import { currencyOf, type Surroundings } from './surroundings';

export interface ResultSetting {
  readonly around: Surroundings;
  /** All rows, and the panels that are for spreadsheets alone. */
  readonly full: boolean;
  /** What stands in place of a figure that may not be shown. */
  readonly withheld: ReadonlyMap<string, string>;
}

/** The panels of a pattern with a result's figures, in the pattern's order, under their sections' heads. */
export function resultSections(
  { panels }: { readonly panels: readonly Panel[] },
  data: Readonly<Record<string, unknown>>,
  setting: ResultSetting,
): readonly Section[] {
  const shown = panels.filter(({ detail }) => setting.full || detail !== true);
  return runsOf(shown).flatMap((group): readonly Section[] => {
    const [first] = group;
    if (first === undefined) return [];
    const told = new Set<string>();
    const blocks = group.flatMap((panel): readonly Block[] => {
      const figure = figureOf(panel.source);
      const notice = setting.withheld.get(figure);
      if (notice !== undefined) {
        if (told.has(notice)) return [];
        told.add(notice);
        return [{ kind: 'text', role: 'withheld', text: notice }];
      }
      const block = panelBlock(panel, data, panelSetting(panel, data[figure], setting));
      if (block === null || isEmpty(block)) return [];
      const note: readonly Block[] =
        panel.note === undefined
          ? []
          : [{ kind: 'text', role: 'note', text: panel.note, width: block.width ?? 'full' }];
      return [block, ...note];
    });
    if (blocks.length === 0) return [];
    return [{ id: first.id, title: first.section ?? first.title, aside: asideOf(blocks), blocks }];
  });
}

/** What has no rows has no place either. */
const isEmpty = (block: Block): boolean =>
  (block.kind === 'table' && block.rows.length === 0) || (block.kind === 'bars' && block.bars.length === 0);

function panelSetting(panel: Panel, figure: unknown, { around, full }: ResultSetting): PanelSetting {
  return {
    baseCurrency: currencyOf(figure, around),
    period: around.period,
    full,
    titled: panel.section === undefined || panel.section === panel.title,
  };
}

/** Panels that follow one another and name one section; each other panel by itself. */
function runsOf(panels: readonly Panel[]): readonly (readonly Panel[])[] {
  const runs: Panel[][] = [];
  for (const panel of panels) {
    const last = runs.at(-1);
    if (last !== undefined && panel.section !== undefined && last[0]?.section === panel.section)
      last.push(panel);
    else runs.push([panel]);
  }
  return runs;
}

/** The unit that charts of the section share; tables name it in their heads. */
function asideOf(blocks: readonly Block[]): string | null {
  const units = new Set(
    blocks.flatMap((block) => ('unit' in block && block.unit !== null ? [block.unit] : [])),
  );
  const [unit] = units;
  return units.size === 1 && unit !== undefined ? unit : null;
}

/** Figures of the result that no panel shows. */
export function notShown(
  { panels }: { readonly panels: readonly Panel[] },
  figures: readonly string[],
): readonly string[] {
  const shown = new Set(panels.map(({ source }) => figureOf(source)));
  return figures.filter((figure) => !shown.has(figure));
}
