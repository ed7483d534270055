//! A run worked off in this process, until nothing is left that it could do.

use std::fs::File;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

use super::crew::Crew;
use super::tell::Tell;
use super::{page, queue, results};
use crate::event::Event;
use crate::exit;
use crate::failure::{Failure, chain};
use crate::interrupt::{asked_to_end, pressed};
use crate::ledger::{Counts, Ledger, QueuePool, RunRow, RunState};
use crate::run::Run;
use crate::screen;

/// How often it is looked how far the run has come.
const LOOK: Duration = Duration::from_millis(500);

/// How often the page is written while the run goes on.
const PAGE: Duration = Duration::from_secs(20);

/// How a run is worked on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// Lines under way at once.
    pub(crate) at_once: usize,
    /// After how much silence a process counts as dead.
    pub(crate) takeover: Duration,
    /// Whether this process only helps: the one that began the run writes its results.
    pub(crate) helps: bool,
}

/// Shows that this process works on a run, for as long as it lives: the system lets go of it when the process ends,
/// however that is.
#[derive(Debug)]
pub(crate) struct Lock(#[allow(dead_code, reason = "it is held, not read")] Option<File>);

impl Lock {
    /// Takes a run. A ledger that machines share needs no lock: its workers show that they live.
    ///
    /// # Errors
    ///
    /// Another process works on it.
    pub(crate) fn take(ledger: &Ledger, run: &str) -> Result<Self, Failure> {
        let Some(path) = ledger.lock_file(run) else {
            return Ok(Self(None));
        };
        let open = || -> std::io::Result<File> {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            File::options().create(true).append(true).open(&path)
        };
        let file = open().map_err(|error| {
            Failure::input(format!(
                "`{}` cannot be written: {}",
                path.display(),
                chain(&error)
            ))
        })?;
        match file.try_lock() {
            Ok(()) => Ok(Self(Some(file))),
            Err(std::fs::TryLockError::WouldBlock) => {
                let what = format!("another process works on the run {run}");
                let advice = format!("see how far it is with: civitai-jobs batch status {run}");
                Err(Failure::input(what).advise(advice))
            }
            // Where the file system knows no locks, it is up to the user to start it once.
            Err(std::fs::TryLockError::Error(_)) => Ok(Self(Some(file))),
        }
    }
}

/// Works on a run until its lines have ended, or no more are begun. Then the results are written.
pub(crate) async fn serve(
    run: Arc<Run>,
    row: RunRow,
    pool: QueuePool,
    pace: Pace,
) -> Result<(), Failure> {
    let ledger = &run.ledger;
    let counts = ledger.counts(&row.name).await?;
    let name = row.name.clone();
    let crew = Crew::new(
        Arc::clone(&run),
        row,
        counts.total(),
        Tell::new(&name, run.json),
    );
    let work = tokio::spawn(queue::work(
        Arc::clone(&crew),
        pool,
        pace.at_once,
        pace.takeover,
    ));
    let ended = tokio::select! {
        ended = done(&crew, !pace.helps) => ended,
        () = asked_to_end() => {
            tokio::spawn(async {
                pressed().await;
                std::process::exit(exit::INTERRUPTED.into());
            });
            Err(interrupted(&run, &name))
        }
    };
    crew.let_go();
    // It lets go of what is under way, and has a limit of its own.
    let _ = work.await;
    crew.tell.end();
    if let Some(failure) = crew.trouble() {
        // Something was sent by now.
        let code = match failure.code() {
            exit::INPUT => exit::NOT_SAVED,
            code => code,
        };
        return Err(failure.with_code(code).advise(again(&run, &name)));
    }
    crew.release().await?;
    if ended.is_err() && !pace.helps {
        // What there is by now can be seen; why it ends is told in any case.
        let _ = save(ledger, &known(ledger, &name).await?).await;
    }
    ended?;
    ledger.end_run(&name).await?;
    match pace.helps {
        true => Ok(()),
        false => finish(&crew, &name).await,
    }
}

/// Completes when nothing is left that can be done now.
async fn done(crew: &Crew, shows: bool) -> Result<(), Failure> {
    let mut ticks = interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (ledger, name) = (crew.ledger(), &crew.row.name);
    let mut dropped = false;
    let (mut next, mut seen) = (Instant::now(), None);
    loop {
        ticks.tick().await;
        if crew.is_stopping() {
            return Ok(());
        }
        let (row, counts) = crew
            .patiently(|| async { Ok((known(ledger, name).await?, ledger.counts(name).await?)) })
            .await?;
        crew.tell.progress(&counts, row.cost);
        if shows && Instant::now() >= next && seen != Some(counts) {
            // It is written at the end in any case, and says then why it cannot be.
            let began = Instant::now();
            let _ = page::save(ledger, &row).await;
            (next, seen) = (
                Instant::now() + PAGE.max(began.elapsed() * 50),
                Some(counts),
            );
        }
        if counts.begun == 0 && (counts.waiting == 0 || row.state != RunState::Open) {
            return Ok(());
        }
        if row.state == RunState::Stopped && !dropped {
            // Whoever stopped it may have left its waiting tasks; each would be handed out once.
            let (code, reason) = (
                row.code.unwrap_or(exit::REFUSED),
                row.reason.unwrap_or_default(),
            );
            crew.patiently(|| ledger.stop_run(name, code, &reason))
                .await?;
            dropped = true;
        }
    }
}

/// Writes results and page into the folder of a run.
async fn save(ledger: &Ledger, row: &RunRow) -> Result<(), Failure> {
    results::save(ledger, row).await?;
    page::save(ledger, row).await
}

/// The run of a name.
pub(crate) async fn known(ledger: &Ledger, name: &str) -> Result<RunRow, Failure> {
    let row = ledger.run(name).await?;
    row.ok_or_else(|| {
        let what = format!("the ledger has no run `{}`", screen::one_line(name));
        Failure::input(what).advise("see all runs with: civitai-jobs batch status")
    })
}

/// Writes the results and says how it ended.
async fn finish(crew: &Crew, name: &str) -> Result<(), Failure> {
    let run = &crew.run;
    let row = known(&run.ledger, name).await?;
    let counts = run.ledger.counts(name).await?;
    save(&run.ledger, &row).await?;
    let (results, page) = (row.folder.join(results::FILE), row.folder.join(page::FILE));
    if run.json {
        Event::RunEnded {
            progress: crew.tell.counted(&counts, row.cost),
            state: row.state.name(),
            reason: row.reason.as_deref(),
            results: results.to_string_lossy(),
            page: page.to_string_lossy(),
        }
        .print()?;
    } else {
        screen::note(&summary(&row, &counts));
        screen::note(&format!("see {}", page.display()));
    }
    verdict(run, &row, &counts)
}

/// A run in one line.
pub(crate) fn summary(row: &RunRow, counts: &Counts) -> String {
    let parts = [
        (counts.saved, "saved"),
        (counts.failed, "failed"),
        (counts.canceled, "canceled"),
        (counts.open, "given up for now"),
        (counts.begun, "under way"),
        (counts.waiting, "not begun"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<_> = parts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    format!(
        "{}: {} lines, {}; {} Buzz",
        row.name,
        counts.total(),
        parts.join(", "),
        row.cost
    )
}

/// Success, or why the run was none.
fn verdict(run: &Run, row: &RunRow, counts: &Counts) -> Result<(), Failure> {
    let name = &row.name;
    match row.state {
        RunState::Stopped => {
            let reason = row.reason.as_deref().unwrap_or("it was stopped");
            let what = format!("{name} was stopped: {reason}");
            let failure = Failure::new(row.code.unwrap_or(exit::REFUSED), what);
            Err(failure.advise(again(run, name)))
        }
        RunState::Canceled => Err(Failure::new(exit::REFUSED, format!("{name} was canceled"))),
        _ if counts.open + counts.begun + counts.waiting > 0 => {
            let open = counts.open + counts.begun + counts.waiting;
            let what = format!("{open} lines have not ended");
            Err(Failure::new(exit::OPEN, what).advise(again(run, name)))
        }
        _ if counts.failed > 0 => {
            let what = format!("{} of {} lines failed", counts.failed, counts.total());
            let command = run.again.batch("retry-failed", name);
            Err(Failure::new(exit::REFUSED, what).advise(format!("try them again with: {command}")))
        }
        _ => Ok(()),
    }
}

fn again(run: &Run, name: &str) -> String {
    if run.again.is_local() {
        return "the local simulator's work is gone".to_owned();
    }
    format!("go on with: {}", run.again.batch("resume", name))
}

fn interrupted(run: &Run, name: &str) -> Failure {
    Failure::new(
        exit::INTERRUPTED,
        format!("what was submitted goes on; {}", again(run, name)),
    )
}
