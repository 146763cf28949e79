const deployedTargets = require('./deployed-targets.cjs');

// An inline policy holds 10,240 characters, and IAM says so only when the stack is half deployed.
const MOST_SECRETS = 60;

// The secrets of the enabled targets. A statement must name something, so with none enabled it is those of all.
module.exports = async () => {
  const targets = await deployedTargets();
  const enabled = targets.filter((target) => target.enabled);
  const names = [...new Set((enabled.length > 0 ? enabled : targets).map((target) => target.credential))];
  if (names.length > MOST_SECRETS) {
    throw new Error(
      `The targets name ${names.length} secrets, and one role has room for ${MOST_SECRETS}: deploy two services.`,
    );
  }
  return names.map(arnOf);
};

// Secrets Manager adds "-" and six characters to a secret's name; the question marks stand for exactly these.
function arnOf(name) {
  if (name.startsWith('arn:')) return /-[A-Za-z0-9]{6}$/.test(name) ? name : `${name}-??????`;
  const [partition, region, account] = ['Partition', 'Region', 'AccountId'].map((it) => ({
    Ref: `AWS::${it}`,
  }));
  return {
    'Fn::Join': [':', ['arn', partition, 'secretsmanager', region, account, 'secret', `${name}-??????`]],
  };
}
