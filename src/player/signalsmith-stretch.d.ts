// The package has no types. In an audio worklet it registers a processor (capture-stretch-module.ts).
declare module 'signalsmith-stretch';
