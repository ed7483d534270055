//! `api`: any operation of the service, by its name in the contract.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use civitai_api::{Operation, v1, v2};
use clap::Args;
use serde_json::{Value, json};

use pages::Pages;

use crate::common::{Common, pair};
use crate::connect::Session;
use crate::exit;
use crate::failure::{Failure, chain};
use crate::screen;

mod pages;

/// The largest body that is sent, and the largest reply that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// Calls any operation of the API, and prints what comes back.
///
/// Nothing is recorded and nothing is repeated. For work that is paid for, take `generate` or `run`, which do
/// not pay twice.
#[derive(Debug, Args)]
#[command(after_help = exit::HELP)]
pub(crate) struct Api {
    /// The operation, such as getWorkflow; without it, all are listed.
    operation: Option<String>,

    /// A value of the path, or else of the query; may be repeated.
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    param: Vec<(String, String)>,

    /// Follows the pages of a list, and prints all items, one JSON document a line.
    #[arg(long)]
    all: bool,

    /// Sends names in the query that the contract does not have, too.
    #[arg(long)]
    unchecked: bool,

    /// A file with the body as JSON, or - for stdin.
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    body: Option<PathBuf>,

    #[command(flatten)]
    common: Common,
}

impl Api {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let Some(name) = &self.operation else {
            return list(self.common.json);
        };
        let operation = find(name)?;
        let (path, query) = fill(operation, &self.param)?;
        if !self.unchecked {
            check(operation, &query)?;
        }
        let pages = self.all.then(|| Pages::of(operation)).transpose()?;
        let body = self.body.as_deref().map(read).transpose()?;
        let session = self.common.connection.open(Duration::ZERO).await?;
        if let Some(pages) = pages {
            return all(&session, operation, &path, &query, pages).await;
        }
        let text = call(&session, operation, &path, &query, body.as_ref()).await?;
        match serde_json::from_str::<Value>(&text) {
            Ok(value) => screen::print(&format!("{value:#}\n")),
            Err(_) if text.is_empty() => Ok(()),
            Err(_) => screen::print(&(text + "\n")),
        }
    }
}

/// Every operation of both versions.
fn operations() -> impl Iterator<Item = &'static Operation> {
    v1::operation::ALL.iter().chain(v2::operation::ALL)
}

fn list(json: bool) -> Result<(), Failure> {
    let rows = operations().map(|one| {
        let document = json!({ "id": one.id, "method": one.method, "path": one.path });
        (document, format!("{}  {} {}", one.id, one.method, one.path))
    });
    screen::rows(rows, json)
}

/// Finds an operation whatever its capitals.
fn find(name: &str) -> Result<&'static Operation, Failure> {
    let found = operations().find(|one| one.id.eq_ignore_ascii_case(name));
    found.ok_or_else(|| {
        let advice = match nearest(name, operations().map(|one| one.id)) {
            Some(near) => format!("did you mean {near}?"),
            None => "see `civitai-jobs api`".to_owned(),
        };
        Failure::input(format!("there is no operation `{name}`")).advise(advice)
    })
}

/// The name that somebody who wrote `name` may have meant.
fn nearest(name: &str, names: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let likeness = |other: &str| strsim::jaro_winkler(&name.to_lowercase(), &other.to_lowercase());
    let near = names.map(|other| (likeness(other), other));
    let (likeness, other) = near.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (likeness > 0.8).then_some(other)
}

/// Refuses names in the query that the operation does not have: the service would leave them out of account.
fn check(operation: &Operation, query: &Query) -> Result<(), Failure> {
    let known = operation.query;
    let Some((name, _)) = query.iter().find(|(name, _)| !known.contains(&&**name)) else {
        return Ok(());
    };
    let what = format!("{} has no parameter `{name}`", operation.id);
    let advice = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None if known.is_empty() => "its query is empty".to_owned(),
        None => format!("there are {}", known.join(", ")),
    };
    Err(Failure::input(what).advise(advice))
}

/// Prints the items of all pages, each page as soon as it is there.
async fn all(
    session: &Session,
    operation: &Operation,
    path: &str,
    query: &Query,
    mut pages: Pages,
) -> Result<(), Failure> {
    loop {
        let text = call(session, operation, path, &pages.query(query), None).await?;
        let page = serde_json::from_str(&text).map_err(|error| {
            let what = format!("a page is no JSON: {}", chain(&error));
            Failure::new(exit::REFUSED, what)
        })?;
        let (items, more) = pages.turn(query, page);
        let lines = items.iter().map(|item| format!("{item}\n"));
        screen::print(&lines.collect::<String>())?;
        if !more {
            return Ok(());
        }
        if let Some(failure) = pages.end() {
            return Err(failure);
        }
    }
}

/// What goes into the query: names and values.
type Query = Vec<(String, String)>;

/// Puts values into a path; those that it has no place for are the query.
fn fill(operation: &Operation, values: &[(String, String)]) -> Result<(String, Query), Failure> {
    let (mut parts, mut used) = (Vec::new(), Vec::new());
    for part in operation.path.split('/') {
        let place = part
            .strip_prefix('{')
            .and_then(|part| part.strip_suffix('}'));
        let Some(place) = place else {
            parts.push(part.to_owned());
            continue;
        };
        let found = values.iter().find(|(name, _)| name == place);
        let Some((name, value)) = found else {
            let what = format!("{} asks for `{place}`", operation.id);
            return Err(Failure::input(what).advise(format!("give it by --param {place}=VALUE")));
        };
        // Such a value would lead to another place.
        if matches!(value.as_str(), "" | "." | "..") {
            return Err(Failure::input(format!(
                "`{value}` is no value for `{place}`"
            )));
        }
        used.push(name);
        let encoded =
            percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC);
        parts.push(encoded.to_string());
    }
    let query = values.iter().filter(|(name, _)| !used.contains(&name));
    Ok((parts.join("/"), query.cloned().collect()))
}

fn read(file: &Path) -> Result<Value, Failure> {
    let shown = file.display();
    let unread =
        |why: String| Failure::input(format!("the body in `{shown}` cannot be read: {why}"));
    let mut text = String::new();
    let read = match file.to_str() {
        Some("-") => std::io::stdin().take(LARGEST).read_to_string(&mut text),
        _ => {
            std::fs::File::open(file).and_then(|file| file.take(LARGEST).read_to_string(&mut text))
        }
    };
    read.map_err(|error| unread(chain(&error)))?;
    serde_json::from_str(&text).map_err(|error| unread(chain(&error)))
}

async fn call(
    session: &Session,
    operation: &Operation,
    path: &str,
    query: &Query,
    body: Option<&Value>,
) -> Result<String, Failure> {
    let unreached = |error: reqwest::Error| {
        Failure::new(exit::UNREACHABLE, chain(&error.without_url()))
            .advise("check the network and the address of the API")
    };
    let method = operation.method.parse().unwrap_or(reqwest::Method::GET);
    let mut request = session.request(method, path).query(query);
    if let Some(body) = body {
        request = request.json(body);
    }
    let mut reply = request.send().await.map_err(unreached)?;
    let mut text = Vec::new();
    while let Some(chunk) = reply.chunk().await.map_err(unreached)? {
        if (text.len() + chunk.len()) as u64 > LARGEST {
            return Err(Failure::new(exit::REFUSED, "the reply is too large"));
        }
        text.extend_from_slice(&chunk);
    }
    let text = String::from_utf8_lossy(&text).into_owned();
    let status = reply.status();
    if status.is_success() {
        return Ok(text);
    }
    let code = match status.as_u16() {
        401 | 403 => exit::TOKEN,
        _ => exit::REFUSED,
    };
    Err(Failure::new(
        code,
        format!("the service answered {status}: {text}"),
    ))
}
