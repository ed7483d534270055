//! The command line: one module for each command, with its arguments and what it does.

use clap::{Parser, Subcommand};

use crate::exit;
use crate::failure::Failure;

mod account;
mod air;
mod api;
mod arazzo;
mod audio;
mod auth;
mod batch;
mod blobs;
mod change;
mod chat;
mod completions;
mod doctor;
mod generate;
mod list;
mod listen;
mod mcp;
mod models;
mod one_step;
mod reference;
mod resume;
mod run;
mod show;
mod sim;
mod speak;
mod status;
mod step;
mod train;
mod transcribe;
mod trigger;
mod upscale;
mod video;
mod worker;

/// Makes images, videos, sound and text with Civitai: submits the work once, waits for it and saves the files.
#[derive(Debug, Parser)]
#[command(name = "civitai-jobs", version, after_help = exit::HELP, arg_required_else_help = false)]
pub(crate) struct Program {
    #[command(subcommand)]
    command: Command,
}

impl Program {
    /// Whether it answers others, who may come at once; all other commands wait far more than they work.
    pub(crate) fn is_server(&self) -> bool {
        matches!(self.command, Command::Sim(_))
    }

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
    Video(video::Video),
    Upscale(upscale::Upscale),
    Audio(audio::Audio),
    Speak(speak::Speak),
    Transcribe(transcribe::Transcribe),
    Chat(chat::Chat),
    Train(train::Train),
    Step(step::Step),
    Run(run::Run),
    Preview(run::Preview),
    Batch(batch::Batch),
    Worker(worker::Worker),
    Resume(resume::Resume),
    Get(resume::Get),
    Status(status::Status),
    Watch(status::Watch),
    List(list::List),
    Cancel(change::Cancel),
    Delete(change::Delete),
    Tag(change::Tag),
    Show(show::Show),
    Models(models::Models),
    Air(air::Air),
    Blobs(blobs::Blobs),
    Account(account::Account),
    Api(api::Api),
    Arazzo(arazzo::Arazzo),
    Mcp(mcp::Mcp),
    Listen(listen::Listen),
    Trigger(trigger::Trigger),
    Sim(sim::Sim),
    Auth(auth::Auth),
    Doctor(doctor::Doctor),
    Completions(completions::Completions),
    Man(completions::Man),
    Reference(reference::Reference),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        <Program as clap::CommandFactory>::command().debug_assert();
    }
}
