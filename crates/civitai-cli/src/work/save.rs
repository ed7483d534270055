//! Saving the files of work, each noted in the ledger as soon as it is on disk.

use std::pin::pin;

use civitai_jobs::{Claims, Collision, Error, File, Naming, Save};
use futures_util::stream::{self, StreamExt as _};

use crate::event::{Event, warn};
use crate::failure::Failure;
use crate::ledger::{Entry, Kept};
use crate::recipe::Recipe;
use crate::run::Run;

/// Transfers under way at once.
const AT_ONCE: usize = 4;

/// What is on disk of the files of some work.
#[derive(Debug, Default)]
pub(crate) struct Saved {
    pub(crate) kept: Vec<Kept>,
    /// The first trouble, and for how many files there was some.
    pub(crate) trouble: Option<(Error, usize)>,
}

/// Saves the files that can be fetched and are not there yet; all are tried.
///
/// # Errors
///
/// The ledger or stdout cannot be written.
pub(super) async fn save(run: &Run, entry: &Entry, files: &[File]) -> Result<Saved, Failure> {
    let before = run.ledger.files(entry.key).await?;
    let mut saved = Saved::default();
    let mut missing = Vec::new();
    for file in files {
        if let Some(reason) = file.blocked_reason() {
            warn(&format!("a file is withheld: {reason}"), run.json)?;
        }
        let there = before.iter().find(|kept| {
            kept.is(file) && kept.is_there() && kept.path.starts_with(&entry.place.folder)
        });
        match there {
            Some(kept) => saved.kept.push(kept.clone()),
            None if file.is_available() => missing.push(file),
            None => {}
        }
    }
    // What a run had saved when it was killed, and had not noted, counts as saved.
    let others = match entry.is_taken_up && !missing.is_empty() {
        true => Some(run.ledger.paths_in(&entry.place.folder).await?),
        false => None,
    };
    let others: Option<Claims> = others.map(|paths| paths.into_iter().collect());
    let others = others.as_ref();
    let transfers = missing.into_iter().map(|file| async move {
        let save = writing(run, entry, [file], &naming(entry, file));
        let save = match others {
            Some(others) => save.on_collision(Collision::Match).claims(others),
            None => save,
        };
        (file, save.await)
    });
    // Collected first: a stream that makes each future on its way is not `Send`.
    let transfers: Vec<_> = transfers.collect();
    let mut transfers = pin!(stream::iter(transfers).buffered(AT_ONCE));
    while let Some((file, result)) = transfers.next().await {
        match result {
            Ok(files) => {
                for one in files {
                    let kept = Kept::new(file, &one);
                    run.ledger.kept(entry.key, &kept).await?;
                    if run.json {
                        Event::Saved(kept.line(file.work_id())).print()?;
                    }
                    saved.kept.push(kept);
                }
            }
            Err(error) => {
                let count = saved.trouble.as_ref().map_or(0, |(_, count)| *count);
                let first = saved.trouble.take().map_or(error, |(first, _)| first);
                saved.trouble = Some((first, count + 1));
            }
        }
    }
    Ok(saved)
}

/// Files on their way into the folder of their submission, with their recipes.
pub(crate) fn writing<'a>(
    run: &Run,
    entry: &Entry,
    files: impl IntoIterator<Item = &'a File>,
    naming: &Naming,
) -> Save {
    let save = run.client().save(files, &entry.place.folder, naming);
    if !entry.place.recipe {
        return save;
    }
    let entry = entry.clone();
    save.rewrite(move |file, picture| Recipe::of(&entry, file)?.write(picture))
}

/// How a file is called: what a later step has made of the first one's file bears the name of that step.
pub(crate) fn naming(entry: &Entry, file: &File) -> Naming {
    let place = &entry.place;
    let first = entry.request["steps"][0]["name"].as_str();
    let template = match file
        .step()
        .filter(|step| first.is_some_and(|first| first != *step))
    {
        Some(step) => {
            let step: String = step
                .chars()
                .filter(|c| c.is_alphanumeric() || *c == '-')
                .collect();
            format!("{}-{step}", place.naming)
        }
        None => place.naming.clone(),
    };
    // It was read before it was written down.
    let naming: Naming = template.parse().unwrap_or_default();
    naming.prompt(&place.prompt)
}
