// The package has no types; evaluated in an audio worklet it registers a processor (stretch-capture.ts).
declare module 'signalsmith-stretch';
