#![doc = include_str!("../README.md")]

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser as _;

use commands::Program;
use failure::Failure;

mod again;
mod batch;
mod commands;
mod common;
mod connect;
mod document;
mod draw;
mod duration;
mod event;
mod exit;
mod failure;
mod folder;
mod interrupt;
mod ledger;
mod mcp;
mod order;
mod picture;
mod profile;
mod progress;
mod recipe;
mod run;
mod screen;
mod source;
mod spending;
mod substituted;
mod system_keyring;
mod take_up;
mod told;
mod work;

fn main() -> ExitCode {
    let program = match Program::try_parse() {
        Ok(program) => program,
        Err(error) => return usage(&error),
    };
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    if !program.is_server() {
        // A second thread would mostly be woken by the first one, for nothing.
        runtime.worker_threads(1);
    }
    let ended = match runtime.enable_all().build() {
        Ok(runtime) => {
            let ended = runtime.block_on(program.run());
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
