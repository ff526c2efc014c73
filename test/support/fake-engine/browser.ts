import { existsSync } from 'node:fs';
import { type Browser, chromium } from '@playwright/test';

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The Chromium of the machine, else Playwright's own. */
export function launchChromium(): Promise<Browser> {
  const path = process.env['SLUICE_CHROMIUM'] ?? SYSTEM.find((one) => existsSync(one));
  return chromium.launch({ args: ['--no-sandbox'], ...(path === undefined ? {} : { executablePath: path }) });
}
