/**
 * A part of a walk, a test in which each part needs what the one before has left.
 * @param title stands before the message of the error where the part fails
 */
export async function step<T>(title: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Error) error.message = `${title}: ${error.message}`;
    throw error;
  }
}
