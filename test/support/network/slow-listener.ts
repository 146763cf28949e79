import { connect, createServer, type Socket } from 'node:net';

// A process of its own: it listens, fills the queue of connections in the kernel, and sleeps. Until it wakes up, a new
// connection gets no answer, as from a host that is far away. Then it serves HTTP.
const [, , address = '127.0.0.1', sleep = '700'] = process.argv;
const BACKLOG = 1;

const server = createServer((socket) => {
  socket.on('error', () => socket.destroy());
  socket.on('data', () =>
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nslow'),
  );
});
server.listen({ host: address, port: 0, backlog: BACKLOG }, () => {
  const { port } = server.address() as { port: number };
  const fillers: Socket[] = [];
  for (let made = 0; made < 4 * (BACKLOG + 1); made += 1) {
    fillers.push(connect(port, address).on('error', () => undefined));
  }
  process.send?.(port, () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(sleep));
    for (const filler of fillers) filler.destroy();
  });
});
