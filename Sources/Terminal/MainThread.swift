internal import CNcurses
internal import Synchronization

/// The executor of whatever must run on the main thread, which waits for keys and for these jobs alike.
///
/// The main actor will not do: while the thread waits in our loop nobody would drain its queue.
///
/// It is preferred by tasks too (SE-0417), because a continuation goes on wherever its task's preference says before it
/// comes back to its actor: with none that is a thread of the pool, which would cost each key two changes of threads.
package final class MainThread: SerialExecutor, TaskExecutor {
  private let jobs = Mutex<[UnownedJob]>([])

  init() {}

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let isFirst = jobs.withLock { jobs in
      jobs.append(job)
      return jobs.count == 1
    }
    // On its own thread the loop looks for jobs before it waits again.
    if isFirst, !gh_is_main_thread() { gh_wake() }
  }

  package func checkIsolated() { precondition(gh_is_main_thread(), "not on the main thread") }

  /// Runs jobs until there are none, those included that they enqueue.
  func drain() {
    while true {
      let waiting = jobs.withLock { jobs in
        defer { jobs = [] }
        return jobs
      }
      if waiting.isEmpty { return }
      for job in waiting {
        job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
      }
    }
  }
}
