const deployedAlerts = require('./deployed-alerts.cjs');
const enabledTargets = require('./enabled-targets.cjs');
const { alarm, nameOf } = require('./alarms/alarm.cjs');
const { serviceAlarms } = require('./alarms/service-alarms.cjs');
const { targetAlarms } = require('./alarms/target-alarms.cjs');
const { topic } = require('./alarms/topic.cjs');
const { logicalId, prefixOf } = require('./names.cjs');

// The topic, and every alarm that goes to it. docs/operations.md has a part for each.
module.exports = async (osls) => {
  const prefix = await prefixOf(osls);
  const targets = await enabledTargets();
  const rules = Object.keys(await deployedAlerts());
  return {
    Resources: {
      ...topic(`${prefix}-alarms`),
      ...Object.fromEntries(
        serviceAlarms(rules).map((each) => [idOf(each), alarm(`${prefix}-${nameOf(each)}`, each)]),
      ),
      ...Object.fromEntries(targets.flatMap((target) => alarmsOf(target, prefix))),
    },
  };
};

function alarmsOf(target, prefix) {
  return targetAlarms(target).map((each) => [
    logicalId(idOf(each), target.id),
    alarm(`${prefix}-${target.id}-${nameOf(each)}`, each),
  ]);
}

// `windows-lost` becomes AlarmWindowsLost.
function idOf(each) {
  const words = nameOf(each)
    .split('-')
    .map((word) => word[0].toUpperCase() + word.slice(1));
  return `Alarm${words.join('')}`;
}
