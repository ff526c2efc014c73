export { checkModel, type ModelRun } from './model.ts';
export { endureSchedule } from './schedules.ts';
export { checkLeftoversKnown, checkObject, checkScene } from './invariant.ts';
export { SCENARIOS, until, type Scenario, type Scene } from './scenarios.ts';
export { nameOf, play, strikesOn, type Blow, type Played, type Strike } from './simulator.ts';
