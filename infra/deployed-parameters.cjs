const { readParameters } = require('../lib/deploy/parameters.ts');
const { withPlainErrors } = require('./plain-errors.cjs');

const NAMES = ['alarm_email', 'kms_key_arn', 'subnet_ids', 'security_group_ids'];

/** The parameters of this deployment: those of infra/parameters.yml for its stage, and --param, which goes before. */
module.exports = async ({ resolveVariable }) => {
  const values = await Promise.all(NAMES.map((name) => resolveVariable(`param:${name}, ''`)));
  const known = Object.fromEntries(NAMES.map((name, index) => [name, values[index]]));
  const asked = await namesOnTheCommandLine(resolveVariable);
  return withPlainErrors(() => readParameters({ ...asked, ...known }));
};

// osls passes over a --param that nothing asks for, so a misspelt one would have no effect.
async function namesOnTheCommandLine(resolveVariable) {
  const options = [await resolveVariable("opt:param, ''")].flat().filter((option) => option !== '');
  return Object.fromEntries(options.map((option) => [option.split('=')[0], '']));
}
