//! `reference`: the reference of all commands, as `docs/commands.md` holds it.

use clap::Args;

use super::Program;
use crate::failure::Failure;
use crate::screen;

/// Prints the reference of all commands as Markdown.
#[derive(Debug, Args)]
#[command(hide = true)]
pub(crate) struct Reference {}

impl Reference {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let options = clap_markdown::MarkdownOptions::new()
            .title("Commands of civitai-jobs".to_owned())
            .show_footer(false);
        let text = clap_markdown::help_markdown_custom::<Program>(&options);
        // Lines of lists end in spaces there.
        let lines = text.lines().map(str::trim_end);
        screen::print(&(lines.collect::<Vec<_>>().join("\n") + "\n"))
    }
}
