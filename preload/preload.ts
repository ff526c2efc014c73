/**
 * The bridge of the desktop window: two named functions, and never ipcRenderer itself. It runs sandboxed, as one
 * file, so it imports types only.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { BridgeChannels, FileRef, PortMessage, SluiceBridge } from '#shared/contract';

const channels: BridgeChannels = {
  connect: 'sluice:connect',
  port: 'sluice:port',
  dropped: 'sluice:dropped',
};

ipcRenderer.on(channels.port, (event) => {
  const message: PortMessage = { type: 'sluice:port' };
  // '/' is this document's own origin, whatever the scheme: no other page can receive the port.
  window.postMessage(message, '/', [...event.ports]);
});

const bridge = {
  connect() {
    ipcRenderer.send(channels.connect);
  },
  async registerDroppedFiles(files) {
    // The path of a file that is not on a disk is the empty text, which main refuses.
    const paths = files.map((file) => webUtils.getPathForFile(file));
    return (await ipcRenderer.invoke(channels.dropped, paths)) as readonly FileRef[];
  },
} satisfies SluiceBridge<File>;

contextBridge.exposeInMainWorld('sluice', bridge);
