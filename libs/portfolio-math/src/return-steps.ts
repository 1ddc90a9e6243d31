import { Decimal, daysBetween, ZERO } from '@dawsos/contracts';
import { LIMITS } from './measurement-limits';
import type { NavDay } from './returns';
import { staleStretches, type StaleStretch } from './stale-stretches';

/**
 * When a flow counts within its day.
 * - `revalued`: the value at the flow is known, so the day has two steps; where its prices are stale, Modified Dietz.
 * - `refuse`: as `revalued`, but a flow at stale prices breaks the index.
 * - `inflow-start-outflow-end`: what comes in at the start of the day, what goes at its end (Bacon).
 * - `start`, `end`: all flows at the start, or at the end, of their day.
 */
export const FLOW_TIMINGS = ['revalued', 'refuse', 'inflow-start-outflow-end', 'start', 'end'] as const;
export type FlowTiming = (typeof FLOW_TIMINGS)[number];

/** One step of the index: it grows by `end / base`. */
export interface ReturnStep {
  /**
   * `day`: from the close of the day before. `before-flows`: from there to the moment of the day's flows, with the old
   * units. `after-flows`: from that moment to the close. `dietz`: over a stale stretch.
   */
  readonly kind: 'day' | 'before-flows' | 'after-flows' | 'dietz';
  /** The day from whose close it runs (`after-flows`: the day itself), and the day on which it ends: indices. */
  readonly from: number;
  readonly to: number;
  readonly base: Decimal;
  readonly end: Decimal;
  /** In and out counted apart. */
  readonly gross: boolean;
  readonly stretch?: StaleStretch;
}

/** Days over which nothing is known: a value or a flow is missing, or a flow came at stale prices and `refuse` is asked. */
export interface UnknownStep {
  readonly kind: 'unknown';
  readonly from: number;
  readonly to: number;
  readonly reason: 'value' | 'stale';
}

/** The steps from the first day to the last, in order. */
export function returnSteps(
  days: readonly NavDay[],
  timing: FlowTiming = 'revalued',
): (ReturnStep | UnknownStep)[] {
  const revalued = timing === 'revalued' || timing === 'refuse';
  const stretches = revalued ? staleStretches(days) : [];
  const steps: (ReturnStep | UnknownStep)[] = [];
  let [index, next] = [1, 0];
  while (index < days.length) {
    const stretch = stretches[next];
    const [previous, day] = [days[index - 1], days[index]];
    if (previous === undefined || day === undefined) break;
    if (stretch !== undefined && index === (stretch.fromOpen ? stretch.first : stretch.first + 1)) {
      const joined = isJoined(stretches[next - 1], stretch);
      const joins = isJoined(stretch, stretches[next + 1]);
      steps.push(...dietzSteps(days, stretch, timing, { joined, joins }));
      next++;
      index = joins ? stretch.last : stretch.last + 1;
      continue;
    }
    steps.push(...(revalued ? revaluedDay(index, previous, day) : timedDay(index, previous, day, timing)));
    index++;
  }
  return steps;
}

/** One ends before the flows of a day and the next begins there, with those flows inside it. */
function isJoined(one: StaleStretch | undefined, next: StaleStretch | undefined): boolean {
  return one !== undefined && next?.fromOpen === true && next.first === one.last && !one.toClose;
}

function unknown(index: number): UnknownStep {
  return { kind: 'unknown', from: index - 1, to: index, reason: 'value' };
}

function wholeDay(index: number, base: Decimal, end: Decimal, gross = false): ReturnStep {
  return { kind: 'day', from: index - 1, to: index, base, end, gross };
}

/**
 * Two steps where a flow came: r₁ = V_b / V₋₁ − 1 with the old units, r₂ = (V − min(F, 0)) / (V_b + max(F, 0)) − 1.
 * Where nothing was there before, the second alone. (GIPS: a valuation at the time of each external flow.)
 */
function revaluedDay(index: number, previous: NavDay, day: NavDay): (ReturnStep | UnknownStep)[] {
  const { flow, before } = day;
  if (previous.value === null || day.value === null || flow === null) return [unknown(index)];
  if (flow.isZero() && day.gross === undefined) return [wholeDay(index, previous.value, day.value)];
  if (before === undefined || !previous.value.greaterThan(0)) {
    const { base, end, gross } = atFlows(previous.value, day.value, flow, day.gross);
    return [wholeDay(index, base, end, gross)];
  }
  if (before === null) return [unknown(index)];
  return [
    { kind: 'before-flows', from: index - 1, to: index, base: previous.value, end: before, gross: false },
    { kind: 'after-flows', from: index, to: index, ...atFlows(before, day.value, flow, day.gross) },
  ];
}

/** Net, or in and out apart where the net leaves no base or would move the step past the limit. */
function atFlows(
  open: Decimal,
  close: Decimal,
  flow: Decimal,
  gross: NavDay['gross'],
): Pick<ReturnStep, 'base' | 'end' | 'gross'> {
  const base = open.plus(Decimal.max(flow, ZERO));
  const end = close.minus(Decimal.min(flow, ZERO));
  const holds = base.greaterThan(0) && end.minus(base).abs().lessThanOrEqualTo(base.times(LIMITS.nettedStep));
  if (gross === undefined || holds) return { base, end, gross: false };
  return { base: open.plus(gross.in), end: close.minus(gross.out), gross: true };
}

function timedDay(
  index: number,
  previous: NavDay,
  day: NavDay,
  timing: FlowTiming,
): (ReturnStep | UnknownStep)[] {
  const { value, flow } = day;
  const open = previous.value;
  if (open === null || value === null || flow === null) return [unknown(index)];
  if (timing === 'start') return [wholeDay(index, open.plus(flow), value)];
  if (timing === 'end' && open.greaterThan(0)) return [wholeDay(index, open, value.minus(flow))];
  return [wholeDay(index, open.plus(Decimal.max(flow, ZERO)), value.minus(Decimal.min(flow, ZERO)))];
}

/**
 * Modified Dietz over a stale stretch: (V₁ − V₀ − ΣF) / (V₀ + Σ wF), w the share of the stretch's days that is left
 * after a flow, an inflow's own day included; then what followed the flows of its last day.
 */
function dietzSteps(
  days: readonly NavDay[],
  stretch: StaleStretch,
  timing: FlowTiming,
  { joined, joins }: { readonly joined: boolean; readonly joins: boolean },
): (ReturnStep | UnknownStep)[] {
  const { first, last, fromOpen, toClose } = stretch;
  const from = fromOpen ? first - 1 : first;
  const hole = (reason: UnknownStep['reason']): UnknownStep => ({ kind: 'unknown', from, to: last, reason });
  const [start, end] = [days[first], days[last]];
  if (start === undefined || end === undefined) return [];
  const after = toClose || joins ? [] : afterStretch(last, end);
  if (timing === 'refuse') return [hole('stale'), ...after];
  const opening = fromOpen ? (start.before ?? days[from]?.value) : start.value;
  const closing = toClose ? end.value : end.before;
  const dietz = dietzBase(days, stretch, opening ?? null, closing ?? null);
  if (dietz === undefined) return [hole('value'), ...after];
  const step: ReturnStep = { kind: 'dietz', from, to: last, ...dietz, gross: false, stretch };
  // What the first day earned before its flows, where the stretch begins at them.
  const eve = days[from]?.value;
  const leads = fromOpen && !joined && eve !== undefined && eve !== null && eve.greaterThan(0);
  if (!leads || opening === undefined || opening === null) return [step, ...after];
  const lead: ReturnStep = {
    kind: 'before-flows',
    from,
    to: first,
    base: eve,
    end: opening,
    gross: false,
  };
  return [lead, step, ...after];
}

function afterStretch(last: number, { value, before, flow, gross }: NavDay): (ReturnStep | UnknownStep)[] {
  if (value === null || flow === null || before === undefined || before === null) return [unknown(last)];
  return [{ kind: 'after-flows', from: last, to: last, ...atFlows(before, value, flow, gross) }];
}

function dietzBase(
  days: readonly NavDay[],
  { first, last, fromOpen, toClose }: StaleStretch,
  opening: Decimal | null,
  closing: Decimal | null,
): Pick<ReturnStep, 'base' | 'end'> | undefined {
  const [start, end] = [days[first], days[last]];
  if (opening === null || closing === null || start === undefined || end === undefined) return undefined;
  const length = daysBetween(start.date, end.date) + (fromOpen ? 1 : 0);
  let [base, flows] = [opening, ZERO];
  for (let index = fromOpen ? first : first + 1; index <= (toClose ? last : last - 1); index++) {
    const day = days[index];
    if (day === undefined) continue;
    if (day.flow === null) return undefined;
    if (day.flow.isZero() && day.gross === undefined) continue;
    const left = daysBetween(day.date, end.date);
    const { in: inflow, out: outflow } = day.gross ?? {
      in: Decimal.max(day.flow, ZERO),
      out: Decimal.min(day.flow, ZERO),
    };
    base = base.plus(inflow.times(left + 1).div(length)).plus(outflow.times(left).div(length));
    flows = flows.plus(day.flow);
  }
  return { base, end: base.plus(closing.minus(opening).minus(flows)) };
}
