//! Lists that come in pages, as one stream of items.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use reqwest::Url;
use reqwest::header::{HeaderMap, LINK};
use serde::Serialize;
use serde_json::Value;

use super::Error;

/// The items of a page, and what asks for the next one.
type Page<T> = Result<(Vec<T>, Option<String>), Error>;

/// A page that is on its way.
type Coming<T> = Pin<Box<dyn Future<Output = Page<T>> + Send>>;
type Call<T> = Box<dyn Fn(Option<String>) -> Coming<T> + Send>;

/// The items of all pages of a list, in order. A page is asked for when its first item is.
pub struct Pages<T> {
    call: Call<T>,
    /// The page that is being asked for.
    asked: Option<Coming<T>>,
    items: VecDeque<T>,
    /// What asks for the next page, or asked for the last one.
    told: Option<String>,
    /// Whether there is another page.
    more: bool,
}

impl<T> Pages<T> {
    /// Makes one of what asks for a page.
    pub(crate) fn new(call: impl Fn(Option<String>) -> Coming<T> + Send + 'static) -> Self {
        Self {
            call: Box::new(call),
            asked: None,
            items: VecDeque::new(),
            told: None,
            more: true,
        }
    }

    /// Returns the next item, or `None` behind the last one. An error ends the list.
    ///
    /// # Errors
    ///
    /// The page that the item is on could not be had.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            if self.asked.is_none() && !std::mem::take(&mut self.more) {
                return Poll::Ready(None);
            }
            let asked = self
                .asked
                .get_or_insert_with(|| (self.call)(self.told.clone()));
            let page = ready!(asked.as_mut().poll(cx));
            self.asked = None;
            match page {
                Ok((items, next)) => {
                    self.items = items.into();
                    // A page that leads to itself would do so for ever.
                    self.more = next.is_some() && next != self.told;
                    self.told = next;
                }
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}

impl<T: Unpin> Stream for Pages<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(cx)
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pages")
    }
}

/// What a member of a reply tells of the next page: a cursor, or an address with it.
pub(crate) fn told(next: &impl Serialize, parameter: &str) -> Option<String> {
    match serde_json::to_value(next).ok()? {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) if text.contains("://") || text.starts_with(['/', '?']) => {
            in_address(&text, parameter)
        }
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// What the `Link` header tells of the next page (RFC 8288).
pub(crate) fn linked(headers: &HeaderMap, parameter: &str) -> Option<String> {
    let lines = headers
        .get_all(LINK)
        .iter()
        .filter_map(|line| line.to_str().ok());
    let mut links = lines.flat_map(|line| line.split('<').skip(1));
    let next = links.find_map(|link| {
        let (address, about) = link.split_once('>')?;
        let mut about = about.split([';', ',']).map(str::trim);
        let is_next = about.any(|one| matches!(one, "rel=\"next\"" | "rel=next"));
        is_next.then_some(address)
    });
    in_address(next?, parameter)
}

/// The number of the page behind this one; none where this one is empty.
pub(crate) fn numbered(page: i64, items: usize) -> Option<String> {
    (items > 0).then(|| page.saturating_add(1).to_string())
}

/// How many items there were before the next page; none where this one is empty.
pub(crate) fn counted(offset: i64, items: usize) -> Option<String> {
    let items = i64::try_from(items).ok().filter(|items| *items > 0)?;
    Some(offset.saturating_add(items).to_string())
}

fn in_address(address: &str, parameter: &str) -> Option<String> {
    // The host does not matter: only the parameter is taken.
    let base = Url::parse("http://localhost/").ok()?;
    let url = base.join(address).ok()?;
    let mut pairs = url.query_pairs();
    let found = pairs.find(|(name, _)| name == parameter);
    found.map(|(_, value)| value.into_owned())
}
