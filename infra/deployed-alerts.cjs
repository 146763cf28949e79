const { join } = require('node:path');
const { alertPatterns } = require('../lib/deploy/alert-patterns.ts');
const { readBuiltAlerts } = require('../lib/build/built-settings.ts');
const { withPlainErrors } = require('./plain-errors.cjs');

/** The event patterns by their names: made of the alert rules of the bundle that is deployed. */
module.exports = async () =>
  alertPatterns(await withPlainErrors(() => readBuiltAlerts(join(__dirname, '..'))));
