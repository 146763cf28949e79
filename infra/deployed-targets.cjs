const { join } = require('node:path');
const { readBuiltTargets } = require('../lib/build/built-settings.ts');
const { withPlainErrors } = require('./plain-errors.cjs');

/** The targets of the bundle that is deployed. */
module.exports = () => withPlainErrors(() => readBuiltTargets(join(__dirname, '..')));
