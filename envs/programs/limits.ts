/** What a program may use up. */
export interface ProgramLimits {
  /** Of the whole sandbox, in pages of WebAssembly, which have 64 KiB. */
  readonly memoryPages: number;
  /** Interrupts of the interpreter, which come after equally many steps on every machine. */
  readonly fuelTicks: number;
  /** Between two calls, for what the interpreter does without an interrupt. */
  readonly wallMilliseconds: number;
  /** Calls of tools. */
  readonly calls: number;
  /** Length of the program, in UTF-16 units. */
  readonly codeUnits: number;
  /** Of what it logs, of what it returns, and of all its variables as JSON, in UTF-16 units each. */
  readonly textUnits: number;
}

export const programLimits: ProgramLimits = {
  memoryPages: 1_024,
  fuelTicks: 20_000,
  wallMilliseconds: 60_000,
  calls: 200,
  codeUnits: 100_000,
  textUnits: 1_000_000,
};

/** Where the world's clock begins (`envs/processes/preload/clock.cjs`); each reading is a millisecond later. */
export const WORLD_CLOCK_START_MILLISECONDS = Date.UTC(2026, 0, 5, 9, 0, 0);
