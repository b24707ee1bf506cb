/**
 * Queue: the alarm clock. A job carries ids, never data: the documents in MongoDB are the truth.
 *
 * Alarms may be lost in a crash, ring twice, or ring late; the sweep sets them again, and every
 * step that they wake can run twice without harm.
 */

/** Names of the jobs, equal to the workflow file that they wake. */
export const JOBS = {
  processRequest: 'process-request',
  sendConfirmations: 'send-confirmations',
  announce: 'announce',
  sweep: 'sweep',
} as const;

export interface ProcessRequestData {
  readonly workspace: string;
  readonly request: string;
  /** Several workers share one request: each slot is one job. */
  readonly slot: number;
}

export interface Queue {
  /**
   * Wakes workers for a request at the given time (now, if it has passed), one job a slot. Asking
   * again for the same request and slot moves the alarm, it never makes a second one.
   */
  processRequestAt(workspace: string, request: string, at: Date, slots: number): Promise<void>;
  /** Wakes a sender soon. */
  wakeSender(): Promise<void>;
  /** Wakes the poster of announcements soon. */
  wakeAnnouncer(): Promise<void>;
}
