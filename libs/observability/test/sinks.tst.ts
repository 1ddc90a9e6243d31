import { setupObservability, traceContext, type SafeSpan } from '../src';
import { describe, expect, it } from 'tstyche';

/** What a request brought: nothing that a sink may take as it is. */
declare const raw: { readonly user_id: string; readonly note: string };
declare const error: Error;
declare const span: SafeSpan;
const { logger, pii, captureException, addBreadcrumb } = setupObservability({ serviceName: 'typed' });
const work = (): void => undefined;

describe('the logger', () => {
  it('takes a constant and filtered fields', () => {
    expect(logger.warn).type.toBeCallableWith('a query failed', pii.fields({ error: pii.error(error) }));
    expect(logger.child).type.toBeCallableWith(pii.fields(raw));
  });
  it('takes no raw payload, no error and no message that was put together', () => {
    expect(logger.warn).type.not.toBeCallableWith('a query failed', raw);
    expect(logger.warn).type.not.toBeCallableWith('a query failed', { user_id: raw.user_id });
    expect(logger.error).type.not.toBeCallableWith('a query failed', error);
    expect(logger.info).type.not.toBeCallableWith(raw.note);
    expect(logger.debug).type.not.toBeCallableWith(error.message);
    expect(logger.child).type.not.toBeCallableWith(raw);
  });
});

describe('a span', () => {
  it('takes known attributes, filtered ones, and the pseudonym of a user', () => {
    expect(traceContext).type.toBeCallableWith('step_0', { step_index: 0 }, work);
    expect(traceContext).type.toBeCallableWith('step_0', pii.attributes(raw), work);
    expect(traceContext).type.toBeCallableWith('step_0', { user_id: pii.pseudonym(raw.user_id) }, work);
    expect(span.addEvent).type.toBeCallableWith('retried', pii.attributes(raw));
  });
  it('takes no raw payload, user id, name or event', () => {
    expect(traceContext).type.not.toBeCallableWith('step_0', raw, work);
    expect(traceContext).type.not.toBeCallableWith('step_0', { user_id: raw.user_id }, work);
    expect(traceContext).type.not.toBeCallableWith('step_0', { note: raw.note }, work);
    expect(traceContext).type.not.toBeCallableWith(raw.note, {}, work);
    expect(span.setAttributes).type.not.toBeCallableWith(raw);
    expect(span.addEvent).type.not.toBeCallableWith('retried', raw);
    expect(span.addEvent).type.not.toBeCallableWith(raw.note);
  });
});

describe('error tracking', () => {
  it('takes filtered context, tags and breadcrumbs', () => {
    const details = { context: pii.fields(raw), tags: { part: pii.text('worker') } };
    expect(captureException).type.toBeCallableWith(error, details);
    expect(addBreadcrumb).type.toBeCallableWith('a step began', pii.fields(raw));
  });
  it('takes no raw ones', () => {
    expect(captureException).type.not.toBeCallableWith(error, { context: raw });
    expect(captureException).type.not.toBeCallableWith(error, { tags: { note: raw.note } });
    expect(addBreadcrumb).type.not.toBeCallableWith('a step began', raw);
    expect(addBreadcrumb).type.not.toBeCallableWith(raw.note);
  });
});

describe('what only looks filtered', () => {
  it('is refused: the brand cannot be written by hand', () => {
    expect(logger.info).type.not.toBeCallableWith('m', { filtered: true, note: raw.note });
    expect(logger.info).type.not.toBeCallableWith('m', JSON.parse('{}') as Record<string, unknown>);
    expect<ReturnType<typeof pii.text>>().type.not.toBeAssignableFrom<string>();
  });
});
