#![doc = include_str!("../README.md")]

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser as _;

use args::{Args, Command};
use failure::Failure;

mod arazzo;
mod args;
mod connect;
mod duration;
mod exit;
mod failure;
mod finish;
mod folder;
mod generate;
mod interrupt;
mod progress;
mod report;
mod resume;
mod screen;
mod wait;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return usage(&error),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let ended = match runtime {
        Ok(runtime) => {
            let ended = runtime.block_on(run(args));
            // A look-up of a name may hang on after an interrupt; nothing needs its answer.
            runtime.shutdown_timeout(Duration::from_secs(1));
            ended
        }
        Err(error) => Err(Failure::system("cannot start", &error)),
    };
    match ended {
        Ok(()) => exit::DONE.into(),
        Err(failure) => {
            screen::note(&failure);
            failure.code().into()
        }
    }
}

async fn run(args: Args) -> Result<(), Failure> {
    match args.command {
        Command::Generate(args) => generate::run(args).await,
        Command::Resume(args) => resume::run(args).await,
        Command::Arazzo(command) => arazzo::main(command).await,
    }
}

/// Shows help where it was asked for, and otherwise what is wrong with the arguments, in one line.
fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // Help goes to stdout; a reader that has gone away has seen enough.
        let _ = error.print();
        return exit::DONE.into();
    }
    let failure = Failure::arguments(error);
    screen::note(&failure);
    failure.code().into()
}
