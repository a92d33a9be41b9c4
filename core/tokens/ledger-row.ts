import type { LedgerRow } from '../trajectory.ts';

/** The prompt before a decision as it stands in the record, where programs are a source of their own only if there were some. */
export const ledgerRow = ({ schemas, code, ...rest }: LedgerRow & { readonly code: number }): LedgerRow => {
  const { system, ...others } = rest;
  return { system, schemas: { ...schemas }, ...others, ...(code > 0 ? { code } : {}) };
};
