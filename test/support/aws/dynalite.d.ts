// The package has no types of its own; this is what the tests use of it.
declare module 'dynalite' {
  import type { Server } from 'node:http';

  function dynalite(options?: { createTableMs?: number }): Server;
  export = dynalite;
}
