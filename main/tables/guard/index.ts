export { checkExpression, checkQuery, type Ask, type Checked, type CheckedExpression } from './guard.ts';
export {
  openSandbox,
  residentLimitMb,
  runSandboxed,
  type SandboxJob,
  type SandboxResult,
} from './sandbox.ts';
