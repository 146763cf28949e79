import { type Command, CommanderError } from 'commander';
import { InputError, type Issue } from '../../domain/errors.ts';

/** A command line that the program does not understand. `usage` is the help of the command that was meant. */
export class UsageError extends InputError {
  static override readonly name = 'UsageError';
  override readonly name = 'UsageError';
  readonly usage: string;

  constructor(subject: string, issue: Issue, usage: string) {
    super(subject, [issue]);
    this.usage = usage;
  }
}

/** Makes the program and its commands throw a `UsageError` for what they do not understand, instead of ending the process. */
export function throwUsageErrors(program: Command): void {
  for (const command of [program, ...program.commands]) {
    command.exitOverride((error) => {
      throw error.exitCode === 0 ? error : usageError(command, error);
    });
    refuseRepeated(command);
  }
}

/** Whether an error is the parser's way to end after it has shown help. */
export function isHelpShown(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === 0;
}

// What a person may want several of. The parser would use only the last: of two ranges, one would be dropped in silence.
// Paths are different: a later one replaces the one of an alias or a script, as people expect.
const SINGLE_VALUES = ['event', 'target', 'ack', 'from', 'to', 'at', 'now'];

function refuseRepeated(command: Command): void {
  const given = new Set<string>();
  for (const option of command.options.filter((one) => SINGLE_VALUES.includes(one.name())))
    command.on(`option:${option.name()}`, () => {
      const issue = {
        path: `--${option.name()}`,
        message: 'was given more than once',
        fix: 'give one value',
      };
      if (given.has(option.name())) throw invalid('option', command, issue);
      given.add(option.name());
    });
}

/** The parts of the message of a parser's error, by the error's code. Source: commander 15, `lib/command.js`. */
const READERS: Record<string, { part: Part; form: RegExp; issue: (found: string[]) => Issue }> = {
  'commander.unknownOption': {
    part: 'option',
    form: /^error: unknown option '(.+?)'(?:\s+\(Did you mean (?:one of )?(.+)\?\))?$/s,
    issue: ([path = '', meant]) => unknown(path, 'is not an option of this command', meant),
  },
  'commander.invalidArgument': {
    part: 'option',
    form: /^error: option '(\S+).*?' argument '(.*)' is invalid\. (.*)$/s,
    issue: ([path = '', value, fix = '']) => ({ path, message: `"${value}" is not valid`, fix }),
  },
  'commander.optionMissingArgument': {
    part: 'option',
    form: /^error: option '((\S+).*)' argument missing$/s,
    issue: ([flags, path = '']) => ({ path, message: 'needs a value', fix: `write ${flags}` }),
  },
  'commander.missingMandatoryOptionValue': {
    part: 'option',
    form: /^error: required option '((\S+).*)' not specified$/s,
    issue: ([flags, path = '']) => ({ path, message: 'is missing', fix: `add ${flags}` }),
  },
  'commander.conflictingOption': {
    part: 'option',
    form: /^error: option '(\S+).*?' cannot be used with option '(\S+).*'$/s,
    issue: ([path = '', other]) => ({ path, message: `cannot be used with ${other}` }),
  },
  'commander.excessArguments': {
    part: 'argument',
    form: /^error: too many arguments.* but got \d+: (.*)\.$/s,
    issue: ([path = '']) => ({ path, message: 'is not an option, and this command takes only options' }),
  },
  'commander.unknownCommand': {
    part: 'command',
    form: /^error: unknown command '(.+?)'(?:\s+\(Did you mean (?:one of )?(.+)\?\))?$/s,
    issue: ([path = '', meant]) => unknown(path, 'is not a command', meant),
  },
};

type Part = 'option' | 'argument' | 'command';

function usageError(command: Command, { code, message }: CommanderError): UsageError {
  const reader = READERS[code];
  const [found, ...parts] = reader?.form.exec(message) ?? [];
  if (!reader || found === undefined)
    return invalid('argument', command, { path: 'command line', message: message.replace(/^error: /, '') });
  return invalid(reader.part, command, reader.issue(parts));
}

function unknown(path: string, message: string, meant: string | undefined): Issue {
  return { path, message, ...(meant === undefined ? {} : { fix: `did you mean ${meant}?` }) };
}

function invalid(part: Part, command: Command, issue: Issue): UsageError {
  const names = command.parent ? `${command.parent.name()} ${command.name()}` : command.name();
  return new UsageError(`Invalid ${part} for \`${names}\`:`, issue, command.helpInformation().trimEnd());
}
