import type { Rolldown } from 'vite';

type Group = NonNullable<Exclude<Rolldown.OutputOptions['codeSplitting'], boolean | undefined>['groups']>[number];
type GetModuleInfo = (id: string) => Pick<Rolldown.ModuleInfo, 'isEntry' | 'importers'> | null;

/**
 * Puts what a worker's script imports into a chunk of its own, so that nothing imports the script itself. WebKit would
 * run it again, beside the first: an encoder that is loaded on demand registered itself in the wrong instance. Worklets
 * load nothing on demand, and stay one file: a bundler that uses the package copies them as they are.
 */
export const workerImports: Group = {
  name: (id, context) =>
    !context.getModuleInfo(id)?.isEntry && isImportedByEntry(id, (of) => context.getModuleInfo(of))
      ? 'worker-imports'
      : null,
  includeDependenciesRecursively: false,
};

/** Whether an entry that is no worklet imports a module by static imports, also through others, or is it. */
export function isImportedByEntry(id: string, getModuleInfo: GetModuleInfo, seen = new Set<string>()): boolean {
  if (seen.has(id)) return false;
  seen.add(id);
  const info = getModuleInfo(id);
  if (!info) return false;
  if (info.isEntry) return !/\.worklet\.\w+(\?|$)/.test(id);
  return info.importers.some((importer) => isImportedByEntry(importer, getModuleInfo, seen));
}
