import { alarms } from './alarms/alarms.ts';
import { alertRules } from './alert-rules.ts';
import { dashboard } from './dashboard.ts';
import type { Deployment } from './deployment.ts';
import { readParameters, type WrittenParameters } from './parameters/parameters.ts';
import { parameterResources } from './parameters/resources.ts';
import { queuePolicies } from './queue-policies.ts';
import { schedules } from './schedules.ts';
import { secretArns } from './secret-arns.ts';

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

  const deploymentOf = async ({ resolveVariable }: Osls): Promise<Deployment> => {
    const commandLine = [await resolveVariable("opt:param, ''")].flat().filter(isWritten);
    const stage = String(await resolveVariable('sls:stage'));
    const prefix = `${await resolveVariable('self:service')}-${stage}`;
    settings ??= readSettings(commandLine);
    const { targets, rules, parameters: file } = await settings;
    return { prefix, targets, rules, parameters: readParameters({ ...file, stage, commandLine }) };
  };

  const part =
    <Part>(compute: (deployment: Deployment) => Part) =>
    (osls: Osls): Promise<Part> =>
      withoutStack(async () => compute(await deploymentOf(osls)));

  return {
    alarms: part(alarms),
    alertRules: part(alertRules),
    dashboard: part(dashboard),
    parameters: part(parameterResources),
    queuePolicies: part(queuePolicies),
    schedules: part(schedules),
    secretArns: part(secretArns),
  };
}

function isWritten(option: unknown): option is string {
  return typeof option === 'string' && option !== '';
}

// osls shows an error's stack, and what a person has to fix is in the message.
async function withoutStack<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error) error.stack = error.message;
    throw error;
  }
}
