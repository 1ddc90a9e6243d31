import { connect, createServer, type Socket } from 'node:net';

/** A TCP proxy on the loopback that can fail as networks do. */
export interface TcpProxy {
  readonly port: number;
  /** Half-open: connections stay, bytes go nowhere in either direction, new ones are accepted and starve. */
  blackhole(): void;
  /** Drops what the server answers, while requests still arrive: an answer lost on its way. */
  dropReplies(): void;
  /** Lets bytes through again, for new connections; the starved ones stay as they are. */
  heal(): void;
  /** Resets all connections. */
  cut(): void;
  close(): Promise<void>;
}

type Mode = 'open' | 'blackhole' | 'drop_replies';

export async function startTcpProxy(target: { readonly port: number }): Promise<TcpProxy> {
  let mode: Mode = 'open';
  const starved = new WeakSet<Socket>();
  const sockets = new Set<Socket>();

  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const forward = (from: Socket, to: Socket, isReply: boolean) => {
    from.on('data', (bytes) => {
      if (mode === 'blackhole' || (mode === 'drop_replies' && isReply)) {
        starved.add(from).add(to);
        return;
      }
      if (!starved.has(from)) to.write(bytes);
    });
    from.once('close', () => {
      if (!starved.has(from)) to.destroy();
    });
  };

  const server = createServer((client) => {
    const upstream = connect(target.port, '127.0.0.1');
    track(client);
    track(upstream);
    forward(client, upstream, false);
    forward(upstream, client, true);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port');
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: address.port,
    blackhole: () => {
      mode = 'blackhole';
      for (const socket of sockets) starved.add(socket);
    },
    dropReplies: () => void (mode = 'drop_replies'),
    heal: () => void (mode = 'open'),
    cut,
    close: async () => {
      cut();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
