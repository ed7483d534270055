//! What is printed of work that has ended: its files and words, or one event.

use civitai_jobs::Buzz;

use super::Work;
use super::save::Saved;
use crate::event::Event;
use crate::exit;
use crate::failure::Failure;
use crate::screen;

/// How the work has ended.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) state: String,
    pub(crate) cost: Option<Buzz>,
    pub(crate) reason: Option<String>,
    pub(crate) texts: Vec<String>,
}

/// Prints the paths of the files, a line each, and the words.
pub(super) fn print<W: Work>(
    work: &W,
    end: &End,
    saved: &Saved,
    json: bool,
) -> Result<(), Failure> {
    let id = work.id();
    if json {
        return Event::Ended {
            api: W::API,
            id: &id,
            state: end.state.clone(),
            cost: end.cost,
            reason: end.reason.clone(),
            files: saved.kept.iter().map(|kept| kept.line(&id)).collect(),
            texts: end.texts.iter().map(String::as_str).collect(),
        }
        .print();
    }
    // A path is bytes on most systems, and need not be text.
    let mut text: Vec<u8> = Vec::new();
    for kept in &saved.kept {
        text.extend(kept.shown().as_os_str().as_encoded_bytes());
        text.push(b'\n');
    }
    for words in &end.texts {
        text.extend(screen::lines(words).bytes());
    }
    screen::result(&text).map_err(|error| {
        let what = format!("the report could not be written: {error}");
        Failure::new(exit::NOT_SAVED, what)
    })
}
