const { join } = require('node:path');
const { readBuiltTargets } = require('../lib/build/built-settings.ts');

/** The targets of the bundle that is deployed. */
module.exports = async () => {
  try {
    return await readBuiltTargets(join(__dirname, '..'));
  } catch (error) {
    // osls shows an error's stack; what a person has to mend is in the message.
    error.stack = error.message;
    throw error;
  }
};
