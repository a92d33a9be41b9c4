/** How servers are kept in their folders, the strongest way first. */
export const confinementLevels = ['bubblewrap', 'namespaces', 'landlock', 'arguments'] as const;
export type ConfinementLevel = (typeof confinementLevels)[number];

/** Levels at which a server sees nothing of the machine but what it needs: all that `strict` takes. */
export const strictLevels: readonly ConfinementLevel[] = ['bubblewrap', 'namespaces'];
