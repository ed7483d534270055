//! From the model and the backend's methods to a tree of small files.
//!
//! Types are made here; methods are the backend's, rewritten to stand on the support modules.

mod absent;
mod attributes;
mod bodies;
pub(crate) mod builders;
mod calls;
mod choices;
mod client;
mod constants;
mod events;
mod format;
mod gates;
mod limits;
mod lines;
mod operations;
mod options;
mod pages;
mod parts;
mod paths;
mod replies;
mod retarget;
mod rust_types;
mod structs;
mod styles;
mod types;
mod waiters;
mod wiring;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::ImplItemFn;

use crate::error::Error;
use crate::limits::Limits;
use crate::model::Model;

/// Relative path → text of every generated file.
pub type Files = BTreeMap<String, String>;

/// What was made of a contract.
pub(crate) struct Emitted {
    pub files: Files,
    /// The simplest call of a method.
    pub call: Option<String>,
}

/// How the generated modules are addressed and marked.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The contract's name, for the banner.
    pub contract: String,
    /// The digest of the contract, in hex.
    pub digest: String,
    /// The module that holds the support modules, such as `crate::support`.
    pub support: String,
}

/// The sources of the support modules, which every generated crate carries.
const SUPPORT: &[(&str, &str)] = &[
    ("builder.rs", include_str!("../../support/builder.rs")),
    ("choice.rs", include_str!("../../support/choice.rs")),
    (
        "credentials.rs",
        include_str!("../../support/credentials.rs"),
    ),
    ("decode.rs", include_str!("../../support/decode.rs")),
    ("encode.rs", include_str!("../../support/encode.rs")),
    ("envelope.rs", include_str!("../../support/envelope.rs")),
    ("error.rs", include_str!("../../support/error.rs")),
    ("extra.rs", include_str!("../../support/extra.rs")),
    ("frames.rs", include_str!("../../support/frames.rs")),
    ("hook.rs", include_str!("../../support/hook.rs")),
    ("http.rs", include_str!("../../support/http.rs")),
    ("input.rs", include_str!("../../support/input.rs")),
    ("limits.rs", include_str!("../../support/limits.rs")),
    ("members.rs", include_str!("../../support/members.rs")),
    ("mend.rs", include_str!("../../support/mend.rs")),
    ("mod.rs", include_str!("../../support/mod.rs")),
    ("names.rs", include_str!("../../support/names.rs")),
    ("nullable.rs", include_str!("../../support/nullable.rs")),
    ("object.rs", include_str!("../../support/object.rs")),
    ("open_enum.rs", include_str!("../../support/open_enum.rs")),
    (
        "open_number.rs",
        include_str!("../../support/open_number.rs"),
    ),
    ("operation.rs", include_str!("../../support/operation.rs")),
    ("pages.rs", include_str!("../../support/pages.rs")),
    ("parts.rs", include_str!("../../support/parts.rs")),
    ("problem.rs", include_str!("../../support/problem.rs")),
    ("range.rs", include_str!("../../support/range.rs")),
    ("raw_object.rs", include_str!("../../support/raw_object.rs")),
    ("read.rs", include_str!("../../support/read.rs")),
    ("reply.rs", include_str!("../../support/reply.rs")),
    ("response.rs", include_str!("../../support/response.rs")),
    ("retry.rs", include_str!("../../support/retry.rs")),
    ("scheme.rs", include_str!("../../support/scheme.rs")),
    ("sent.rs", include_str!("../../support/sent.rs")),
    ("server.rs", include_str!("../../support/server.rs")),
    ("shared.rs", include_str!("../../support/shared.rs")),
    ("stream.rs", include_str!("../../support/stream.rs")),
    ("style.rs", include_str!("../../support/style.rs")),
    ("tagged.rs", include_str!("../../support/tagged.rs")),
    ("terms.rs", include_str!("../../support/terms.rs")),
    ("tree.rs", include_str!("../../support/tree.rs")),
    ("url.rs", include_str!("../../support/url.rs")),
    ("values.rs", include_str!("../../support/values.rs")),
    ("violation.rs", include_str!("../../support/violation.rs")),
    ("wire.rs", include_str!("../../support/wire.rs")),
    ("wiring.rs", include_str!("../../support/wiring.rs")),
];

/// Writes the modules of one contract: `mod.rs`, `client.rs`, `types/`, `operations/`, `limits/`.
///
/// # Errors
///
/// Tokens of the backend that have another form than expected.
pub(crate) fn emit(
    model: &Model,
    limits: &BTreeMap<String, Limits>,
    methods: &BTreeMap<String, ImplItemFn>,
    settings: &Settings,
) -> Result<Emitted, Error> {
    let support = module_path(&settings.support)?;
    let banner = banner(settings);
    let mut files = Files::new();
    let mut add = |path: String, docs: &str, items: Vec<syn::Item>| {
        files.insert(path, format::file(&banner, docs, &items));
    };
    // Types are half of the work, and need no method.
    let (types, call) = std::thread::scope(|scope| {
        let types = scope.spawn(|| types(model, &settings.support, &banner));
        let call = operations::emit(model, methods, &support, &mut add);
        (types.join(), call)
    });
    let call = call?;
    let failed = |_| Error::file(&settings.contract, "its types could not be written");
    let types = types.map_err(failed)??;
    waiters::emit(model, &support, &mut add)?;
    add(
        "client.rs".to_owned(),
        "The client.",
        client::client(model, &support),
    );
    let events = (!model.events.is_empty()).then(|| {
        quote!(
            pub mod events;
        )
    });
    if events.is_some() {
        let docs =
            "What the service sends by itself: webhooks and callbacks, with a decoder from bytes.";
        add("events.rs".to_owned(), docs, events::emit(model, &support)?);
    }
    let watch = (!model.waiters.is_empty()).then(|| {
        quote::quote!(
            #[cfg(feature = "watch")]
            pub mod watch;
        )
    });
    let root: syn::File = syn::parse_quote! {
        mod client;
        #events
        #[cfg(feature = "limits")]
        pub mod limits;
        pub mod operation;
        pub mod operations;
        pub mod types;
        #watch

        pub use client::Client;
    };
    add(
        "mod.rs".to_owned(),
        &format!("{}.", model.title.trim_end_matches('.')),
        root.items,
    );
    files.extend(types);
    files.extend(limits::files(limits, &banner, settings));
    Ok(Emitted { files, call })
}

/// Writes the files of `types/`.
fn types(model: &Model, support: &str, banner: &str) -> Result<Files, Error> {
    let path = module_path(support)?;
    let mut files = Files::new();
    let mut add = |path: String, docs: &str, items: Vec<syn::Item>| {
        files.insert(path, format::file(banner, docs, &items));
    };
    let beside = types::emit(model, &path, support, &mut add)?;
    let beside = beside.into_iter();
    files.extend(beside.map(|(path, text)| (path, format!("{banner}{text}"))));
    Ok(files)
}

fn module_path(text: &str) -> Result<syn::Path, Error> {
    syn::parse_str(text).map_err(|error| Error::file(text, format!("is no module path: {error}")))
}

/// Says where a support module comes from.
const SUPPORT_BANNER: &str =
    "// @generated by `cargo xtask regen` from codegen/support; change it there.\n\n";

/// Writes the support modules.
pub fn support() -> Files {
    SUPPORT
        .iter()
        .map(|(name, text)| ((*name).to_owned(), format!("{SUPPORT_BANNER}{text}")))
        .collect()
}

/// Adds to the support modules what watching stands on, behind the feature `watch`.
pub fn watching(support: &mut Files) {
    let text = include_str!("../../support/watch.rs");
    support.insert("watch.rs".to_owned(), format!("{SUPPORT_BANNER}{text}"));
    if let Some(root) = support.get_mut("mod.rs") {
        root.push_str("\n#[cfg(feature = \"watch\")]\npub(crate) mod watch;\n");
    }
}

fn banner(settings: &Settings) -> String {
    format!(
        "// @generated by `cargo xtask regen` from the contract `{}` (sha256 {}).\n\
         // Change the contract, its overrides or a pass; never this file.\n\n",
        settings.contract,
        settings.digest.get(..16).unwrap_or(&settings.digest),
    )
}

/// Makes items of tokens that this crate wrote itself.
fn items(tokens: TokenStream, what: &str) -> Result<Vec<syn::Item>, Error> {
    let file: syn::File = syn::parse2(tokens)
        .map_err(|error| Error::file(what, format!("the emitted Rust does not parse: {error}")))?;
    Ok(file.items)
}

/// An identifier for a name that came out of a name scope.
fn ident(name: &str) -> proc_macro2::Ident {
    proc_macro2::Ident::new(name, proc_macro2::Span::call_site())
}
