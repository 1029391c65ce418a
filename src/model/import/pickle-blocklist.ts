import { ModelError } from '../../core/errors.ts';

/** Modules that access the system or run text as code. No checkpoint needs them. */
const SYSTEM =
  /^(os|posix|nt|sys|subprocess|shutil|socket|pty|ctypes|runpy|importlib|webbrowser|_?pickle|cPickle|marshal|builtins|__builtin__)\./;

/** Functions and lower-case classes whose objects checkpoints contain: settings, dates, random states. */
const HARMLESS = [
  /^(builtins|__builtin__)\.(bool|bytearray|bytes|complex|dict|float|frozenset|getattr|int|list|object|range|set)$/,
  /^(builtins|__builtin__)\.(slice|str|tuple|type)$/,
  /^(collections\.(defaultdict|deque)|copy_?reg\._reconstructor|functools\.partial)$/,
  /^datetime\.(date|datetime|time|timedelta|timezone)$/,
  /^torch\.(device|dtype|layout|memory_format|serialization\._get_layout)$/,
  /^numpy(\._?core)?\.multiarray\.scalar$/,
  /^numpy\.random\._pickle\./,
];

const isHarmless = (name: string) => HARMLESS.some((pattern) => pattern.test(name));

/**
 * Rejects Python names that no checkpoint needs. The reader never runs them, but a file that asks for one is malicious.
 *
 * @param name a Python class or function, such as “posix.system”
 * @throws ModelError that contains the name
 */
export function refuseSystem(name: string, where: string): void {
  if (!SYSTEM.test(name) || isHarmless(name)) return;
  throw new ModelError('checkpoint.runs-code', { where, name });
}

/**
 * Rejects functions whose results this reader does not know. Objects of classes are skipped instead: optimisers, paths,
 * lists of settings. Python's class names begin with a capital.
 *
 * @throws ModelError that contains the name
 */
export function refuseFunction(name: string, where: string): void {
  if (/\._*[A-Z]\w*$/.test(name) || isHarmless(name)) return;
  throw new ModelError('checkpoint.unread-object', { where, name });
}
