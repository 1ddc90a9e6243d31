import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT } from './service-process';

const DASHBOARDS = join(ROOT, 'observability', 'grafana', 'dashboards');

const DashboardSchema = z.looseObject({
  uid: z.string(),
  title: z.string(),
  panels: z.array(
    z.looseObject({
      title: z.string(),
      datasource: z.object({ type: z.literal('prometheus'), uid: z.literal('prometheus') }),
      targets: z.array(z.looseObject({ expr: z.string() })).min(1),
    }),
  ),
});
export type Dashboard = z.infer<typeof DashboardSchema>;

export interface DashboardExpression {
  readonly dashboard: string;
  readonly panel: string;
  /** As Prometheus takes it: Grafana's variable for the window is filled in. */
  readonly expression: string;
}

/** By file name, without its ending. */
export function readDashboards(): ReadonlyMap<string, Dashboard> {
  return new Map(
    readdirSync(DASHBOARDS).map((file) => [
      file.replace(/\.json$/, ''),
      DashboardSchema.parse(JSON.parse(readFileSync(join(DASHBOARDS, file), 'utf8'))),
    ]),
  );
}

/** Every expression of every panel. */
export function dashboardExpressions(rateInterval = '1m'): readonly DashboardExpression[] {
  return [...readDashboards()].flatMap(([dashboard, { panels }]) =>
    panels.flatMap((panel) =>
      panel.targets.map(({ expr }) => ({
        dashboard,
        panel: panel.title,
        expression: expr.replaceAll('$__rate_interval', rateInterval),
      })),
    ),
  );
}
