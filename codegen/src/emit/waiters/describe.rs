//! A waiter as the constant that `job-waiter` reads: only what it says stands there.

use proc_macro2::TokenStream;
use quote::quote;

use super::times::{duration, unit};
use super::{spoken, target};
use crate::model::{Expected, Model, State, Waiter};
use crate::waiters::text;

/// The constant.
pub(super) fn waiter(model: &Model, waiter: &Waiter) -> TokenStream {
    let (name, parts) = (spoken(&waiter.name), &waiter.parts);
    let starts = starts(model, waiter);
    let look = target::target(model, &waiter.look);
    let state = waiter.state.as_ref().map(state);
    let state = state.map(|state| quote!(state: #state,));
    let otherwise = waiter.otherwise.as_deref().map(phase);
    let otherwise = otherwise.map(|phase| quote!(otherwise: Some(#phase),));
    let http = waiter.http.iter().map(|(status, word)| {
        let says = says(word);
        quote!((#status, #says))
    });
    let http = (!waiter.http.is_empty()).then(|| quote!(http: &[#(#http),*],));
    let missing = missing(waiter);
    let refused = refused(waiter);
    let reason = reason(waiter);
    let progress = progress(waiter);
    let result = result(model, waiter);
    let files = files(waiter);
    let files = (!files.is_empty()).then(|| quote!(files: &[#(#files),*],));
    let hints = hints(waiter);
    let hold = target::hold(model, waiter).map(|hold| quote!(hold: Some(#hold),));
    let pace = pace(waiter);
    let cancel = waiter
        .cancel
        .as_ref()
        .map(|cancel| target::target(model, cancel));
    let cancel = cancel.map(|cancel| quote!(cancel: Some(#cancel),));
    quote! {
        static WAITER: watch::Waiter = {
            use watch::*;
            Waiter {
            name: #name,
            parts: &[#(#parts),*],
            starts: &[#(#starts),*],
            look: #look,
            #state
            #otherwise
            #http
            #missing
            #refused
            #reason
            #progress
            #result
            #files
            #hints
            #hold
            #pace
            #cancel
            ..Waiter::EMPTY
            }
        };
    }
}

fn starts(model: &Model, waiter: &Waiter) -> Vec<TokenStream> {
    let starts = waiter.start.iter().map(|start| {
        let mut all = model.operations.iter();
        let path = all
            .find(|one| one.id == start.operation)
            .map(|one| &one.path);
        let (id, path) = (&start.operation, path.cloned().unwrap_or_default());
        let handle = start.handle.iter().map(|(part, source)| {
            let (kind, rest) = source.split_once('/').unwrap_or((source, ""));
            let source = match kind {
                "header" => quote!(Source::Header(#rest)),
                "request" => quote!(Source::Request(#rest)),
                "path" => quote!(Source::Path(#rest)),
                "query" => quote!(Source::Query(#rest)),
                _ => quote!(Source::Body(#rest)),
            };
            quote!((#part, #source))
        });
        let look = start.look;
        quote!(Start { operation: #id, path: #path, handle: &[#(#handle),*], look: #look })
    });
    starts.collect()
}

fn state(state: &State) -> TokenStream {
    if let Some(done) = &state.done {
        let succeeded = state.succeeded.as_deref().unwrap_or_default();
        let failed = state.failed.as_deref().unwrap_or_default();
        let canceled = match &state.canceled {
            Some(canceled) => {
                let (path, values) = (&canceled.path, canceled.is.iter().map(text));
                quote!(Some((#path, &[#(#values),*])))
            }
            None => quote!(None),
        };
        return quote! {
            State::Done { done: #done, succeeded: #succeeded, failed: #failed, canceled: #canceled }
        };
    }
    let path = state.path.as_deref().unwrap_or_default();
    let words = listed(&state.words);
    let ignore_case = state.ignore_case;
    quote!(State::Words { path: #path, words: #words, ignore_case: #ignore_case })
}

/// Values and what they mean.
fn listed(words: &std::collections::BTreeMap<String, Vec<serde_json::Value>>) -> TokenStream {
    let entries = words.iter().flat_map(|(word, values)| {
        let says = says(word);
        values
            .iter()
            .map(text)
            .map(move |value| quote!((#value, #says)))
    });
    quote!(&[#(#entries),*])
}

fn missing(waiter: &Waiter) -> Option<TokenStream> {
    let missing = &waiter.missing;
    if missing.before.is_none() && missing.after.is_none() {
        return None;
    }
    let word = |word: &Option<String>| match word.as_deref() {
        // The grace period of the watch is what being undecided comes to.
        Some("undecided") | None => quote!(Says::Missing),
        Some(word) => says(word),
    };
    let (before, after) = (word(&missing.before), word(&missing.after));
    Some(quote!(missing: Missing { before: #before, after: #after },))
}

fn refused(waiter: &Waiter) -> Option<TokenStream> {
    let refused = waiter.refused.as_ref()?;
    let (path, ok) = (&refused.path, refused.ok.iter().map(text));
    let codes = listed(&refused.codes);
    let otherwise = says(refused.otherwise.as_deref().unwrap_or("lasting"));
    Some(quote! {
        refused: Some(Refused { path: #path, ok: &[#(#ok),*], codes: #codes, otherwise: #otherwise }),
    })
}

fn reason(waiter: &Waiter) -> Option<TokenStream> {
    let reason = &waiter.reason;
    if reason.message.is_none() && reason.code.is_none() {
        return None;
    }
    let message = reason.message.as_deref().unwrap_or_default();
    let code = reason.code.as_deref().unwrap_or_default();
    Some(quote!(reason: Reason { message: #message, code: #code },))
}

fn progress(waiter: &Waiter) -> Option<TokenStream> {
    let progress = &waiter.progress;
    let paths = [
        (quote!(percent), &progress.percent),
        (quote!(done), &progress.done),
        (quote!(total), &progress.total),
        (quote!(queue), &progress.queue),
        (quote!(starts), &progress.starts),
        (quote!(ends), &progress.ends),
    ];
    let mut set: Vec<TokenStream> = paths
        .into_iter()
        .filter_map(|(name, path)| path.as_ref().map(|path| quote!(#name: #path,)))
        .collect();
    if set.is_empty() {
        return None;
    }
    set.extend(progress.scale.map(|scale| quote!(scale: #scale,)));
    set.extend(progress.base.map(|base| quote!(base: #base,)));
    Some(quote!(progress: Progress { #(#set)* ..Progress::EMPTY },))
}

fn result(model: &Model, waiter: &Waiter) -> Option<TokenStream> {
    let result = &waiter.result;
    let mut set = Vec::new();
    if let Some(asked) = result.target() {
        let asked = target::target(model, &asked);
        set.push(quote!(from: Some(#asked),));
    }
    if let Some(path) = &result.path {
        set.push(quote!(path: #path,));
    }
    if result.is_bytes() {
        set.push(quote!(is_bytes: true,));
    }
    if result.optional {
        set.push(quote!(optional: true,));
    }
    if result.decides {
        set.push(quote!(decides: true,));
    }
    (!set.is_empty()).then(|| quote!(result: Outcome { #(#set)* ..Outcome::EMPTY },))
}

/// Paths of files; a result that is an address is one.
fn files(waiter: &Waiter) -> Vec<String> {
    let mut files = waiter.files.clone();
    if waiter.result.kind.as_deref() == Some("url") {
        files.extend(waiter.result.path.clone());
    }
    files
}

fn hints(waiter: &Waiter) -> Option<TokenStream> {
    let hints = waiter.hints.as_ref()?.iter().map(|hint| {
        let unit = unit(hint.unit.as_deref());
        match (&hint.header, &hint.path) {
            (Some(header), _) => {
                let header = header.to_ascii_lowercase();
                quote!(Hint::Header(#header, #unit))
            }
            (None, path) => {
                let path = path.as_deref().unwrap_or_default();
                quote!(Hint::Body(#path, #unit))
            }
        }
    });
    // What every service may send counts after what this one says.
    Some(quote!(hints: &[#(#hints,)* Hint::Header("retry-after", Unit::Seconds)],))
}

fn pace(waiter: &Waiter) -> Option<TokenStream> {
    let pace = &waiter.pace;
    let spans = [
        (quote!(floor), pace.floor),
        (quote!(first), pace.first),
        (quote!(cap), pace.cap),
        (quote!(deadline), pace.deadline),
    ];
    let mut set: Vec<TokenStream> = spans
        .into_iter()
        .filter_map(|(name, span)| {
            let span = duration(span?);
            Some(quote!(#name: Some(#span),))
        })
        .collect();
    match &pace.expected {
        Some(Expected::Span(span)) => {
            let span = duration(*span);
            set.push(quote!(expected: Some(#span),));
        }
        Some(Expected::Part(part)) => set.push(quote!(expected_part: Some(#part),)),
        None => {}
    }
    (!set.is_empty()).then(|| quote!(pace: Tempo { #(#set)* ..Tempo::EMPTY },))
}

/// What a word of the contract means.
fn says(word: &str) -> TokenStream {
    match word {
        "missing" => quote!(Says::Missing),
        "passing" => quote!(Says::Passing),
        "lasting" => quote!(Says::Lasting),
        "read" => quote!(Says::Look),
        word => {
            let phase = phase(word);
            quote!(Says::Phase(#phase))
        }
    }
}

fn phase(word: &str) -> TokenStream {
    match word {
        "queued" | "waiting" => quote!(Phase::Queued),
        "running" => quote!(Phase::Running),
        "undecided" => quote!(Phase::Undecided),
        "succeeded" => quote!(Phase::Succeeded),
        "failed" => quote!(Phase::Failed),
        "expired" => quote!(Phase::Expired),
        "canceled" | "cancelled" => quote!(Phase::Canceled),
        _ => quote!(Phase::Unknown),
    }
}
