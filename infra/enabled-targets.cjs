const deployedTargets = require('./deployed-targets.cjs');
const { withPlainErrors } = require('./plain-errors.cjs');

// CloudFormation takes 500 resources in a stack: some 70 of the service, and eight for each target.
const MOST_TARGETS = 50;

/** The targets that runs are for. */
module.exports = () =>
  withPlainErrors(async () => {
    const enabled = (await deployedTargets()).filter((target) => target.enabled);
    if (enabled.length <= MOST_TARGETS) return enabled;
    throw new Error(
      `${enabled.length} targets are enabled, and one stack has room for ${MOST_TARGETS}: deploy two services.`,
    );
  });
