//! apalis with the crew: it claims tasks, shows that this process lives, and takes up what dead ones have left.

use std::sync::Arc;
use std::time::Duration;

use apalis::prelude::{
    Attempt, BackendExt as _, BoxDynError, Data, Monitor, TaskId, WorkerBuilder,
    WorkerBuilderExt as _, WorkerContext,
};
use ulid::Ulid;

use super::crew::Crew;
use crate::failure::chain;
use crate::ledger::{LineTask, QueuePool};

/// How often a worker shows that it lives, in the time after which its lines are taken from it.
const BEATS: u32 = 6;
/// How soon what waits is seen: polling costs a statement each time, and a submission takes as long.
const LOOK: Duration = Duration::from_millis(200);
/// How long the pause is before a worker that the database has ended begins anew.
const PAUSE: Duration = Duration::from_millis(500);
/// How long what is under way may take to let go.
const LETTING_GO: Duration = Duration::from_secs(5);

/// Works until the crew is stopped, on so many lines at once. A process that is silent for `takeover` counts as dead.
pub(crate) async fn work(crew: Arc<Crew>, pool: QueuePool, at_once: usize, takeover: Duration) {
    // Each crate of a database has settings of its own, of the same names. Batches of one: a batch that is not handed
    // out yet holds up the heartbeat.
    macro_rules! monitor {
        ($module:ident, $storage:ident, $pool:expr) => {{
            let config = $module::Config::default()
                .queue(crew.row.name.as_str())
                .batch_size(1)
                .heartbeat_interval(takeover / BEATS)
                .missed_heartbeats(BEATS as usize)
                .lock_tasks(false)
                .persist_results(false);
            let (pool, hand) = ($pool, Arc::clone(&crew));
            Monitor::new().register(move |_| {
                // A name is never used twice: a dead worker of the same name would be taken for alive.
                let name = format!("{}-{}", std::process::id(), Ulid::generate());
                hand.named(name.clone());
                let storage = $module::$storage::<LineTask>::new(&pool).with_config(config.clone());
                WorkerBuilder::new(name)
                    .backend(storage.poll_with_interval(LOOK))
                    .data(Arc::clone(&hand))
                    .concurrency(at_once)
                    .build(handle)
            })
        }};
    }
    let monitor = match pool {
        QueuePool::Sqlite(pool) => monitor!(apalis_sqlite, SqliteStorage, pool),
        #[cfg(feature = "postgres")]
        QueuePool::Postgres(pool) => monitor!(apalis_postgres, PostgresStorage, pool),
    };
    let stopping = Arc::clone(&crew);
    let monitor = monitor
        .should_restart(move |_, error| {
            // It would begin anew without a pause; whatever goes wrong here is the database's.
            tokio::task::block_in_place(|| std::thread::sleep(PAUSE));
            stopping.may_begin_anew(&chain(error))
        })
        .with_terminator(tokio::time::sleep(LETTING_GO));
    let stopped = crew.stopped();
    let signal = async move {
        stopped.await;
        Ok(())
    };
    // Its errors are those of workers that were begun anew.
    let _ = monitor.run_with_signal(signal).await;
}

async fn handle(
    task: LineTask,
    crew: Data<Arc<Crew>>,
    attempt: Attempt,
    id: TaskId,
    worker: WorkerContext,
) -> Result<(), BoxDynError> {
    let crew = Arc::clone(&crew);
    crew.take(
        task,
        id.to_string(),
        worker.name().to_owned(),
        attempt.current(),
    )
    .await;
    // The ledger has ended the task already, or let it wait.
    Ok(())
}
