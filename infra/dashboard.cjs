const deployedAlerts = require('./deployed-alerts.cjs');
const enabledTargets = require('./enabled-targets.cjs');
const { rows } = require('./dashboard/widgets.cjs');
const { prefixOf } = require('./names.cjs');

// One page that shows whether all is well, and where to look when it is not.
module.exports = async (osls) => {
  const prefix = await prefixOf(osls);
  const targets = await enabledTargets();
  const rules = Object.keys(await deployedAlerts());
  const widgets = placed(rows({ prefix, targets, rules }));
  return {
    Resources: {
      Dashboard: {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: { DashboardName: prefix, DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets }) } },
      },
    },
  };
};

const HEIGHT = 6;

function placed(all) {
  let y = 0;
  return all.flatMap((row) => {
    let x = 0;
    const widgets = row.map((each) => {
      const place = { x, y, width: each.columns, height: each.height ?? HEIGHT };
      x += each.columns;
      return { ...place, ...widget(each) };
    });
    y += Math.max(...widgets.map(({ height }) => height));
    return widgets;
  });
}

// CloudFormation fills in where and whose it is.
function widget({ title, alarms, metrics }) {
  if (alarms) return { type: 'alarm', properties: { title, alarms: alarms.map(arnOf) } };
  return {
    type: 'metric',
    properties: {
      title,
      metrics,
      region: `\${AWS::Region}`,
      view: 'timeSeries',
      yAxis: { left: { min: 0 } },
    },
  };
}

function arnOf(alarm) {
  return `arn:\${AWS::Partition}:cloudwatch:\${AWS::Region}:\${AWS::AccountId}:alarm:${alarm}`;
}
