import type { BarsBlock } from '../model/document';
import type { Pages } from './pages';
import type { Prepared } from './prepared';
import { INK, TYPE } from './theme';
import { typeset } from './type-setter';

const LINE = 15.3;
const BAR = 9;
const LABEL = { ...TYPE.labelInk, size: 7.75, leading: LINE };

/** Bars from a common line; what is below zero runs to its left and is hollow. */
export function prepareBars(pages: Pages, { bars }: BarsBlock, width: number): Prepared {
  const { type } = pages;
  const texts = bars.map(({ cell, share }) => typeset((share.value.kind === 'none' ? cell : share).text));
  const widest = texts.reduce((most, text) => Math.max(most, type.width(text, LABEL)), 0);
  const numberEnd = Math.max(width * 0.62, Math.min(width * 0.4 + widest, width * 0.75));
  const drawn = width - numberEnd - 8;
  const below = Math.max(0, ...bars.map(({ length }) => -length));
  const above = Math.max(0, ...bars.map(({ length }) => length));
  const unit = drawn / (below + above || 1);
  const height = bars.length * LINE + 4;
  return {
    height,
    draw: (x, y) => {
      const zero = x + numberEnd + 8 + below * unit;
      const alt = bars.map(({ label }, index) => `${label} ${texts[index] ?? ''}`).join('; ');
      pages.tags.mark(
        'Figure',
        () => {
          bars.forEach(({ label, length }, index) => {
            const top = y + index * LINE;
            const text = texts[index] ?? '';
            const labelRoom = numberEnd - type.width(text, LABEL) - 6;
            type.draw(type.cut(label, LABEL, labelRoom), x, top, LABEL);
            type.draw(text, x + numberEnd, top, LABEL, 'right');
            drawBar(pages, zero, top + (LINE - BAR) / 2, length * unit);
          });
          pages.document
            .moveTo(zero, y)
            .lineTo(zero, y + bars.length * LINE)
            .lineWidth(0.6)
            .strokeColor(INK.text)
            .stroke();
        },
        { alt },
      );
    },
  };
}

function drawBar({ document }: Pages, zero: number, y: number, length: number): void {
  if (length >= 0) document.rect(zero, y, Math.max(length, 0.3), BAR).fill(INK.accent);
  else
    document
      .rect(zero + length, y + 0.4, -length, BAR - 0.8)
      .lineWidth(0.8)
      .fillAndStroke(INK.paper, INK.text);
}
