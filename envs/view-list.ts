import { listIn } from '../core/list.ts';
import { nameIn, readNamedSettings } from '../core/settings.ts';
import type { OpenView, ViewName } from '../core/types.ts';
import type { ViewDefinition } from './view-parts/view.ts';

const views = listIn<ViewDefinition>(new URL('./views/', import.meta.url), 'view');

/**
 * Makes a view by its name, `tool` or `search?k=8`: the folder `envs/views` is the list. Throws `UsageError` with the known names, or
 * the settings that the view has.
 */
export async function viewNamed(view: ViewName): Promise<OpenView> {
  const definition = await views.load(nameIn(view));
  const { settings, set } = readNamedSettings(view, definition.settings);
  return Object.keys(set).length === 0 ? definition : definition.withSettings(settings);
}

/** The model behind an endpoint that a view asks, as `openEmbeddings` takes its name; undefined where it asks none. Throws `UsageError`. */
export async function viewModelOf(view: ViewName): Promise<string | undefined> {
  const { settings, modelOf } = await views.load(nameIn(view));
  return modelOf?.(readNamedSettings(view, settings).settings);
}

/** Names of all views, without settings. */
export const viewNames = views.names;

/** File of a view, whether it is there or not. */
export const viewFile = (view: ViewName): URL => views.fileOf(nameIn(view));
