// Run as a program: runs commands, one after the other, as a user who is not root, and prints the result of each.
// All modules are loaded while the process is root, so other users need not be able to read the sources.
import { login, type Printed } from './command-line.ts';

type Given = { commands: string[][]; umask?: number; isRootFine?: boolean };

const { commands, umask, isRootFine = false }: Given = JSON.parse(process.argv[2] ?? '');
if (umask !== undefined) process.umask(umask);
if (process.getuid?.() === 0 && !isRootFine) {
  process.setgroups?.([]);
  process.setgid?.(otherUser());
  process.setuid?.(otherUser());
}
const all: Printed[] = [];
for (const argv of commands) all.push(await login(argv));
process.stdout.write(JSON.stringify(all));

function otherUser(): number {
  return 65_534;
}
