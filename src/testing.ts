// Proving parts of your own
export { simulatedAs as simulatedModel } from './infra/models/simulated/model.ts';
export { checkPlugin, type PluginReport } from './library/check-plugin.ts';
