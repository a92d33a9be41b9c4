/**
 * Whether the whole suite is asked for (`TOOLSTONE_WHOLE=1`, as `.ci/run` does): every case of a kind in place of one or two,
 * and what starts many processes. Without it the suite takes some minutes, and each kind is still tried.
 */
export const isWhole = process.env['TOOLSTONE_WHOLE'] === '1';
