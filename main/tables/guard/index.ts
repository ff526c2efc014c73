export { checkExpression, checkQuery, type Ask, type Checked, type CheckedExpression } from './guard.ts';
export { runSandboxed, type SandboxJob, type SandboxResult } from './sandbox.ts';
