import { createEmulator } from '../../../lib/emulator/emulator.ts';
import { serveFrom } from '../processes.ts';
import { customer } from './fleet.ts';

// A cloud with so many customers that answers after so many milliseconds; with 0, at once.
const [customers = 0, milliseconds = 0] = process.argv.slice(2).map(Number);
const known = Array.from({ length: customers }, (_, index) => customer(index));
const slow = { on: 'any', times: 'always', effect: { type: 'slow', milliseconds } } as const;
const emulator = createEmulator({
  users: known.map(({ user }) => user),
  projects: known.map(({ project }) => project),
  scenario: { steps: milliseconds > 0 ? [slow] : [] },
});
const { origin } = await emulator.listen();
await serveFrom(origin);
await emulator.close();
