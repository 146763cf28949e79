// Run as a program: runs commands, one after the other, as a user who is not root, and prints what came of each.
// Everything is loaded before root is exhausted, so the sources need not be open to others.
import { login, type Printed } from './command-line.ts';

type Given = { commands: string[][]; umask?: number; isRootFine?: boolean };

const { commands, umask, isRootFine = false }: Given = JSON.parse(process.argv[2] ?? '');
if (umask !== undefined) process.umask(umask);
if (process.getuid?.() === 0 && !isRootFine) {
  process.setgroups?.([]);
  process.setgid?.(nobody());
  process.setuid?.(nobody());
}
const all: Printed[] = [];
for (const words of commands) all.push(await login(words));
process.stdout.write(JSON.stringify(all));

function nobody(): number {
  return 65_534;
}
