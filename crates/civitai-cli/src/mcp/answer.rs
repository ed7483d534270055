//! What the tools answer: a document, and a link to each file.

use std::path::Path;

use reqwest::Url;
use rmcp::model::{CallToolResult, ContentBlock, Resource};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::ledger::Kept;

/// What a tool found: a document, and files on disk.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) document: Value,
    pub(super) files: Vec<Kept>,
}

impl From<Value> for Found {
    fn from(document: Value) -> Self {
        let files = Vec::new();
        Self { document, files }
    }
}

/// The answer of a tool: what it found, or what is wrong and what to do about it.
pub(super) fn of(ended: Result<Found, Failure>) -> CallToolResult {
    match ended {
        Ok(found) => {
            let mut answer = CallToolResult::structured(found.document);
            answer.content.extend(found.files.iter().map(link));
            answer
        }
        Err(failure) => {
            let (message, advice) = failure.parts();
            let advice = advice.map(|advice| format!("; {advice}"));
            let text = format!("{message}{}", advice.unwrap_or_default());
            CallToolResult::error(vec![ContentBlock::text(text)])
        }
    }
}

/// A file as a document has it.
pub(super) fn line(kept: &Kept, work: &str) -> Value {
    let mut line = json!(kept.line(work));
    // The agent may work in another folder.
    line["path"] = kept.path.to_string_lossy().into();
    line
}

fn link(kept: &Kept) -> ContentBlock {
    let name = kept.path.file_name().unwrap_or(kept.path.as_os_str());
    let name = name.to_string_lossy();
    let mut resource = Resource::new(uri(&kept.path), name);
    resource.mime_type = Some(kept.media_type().to_owned());
    resource.size = Some(kept.bytes());
    ContentBlock::resource_link(resource)
}

fn uri(path: &Path) -> String {
    let uri = Url::from_file_path(path);
    uri.map_or_else(|()| path.to_string_lossy().into_owned(), String::from)
}
