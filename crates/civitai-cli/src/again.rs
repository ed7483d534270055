//! How work that goes on is taken up again: the command, and the words around it.

use std::path::Path;

use crate::connect::Connection;
use crate::ledger::Ledger;

/// What is needed to take work up again as it was begun.
#[derive(Clone, Debug)]
pub(crate) struct Again {
    /// The arguments that lead to the same service and ledger, ready for a shell.
    arguments: Vec<String>,
    /// The work lives in this process alone.
    local: bool,
}

impl Again {
    pub(crate) fn new(connection: &Connection, ledger: &Ledger, local: bool) -> Self {
        let given = connection.given().into_iter();
        let mut arguments: Vec<String> = given
            .map(|(name, value)| format!("{name} {}", quoted(Path::new(value))))
            .collect();
        if let Some(file) = ledger.given() {
            arguments.push(format!("--ledger {}", quoted(file)));
        }
        Self { arguments, local }
    }

    pub(crate) fn is_local(&self) -> bool {
        self.local
    }

    /// What to do about work that may go on.
    pub(crate) fn advice(&self, id: &str) -> String {
        self.advise("the work may go on; pick it up with", id)
    }

    /// What to do about files of ended work that were not saved.
    pub(crate) fn fetch(&self, id: &str) -> String {
        self.advise("the work is done; fetch its files with", id)
    }

    /// What to do about a submission without a clear answer.
    pub(crate) fn look_up(&self, id: &str) -> String {
        self.advise("see what became of it with", id)
    }

    /// The command that takes the work up; all that is open without an id.
    pub(crate) fn command(&self, id: Option<&str>) -> String {
        let mut words = vec!["civitai-jobs resume"];
        words.extend(id);
        words.extend(self.arguments.iter().map(String::as_str));
        words.join(" ")
    }

    /// The command that does something with a run.
    pub(crate) fn batch(&self, what: &str, run: &str) -> String {
        let mut words = vec!["civitai-jobs batch", what, run];
        words.extend(self.arguments.iter().map(String::as_str));
        words.join(" ")
    }

    fn advise(&self, what: &str, id: &str) -> String {
        if self.local {
            return "the local simulator's work is gone".to_owned();
        }
        format!("{what}: {}", self.command(Some(id)))
    }
}

/// A word for a shell.
fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    let plain = |c: char| c.is_alphanumeric() || "/._-:".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.into_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_survives_a_shell() {
        let mut again = Again {
            arguments: Vec::new(),
            local: false,
        };
        assert_eq!(again.command(Some("7-a")), "civitai-jobs resume 7-a");
        again.arguments = vec![format!("--ledger {}", quoted(Path::new("it's mine")))];
        let command = r"civitai-jobs resume --ledger 'it'\''s mine'";
        assert_eq!(again.command(None), command);
    }
}
