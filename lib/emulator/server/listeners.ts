import { HOSTS, type Host } from './hosts.ts';
import type { createHttpServer } from './http-server.ts';

/** Where each host listens: all on one port, or each on a port of its own. */
export type Listening = { origin: string; port: number; origins: Readonly<Record<Host, string>> };

type MakeServer = (host: Host | undefined) => ReturnType<typeof createHttpServer>;

/** One server for all hosts, or one for each host. A server that is started again takes the port that it had. */
export function createListeners(makeServer: MakeServer, { port = 0, separateHosts = false }) {
  const servers = separateHosts
    ? HOSTS.map((host) => ({ hosts: [host], port: host === 'export' ? port : 0, ...makeServer(host) }))
    : [{ hosts: HOSTS, port, ...makeServer(undefined) }];

  const portOf = (host: Host): number =>
    servers.find(({ hosts }) => (hosts as readonly Host[]).includes(host))?.port ?? 0;
  const originOf = (host: Host): string => `http://127.0.0.1:${portOf(host)}`;

  return {
    listen: async (): Promise<Listening> => {
      for (const server of servers) server.port = await server.listen(server.port);
      const origins = { iam: originOf('iam'), export: originOf('export'), tasks: originOf('tasks') };
      return { origin: origins.export, port: portOf('export'), origins };
    },
    close: async (): Promise<void> => {
      await Promise.all(servers.map(({ close }) => close()));
    },
  };
}
