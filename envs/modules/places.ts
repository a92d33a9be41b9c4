import { fileURLToPath } from 'node:url';
import { moduleEnding } from '../../core/list.ts';
import { installedPackage } from '../processes/packages.ts';

/** Programs beside this file, without their endings. Each stands here whole: by that `core/identity` finds it. */
const programs = {
  serve: new URL('./serve-child', import.meta.url),
  verify: new URL('./verify-child', import.meta.url),
};

/** The program that serves a user's own module, or asks it as a verifier. */
export const moduleProgram = (name: keyof typeof programs): string => `${fileURLToPath(programs[name])}${moduleEnding}`;

/** What these programs read where they are confined: our own code, the file that says what it is, and the SDK. */
export function moduleReads(): readonly string[] {
  const { root, realRoot } = installedPackage('@modelcontextprotocol/sdk');
  const code = ['core/', 'envs/modules/', 'package.json', '../package.json'];
  return [...code.map((path) => fileURLToPath(new URL(`../../${path}`, import.meta.url))), root, realRoot];
}
