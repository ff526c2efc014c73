// Serves the built page on a pretended engine, to look at it: node test/support/fake-engine/main.ts FOLDER SCENE PORT
import { buildPage } from './build-page.ts';
import { type Scene, serveFake } from './index.ts';

const [, , folder = '/tmp/sluice-page', scene = 'busy', port = '0', how = 'build'] = process.argv;
if (how === 'build') await buildPage(folder);
const { url } = await serveFake(folder, scene as Scene, Number(port));
console.log(url);
