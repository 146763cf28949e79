import { InterruptedError, UnavailableError } from '../domain/errors.ts';
import type { Send } from './http.ts';

/** Ends each call after so many milliseconds, all its phases together, as one that was not answered. */
export function withTimeout(send: Send, milliseconds: number): Send {
  return async (request, signal) => {
    try {
      return await send(request, AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]));
    } catch (error) {
      if (!(error instanceof InterruptedError) || signal.aborted) throw error;
      const { method, url } = request;
      const said = `No answer to ${method} ${url.origin}${url.pathname}`;
      throw new UnavailableError(`${said}: it took longer than ${milliseconds / 1000} s.`, {
        reason: 'timeout',
        mayHaveArrived: true,
      });
    }
  };
}
