/** Find request: a request that may be gone, where that is no reason to refuse anything. */
import { Refusal } from '../consent/refusal.ts';
import type { Request } from '../consent/request.ts';
import type { Store } from '../store/database.ts';

export async function findRequest(store: Store, id: string): Promise<Request | undefined> {
  try {
    return await store.requests.find(id);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'request_not_found') return undefined;
    throw error;
  }
}
