//! Lists that come page by page, up to an end that is sure to come.

use std::collections::HashSet;
use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};

use crate::Error;

/// Pages that are read, at most; a page holds some hundred items.
const MOST_PAGES: usize = 10_000;
/// Pages without any item that are borne in a row.
const MOST_EMPTY: usize = 20;

/// The items of a list, one by one, as a [`Stream`]; [`next`](Self::next) takes one without further
/// imports.
///
/// A page is fetched when the one before has been used up, and nothing is sent before the first item
/// is asked for. An item is an error where a page could not be read, or the pages do not come to an
/// end; nothing follows it.
#[must_use = "a stream does nothing until it is read"]
pub struct Items<T>(BoxStream<'static, Result<T, Error>>);

/// One page of a list.
pub(crate) struct Page<T> {
    pub(crate) items: Vec<T>,
    /// The cursor of the page that follows.
    pub(crate) next: Option<String>,
}

impl<T: Send + 'static> Items<T> {
    /// Reads pages by a function of their cursor, which is `None` for the first.
    pub(crate) fn pages<F>(fetch: impl Fn(Option<String>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Page<T>, Error>> + Send + 'static,
    {
        let pages = stream::try_unfold(Some((fetch, Cursors::default())), |state| async move {
            let Some((fetch, mut cursors)) = state else {
                return Ok::<_, Error>(None);
            };
            let page = fetch(cursors.current.clone()).await?;
            let more = cursors.turn(page.next, page.items.is_empty())?;
            Ok(Some((page.items, more.then_some((fetch, cursors)))))
        });
        let items = pages.map_ok(|page| stream::iter(page).map(Ok));
        Self(items.try_flatten().boxed())
    }

    /// Wraps any stream of items.
    pub(crate) fn of(items: impl Stream<Item = Result<T, Error>> + Send + 'static) -> Self {
        Self(items.boxed())
    }

    /// Gives one error in place of items.
    pub(crate) fn failed(error: Error) -> Self {
        Self(stream::iter([Err(error)]).boxed())
    }

    /// Returns the next item; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        self.0.next().await
    }

    /// Reads all items that are left.
    ///
    /// # Errors
    ///
    /// The first error among the items.
    pub async fn all(self) -> Result<Vec<T>, Error> {
        self.0.try_collect().await
    }
}

impl<T> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(cx)
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Items")
    }
}

/// The cursors that a list has gone through.
#[derive(Debug, Default)]
struct Cursors {
    current: Option<String>,
    /// Hashes of the cursors so far, one for each page.
    seen: HashSet<u64>,
    empty: usize,
}

impl Cursors {
    /// Takes the cursor of a page; says whether there is another page.
    ///
    /// # Errors
    ///
    /// The cursor came before, or the pages are too many: they would not come to an end.
    fn turn(&mut self, next: Option<String>, was_empty: bool) -> Result<bool, Error> {
        self.current = next.filter(|cursor| !cursor.is_empty());
        let Some(cursor) = &self.current else {
            return Ok(false);
        };
        self.empty = if was_empty { self.empty + 1 } else { 0 };
        let mut hasher = DefaultHasher::new();
        cursor.hash(&mut hasher);
        let is_new = self.seen.insert(hasher.finish());
        if !is_new || self.seen.len() >= MOST_PAGES || self.empty > MOST_EMPTY {
            return Err(Error::endless_list());
        }
        Ok(true)
    }
}
