import { app, shell, type Session, type WebContents } from 'electron';
import type { Log } from '#main/ports';
import { isOurBlob, isOurUrl, mayOpenOutside } from './origin.ts';

/** The one thing a page may do that needs leave: copying text, such as a link, when it was asked to. */
const ALLOWED: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/** Electron grants every permission unless told otherwise; here none is granted but ALLOWED, and only to our page. */
export function setupPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, decide) => {
    decide(ALLOWED.has(permission) && isOurUrl(contents.getURL()));
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => {
    return ALLOWED.has(permission) && isOurUrl(origin);
  });
  session.setDevicePermissionHandler(() => false);
  // The engine downloads. What the page itself wrote, such as a receipt, may be saved; the system asks where to.
  session.on('will-download', (event, item) => {
    if (!isOurBlob(item.getURL())) event.preventDefault();
  });
}

/** Nothing leads away from our page, opens a window, or embeds a web page, whoever made the contents. */
export function setupNavigation(log: Log): void {
  app.on('web-contents-created', (_event, contents) => confine(contents, log));
}

function confine(contents: WebContents, log: Log): void {
  const stay = (details: { readonly url: string; preventDefault(): void }) => {
    if (!isOurUrl(details.url)) details.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) {
      shell.openExternal(url).catch((error: unknown) => log.error('a link did not open', error));
    }
    return { action: 'deny' };
  });
}
