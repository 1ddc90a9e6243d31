import { Decimal, daysBetween, ONE, type IsoDate } from '@dawsos/contracts';
import type { Dated } from './dated';
import { LIMITS } from './measurement-limits';
import { returnSteps, type FlowTiming, type ReturnStep, type UnknownStep } from './return-steps';
import type { NavDay } from './returns';

/** Why the index broke on a day. */
export type BreakCode = 'below_zero' | 'profit_without_basis' | 'value_unknown' | 'flow_value_stale';

export interface IndexBreak {
  readonly date: IsoDate;
  readonly code: BreakCode;
  /** What the step ended with (`below_zero`) or gained without a base; null where a value is unknown. */
  readonly amount: Decimal | null;
}

/** A value of the wealth index at the close of a day. */
export interface IndexPoint extends Dated {
  /** Nothing was there since the point before. */
  readonly empty: boolean;
  /** Between the point before and this one the index is not known: flows came at stale prices. */
  readonly stretch: boolean;
}

/** A step with the wealth that went into it, and that by its base: what an amount earned in the step adds. */
export interface LinkedStep {
  readonly step: ReturnStep;
  readonly wealth: Decimal;
  readonly scale: Decimal;
}

/** Days over which the index has no break: it is 1 at the start. */
export interface ReturnSpan {
  readonly start: IsoDate;
  readonly end: IsoDate;
  /** Π end / base. */
  readonly growth: Decimal;
  readonly index: readonly IndexPoint[];
  readonly steps: readonly LinkedStep[];
}

export interface LinkedReturns {
  readonly spans: readonly ReturnSpan[];
  /** The one that every figure of a run is of: the longest in calendar days, the earliest of several. */
  readonly span: ReturnSpan | null;
  readonly breaks: readonly IndexBreak[];
}

/**
 * Links the steps of a valuation series: TWR = Π end / base − 1. Stretches without money link at 1. The index breaks
 * where a step ends below zero, where something was gained on a base that is not positive, or more than the base on
 * one under 0.1 % of the span's largest; nothing links across a break or across an end of zero, and a new span begins
 * on the next positive base.
 */
export function linkReturns(days: readonly NavDay[], timing: FlowTiming = 'revalued'): LinkedReturns {
  const linker = new Linker(days);
  for (const step of returnSteps(days, timing)) linker.add(step);
  return linker.result();
}

interface OpenSpan {
  readonly start: IsoDate;
  readonly index: IndexPoint[];
  readonly steps: LinkedStep[];
  wealth: Decimal;
  largest: Decimal;
  /** Money was there once: leading days without any do not make a span. */
  begun: boolean;
  end: IsoDate;
}

class Linker {
  private readonly spans: ReturnSpan[] = [];
  private readonly breaks: IndexBreak[] = [];
  private open: OpenSpan | undefined;

  constructor(private readonly days: readonly NavDay[]) {
    const [first] = days;
    if (first !== undefined && first.value !== null) this.open = startSpan(first.date);
  }

  add(step: ReturnStep | UnknownStep): void {
    const to = this.dateOf(step.to);
    if (step.kind === 'unknown') {
      this.break(to, step.reason === 'stale' ? 'flow_value_stale' : 'value_unknown', null);
      return;
    }
    const { base, end } = step;
    if (base.isZero() && end.isZero()) {
      this.pass(to);
    } else if (end.isNegative() && !end.isZero()) {
      this.break(to, 'below_zero', end);
    } else if (!base.greaterThan(0) || this.isTooSmall(base, end)) {
      this.break(to, 'profit_without_basis', end.minus(base));
    } else {
      this.link(step, to);
    }
  }

  result(): LinkedReturns {
    this.close();
    let longest: ReturnSpan | null = null;
    for (const span of this.spans) if (longest === null || lengthOf(span) > lengthOf(longest)) longest = span;
    return { spans: this.spans, span: longest, breaks: this.breaks };
  }

  private dateOf(index: number): IsoDate {
    const day = this.days[index];
    if (day === undefined) throw new RangeError(`no day ${String(index)}`);
    return day.date;
  }

  private isTooSmall(base: Decimal, end: Decimal): boolean {
    const largest = this.open?.largest;
    if (largest === undefined || end.minus(base).lessThanOrEqualTo(base)) return false;
    return base.lessThan(largest.times(LIMITS.smallBase));
  }

  /** A step without money: the index stays as it is. */
  private pass(to: IsoDate): void {
    this.open?.index.push({ date: to, number: this.open.wealth, empty: true, stretch: false });
    if (this.open !== undefined) this.open.end = to;
  }

  private link(step: ReturnStep, to: IsoDate): void {
    const span = (this.open ??= startSpan(this.dateOf(step.from)));
    const scale = span.wealth.div(step.base);
    span.steps.push({ step, wealth: span.wealth, scale });
    span.begun = true;
    if (!step.end.equals(step.base)) span.wealth = step.end.times(scale);
    if (step.base.greaterThan(span.largest)) span.largest = step.base;
    span.end = to;
    // The moment of a flow is no close: the step after it sets the day's point.
    const moment = span.index.at(-1)?.date === to && span.index.length > 1 ? span.index.pop() : undefined;
    const stretch = step.kind === 'dietz' || moment?.stretch === true;
    span.index.push({ date: to, number: span.wealth, empty: false, stretch });
    if (step.end.isZero()) this.close();
  }

  /** One for a run of days that all break: the first says what happened. */
  private break(date: IsoDate, code: BreakCode, amount: Decimal | null): void {
    if (this.open !== undefined || this.breaks.at(-1)?.code !== code)
      this.breaks.push({ date, code, amount });
    this.close();
  }

  private close(): void {
    const span = this.open;
    this.open = undefined;
    if (span?.begun !== true) return;
    const { start, end, wealth, index, steps } = span;
    this.spans.push({ start, end, growth: wealth, index, steps });
  }
}

function startSpan(start: IsoDate): OpenSpan {
  const index = [{ date: start, number: ONE, empty: true, stretch: false }];
  return { start, index, steps: [], wealth: ONE, largest: new Decimal(0), begun: false, end: start };
}

const lengthOf = ({ start, end }: ReturnSpan): number => daysBetween(start, end);

/** When something was earned on a day: before its flows, from them to the close, or over the whole of it. */
export type DayPart = 'before' | 'after' | 'all';

/**
 * Visits each day, or part of one, of the span's steps with the scale of what was earned in it: wealth before the
 * step / its base. Σ earned × scale over all that earns is the span's return (A. Frongello, "Linking Single Period
 * Attribution Results", Journal of Performance Measurement, 2002); a stale stretch has one scale for all its days.
 */
export function visitParts(
  span: ReturnSpan,
  visit: (day: number, part: DayPart, scale: Decimal) => void,
): void {
  for (const { step, scale } of span.steps) {
    if (step.kind === 'day') visit(step.to, 'all', scale);
    else if (step.kind === 'before-flows') visit(step.to, 'before', scale);
    else if (step.kind === 'after-flows') visit(step.to, 'after', scale);
    else visitStretch(step, scale, visit);
  }
}

function visitStretch(
  { stretch, to }: ReturnStep,
  scale: Decimal,
  visit: (day: number, part: DayPart, scale: Decimal) => void,
): void {
  if (stretch === undefined) return;
  const { first, fromOpen, toClose } = stretch;
  if (fromOpen) visit(first, 'after', scale);
  for (let day = first + 1; day <= to; day++) {
    if (fromOpen && day === first) continue;
    visit(day, day === to && !toClose ? 'before' : 'all', scale);
  }
}
