import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, type WebContents } from 'electron';
import type { z } from 'zod';
import { isOurUrl } from './origin.ts';

/** The page whose messages are heard: the contents of the window, or null while there is none. */
export type TrustedPage = () => WebContents | null;

/**
 * The only way a message from a page is heard: from the top frame of our window, showing our page, in the form that
 * was agreed. `senderFrame` is null once the frame is gone or has navigated.
 */
export function isTrusted(
  event: Pick<IpcMainEvent | IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
  page: TrustedPage,
): boolean {
  const contents = page();
  const frame = event.senderFrame;
  return (
    contents !== null &&
    event.sender === contents &&
    frame !== null &&
    frame === contents.mainFrame &&
    isOurUrl(frame.url)
  );
}

/** Answers calls on a channel; others, and calls that do not fit the schema, are refused. */
export function answer<S extends z.ZodType, R>(
  channel: string,
  schema: S,
  page: TrustedPage,
  handler: (input: z.infer<S>) => R | Promise<R>,
): void {
  ipcMain.handle(channel, (event, input: unknown) => {
    if (!isTrusted(event, page)) throw new Error(`${channel}: not from our page`);
    return handler(schema.parse(input));
  });
}

/** Hears messages on a channel; others are dropped. */
export function listen(channel: string, page: TrustedPage, listener: (event: IpcMainEvent) => void): void {
  ipcMain.on(channel, (event) => {
    if (isTrusted(event, page)) listener(event);
  });
}
