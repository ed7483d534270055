//! How work that goes on is taken up again: the command, and the words around it.

use std::path::{Path, PathBuf};

use civitai_jobs::Token;

use crate::connect::{Connection, Session};

/// What is needed to pick a job up again as it was begun.
#[derive(Clone, Debug)]
pub(crate) struct Again {
    pub(crate) out: PathBuf,
    /// The arguments that lead to the same service.
    pub(crate) service: Vec<(&'static str, String)>,
    /// The job lives in this process alone.
    pub(crate) local: bool,
}

impl Again {
    pub(crate) fn new(out: &Path, connection: &Connection, session: &Session) -> Self {
        let given = connection.given().into_iter();
        Self {
            out: out.to_owned(),
            service: given
                .map(|(name, value)| (name, value.to_owned()))
                .collect(),
            local: session.is_local(),
        }
    }

    /// What to do about a job that may go on.
    pub(crate) fn advice(&self, token: &Token) -> String {
        if self.local {
            return "the local simulator's job is gone".to_owned();
        }
        let command = self.command(token);
        format!("the job may go on; pick it up with: {command}")
    }

    /// What to do about files of a finished job that were not saved.
    pub(crate) fn fetch(&self, token: &Token) -> String {
        if self.local {
            return "the local simulator's job is gone".to_owned();
        }
        let command = self.command(token);
        format!("the job is done; fetch its files with: {command}")
    }

    /// The command that picks the job up.
    pub(crate) fn command(&self, token: &Token) -> String {
        let out = quoted(&self.out);
        let mut command = format!("civitai-jobs resume {token} --out {out}");
        for (name, value) in &self.service {
            command = format!("{command} {name} {}", quoted(Path::new(value)));
        }
        command
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
            out: "my out".into(),
            service: Vec::new(),
            local: false,
        };
        let token = "dG9rZW4=".parse().unwrap();
        let command = "civitai-jobs resume dG9rZW4= --out 'my out'";
        assert_eq!(again.command(&token), command);
        again.out = "it's".into();
        again.service = vec![("--base-url", "http://127.0.0.1:4010".to_owned())];
        let command =
            r"civitai-jobs resume dG9rZW4= --out 'it'\''s' --base-url http://127.0.0.1:4010";
        assert_eq!(again.command(&token), command);
    }
}
