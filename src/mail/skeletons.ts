/** Skeletons: the skeleton of each template, language and sender that mails were made with lately. */

import { makeSkeleton, type Skeleton, type SkeletonTerms } from './skeleton.ts';
import type { Template } from './templates.ts';

/** Senders and languages of one template; past that the oldest is forgotten and made anew. */
const SKELETONS_MAX = 200;

const known = new WeakMap<Template, Map<string, Promise<Skeleton>>>();

/** The skeleton for these terms. @throws Error if no mail can be composed with them */
export async function skeletonOf(terms: SkeletonTerms): Promise<Skeleton> {
  const { template, ...rest } = terms;
  const ofTemplate = known.get(template) ?? new Map<string, Promise<Skeleton>>();
  known.set(template, ofTemplate);
  const key = JSON.stringify(rest);
  const found = ofTemplate.get(key);
  if (found !== undefined) return found;
  const made = makeSkeleton(terms);
  ofTemplate.set(key, made);
  const [oldest] = ofTemplate.keys();
  if (ofTemplate.size > SKELETONS_MAX && oldest !== undefined) ofTemplate.delete(oldest);
  // What could not be made is not remembered: the settings may be mended.
  made.catch(() => ofTemplate.delete(key));
  return made;
}
