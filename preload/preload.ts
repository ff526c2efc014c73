/**
 * The bridge of the desktop window: two named functions, and never ipcRenderer itself. It runs sandboxed, as one
 * file, so it imports types only.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { BridgeChannels, PORT_MESSAGE, SluiceBridge } from '#shared/contract';

const channels: BridgeChannels = {
  connect: 'sluice:connect',
  port: 'sluice:port',
  dropped: 'sluice:dropped',
};

ipcRenderer.on(channels.port, (event) => {
  const message: { type: typeof PORT_MESSAGE } = { type: 'sluice:port' };
  // '/' is this document's own origin, whatever the scheme: no other page can receive the port.
  window.postMessage(message, '/', [...event.ports]);
});

const bridge = {
  connect() {
    ipcRenderer.send(channels.connect);
  },
  async registerDroppedFiles(files: readonly File[]) {
    // The path of a file that is not on a disk is the empty text, which main refuses.
    const paths = files.map((file) => webUtils.getPathForFile(file));
    return (await ipcRenderer.invoke(channels.dropped, paths)) as readonly {
      kind: 'handle';
      handle: string;
    }[];
  },
} satisfies SluiceBridge;

contextBridge.exposeInMainWorld('sluice', bridge);
