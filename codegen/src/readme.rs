//! The words of a generated crate to those who use it: a first call, and what else there is.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::model::{Asks, BodyKind, Model, ReplyKind};

/// Writes the guide of a crate, as Markdown. `call` is the simplest call that it has.
pub(crate) fn guide(model: &Model, contract: &str, call: Option<&str>) -> String {
    let krate = format!("{}_api", contract.replace('-', "_"));
    let mut out = String::from("## A first call\n\n```rust,no_run\n");
    let usual = model.servers.first().map(|server| server.address.as_str());
    let base = match usual {
        Some(address) if address.contains("://") => "Client::SERVERS[0].url()".to_owned(),
        Some(path) => format!("\"https://api.example.com{path}\""),
        None => "\"https://api.example.com\"".to_owned(),
    };
    let secret = secret(model);
    let call = call.map_or_else(
        || "    println!(\"{client:?}\");\n".to_owned(),
        |call| format!("    let reply = client.{call}.await?;\n    println!(\"{{reply:?}}\");\n"),
    );
    let _infallible = write!(
        out,
        "use {krate}::{{Client, Http}};\n\n#[tokio::main]\nasync fn main() -> Result<(), Box<dyn std::error::Error>> {{\n    \
         let http = Http::builder({base}){secret}.build()?;\n    let client = Client::new(http);\n{call}    Ok(())\n}}\n```\n\n\
         It needs `tokio` with the features `macros` and `rt-multi-thread`.\n\n## What there is\n\n"
    );
    for line in lines(model) {
        let _infallible = writeln!(out, "- {line}");
    }
    out
}

/// The call that gives the builder its secret.
fn secret(model: &Model) -> &'static str {
    let operations = model.operations.iter();
    let lists = operations.filter_map(|one| one.security.as_ref()).flatten();
    let asked: Vec<&Asks> = lists.flatten().map(|scheme| &scheme.asks).collect();
    let only = |fits: fn(&Asks) -> bool| !asked.is_empty() && asked.iter().all(|asks| fits(asks));
    if only(|asks| *asks == Asks::Basic) {
        ".basic(\"name\", std::env::var(\"API_PASSWORD\")?)"
    } else if only(|asks| matches!(asks, Asks::ClientCredentials(..))) {
        ".client_credentials(\"name\", std::env::var(\"API_SECRET\")?)"
    } else {
        ".token(std::env::var(\"API_TOKEN\")?)"
    }
}

/// What there is, a sentence or two each, in the order in which it is met.
fn lines(model: &Model) -> Vec<String> {
    let operations = || model.operations.iter();
    let bodies: BTreeSet<BodyKind> = operations()
        .flat_map(|one| &one.bodies)
        .map(|one| one.kind)
        .collect();
    let replies: BTreeSet<ReplyKind> = operations()
        .flat_map(|one| &one.replies)
        .map(|one| one.kind)
        .collect();
    let mut lines = vec![
        format!("`Client` has a method for each of the {} operations, `operations` the options of those with many \
                 parameters, `types` the types, and `operation` a constant for each operation.", operations().count()),
        "A reply is a `ResponseValue`: the value, the status and the headers. Whatever refuses, and whatever cannot be \
         read, is one `Error` that keeps the status, the headers and the body.".to_owned(),
        "An enum keeps a value that it does not list, and a struct the members that it does not know (`extra`).".to_owned(),
    ];
    if let Some(pages) = operations().find_map(|one| one.pages.as_ref()) {
        lines.push(format!(
            "A list in pages is one stream of items: `{}` and whatever else ends in `_all`.",
            pages.rust
        ));
    }
    if replies
        .iter()
        .any(|kind| !matches!(kind, ReplyKind::Json | ReplyKind::Bytes))
    {
        lines.push("Events and lines come as a stream that may go on for as long as it likes (`EventStream`, `ItemStream`); \
                    only one item, and the silence before it, is bounded.".to_owned());
    }
    if operations().any(|one| one.replies.len() > 1) {
        lines.push("A reply that comes in several media types has a method for each.".to_owned());
    }
    if bodies.contains(&BodyKind::Multipart) {
        lines.push("A form of parts is a struct whose files are `FilePart`s: bytes or streams, with a name and a media type.".to_owned());
    }
    if !model.events.is_empty() {
        lines.push("`events` decodes what the service sends by itself.".to_owned());
    }
    lines.push("`HttpBuilder` takes secrets (`token`, `key`, `basic`, `client_credentials`, or an `Auth` of yours), time-outs and \
                limits, a `Hook` that sees every request, and a `Retry` policy: without one, nothing is sent twice.".to_owned());
    lines.push("With the feature `limits`, `limits` has what the contract says of the size of values, as data and as a check.".to_owned());
    lines
}
