//! The command line: one module for each command, with its arguments and what it does.

use clap::{Parser, Subcommand};

use crate::exit;
use crate::failure::Failure;

mod arazzo;
mod change;
mod generate;
mod kinds;
mod list;
mod resume;
mod run;
mod status;

/// Makes images, videos, sound and text with Civitai: submits the work once, waits for it and saves the files.
#[derive(Debug, Parser)]
#[command(name = "civitai-jobs", version, after_help = exit::HELP, arg_required_else_help = false)]
pub(crate) struct Program {
    #[command(subcommand)]
    command: Command,
}

impl Program {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        self.command.run().await
    }
}

/// Writes the enum of the commands, and the way to each: `run` of its arguments.
macro_rules! commands {
    ($($name:ident($args:ty),)*) => {
        #[derive(Debug, Subcommand)]
        enum Command {
            $($name(Box<$args>),)*
        }

        impl Command {
            async fn run(self) -> Result<(), Failure> {
                match self {
                    $(Self::$name(args) => args.run().await,)*
                }
            }
        }
    };
}

// In the order in which help lists them.
commands! {
    Generate(generate::Generate),
    Resume(resume::Resume),
    Video(kinds::Video),
    Upscale(kinds::Upscale),
    Audio(kinds::Audio),
    Speak(kinds::Speak),
    Transcribe(kinds::Transcribe),
    Chat(kinds::Chat),
    Train(kinds::Train),
    Step(kinds::Step),
    Run(run::Run),
    Preview(run::Preview),
    Get(resume::Get),
    Status(status::Status),
    Watch(status::Watch),
    List(list::List),
    Cancel(change::Cancel),
    Delete(change::Delete),
    Tag(change::Tag),
    Arazzo(arazzo::Arazzo),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        <Program as clap::CommandFactory>::command().debug_assert();
    }
}
