// Models that cost nothing
export { simulatedAs as simulatedModel } from './infra/models/simulated/model.ts';
