import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { VARIABLES } from '@dawsos/configuration';
import { ERROR_CODES } from '@dawsos/contracts';
import {
  CONTEXT_ATTRIBUTES,
  METRICS,
  SPAN_ATTRIBUTES,
  SPANS,
  type MetricDefinition,
} from '@dawsos/observability';
import { dashboardExpressions, readDashboards } from './rig/dashboards';
import { readRules } from './rig/prometheus-rules';
import { readText, readTexts } from './rig/repository-text';
import { ROOT } from './rig/service-process';

const unique = (found: Iterable<string>): readonly string[] => [...new Set(found)].sort();
const matches = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? match[0]);
const without = (some: readonly string[], known: readonly string[]): readonly string[] =>
  some.filter((each) => !known.includes(each));

const sources = [...readTexts('apps', /(?<!\.test)\.ts$/), ...readTexts('libs', /(?<!\.test)\.ts$/)].filter(
  ([path]) => path.includes('/src/'),
);
const sourcesBut = (file: string): string =>
  sources
    .filter(([path]) => path !== file)
    .map(([, text]) => text)
    .join('\n');
const pages = readTexts('docs', /\.md$/);
const runbooks = readTexts('docs/runbooks', /\.md$/);
const rules = readRules();
const expressions = [
  ...dashboardExpressions().map(({ expression }) => expression),
  ...rules.map(({ expr }) => expr),
];
const operations = [
  ...expressions,
  ...readTexts('observability', /\.ya?ml$/).values(),
  ...readTexts('k8s', /\.ya?ml$/).values(),
  ...pages.values(),
].join('\n');

describe('metrics', () => {
  const defined = Object.values<MetricDefinition>(METRICS).map(({ name }) => name);
  const used = (text: string) =>
    unique(
      matches(text, /\b(?:dawsos_(?:executor|queue|worker|pack)|http_server)_[a-z_]+\b/g).map((name) => {
        const base = name.replace(/_(bucket|count|sum)$/, '');
        return defined.includes(base) ? base : name;
      }),
    );

  it('that dashboards, rules, manifests and pages name exist', () => {
    expect(without(used(operations), defined)).toEqual([]);
  });

  it('are each shown in a dashboard or watched by a rule', () => {
    expect(without(defined, used(expressions.join('\n')))).toEqual([]);
  });
});

describe('recording rules', () => {
  const recorded = rules.flatMap(({ record }) => record ?? []);
  const used = unique(matches(expressions.join('\n'), /\bdawsos:[a-z_]+:[a-z0-9_]+\b/g));

  it('that dashboards and rules name exist, and each is used', () => {
    expect(used).toEqual(unique(recorded));
  });
});

describe('alerts', () => {
  const alerts = rules.filter(({ alert }) => alert !== undefined);
  const names = unique(alerts.flatMap(({ alert }) => alert ?? []));

  it.each(alerts.map((rule) => [rule.alert ?? '', rule] as const))(
    '%s has a severity and a runbook that names it',
    (name, rule) => {
      expect(['page', 'ticket']).toContain(rule.labels['severity']);
      const page = runbooks.get(rule.annotations['runbook_url'] ?? '');
      expect(page).toContain(`\`${name}\``);
      for (const section of ['Meaning', 'Impact', 'Look', 'Do']) expect(page).toContain(`\n## ${section}\n`);
    },
  );

  it('that runbooks and Alertmanager name exist', () => {
    const named = [...runbooks.values(), readText('observability/alertmanager/alertmanager.yml')].flatMap(
      (text) => matches(text, /\bDawsos[A-Z]\w+\b/g),
    );
    expect(
      without(unique(named), names).filter((name) => !names.some((alert) => alert.startsWith(name))),
    ).toEqual([]);
    const called = alerts.map(({ annotations }) => annotations['runbook_url'] ?? '');
    expect(unique(called)).toEqual(unique(runbooks.keys()));
  });

  it('each fire in a test of theirs', () => {
    const tests = [...readTexts('observability/prometheus/tests', /\.yml$/).values()].join('\n');
    expect(without(names, matches(tests, /\bDawsos[A-Z]\w+\b/g))).toEqual([]);
  });
});

describe('dashboards', () => {
  const dashboards = [...readDashboards()];

  it('are those of service, patterns, agents, queue, packs and objectives, each under its own uid', () => {
    expect(dashboards.map(([file]) => file).sort()).toEqual(
      ['agents', 'packs', 'patterns', 'queue', 'service', 'slo'].map((name) => `dawsos-${name}`),
    );
    for (const [file, { uid }] of dashboards) expect(uid).toBe(file);
  });
});

describe('spans', () => {
  const code = sourcesBut('libs/observability/src/tracing/catalogue.ts');

  it('that the code opens are those of the table', () => {
    const opened = matches(code, /(?:traceContext|startSpan)\(\s*(['`][^'`]+['`])/g).map((literal) =>
      literal
        .slice(1, -1)
        .replace(/\$\{\w+(?:\.index)\}/, 'N')
        .replace(/\$\{[^}]+\}/, 'QUEUE'),
    );
    // Express' request is named by its instrumentation.
    const ours = SPANS.map(({ name }) => name).filter((name) => name !== 'POST /v1/execute');
    expect(unique(opened)).toEqual(unique(ours));
  });

  it('carry attributes of the table, each of which is set', () => {
    const table = Object.keys(SPAN_ATTRIBUTES);
    const safe = /export interface SafeAttributes \{(.*?)\n\}/s.exec(
      readText('libs/observability/src/tracing/trace-context.ts'),
    );
    const set = [
      ...matches(safe?.[1] ?? '', /readonly (\w+)\?:/g),
      ...matches(code, /'(messaging\.[a-z_.]+|error\.type)'/g),
    ];
    expect(unique(set)).toEqual(unique(table));
    const ofTheRun = Object.entries(SPAN_ATTRIBUTES).flatMap(([name, { context }]) => (context ? name : []));
    expect(unique(ofTheRun)).toEqual(unique(CONTEXT_ATTRIBUTES));
  });
});

describe('error codes', () => {
  it('are each thrown or answered somewhere', () => {
    const code = sourcesBut('libs/contracts/src/error-codes.ts');
    expect(Object.keys(ERROR_CODES).filter((name) => !code.includes(`'${name}'`))).toEqual([]);
  });
});

describe('configuration variables', () => {
  it('are each read by a process', () => {
    const code = sourcesBut('libs/configuration/src/variables.ts');
    expect(Object.keys(VARIABLES).filter((name) => !code.includes(name))).toEqual([]);
  });

  it('that runbooks name exist', () => {
    const named = [...runbooks.values()].flatMap((text) => matches(text, /`([A-Z][A-Z]+_[A-Z_]+)`/g));
    expect(without(unique(named), [...Object.keys(VARIABLES), 'PACK_ID', 'RUN_ID', 'PATTERN_ID'])).toEqual(
      [],
    );
  });
});

describe('runbooks', () => {
  const cli = [...readTexts('apps/cli/src', /\.ts$/).values()].join('\n');

  it('name commands and options that there are', () => {
    const lines = [...runbooks.values()].flatMap((text) => matches(text, /`\.\/dawsos ([^`]+)`/g));
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) {
      const words = line.split(' ').filter((word) => /^(--)?[a-z-]+$/.test(word));
      const missing = words.filter((word) =>
        word.startsWith('--') ? !cli.includes(`${word} `) : !cli.includes(`'${word}'`),
      );
      expect([line, missing]).toEqual([line, []]);
    }
  });

  it('link to pages and files that there are', () => {
    for (const [path, text] of runbooks) {
      for (const link of matches(text, /\]\(([^)#:]+)\)/g)) {
        expect([path, link, existsSync(join(ROOT, path, '..', link))]).toEqual([path, link, true]);
      }
    }
  });
});
