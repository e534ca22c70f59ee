import { isKubeError } from "./kube-error.ts";

/**
 * Creates what must never be made over; answers whether it did. False: another client was faster, and what it made counts.
 *
 * @example const isMine = await createOnce(() => kube.create(Secret, secret));
 */
export async function createOnce(create: () => Promise<unknown>): Promise<boolean> {
  try {
    await create();
    return true;
  } catch (error) {
    if (isKubeError(error, "alreadyExists")) return false;
    throw error;
  }
}
