/**
 * The next call of a model does not fit below a ceiling of the user's: nobody's failure. Its episode is not recorded, so that a
 * higher ceiling plays it. Apart from `core/errors.ts`, since judges are built of that.
 */
export class CeilingReached extends Error {
  override readonly name = 'CeilingReached';
}
