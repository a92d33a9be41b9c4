/** What a connection to a model is made with. */
export interface ClientSettings {
  readonly seed: number;
  /** Of one call. */
  readonly timeoutSeconds: number;
  /** CPU threads; 0: the server decides. */
  readonly threads: number;
}
