export { POLICY, serveFake, type FakeEngine } from './serve.ts';
export { type Scene, World } from './world.ts';
