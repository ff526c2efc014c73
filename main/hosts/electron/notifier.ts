import { Notification } from 'electron';
import type { Notifier } from '#main/ports';
import type { MainWindow } from './window.ts';

/** Tells what finished while the person was elsewhere; a click brings the window. */
export function setupNotifier(window: MainWindow): Notifier {
  // Held until clicked or closed: a collected notification loses its click.
  const shown = new Set<Notification>();
  return {
    notify(title, body) {
      if (!Notification.isSupported() || window.current()?.isFocused() === true) return;
      const notification = new Notification({ title, body, silent: true });
      shown.add(notification);
      notification.on('click', () => window.show());
      notification.on('close', () => shown.delete(notification));
      notification.show();
    },
  };
}
