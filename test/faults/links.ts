/** Ways from the workers to a server that can be made bad. */
export type LinkName = 'model' | 'kafka' | 'mongo';
