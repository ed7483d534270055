//! The exchanges of a cassette by what was asked, and which one comes next.
//!
//! Requests are equal where method, path, query and body are, apart from secrets and from the ids that a
//! client makes up. The n-th of equal requests gets the n-th answer, and the last answer is given again.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::exchange::{Asked, Body, Exchange};
use super::hide::HIDDEN;
use super::ids;

/// What stands for an id that a client made up.
const MADE_UP: &str = "{id}";

/// The exchanges of a cassette.
#[derive(Debug)]
pub(super) struct Shelf {
    exchanges: Vec<Kept>,
    /// Which exchanges have a request of this shape, in order.
    shapes: HashMap<String, Vec<usize>>,
    /// Ids in replies: those the service has made.
    of_service: HashSet<String>,
    /// The recorded id that one of this run stands for.
    bound: HashMap<String, String>,
}

#[derive(Debug)]
struct Kept {
    exchange: Exchange,
    /// The ids that its client made up.
    made_up: Vec<String>,
    is_served: bool,
}

impl Shelf {
    pub(super) fn new(exchanges: Vec<Exchange>) -> Self {
        let mut shelf = Self {
            exchanges: Vec::with_capacity(exchanges.len()),
            shapes: HashMap::new(),
            of_service: HashSet::new(),
            bound: HashMap::new(),
        };
        let mut of_clients = HashSet::new();
        for exchange in &exchanges {
            let sent = ids::ids(&key(&exchange.request));
            of_clients.extend(sent.into_iter().filter(|id| !shelf.of_service.contains(id)));
            let shown = shown(exchange);
            let new = shown.into_iter().filter(|id| !of_clients.contains(id));
            shelf.of_service.extend(new);
        }
        for (at, exchange) in exchanges.into_iter().enumerate() {
            let (shape, made_up) = shelf.shape(&exchange.request);
            shelf.shapes.entry(shape).or_default().push(at);
            shelf.exchanges.push(Kept {
                exchange,
                made_up,
                is_served: false,
            });
        }
        shelf
    }

    /// The exchange whose answer a request gets, and the ids that this run has in the place of recorded
    /// ones; nothing where no equal request was recorded.
    pub(super) fn next(&mut self, asked: &Asked) -> Option<(&Exchange, HashMap<String, String>)> {
        let (shape, ids) = self.shape(asked);
        let equal = self.shapes.get(&shape).or_else(|| {
            // A whole file answers a request for a part of it as well.
            let whole = Asked {
                range: None,
                ..asked.clone()
            };
            self.shapes.get(&self.shape(&whole).0)
        })?;
        let at = self.choose(equal, &ids)?;
        self.exchanges[at].is_served = true;
        for (id, recorded) in ids.iter().zip(&self.exchanges[at].made_up) {
            self.bound.insert(id.clone(), recorded.clone());
        }
        let back = self.bound.iter();
        let back = back.map(|(id, recorded)| (recorded.clone(), id.clone()));
        let mut back: HashMap<_, _> = back.collect();
        back.extend(self.exchanges[at].made_up.iter().cloned().zip(ids));
        Some((&self.exchanges[at].exchange, back))
    }

    pub(super) fn requests(&self) -> impl Iterator<Item = &Asked> {
        self.exchanges.iter().map(|kept| &kept.exchange.request)
    }

    /// The first of these that has not been given yet, of the client's own ids before others; else the last.
    fn choose(&self, equal: &[usize], ids: &[String]) -> Option<usize> {
        let fits = |at: &usize| {
            let mut pairs = ids.iter().zip(&self.exchanges[*at].made_up);
            pairs.all(|(id, recorded)| match self.bound.get(id) {
                Some(bound) => bound == recorded,
                // Nobody else's, unless it is the very id.
                None => id == recorded || !self.bound.values().any(|bound| bound == recorded),
            })
        };
        let fitting: Vec<usize> = equal.iter().copied().filter(fits).collect();
        let among = if fitting.is_empty() { equal } else { &fitting };
        let fresh = among.iter().find(|at| !self.exchanges[**at].is_served);
        fresh.or(among.last()).copied()
    }

    /// What equal requests share, and the ids that they may have of their own.
    fn shape(&self, asked: &Asked) -> (String, Vec<String>) {
        let key = key(asked);
        let mut found = ids::ids(&key);
        found.retain(|id| !self.of_service.contains(id));
        let made_up = found.iter();
        let made_up = made_up.map(|id| (id.clone(), MADE_UP.to_owned())).collect();
        (ids::replace(&key, &made_up), found)
    }
}

/// All that makes a request, in one text.
fn key(asked: &Asked) -> String {
    let body = match &asked.body {
        None => String::new(),
        Some(Body::Json(value)) => sorted(value).to_string(),
        Some(Body::Text(text) | Body::Base64(text)) => text.clone(),
    };
    let query = query(asked.query.as_deref().unwrap_or_default());
    let range = asked.range.as_deref().unwrap_or_default();
    let (server, method, path) = (asked.server, &asked.method, &asked.path);
    format!("{server:?} {method} {path} {query:?} {range} {body}")
}

/// The parameters of a query in order, without signatures.
pub(super) fn query(query: &str) -> Vec<(String, String)> {
    let pairs = url::form_urlencoded::parse(query.as_bytes()).into_owned();
    let mut pairs: Vec<_> = pairs.filter(|(_, value)| value != HIDDEN).collect();
    pairs.sort();
    pairs
}

/// The same value with the members of its objects in the order of their names.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(name, _)| *name);
            let members = members.into_iter();
            Value::Object(members.map(|(k, v)| (k.clone(), sorted(v))).collect())
        }
        value => value.clone(),
    }
}

/// The ids in a reply.
fn shown(exchange: &Exchange) -> Vec<String> {
    let mut found: Vec<_> = exchange
        .reply
        .headers
        .values()
        .flat_map(|v| ids::ids(v))
        .collect();
    match &exchange.reply.body {
        Some(Body::Json(value)) => found.extend(ids::ids(&value.to_string())),
        Some(Body::Text(text)) => found.extend(ids::ids(text)),
        Some(Body::Base64(_)) | None => {}
    }
    found
}
