/**
 * Tests with real models and outside trainers take minutes, more than `npm test` may. Continuous integration runs them, and
 * whoever sets the variable; the others are told of them.
 */
export const isLive = process.env['TOOLSTONE_LIVE'] === '1';
export const howToRun = '(takes minutes; run it with: TOOLSTONE_LIVE=1 npm test)';
