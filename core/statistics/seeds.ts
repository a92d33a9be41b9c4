/** Seeds below which a figure is shown seed by seed and says nothing of further trainings: no interval over fewer covers the truth. */
export const fewestSeeds = 10;
