//! The page of a run: all its pictures with prompts, seeds, times and costs, in one file that needs no network.

use std::fmt;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;

use super::results::{self, keep, unwritten, whole};
use crate::failure::Failure;
use crate::ledger::{Ledger, RunRow};

/// The file of the page, in the folder of the run.
pub(crate) const FILE: &str = "index.html";

const HTML: &str = include_str!("page/page.html");
const CSS: &str = include_str!("page/page.css");
const JS: &str = include_str!("page/page.js");

/// Writes the page into the folder of a run, at once and whole.
pub(crate) async fn save(ledger: &Ledger, run: &RunRow) -> Result<(), Failure> {
    let mut page = whole(&run.folder)?;
    let mut writer = io::BufWriter::new(&mut page);
    let failed = |error: io::Error| unwritten(&run.folder, &error);
    let (front, back) = halves();
    writer.write_all(front.as_bytes()).map_err(failed)?;
    data(ledger, run, None, &mut writer).await?;
    writer.write_all(back.as_bytes()).map_err(failed)?;
    writer.flush().map_err(failed)?;
    drop(writer);
    keep(page, &run.folder.join(FILE))
}

/// The page before its data and behind them.
pub(super) fn halves() -> (String, String) {
    let page = HTML.replace("{css}", CSS).replace("{js}", JS);
    let (front, back) = page.split_once("{data}").unwrap_or((&page, ""));
    (front.to_owned(), back.to_owned())
}

/// Writes what the page shows, as JSON that stands in HTML; a live page knows more.
pub(super) async fn data(
    ledger: &Ledger,
    run: &RunRow,
    live: Option<&Live>,
    writer: &mut (impl Write + Send),
) -> Result<(), Failure> {
    let failed = |error: io::Error| unwritten(&run.folder, &error);
    let head = json!({
        "run": run.name,
        "state": run.state.name(),
        "reason": run.reason,
        "cost": run.cost,
        "board": live.map(|live| &live.token),
        "files": live.map(|live| live.files),
        "revision": live.map(|live| &live.revision),
    });
    let head = Harmless(&head).to_string();
    let open = head.strip_suffix('}').unwrap_or(&head);
    write!(writer, "{open},\"lines\":[").map_err(failed)?;
    let mut comma = "";
    results::each(ledger, run, |outcome| {
        write!(writer, "{comma}{}", Harmless(outcome)).map_err(failed)?;
        comma = ",";
        Ok(())
    })
    .await?;
    writer.write_all(b"]}").map_err(failed)
}

/// What a live page needs beside the lines.
#[derive(Debug)]
pub(super) struct Live {
    /// Shows that a request comes from the page.
    pub(super) token: String,
    /// Where the files are.
    pub(super) files: &'static str,
    /// Differs where something has changed.
    pub(super) revision: String,
}

/// JSON that cannot end the element of HTML that it stands in, whatever a prompt says.
struct Harmless<'a, T>(&'a T);

impl<T: Serialize> fmt::Display for Harmless<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(self.0).map_err(|_| fmt::Error)?;
        // In JSON it stands in texts alone.
        f.write_str(&text.replace('<', "\\u003c"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_cannot_leave_its_element() {
        let shown = Harmless(&"</script><script>alert(1)").to_string();
        assert!(!shown.contains('<'), "{shown}");
        let read: String = serde_json::from_str(&shown).unwrap();
        assert_eq!(read, "</script><script>alert(1)");
    }

    #[test]
    fn the_page_has_its_parts() {
        let (front, back) = halves();
        assert!(front.contains("--ground") && front.ends_with("id=\"data\">"));
        assert!(back.contains("JSON.parse"));
    }
}
