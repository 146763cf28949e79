const { readFile } = require('node:fs/promises');
const { join } = require('node:path');
const { readParameters } = require('../lib/deploy/parameters.ts');
const { decodeUtf8 } = require('../lib/domain/input/utf8.ts');
const { prefixOf } = require('./names.cjs');
const { alarmEmail } = require('./parameters/alarm-email.cjs');
const { ownKey } = require('./parameters/own-key.cjs');
const { inVpc } = require('./parameters/vpc.cjs');
const { withPlainErrors } = require('./plain-errors.cjs');

const NAMES = ['alarm_email', 'kms_key_arn', 'subnet_ids', 'security_group_ids'];

// What the parameters of this deployment add: those of infra/parameters.yml for its stage, and --param, which goes
// before.
module.exports = async (osls) => {
  const { alarmEmail: address, kmsKeyArn, vpc } = await deployedParameters(osls);
  const all = [alarmEmail(address), ownKey(kmsKeyArn), inVpc(vpc, await prefixOf(osls))];
  return {
    Resources: Object.assign({}, ...all.map(({ resources }) => resources)),
    extensions: Object.assign({}, ...all.map(({ extensions }) => extensions)),
  };
};

async function deployedParameters({ resolveVariable }) {
  const values = await Promise.all(NAMES.map((name) => resolveVariable(`param:${name}, ''`)));
  const known = Object.fromEntries(NAMES.map((name, index) => [name, values[index]]));
  const written = [
    ...(await namesInTheFile(resolveVariable)),
    ...(await namesOnTheCommandLine(resolveVariable)),
  ];
  const all = Object.fromEntries(written.map((name) => [name, '']));
  return withPlainErrors(async () => {
    await checkEncoding();
    return readParameters({ ...all, ...known });
  });
}

// osls has read the file already, and put U+FFFD wherever it is no UTF-8.
async function checkEncoding() {
  decodeUtf8(await readFile(join(__dirname, 'parameters.yml')), 'infra/parameters.yml is not right:');
}

// osls passes over a parameter that nothing asks for, so a misspelt one would have no effect.
async function namesInTheFile(resolveVariable) {
  const stages = await resolveVariable('file(infra/parameters.yml)');
  return Object.values(stages).flatMap((parameters) => Object.keys(parameters ?? {}));
}

async function namesOnTheCommandLine(resolveVariable) {
  const options = [await resolveVariable("opt:param, ''")].flat().filter((option) => option !== '');
  return options.map((option) => option.split('=')[0]);
}
