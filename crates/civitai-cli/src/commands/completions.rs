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
/// What the script for bash makes of the name in one place, and in another.
const TORN: &str = "civitai__subcmd__jobs";
const WHOLE: &str = "civitai__jobs";

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
        let mut text = String::from_utf8_lossy(&text).into_owned();
        if self.shell == Shell::Bash {
            // clap_complete 4.6 writes the name of a command in two ways where that of the program has a hyphen, and
            // options of commands are never found.
            text = text.replace(TORN, WHOLE);
        }
        screen::print(&text)
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
