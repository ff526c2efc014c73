import { dialog, type BrowserWindow, type OpenDialogOptions } from 'electron';
import type { FilePicker } from '#main/ports';
import { assertNever } from '#shared/lib';
import type { Handles } from './handles.ts';

type What = Parameters<FilePicker['pick']>[0];

/** @returns the dialog of the system for what is wanted */
export function dialogOptions(what: What): OpenDialogOptions {
  switch (what) {
    case 'files':
      return { title: 'Choose files', properties: ['openFile', 'multiSelections', 'dontAddToRecent'] };
    case 'folder':
      return { title: 'Choose a folder', properties: ['openDirectory', 'dontAddToRecent'] };
    case 'save-folder':
      return { title: 'Save to', properties: ['openDirectory', 'createDirectory', 'dontAddToRecent'] };
    case 'csv-file':
      return {
        title: 'Choose a CSV file',
        // promptToCreate lets Windows name a file that is not there yet.
        properties: ['openFile', 'promptToCreate', 'dontAddToRecent'],
        filters: [
          { name: 'CSV and TSV', extensions: ['csv', 'tsv', 'txt'] },
          { name: 'All files', extensions: ['*'] },
        ],
      };
    default:
      return assertNever(what);
  }
}

export function setupPicker(window: () => BrowserWindow | null, handles: Handles): FilePicker {
  return {
    async pick(what) {
      const owner = window();
      const options = dialogOptions(what);
      const chosen = await (owner === null
        ? dialog.showOpenDialog(options)
        : dialog.showOpenDialog(owner, options));
      if (chosen.canceled) return [];
      const give = what === 'save-folder' ? handles.giveFolder : handles.give;
      return chosen.filePaths.map((path) => give(path));
    },
    resolve: handles.resolve,
  };
}
