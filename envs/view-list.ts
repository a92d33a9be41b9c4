import { listIn } from '../core/list.ts';
import type { OpenView } from '../core/types.ts';

const views = listIn<OpenView>(new URL('./views/', import.meta.url), 'view');

/** Makes a view by its name: the folder `envs/views` is the list. Throws `UsageError` with the known names. */
export const viewNamed = views.load;

/** Names of all views. */
export const viewNames = views.names;

/** File of a view, whether it is there or not. */
export const viewFile = views.fileOf;
