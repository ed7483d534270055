//! Waiters, read from a contract and checked against its model: a path that leads nowhere, a word that
//! no enum has, an operation that is missing and work without an end are faults, each with its place.

mod check;
mod ends;
mod faults;
mod locate;
mod read;
mod target;

use crate::document::Document;
use crate::error::Error;
use crate::model::{Model, Waiter};
use crate::notes::Notes;

pub(crate) use locate::{Place, locate, operation, reply, text};
pub(crate) use read::MEMBER;
pub(crate) use target::{fixed, reply as reply_of};

/// Reads and checks the waiters of a contract.
pub(crate) fn waiters(
    doc: &Document,
    model: &Model,
    notes: &mut Notes,
) -> Result<Vec<Waiter>, Error> {
    let mut waiters = read::read(doc)?;
    for waiter in &mut waiters {
        read::spread(waiter, model);
    }
    check::check(doc, model, &waiters, notes)?;
    Ok(waiters)
}
