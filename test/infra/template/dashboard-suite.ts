import { describe, expect, it } from 'vitest';
import { METRIC_NAMESPACE, METRICS } from '../../../lib/adapters/telemetry/metrics.ts';
import { WRITTEN_BY_AWS } from '../alarms/written-by-aws.ts';
import { resourcesOf, type Template } from '../packaged-service.ts';

type Line = [namespace: string, name: string, dimension: string, value: string, { stat: string }];
type Widget = {
  type: string;
  x: number;
  y: number;
  width: number;
  height: number;
  properties: { title: string; region?: string; metrics?: Line[]; alarms?: string[] };
};

/** What the packaged template of `serverless.test.ts` shows on its dashboard. */
export function dashboardSuite(packaged: () => Template): void {
  describe('the dashboard', () => {
    const widgets = (): Widget[] => {
      const [dashboard] = resourcesOf(packaged(), 'AWS::CloudWatch::Dashboard');
      const { 'Fn::Sub': body } = Object(dashboard?.[1].Properties['DashboardBody']);
      return JSON.parse(body).widgets;
    };
    const lines = () => widgets().flatMap(({ properties }) => properties.metrics ?? []);
    const ours = () => lines().filter(([namespace]) => namespace === METRIC_NAMESPACE);

    it('shows every metric of ours, of every enabled target, and none that is not written', () => {
      expect(new Set(ours().map(([, name]) => name))).toEqual(new Set(Object.keys(METRICS)));
      for (const [, name, dimension] of ours()) {
        expect(METRICS).toHaveProperty(name);
        expect(dimension).toBe('target_id');
      }
      expect(new Set(ours().map(([, , , id]) => id))).toEqual(
        new Set(['acme-prod', 'acme-eu', 'beta', '_none', '_service']),
      );
    });

    it('shows metrics of AWS as AWS writes them, of functions and queues of this service', () => {
      const names = resourcesOf(packaged(), 'AWS::Lambda::Function').map(
        ([, it]) => it.Properties['FunctionName'],
      );
      const queues = resourcesOf(packaged(), 'AWS::SQS::Queue').map(([, it]) => it.Properties['QueueName']);
      const theirs = lines().filter(([namespace]) => namespace !== METRIC_NAMESPACE);
      expect(theirs).not.toEqual([]);
      for (const [namespace, name, dimension, value] of theirs) {
        expect(WRITTEN_BY_AWS[namespace]?.names).toContain(name);
        expect(dimension).toBe(WRITTEN_BY_AWS[namespace]?.dimension);
        expect([...names, ...queues]).toContain(value);
      }
    });

    it('shows alarms that there are', () => {
      const names = resourcesOf(packaged(), 'AWS::CloudWatch::Alarm').map(
        ([, it]) => it.Properties['AlarmName'],
      );
      const shown = widgets()
        .flatMap(({ properties }) => properties.alarms ?? [])
        .map((arn) => arn.split(':').at(-1));
      expect(shown).toContain(`${names[0]}`);
      for (const name of shown) expect(names).toContain(name);
    });

    it('has its widgets side by side, none over another, and rows that fill the 24 columns', () => {
      const cells = widgets().flatMap(({ x, y, width, height }) =>
        Array.from(
          { length: width * height },
          (_, index) => `${x + (index % width)}/${y + Math.floor(index / width)}`,
        ),
      );
      expect(new Set(cells).size).toBe(cells.length);
      for (const { x, width } of widgets()) expect(x + width).toBeLessThanOrEqual(24);
      for (const row of Map.groupBy(widgets(), ({ y }) => y).values())
        expect(row.reduce((sum, { width }) => sum + width, 0)).toBe(24);
    });

    it('shows the region that it is deployed to, and every figure with a statistic', () => {
      const regions = widgets().flatMap(({ type, properties }) =>
        type === 'metric' ? [properties.region] : [],
      );
      expect(new Set(regions)).toEqual(new Set([`\${AWS::Region}`]));
      for (const line of lines()) expect(line[4].stat).toMatch(/^(Sum|Maximum|Minimum|p\d\d)$/);
    });
  });
}
