import { RPCLink } from '@orpc/client/websocket';
import { type Carrier, CarrierRefused, type Context, type OpenLink } from './carrier.ts';

const TOKEN_KEY = 'sluice.token';
const PROTOCOL = 'sluice.v1';
/** How the engine says, after it took the socket, that the token is not its own. */
const REFUSED = 4401;
const OPEN_TIMEOUT_MS = 10_000;

/** Takes the token out of the address at once, so that it is neither seen nor kept in the history. */
function takeToken(): string | null {
  const found = /^#t=([\w-]+)$/.exec(location.hash)?.[1];
  if (found !== undefined) {
    sessionStorage.setItem(TOKEN_KEY, found);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem(TOKEN_KEY);
}

/** A page of `sluice serve`: a WebSocket to the server it came from. */
export function webCarrier(): Carrier {
  const token = takeToken();
  return {
    registerDroppedFiles: null,
    open: (signal) => (token === null ? Promise.reject(new CarrierRefused('no token')) : open(token, signal)),
  };
}

function open(token: string, signal: AbortSignal): Promise<OpenLink> {
  return new Promise((resolve, reject) => {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const socket = new WebSocket(`${scheme}://${location.host}/ws`, [PROTOCOL, `token.${token}`]);
    const closed = Promise.withResolvers<'lost' | 'refused'>();
    const giveUp = () => socket.close();
    const timer = setTimeout(giveUp, OPEN_TIMEOUT_MS);
    signal.addEventListener('abort', giveUp, { once: true });

    socket.addEventListener('open', () => {
      clearTimeout(timer);
      resolve({ link: new RPCLink<Context>({ websocket: socket }), closed: closed.promise });
    });
    socket.addEventListener('close', ({ code }) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', giveUp);
      closed.resolve(code === REFUSED ? 'refused' : 'lost');
      reject(code === REFUSED ? new CarrierRefused('token refused') : new Error(`socket closed (${code})`));
    });
  });
}
