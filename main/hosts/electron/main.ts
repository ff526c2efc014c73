// @ts-expect-error The engine is another room's; this line goes when it is here.
import { createEngine } from '#main/engine';
import { startApp } from './app.ts';

// Not awaited: Electron is ready only once this module has been evaluated.
void startApp(createEngine);
