import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { VARIABLES, type VariableName } from '@dawsos/configuration';
import { hasProgram } from '@dawsos/testing';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';

const ROOT = resolve(__dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** Variables of images that are not ours. */
const FOREIGN_VARIABLES = [
  'POSTGRES_USER',
  'POSTGRES_DB',
  'POSTGRES_PASSWORD',
  'POSTGRES_PASSWORD_FILE',
  'NODE_ENV',
  'GF_AUTH_ANONYMOUS_ENABLED',
  'GF_AUTH_ANONYMOUS_ORG_ROLE',
  'GF_AUTH_DISABLE_LOGIN_FORM',
  'GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH',
];
const OPERATIONS_PORT = VARIABLES.OPERATIONS_PORT.schema.parse(undefined);
const API_PORT = VARIABLES.PORT.schema.parse(undefined);
const APPS = ['executor-api', 'pattern-worker', 'pack-builder'];

function isKnownVariable(name: string): boolean {
  if (FOREIGN_VARIABLES.includes(name) || Object.hasOwn(VARIABLES, name)) return true;
  const secret = name.replace(/_FILE$/, '');
  return Object.hasOwn(VARIABLES, secret) && VARIABLES[secret as VariableName].secret;
}

const dockerfile = read('Dockerfile');
const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map((match) => match[1] ?? '');

describe('the Dockerfile', () => {
  it('has a target for each app, and each starts a file that the build writes', () => {
    expect(stages).toEqual(expect.arrayContaining([...APPS, 'cli']));
    const entries = [...dockerfile.matchAll(/"(apps\/[^"]+\.js)"/g)].map((match) => match[1] ?? '');
    expect(entries).toHaveLength(4);
    for (const entry of entries) {
      expect(existsSync(join(ROOT, entry.replace('/dist/', '/src/').replace(/\.js$/, '.ts')))).toBe(true);
    }
  });

  it('copies only what is there, sets only variables that the code reads, and does not run as root', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((match) =>
      (match[1] ?? '').split(' '),
    );
    for (const path of copied) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true]);
    const set = [...dockerfile.matchAll(/(?:^ENV |^ {4})([A-Z_]+)=/gm)].map((match) => match[1] ?? '');
    expect(set.filter((name) => !isKnownVariable(name))).toEqual([]);
    expect(dockerfile).toMatch(/^USER 10001:10001$/m);
  });
});

const ComposeSchema = z.object({
  services: z.record(
    z.string(),
    z.looseObject({
      image: z.string().optional(),
      build: z.object({ context: z.string(), target: z.string() }).optional(),
      environment: z.record(z.string(), z.string()).default({}),
      ports: z.array(z.string()).default([]),
      volumes: z.array(z.string()).default([]),
      secrets: z.array(z.string()).default([]),
      depends_on: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
  volumes: z.record(z.string(), z.unknown()),
  secrets: z.record(z.string(), z.unknown()),
});

describe('docker-compose.yml', () => {
  const compose = ComposeSchema.parse(parse(read('docker-compose.yml'), { merge: true }));
  const services = Object.entries(compose.services);

  it('runs each app, Redis, PostgreSQL, Jaeger, Prometheus, Alertmanager and Grafana', () => {
    expect(Object.keys(compose.services)).toEqual(
      expect.arrayContaining([
        ...APPS,
        'redis',
        'postgres',
        'jaeger',
        'prometheus',
        'alertmanager',
        'grafana',
      ]),
    );
  });

  it.each(services)('%s names only what exists', (name, service) => {
    if (service.build !== undefined) expect(stages).toContain(service.build.target);
    else expect(service.image).toMatch(/:[\w.-]+$/);
    expect(Object.keys(service.environment).filter((variable) => !isKnownVariable(variable))).toEqual([]);
    expect(Object.keys(service.depends_on).filter((other) => !(other in compose.services))).toEqual([]);
    expect(service.secrets.filter((secret) => !(secret in compose.secrets))).toEqual([]);
    for (const volume of service.volumes.filter((text) => text.startsWith('./'))) {
      expect([name, existsSync(join(ROOT, volume.split(':')[0] ?? ''))]).toEqual([name, true]);
    }
    for (const volume of service.volumes.filter((text) => /^[a-z]/.test(text))) {
      expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    }
  });

  it('shows the dashboards where the provisioning of Grafana looks for them, from the Prometheus that runs', () => {
    const grafana = compose.services['grafana'];
    const provider = z
      .object({ providers: z.array(z.looseObject({ options: z.object({ path: z.string() }) })) })
      .parse(parse(read('observability/grafana/provisioning/dashboards/dawsos.yml')));
    const path = provider.providers[0]?.options.path ?? '';
    expect(grafana?.volumes).toContain(`./observability/grafana/dashboards:${path}:ro`);
    expect(grafana?.volumes).toContain('./observability/grafana/provisioning:/etc/grafana/provisioning:ro');
    const home = grafana?.environment['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH'] ?? '';
    expect(existsSync(join(ROOT, home.replace(path, 'observability/grafana/dashboards')))).toBe(true);
    const sources = z
      .object({ datasources: z.array(z.looseObject({ url: z.string() })) })
      .parse(parse(read('observability/grafana/provisioning/datasources/prometheus.yml')));
    for (const { url } of sources.datasources)
      expect(Object.keys(compose.services)).toContain(new URL(url).hostname);
  });

  it('sends the alerts to the Alertmanager that runs', () => {
    const { alerting } = z
      .looseObject({
        alerting: z.object({
          alertmanagers: z.array(
            z.object({ static_configs: z.array(z.object({ targets: z.array(z.string()) })) }),
          ),
        }),
      })
      .parse(parse(read('observability/prometheus/prometheus.yml')));
    const targets = alerting.alertmanagers.flatMap(({ static_configs }) =>
      static_configs.flatMap((config) => config.targets),
    );
    expect(targets).toEqual(['alertmanager:9093']);
  });

  it('publishes every port on loopback only, and the API on the port it listens on', () => {
    const published = services.flatMap(([, service]) => service.ports);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    expect(compose.services['executor-api']?.ports).toEqual([`127.0.0.1:${API_PORT}:${API_PORT}`]);
  });

  it('has Prometheus scrape each service on the operations port', () => {
    const config = z
      .object({
        scrape_configs: z.array(
          z.looseObject({
            dns_sd_configs: z.array(
              z.object({ names: z.array(z.string()), type: z.string(), port: z.number() }),
            ),
          }),
        ),
      })
      .parse(parse(read('observability/prometheus/prometheus.yml')));
    const targets = config.scrape_configs.flatMap((job) => job.dns_sd_configs);
    expect(targets.flatMap((target) => target.names).sort()).toEqual([...APPS].sort());
    expect(targets.every((target) => target.port === OPERATIONS_PORT)).toBe(true);
  });
});

const ContainerSchema = z.looseObject({
  name: z.string(),
  image: z.string(),
  env: z.array(z.looseObject({ name: z.string() })).default([]),
  ports: z.array(z.looseObject({ name: z.string(), containerPort: z.number() })).default([]),
  volumeMounts: z.array(z.looseObject({ name: z.string() })).default([]),
});
const PodTemplateSchema = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).default({}) }),
  spec: z.looseObject({
    containers: z.array(ContainerSchema),
    volumes: z.array(z.looseObject({ name: z.string() })).default([]),
  }),
});
const ManifestSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({ template: PodTemplateSchema.optional() }).optional(),
  data: z.record(z.string(), z.string()).optional(),
});

(hasProgram('kubectl') ? describe : describe.skip)('k8s', () => {
  const rendered = hasProgram('kubectl')
    ? execFileSync('kubectl', ['kustomize', join(ROOT, 'k8s/overlays/example')], { encoding: 'utf8' })
    : '';
  const manifests = parseAllDocuments(rendered).map((document) => ManifestSchema.parse(document.toJS()));
  const workloads = manifests.flatMap((manifest) => {
    const template = manifest.spec?.template;
    return template === undefined ? [] : [{ name: manifest.metadata.name, template }];
  });

  it('sets only variables that the code reads', () => {
    const configuration = manifests.find(
      (manifest) => manifest.kind === 'ConfigMap' && manifest.metadata.name === 'dawsos',
    );
    const names = [
      ...Object.keys(configuration?.data ?? {}),
      ...workloads.flatMap(({ template }) =>
        template.spec.containers.flatMap((container) => container.env.map((entry) => entry.name)),
      ),
    ];
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => !isKnownVariable(name))).toEqual([]);
  });

  it('runs only images that the Dockerfile builds or that name a version', () => {
    for (const { template } of workloads) {
      for (const { image } of template.spec.containers) {
        const ours = /^dawsos\/([^:]+):/.exec(image)?.[1];
        if (ours !== undefined) expect(stages).toContain(ours);
        else expect(image).toMatch(/:[\w.-]+$/);
      }
    }
  });

  it('mounts in Prometheus the configuration and every rule file, by the name that it has', () => {
    const prometheus = workloads.find(({ name }) => name === 'prometheus')?.template;
    const mounted = z
      .looseObject({ configMap: z.object({ name: z.string() }) })
      .parse(prometheus?.spec.volumes.find(({ name }) => name === 'configuration'));
    const map = manifests.find(({ metadata }) => metadata.name === mounted.configMap.name);
    const rules = readdirSync(join(ROOT, 'observability/prometheus')).filter((name) =>
      name.endsWith('.rules.yml'),
    );
    expect(Object.keys(map?.data ?? {}).sort()).toEqual(['prometheus.yml', ...rules].sort());
  });

  it.each(APPS)('has Prometheus scrape each pod of %s on its operations port', (app) => {
    const template = workloads.find(({ name }) => name === app)?.template;
    expect(template?.metadata.annotations).toMatchObject({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': String(OPERATIONS_PORT),
      'prometheus.io/path': '/metrics',
    });
    const ports = template?.spec.containers[0]?.ports.map((port) => port.containerPort);
    expect(ports).toEqual(app === 'executor-api' ? [API_PORT, OPERATIONS_PORT] : [OPERATIONS_PORT]);
  });

  it('mounts only volumes that the pod has or claims', () => {
    for (const { name, template } of workloads) {
      const claimed = name === 'redis' || name === 'postgres' ? ['data'] : [];
      const volumes = [...claimed, ...template.spec.volumes.map((volume) => volume.name)];
      const mounted = template.spec.containers.flatMap((container) =>
        container.volumeMounts.map((mount) => mount.name),
      );
      expect(mounted.filter((mount) => !volumes.includes(mount))).toEqual([]);
    }
  });
});
