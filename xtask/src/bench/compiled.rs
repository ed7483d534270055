//! A package that is compiled anew, and how long it takes.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use anyhow::Context as _;

use super::bed::Bed;
use super::table::Quantity;

/// A package with what cargo is to do, and its times.
#[derive(Debug)]
pub(super) struct Compiled {
    package: PathBuf,
    command: &'static str,
    arguments: Vec<&'static str>,
    times: Result<Vec<Duration>, String>,
}

impl Compiled {
    pub(super) fn new(
        package: PathBuf,
        command: &'static str,
        arguments: Vec<&'static str>,
    ) -> Self {
        Self {
            package,
            command,
            arguments,
            times: Ok(Vec::new()),
        }
    }

    /// Compiles as if these sources had changed; keeps the time where it counts, and the first error.
    pub(super) fn run(&mut self, bed: &Bed, changed: &[&Path], counts: bool) {
        let Ok(times) = &mut self.times else { return };
        let run = || -> anyhow::Result<Duration> {
            let now = SystemTime::now();
            let before: Vec<SystemTime> = changed
                .iter()
                .map(|path| touch(path, now))
                .collect::<anyhow::Result<_>>()?;
            let start = Instant::now();
            bed.cargo(self.command, &self.package, &self.arguments)?;
            let time = start.elapsed();
            // Other target folders need not compile it anew.
            for (path, before) in changed.iter().zip(before) {
                touch(path, before)?;
            }
            Ok(time)
        };
        match run() {
            Ok(time) if counts => times.push(time),
            Ok(_) => {}
            Err(error) => self.times = Err(format!("{error:#}")),
        }
    }

    /// The time in the middle of those that counted, which are taken.
    pub(super) fn take(&mut self) -> Result<Quantity, String> {
        let times = self.times.as_mut().map_err(|error| error.clone())?;
        Ok(Quantity::Time(median(std::mem::take(times))))
    }
}

/// Sets when a file was changed, as far as cargo can tell, and returns when that was before.
fn touch(path: &Path, when: SystemTime) -> anyhow::Result<SystemTime> {
    let touch = || -> std::io::Result<SystemTime> {
        let file = std::fs::File::options().append(true).open(path)?;
        let before = file.metadata()?.modified()?;
        file.set_modified(when)?;
        Ok(before)
    };
    touch().with_context(|| format!("{} cannot be touched", path.display()))
}

/// The one in the middle; zero where there is none.
pub(super) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
