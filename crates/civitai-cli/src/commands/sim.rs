//! `sim`: plays the services on this machine, for programs in any language.

use civitai_sim::standalone::{FLAGS, Options, Server, interrupted};
use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

use crate::failure::Failure;
use crate::screen;

/// Plays the service on this machine: no account, no network, no cost.
#[derive(Debug)]
pub(crate) struct Sim {
    options: Options,
}

impl Sim {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        // Signals count from here on, before anybody is told that the server is there.
        let stop = interrupted();
        let failed = |error| Failure::system("cannot play the service", &error);
        let server = Server::start(self.options).await.map_err(failed)?;
        let ready = serde_json::to_string(server.ready());
        let ready = ready.map_err(|error| Failure::system("cannot say where it is", &error))?;
        screen::result(format!("{ready}\n").as_bytes())
            .map_err(|error| Failure::system("cannot say where it is", &error))?;
        server.run_until(stop).await.map_err(failed)
    }
}

/// The arguments are those that the simulator lists, so that its own program has the same.
impl Args for Sim {
    fn augment_args(command: Command) -> Command {
        let arguments = FLAGS.iter().map(|flag| {
            Arg::new(flag.name)
                .long(flag.name)
                .value_name(flag.value)
                .help(flag.help)
        });
        command
            .about("Plays the service on this machine: no account, no network, no cost")
            .after_help(
                "It prints one line of JSON once it is ready, with addresses and token, and ends at \
                 Ctrl-C or SIGTERM. Its page is at the address of the API.",
            )
            .args(arguments)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Sim {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut sim = Self {
            options: Options::default(),
        };
        sim.update_from_arg_matches(matches)?;
        Ok(sim)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        for flag in FLAGS {
            if let Some(value) = matches.get_one::<String>(flag.name) {
                let set = self.options.set(flag.name, value);
                set.map_err(|error| clap::Error::raw(ErrorKind::ValueValidation, error))?;
            }
        }
        Ok(())
    }
}
