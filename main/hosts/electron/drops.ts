import { z } from 'zod';
import type { BridgeChannels } from '#shared/contract';
import type { Handles } from './handles.ts';
import { answer, type TrustedPage } from './ipc.ts';

const DROPPED: BridgeChannels['dropped'] = 'sluice:dropped';

/** The preload read these paths of real dropped files; the page never sees them and gets handles. */
const droppedPaths = z.array(z.string().min(1).max(32_767)).max(100_000);

export function setupDrops(page: TrustedPage, handles: Handles): void {
  answer(DROPPED, droppedPaths, page, (paths) => paths.map((path) => handles.give(path).file));
}
