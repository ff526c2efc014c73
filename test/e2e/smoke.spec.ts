import { expect, test } from './support/app.ts';

test('the address that serve prints opens the app, without an error and without the network', async ({
  app,
  page,
}) => {
  const problems: string[] = [];
  const elsewhere: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') elsewhere.push(request.url());
  });

  await page.goto(app.address);
  await expect(page).toHaveTitle(/Sluice/);
  await expect(page.getByRole('main')).toBeVisible();

  expect(problems).toEqual([]);
  expect(elsewhere).toEqual([]);
});

test('the app is there again after a restart on the same data folder', async ({ app, page }) => {
  await page.goto(app.address);
  await expect(page.getByRole('main')).toBeVisible();
  await app.restart();
  await page.goto(app.address);
  await expect(page.getByRole('main')).toBeVisible();
});
