//! `completions` and `man`: what shells and readers of manuals want of the program.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::Program;
use crate::exit;
use crate::failure::{Failure, chain};
use crate::folder;
use crate::screen;

/// The name under which the program is called.
const NAME: &str = "civitai-jobs";

/// Prints what a shell needs to complete commands and options.
///
/// bash: `civitai-jobs completions bash > ~/.local/share/bash-completion/completions/civitai-jobs`;
/// zsh: into a file `_civitai-jobs` in a folder of `fpath`;
/// fish: `> ~/.config/fish/completions/civitai-jobs.fish`.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut Program::command(), NAME, &mut text);
        screen::print(&String::from_utf8_lossy(&text))
    }
}

/// Writes the manual pages, one for each command, to a folder.
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// The folder, such as ~/.local/share/man/man1; made where it is missing.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Man {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        folder::ready(&self.out)?;
        let written = clap_mangen::generate_to(Program::command(), &self.out);
        written.map_err(|error| {
            let what = format!("the pages cannot be written: {}", chain(&error));
            Failure::new(exit::NOT_SAVED, what)
        })
    }
}
