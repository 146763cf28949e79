const { join } = require('node:path');
const { readBuiltSettings } = require('../lib/build/built-settings.ts');
const { computed } = require('../lib/deploy/computed.ts');

/** Hands to osls what lib/deploy computes from the settings: alarms, schedules and so on. */
module.exports = computed({
  readSettings: (commandLine) => readBuiltSettings(join(__dirname, '..'), commandLine),
});
