import { familyFrom } from '../goals/family-from.ts';
import vaultNote from '../goals/sources/vault-note.ts';
import vaultSearch from '../goals/sources/vault-search.ts';
import vaultTag from '../goals/sources/vault-tag.ts';

/** Finds something in a vault of notes, by name, text or tag, and does something with it. */
export default familyFrom('from-vault', [vaultNote, vaultSearch, vaultTag]);
