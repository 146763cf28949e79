import { alarms } from './alarms/alarms.ts';
import { alertRules } from './alert-rules.ts';
import { dashboard } from './dashboard.ts';
import { parameterResources } from './parameters/resources.ts';
import { queuePolicies } from './queue-policies.ts';
import { schedules } from './schedules.ts';
import { secretArns } from './secret-arns.ts';
import type { Deployment } from './template/deployment.ts';
import { readParameters, type WrittenParameters } from './template/parameters.ts';

/** What osls hands to a function of a file. Source: osls documentation, "Reference properties in JavaScript files". */
type Osls = { resolveVariable(variable: string): Promise<unknown> };

/** The settings that the functions were built with, and the parameters file beside them. */
type Settings = Pick<Deployment, 'targets' | 'rules'> & {
  parameters: Pick<WrittenParameters, 'file' | 'document'>;
};

type Options = {
  /** Reads the settings. Is handed what was written after each `--param`, such as `settings=../ours`. */
  readSettings(commandLine: readonly string[]): Promise<Settings>;
};

/**
 * The parts of the template that are computed from the settings, by the names that `infra/computed.cjs` gives to osls.
 * The settings are read once, for all of them.
 */
export function computed({ readSettings }: Options) {
  let settings: Promise<Settings> | undefined;
  const shown = new Map<string, string>();

  const deploymentOf = async ({ prefix, stage, commandLine }: Asked): Promise<Deployment> => {
    settings ??= readSettings(commandLine);
    const { targets, rules, parameters: file } = await settings;
    return { prefix, targets, rules, parameters: readParameters({ ...file, stage, commandLine }) };
  };

  const part =
    <Part>(name: string, compute: (deployment: Deployment) => Part) =>
    async (osls: Osls): Promise<Part> => {
      const asked = await ask(osls);
      try {
        return compute(await deploymentOf(asked));
      } catch (error) {
        throw errorFor(name, error, shown);
      }
    };

  return {
    alarms: part('alarms', alarms),
    alertRules: part('alertRules', alertRules),
    dashboard: part('dashboard', dashboard),
    parameters: part('parameters', parameterResources),
    queuePolicies: part('queuePolicies', queuePolicies),
    schedules: part('schedules', schedules),
    secretArns: part('secretArns', secretArns),
  };
}

type Asked = { prefix: string; stage: string; commandLine: string[] };

// osls calls again when a variable is not resolved yet. Do not catch its errors.
async function ask({ resolveVariable }: Osls): Promise<Asked> {
  const stage = String(await resolveVariable('sls:stage'));
  const prefix = `${await resolveVariable('self:service')}-${stage}`;
  const options = [await resolveVariable("opt:param, ''")].flat();
  const commandLine = options.filter((option) => typeof option === 'string').filter((text) => text !== '');
  return { prefix, stage, commandLine };
}

/**
 * The error that osls is to show for a part. osls shows the stack, and what a person has to fix is in the message; and
 * it shows the errors of all parts, which mostly have one cause, so a message that it has already is only referred to.
 */
function errorFor(part: string, error: unknown, shown: Map<string, string>): Error {
  const { message } = error instanceof Error ? error : new Error(String(error));
  const before = shown.get(message);
  if (before === undefined) shown.set(message, part);
  const reported = new Error(before === undefined ? message : `the same error as for "${before}"`, {
    cause: error,
  });
  reported.stack = reported.message;
  return reported;
}
